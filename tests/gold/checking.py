"""Looks for slips in the labels: names that the words do not hold, names that the labels forgot, copied wording.

`python -m tests.gold.checking` prints what it finds. It says nothing about whether a status is right: that is what
reading twice is for (GUIDELINES.md).
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator

from tests.gold.building import load_stories
from tests.gold.naming import names_by_first_word, surface_pattern
from tests.gold.records import SPLITS, Passage

#: Words in a row that two passages of different splits may not share more than a little of.
SHINGLE_WORDS = 5

#: Share of the shorter passage's shingles from which two passages count as near-duplicates.
NEAR_DUPLICATE = 0.3


def whole_text(passage: Passage) -> str:
    """Give title and text together, with straight apostrophes kept as they are."""
    return f"{passage.title}\n{passage.text}"


def find_absent_names(passages: Iterable[Passage]) -> Iterator[str]:
    """Find labelled names that no word of the passage stands for."""
    for passage in passages:
        text = whole_text(passage)
        roles = {
            name for e in passage.events for name in (*e.targets, *e.agents, *([e.authority] if e.authority else []))
        }
        for name in sorted(roles | set(passage.organisations) | set(passage.optional_organisations)):
            pattern = surface_pattern(name, any_case=True)
            found = pattern.search(text) if pattern else name.casefold() in text.casefold()
            if not found:
                yield f"{passage.id}: no word of the passage stands for {name!r}"


def find_unlabelled_names(passages: Iterable[Passage]) -> Iterator[str]:
    """Find organisations of the table whose surface stands in a passage that no label speaks of."""
    first_words = names_by_first_word()
    for passage in passages:
        text = whole_text(passage)
        spoken = {*passage.organisations, *passage.optional_organisations, *passage.not_organisations}
        taken = [
            m.span()
            for name in spoken
            if (pattern := surface_pattern(name, any_case=False))
            for m in pattern.finditer(text)
        ]
        taken += [
            m.span()
            for event in passage.events
            for name in (*event.targets, *event.agents, *passage.unresolved)
            for m in re.finditer(re.escape(name), text)
        ]
        words = set(re.findall(r"\w+", text.casefold()))
        candidates = {name for word in words for name in first_words.get(word, frozenset())}
        for name in sorted(candidates - spoken):
            pattern = surface_pattern(name, any_case=False)
            assert pattern is not None
            for match in pattern.finditer(text):
                if not any(start <= match.start() and match.end() <= end for start, end in taken):
                    yield f"{passage.id}: {match[0]!r} could be {name!r}, which no label speaks of"
                    break


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Cut a text into its runs of words."""
    words = re.findall(r"\w+", text.casefold())
    return frozenset(tuple(words[i : i + SHINGLE_WORDS]) for i in range(max(0, len(words) - SHINGLE_WORDS + 1)))


def find_shared_wording(passages: Iterable[Passage]) -> Iterator[str]:
    """Find passages of different splits that share too many runs of words."""
    cut = {passage.id: (passage.split, shingles(whole_text(passage))) for passage in passages}
    holders: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for passage_id, (_, runs) in cut.items():
        for run in runs:
            holders[run].append(passage_id)
    shared: defaultdict[tuple[str, str], int] = defaultdict(int)
    for ids in holders.values():
        for i, first in enumerate(ids):
            for second in ids[i + 1 :]:
                if cut[first][0] != cut[second][0]:
                    shared[first, second] += 1
    for (first, second), count in sorted(shared.items()):
        if count >= NEAR_DUPLICATE * max(1, min(len(cut[first][1]), len(cut[second][1]))):
            yield f"{first} and {second} share {count} runs of {SHINGLE_WORDS} words"


def find_slips(passages: tuple[Passage, ...]) -> Iterator[str]:
    """Run every check."""
    yield from find_absent_names(passages)
    yield from find_unlabelled_names(passages)
    yield from find_shared_wording(passages)


def main() -> int:
    """Print the slips of all splits; 1 when there are any."""
    slips = list(find_slips(tuple(passage for split in SPLITS for passage in load_stories(split))))
    sys.stdout.writelines(f"{slip}\n" for slip in slips)
    return 1 if slips else 0


if __name__ == "__main__":
    raise SystemExit(main())
