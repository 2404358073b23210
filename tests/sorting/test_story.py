"""The reference story, and what the sample wire as a whole sorts to."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from tests.builders import an_article
from wirewatch.records import Article, Event, Field, Status
from wirewatch.sample_wire.story import load_story
from wirewatch.sorting.sorter import Sorter

LISTINGS = ("designation", "delisting")


@pytest.fixture(scope="module")
def dialogue(sorter: Sorter) -> tuple[Event, ...]:
    """Sort the report of a dialogue that mentions a listing of the day before, and much that is older."""
    article = an_article(
        title="US and Pakistan hold counter-terrorism dialogue in Islamabad",
        text=(
            "ISLAMABAD — The United States and Pakistan met for a counter-terrorism dialogue in Islamabad on "
            "Tuesday, one day "
            "after Washington listed the Baloch Liberation Army and its Majeed Brigade as Foreign Terrorist "
            "Organizations.\n"
            "Both sides spoke of Daesh-Khorasan, also known as Daesh-K, and of the Tehrik-i-Taliban Pakistan (TTP).\n"
            "The Americans offered condolences for those killed when the Jaffar Express was hijacked in March and "
            "when a school "
            "bus was bombed in Khuzdar in May.\n"
            "The group had already been named a Specially Designated Global Terrorist in 2019.\n"
            "Washington had earlier praised Pakistan for the arrest in March of a man accused of the suicide "
            "bombing at Kabul "
            "airport in 2021. He was extradited the same month."
        ),
        published_at=datetime(2025, 8, 12, 13, 30, tzinfo=UTC),
    )
    return sorter.sort(article).events


def test_listing_of_the_day_before_is_the_one_new_listing(dialogue: tuple[Event, ...]) -> None:
    """One designation is new: the FTO listing, by the United States, of the BLA."""
    (listing,) = [event for event in dialogue if event.type == "designation" and event.status is Status.NEW]
    assert listing.programme == "FTO"
    assert listing.authority is not None
    assert listing.authority.name in ("United States", "US State Department")
    assert "bla" in {party.id for party in listing.targets}


def test_dialogue_itself_is_new(dialogue: tuple[Event, ...]) -> None:
    """The meeting is new, and both states take part."""
    meetings = [event for event in dialogue if event.type == "meeting" and event.status is Status.NEW]
    assert meetings
    assert {"United States", "Pakistan"} <= {party.name for event in meetings for party in event.agents}


def test_everything_else_is_background(dialogue: tuple[Event, ...]) -> None:
    """The older listing, bombings, hijacking, arrest and extradition are background."""
    new = {event.type for event in dialogue if event.status is Status.NEW}
    assert new == {"designation", "meeting"}
    background = {event.type for event in dialogue if event.status is Status.BACKGROUND}
    assert {"designation", "attack_bombing", "arrest", "extradition"} <= background


def test_every_offset_gives_its_words(sorter: Sorter) -> None:
    """Triggers, evidence and mentions of the whole sample wire can be cut out of their fields."""
    for article in _sample():
        sorted_article = sorter.sort(article)
        fields = {Field.TITLE: article.title, Field.TEXT: article.text}
        for event in sorted_article.events:
            for span in (event.trigger, event.evidence):
                assert fields[event.field][span.start : span.end] == span.text
        for mention in sorted_article.mentions:
            assert fields[mention.field][mention.start : mention.end] == mention.surface


def test_sample_wire_tells_the_listing_and_the_requests_and_nothing_else(sorter: Sorter) -> None:
    """New: the BLA by the United States. Proposed: Canada, the UN. Denied: the UN. No other organisation is listed."""
    told = {(_body(event), event.status) for event in _listings(sorter)}
    assert ("United States", Status.NEW) in told
    assert ("Canada", Status.PROPOSED) in told
    assert ("UN", Status.PROPOSED) in told
    assert ("UN", Status.DENIED) in told
    assert ("UN", Status.NEW) not in told
    assert ("Canada", Status.NEW) not in told
    targets = {party.id for event in _listings(sorter) if event.status is Status.NEW for party in event.targets}
    assert targets <= {"bla", "majeed-brigade"}


def _sample() -> list[Article]:
    return [an_article(title=item.title, text=item.text, published_at=item.published_at) for item in load_story()]


def _listings(sorter: Sorter) -> list[Event]:
    return [event for article in _sample() for event in sorter.sort(article).events if event.type in LISTINGS]


def _body(event: Event) -> str:
    name = event.authority.name if event.authority else ""
    if re.match(r"UN|United Nations", name):
        return "UN"
    return "United States" if name.startswith("US ") else name
