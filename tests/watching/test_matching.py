"""Which alerts concern which subscriptions, as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.stories.scenery import BLA_FTO, BLA_SDGT, a_knowledge, a_subscription
from wirewatch.records import Alert, AlertKind, AlertState, Name, Source, Status
from wirewatch.watching.lists import describe_subject, known_lists, list_names
from wirewatch.watching.matching import MatchReason, match

MOMENT = datetime(2025, 8, 12, tzinfo=UTC)
ALERT = Alert(
    id="alr-1",
    event_key="list/united-states/fto/bla",
    revision=1,
    state=AlertState.CONFIRMED,
    kind=AlertKind.NEW_LISTING,
    event_type="designation",
    status=Status.NEW,
    organisation=Name("bla", "Balochistan Liberation Army"),
    authority=Name("us-state", "US State Department"),
    programme="FTO",
    headline="US lists BLA",
    evidence=(),
    sources=(Source("meridian-wire", "https://m.example/1", "US lists BLA", MOMENT, None),),
    independent_sources=1,
    first_seen_at=MOMENT,
    updated_at=MOMENT,
    involved=("bla", "majeed-brigade"),
    languages=("en-GB",),
)
KNOWLEDGE = a_knowledge(BLA_SDGT)


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({}, MatchReason.MATCHED),
        ({"kinds": ()}, MatchReason.MATCHED),
        ({"kinds": (AlertKind.EVENT,)}, MatchReason.OTHER_KIND),
        ({"event_types": ("delisting",)}, MatchReason.OTHER_EVENT_TYPE),
        ({"organisations": ("bla",)}, MatchReason.MATCHED),
        ({"organisations": ("majeed-brigade",)}, MatchReason.MATCHED),
        ({"organisations": ("tide-front",)}, MatchReason.OTHER_ORGANISATION),
        ({"organisations": ("list:us-sdgt",)}, MatchReason.MATCHED),
        ({"organisations": ("list:us-fto",)}, MatchReason.MATCHED),
        ({"organisations": ("list:united-states-fto",)}, MatchReason.MATCHED),
        ({"organisations": ("list:uk",)}, MatchReason.OTHER_ORGANISATION),
        ({"organisations": ("country:pk",)}, MatchReason.MATCHED),
        ({"organisations": ("country:gb",)}, MatchReason.OTHER_ORGANISATION),
        ({"organisations": ("country:gb", "any")}, MatchReason.MATCHED),
        ({"statuses": (Status.PROPOSED,)}, MatchReason.OTHER_STATUS),
        ({"languages": ("en",)}, MatchReason.MATCHED),
        ({"languages": ("en-gb",)}, MatchReason.MATCHED),
        ({"languages": ("ur",)}, MatchReason.OTHER_LANGUAGE),
        ({"feeds": ("meridian-wire",)}, MatchReason.MATCHED),
        ({"feeds": ("gulf-dispatch",)}, MatchReason.OTHER_FEED),
    ],
)
def test_match_gives_the_reason(wish: dict[str, Any], reason: MatchReason) -> None:
    """Each wish matches, or is refused for its own reason."""
    subject = describe_subject(ALERT, [BLA_SDGT], KNOWLEDGE)
    assert match(a_subscription(**wish), ALERT, subject) is reason


def test_mentions_are_told_only_to_those_who_ask() -> None:
    """An empty list of kinds does not include bare mentions."""
    mention = replace(ALERT, kind=AlertKind.MENTION_ONLY)
    subject = describe_subject(mention, [], KNOWLEDGE)
    assert match(a_subscription(kinds=()), mention, subject) is MatchReason.OTHER_KIND
    assert match(a_subscription(kinds=(AlertKind.MENTION_ONLY,)), mention, subject) is MatchReason.MATCHED


def test_whoever_left_a_list_is_no_longer_of_it() -> None:
    """An ended entry does not make its organisation a member of the list, but news of that very list still match."""
    ended = replace(BLA_SDGT, until=date(2020, 1, 1))
    assert "us-sdgt" not in describe_subject(ALERT, [ended], KNOWLEDGE).lists
    delisting = replace(ALERT, programme="SDGT")
    assert "us-sdgt" in describe_subject(delisting, [ended], KNOWLEDGE).lists


def test_lists_answer_to_their_keepers_country_and_ids() -> None:
    """A list of a department is also its state's."""
    assert {"us-fto", "us-state-fto", "united-states-fto", "fto"} <= list_names("us-state", "FTO", KNOWLEDGE)
    assert {"us-fto", "un1267", "uk"} <= known_lists(a_knowledge(BLA_FTO))
