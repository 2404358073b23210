"""Runs every example and counter-example of every event file."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from tests.builders import an_article
from tests.sorting.conftest import CONFIG
from wirewatch.configuration import Problems
from wirewatch.records import EVENT_TYPES, Event
from wirewatch.sorting.cues import load_language
from wirewatch.sorting.loading import load_event_types
from wirewatch.sorting.shapes import Example
from wirewatch.sorting.sorter import Sorter

TYPES = load_event_types(CONFIG, load_language(), Problems())
EXAMPLES = [(one.type, example) for one in TYPES for example in one.examples]
COUNTER_EXAMPLES = [(one.type, example) for one in TYPES for example in one.counter_examples]


def read(sorter: Sorter, event_type: str, example: Example) -> list[Event]:
    """Sort an example; give the events of its own type."""
    published = datetime.combine(example.published, time(12), UTC) if example.published else None
    article = an_article(title="", text=example.text, published_at=published)
    return [event for event in sorter.sort(article).events if event.type == event_type]


@pytest.mark.parametrize(("event_type", "example"), EXAMPLES, ids=lambda value: str(getattr(value, "text", value))[:60])
def test_example_is_read_as_its_file_says(sorter: Sorter, event_type: str, example: Example) -> None:
    """An example gives exactly the statuses, and the roles that it names."""
    events = read(sorter, event_type, example)
    assert sorted(event.status for event in events) == sorted(example.statuses)
    if example.targets is not None:
        assert {mentioned(party.id, party.name) for e in events for party in e.targets} >= set(example.targets)
    if example.agents is not None:
        assert {mentioned(party.id, party.name) for e in events for party in e.agents} >= set(example.agents)
    if example.authority is not None:
        assert [e.authority.name for e in events if e.authority] == [example.authority]
    if example.programme is not None:
        assert [e.programme for e in events] == [example.programme]


@pytest.mark.parametrize(
    ("event_type", "example"), COUNTER_EXAMPLES, ids=lambda value: str(getattr(value, "text", value))[:60]
)
def test_counter_example_gives_nothing_of_its_type(sorter: Sorter, event_type: str, example: Example) -> None:
    """A counter-example of a type gives no event of that type."""
    assert read(sorter, event_type, example) == []


def test_every_type_of_the_contract_has_examples_of_both_kinds() -> None:
    """All 23 types exist, each with at least one example and one counter-example."""
    assert {one.type for one in TYPES} >= set(EVENT_TYPES)
    assert all(one.examples and one.counter_examples for one in TYPES)


def mentioned(identity: str | None, name: str) -> str:
    """Read a party by the name that examples use."""
    return {"bla": "Baloch Liberation Army"}.get(identity or "", name)
