"""Counts readings of dangerous aliases: `python -m tests.sorting.organisations.aliases.counting [--half A] [--notes]`.

`traps.txt` has sentences in which an alias is something else, `readings.txt` sentences in which it is the organisation.
Both are cut in halves by organisation: rules are mended on half A; half B is counted, and its sentences are not read.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.builders import an_article
from tests.evaluating.figures import Tally
from tests.sorting.organisations.passages import Passage, read_passages
from wirewatch.configuration import Problems
from wirewatch.knowledge.entities import Knowledge
from wirewatch.knowledge.loading import load_knowledge
from wirewatch.sorting.organisations import Matcher, load_matcher

HALVES = ("A", "B")
CONFIG = Path(__file__).parents[4] / "config"


@dataclass(slots=True)
class Count:
    """What came out for one half."""

    #: Over organisations of sentences, traps and readings together.
    organisations: Tally = field(default_factory=Tally)
    #: Sentences whose alias was read as the organisation that it is not.
    trapped: int = 0
    traps: int = 0
    readings: int = 0
    #: One line for each slip.
    notes: list[str] = field(default_factory=list)


def half_of(passage: Passage) -> str:
    """Give the half that a passage lies in: all sentences of one organisation lie in the same."""
    first = passage.expected.split(",")[0]
    return HALVES[hashlib.sha256(first.encode()).digest()[0] % 2]


def count(matcher: Matcher, knowledge: Knowledge, half: str) -> Count:
    """Count one half."""
    total = Count()
    for passage in read_passages("aliases/traps.txt"):
        if half_of(passage) == half:
            wrong = _found(matcher, knowledge, passage).keys() & set(passage.expected.split(","))
            total.traps += 1
            total.trapped += bool(wrong)
            total.organisations.wrong += len(wrong)
            total.notes += [f"WRONG {one}: {passage.title} {passage.text}" for one in sorted(wrong)]
    for passage in read_passages("aliases/readings.txt"):
        if half_of(passage) == half:
            found, expected = _found(matcher, knowledge, passage), set(passage.expected.split(","))
            total.readings += 1
            total.organisations.right += len(found.keys() & expected)
            total.organisations.missed += len(expected - found.keys())
            total.organisations.wrong += len(found.keys() - expected)
            where = f"{passage.title} {passage.text}"
            total.notes += [f"missed {one}: {where}" for one in sorted(expected - found.keys())]
            total.notes += [f"extra {one} ({found[one]}): {where}" for one in sorted(found.keys() - expected)]
    return total


def _found(matcher: Matcher, knowledge: Knowledge, passage: Passage) -> dict[str, str]:
    """Give the watched organisations that are read for sure, each with the rule that read it."""
    return {
        mention.organisation.id: mention.rule
        for mention in matcher.find(an_article(passage.title, passage.text))
        if mention.organisation is not None
        and not knowledge.organisations[mention.organisation.id].is_authority
        and mention.strength != "fuzzy"
    }


def main(arguments: list[str]) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", action="append", choices=HALVES)
    parser.add_argument("--notes", action="store_true", help="say what went wrong; for half A only")
    options = parser.parse_args(arguments)
    knowledge = load_knowledge(CONFIG, Problems())
    matcher = load_matcher(knowledge)
    for half in options.half or HALVES:
        total = count(matcher, knowledge, half)
        sys.stdout.write(f"{half}: {total.traps} traps, wrong readings {total.trapped}; {total.readings} readings\n")
        sys.stdout.write("  " + total.organisations.row("organisations") + "\n")
        if options.notes and half == "A":
            sys.stdout.write("\n".join(total.notes) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
