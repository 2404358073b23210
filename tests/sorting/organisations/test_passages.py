"""What the matcher finds, and what it must leave alone, passage by passage."""

from __future__ import annotations

from tests.builders import an_article
from tests.sorting.organisations.passages import Passage, read_passages
from wirewatch.knowledge.entities import Knowledge
from wirewatch.records import Mention
from wirewatch.sorting.organisations import Matcher

TRAPS = read_passages("traps.txt")
READINGS = read_passages("readings.txt")


def watched(matcher: Matcher, knowledge: Knowledge, passage: Passage) -> list[Mention]:
    """Give the mentions of watched organisations."""
    mentions = matcher.find(an_article(passage.title, passage.text))
    return [
        mention
        for mention in mentions
        if mention.organisation is not None and not knowledge.organisations[mention.organisation.id].is_authority
    ]


def test_no_trap_gives_a_wrong_reading(matcher: Matcher, shipped: Knowledge) -> None:
    """A word that only looks like an organisation's name is not read as that organisation."""
    wrong = {}
    for passage in TRAPS:
        forbidden = set(passage.expected.split(","))
        found = [
            (mention.surface, mention.organisation.id, mention.rule)
            for mention in watched(matcher, shipped, passage)
            if mention.organisation is not None and ("*" in forbidden or mention.organisation.id in forbidden)
        ]
        if found:
            wrong[str(passage)] = found
    assert wrong == {}


def test_every_passage_is_read_exactly(matcher: Matcher, shipped: Knowledge) -> None:
    """Exactly the organisations that a passage names are found, in order, by the words that it uses."""
    wrong = {}
    for passage in READINGS:
        expected = [tuple(pair.strip().rsplit("=", 1)) for pair in passage.expected.split(",")]
        found = [
            (mention.surface, mention.organisation.id)
            for mention in watched(matcher, shipped, passage)
            if mention.organisation is not None
        ]
        if found != expected:
            wrong[str(passage)] = found, expected
    assert len(READINGS) > 100
    assert wrong == {}


def test_there_are_traps_enough() -> None:
    """At least 150 traps are kept, and every one names an organisation that might be misread."""
    assert len(TRAPS) >= 150
    assert all(passage.expected for passage in TRAPS)


def test_trap_oracle_notices_a_wrong_reading(matcher: Matcher, shipped: Knowledge) -> None:
    """Negative control: the oracle of the traps does see a forbidden organisation when it is there."""
    passage = Passage("hamas", "", "Hamas said so.")
    assert [mention.surface for mention in watched(matcher, shipped, passage)] == ["Hamas"]
