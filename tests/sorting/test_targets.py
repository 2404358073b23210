"""Whom a listing means: where no slot of its sentence says so, and who only stands near."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.builders import an_article
from wirewatch.records import Event
from wirewatch.sorting.shapes import LISTINGS
from wirewatch.sorting.sorter import Sorter
from wirewatch.sorting.standing import reads_as_body
from wirewatch.sorting.targeting import CUE
from wirewatch.sorting.telling import is_news

PUBLISHED = datetime(2025, 8, 13, 12, tzinfo=UTC)


def _news(sorter: Sorter, text: str, title: str = "") -> list[Event]:
    events = sorter.sort(an_article(title=title, text=text, published_at=PUBLISHED)).events
    return [event for event in events if is_news(event)]


def _targets(sorter: Sorter, text: str, title: str = "") -> set[str]:
    return {party.name for event in _news(sorter, text, title) for party in event.targets}


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        (
            "Hezbollah has for years raised money here. On Monday Norway put the group on its terror list.",
            {"Hizballah"},
        ),
        ("With Tuesday's order 14 groups are proscribed in Kenya. Boko Haram is one of them.", {"Boko Haram"}),
        ("The home office laid the order on Monday. It proscribes the Harrow Front.", {"Harrow Front"}),
        ("Kenya on Monday banned the group 'Sea Lanterns' as a terrorist organisation.", {"Sea Lanterns"}),
        ("Kenya forbids Dawn Reading as of Monday, as terrorist.", {"Dawn Reading"}),
    ],
)
def test_whoever_is_named_beside_the_sentence_is_the_one_listed(sorter: Sorter, text: str, whom: set[str]) -> None:
    """A pronoun, "the group" or "14 groups" is looked up in the sentence before, else behind."""
    assert _targets(sorter, text) == whom


def test_the_title_names_whom_the_first_sentence_means(sorter: Sorter) -> None:
    """A summary that says "the group" means the one of its headline."""
    title = "Hezbollah loses its fight in Oslo"
    text = "Norway put the group on its list of terrorist organisations on Monday."
    (event,) = _news(sorter, text, title)
    assert [party.name for party in event.targets] == ["Hizballah"]
    assert f"{CUE}: named in the title" in event.cues


@pytest.mark.parametrize(
    "text",
    [
        "Norway on Monday put four leaders of Hezbollah on its terror list.",
        "The Security Council committee added a financier to its ISIL and Al-Qaida sanctions list on Monday.",
        "Canada on Monday added five Muslim organisations to its list of terrorist entities.",
        "Kenya on Monday banned an offshoot of Boko Haram as a terrorist organisation.",
    ],
)
def test_friends_people_peoples_and_lists_are_not_the_one_listed(sorter: Sorter, text: str) -> None:
    """Who only says whose man or what list it is, is no target; that somebody was listed is told all the same."""
    assert _news(sorter, text)
    assert _targets(sorter, text) == set()


def test_a_court_is_never_the_one_listed(sorter: Sorter) -> None:
    """The name of the body that acts is not taken for a group's, whatever else the sentence lacks."""
    text = "The Supreme Administrative Court annulled the ban on the Harrow Front on Tuesday."
    assert _targets(sorter, text) == {"Harrow Front"}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Council of Ministers", True),
        ("National Security Council", True),
        ("High Court", True),
        ("State Gazette", True),
        ("E.O.", True),
        ("Red Delta Brigades", False),
        ("National Council of the Steppe", False),
        ("Harrow Front", False),
    ],
)
def test_names_of_offices_courts_and_papers_are_told_from_groups(name: str, body: bool) -> None:
    """A telling word says that a name is a body's; "council" does so only beside a stately one or at the end alone."""
    assert reads_as_body(name) is body


def test_targets_that_a_rule_found_stay(sorter: Sorter) -> None:
    """What the slots of a sentence say is left alone."""
    (event,) = _news(sorter, "Norway on Monday designated Hezbollah and Hamas as terrorist organisations.")
    assert event.type in LISTINGS
    assert [party.name for party in event.targets] == ["Hizballah", "HAMAS"]
    assert not any(cue.startswith(CUE) for cue in event.cues)


@pytest.mark.parametrize(
    "text",
    [
        "The senate's decision to lift the ban came in response to a request from Norway on Monday.",
        "As of Monday the ban is lifted, the ministry said.",
    ],
)
def test_what_is_told_faintly_and_of_nobody_is_left_out(
    sorter: Sorter, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any ban may be meant; the second reader alone would take it for the end of a listing."""
    assert not _news(sorter, text)
    monkeypatch.setattr("wirewatch.sorting.targeting._names_a_group", lambda _: True)
    assert _news(sorter, text)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("The Harrow Front stands banned as terrorist, the Indian home ministry told parliament on Tuesday.", "India"),
        ("Ankara hails Baghdad's ban on the PKK, announced on Monday.", "Iraq"),
        ("Norway's cabinet met on Monday. Hezbollah was put on the list of terrorist organisations.", "Norway"),
    ],
)
def test_the_one_body_that_can_be_meant_is_the_one_that_lists(sorter: Sorter, text: str, body: str) -> None:
    """Where no slot says who lists, the body that owns the deed does, else the only one named."""
    authorities = {event.authority.name for event in _news(sorter, text) if event.authority}
    assert len(authorities) == 1
    assert body[:4] in authorities.pop()


def test_two_bodies_of_which_either_may_list_leave_the_authority_open(sorter: Sorter) -> None:
    """A guess would put the alert into the wrong register."""
    (event,) = _news(sorter, "Norway and Kenya spoke of the Harrow Front, which was banned as terrorist on Monday.")
    assert event.authority is None
