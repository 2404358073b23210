"""Statuses by clause, governor and date, on sentences of invented acts: one table, one row a construction."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.builders import an_article
from wirewatch.records import Event, Status
from wirewatch.sorting.sorter import Sorter

NEW, OLD, PROPOSED, DENIED = Status.NEW, Status.BACKGROUND, Status.PROPOSED, Status.DENIED

ROWS = [
    ("Canada on Monday designated the BLA as a terrorist organisation.", NEW),
    ("Canada designates BLA as terrorist organisation", NEW),
    ("BLA designated terrorist organisation by Canada", NEW),
    ("The BLA has been designated a terrorist organisation by Canada.", NEW),
    ("Canada is designating the BLA as a terrorist organisation.", NEW),
    ("Canada decided to designate the BLA as a terrorist organisation.", NEW),
    ("Islamabad welcomed Canada's decision to designate the BLA as a terrorist organisation.", NEW),
    ("A minister said Canada had designated the BLA as a terrorist organisation.", NEW),
    ("The BLA, which Canada designated as a terrorist organisation on Monday, said nothing.", NEW),
    ("The talks came a day after Canada designated the BLA as a terrorist organisation.", NEW),
    ("The president signed a decree designating the BLA as a terrorist organisation.", NEW),
    ("Canada has had the BLA designated as a terrorist organisation.", NEW),
    ("The BLA was designated as a terrorist organisation by Canada in 2019.", OLD),
    ("The BLA, designated as a terrorist organisation by Canada, said nothing.", OLD),
    ("The BLA, which Canada designated as a terrorist organisation, said nothing.", OLD),
    ("The BLA is designated as a terrorist organisation by Canada.", OLD),
    ("Canada had previously designated the BLA as a terrorist organisation.", OLD),
    ("Since being designated as a terrorist organisation by Canada, the BLA has grown.", OLD),
    ("Days after Canada designated the BLA as a terrorist organisation, traders met.", OLD),
    ("The US-designated BLA said nothing.", OLD),
    ("Canada has long since designated the BLA as a terrorist organisation.", OLD),
    ("Lawmakers urged Canada to designate the BLA as a terrorist organisation.", PROPOSED),
    ("Canada may designate the BLA as a terrorist organisation.", PROPOSED),
    ("Canada will designate the BLA as a terrorist organisation next week.", PROPOSED),
    ("Canada is considering designating the BLA as a terrorist organisation.", PROPOSED),
    ("If Canada designates the BLA as a terrorist organisation, banks must act.", PROPOSED),
    ("A bill would require Canada to designate the BLA as a terrorist organisation.", PROPOSED),
    ("Should Canada designate the BLA as a terrorist organisation?", PROPOSED),
    ("Canada is set to designate the BLA as a terrorist organisation.", PROPOSED),
    ("Canada refused to designate the BLA as a terrorist organisation.", DENIED),
    ("Canada has not designated the BLA as a terrorist organisation.", DENIED),
    ("China blocked a bid to designate the BLA as a terrorist organisation.", DENIED),
    ("Canada stopped short of designating the BLA as a terrorist organisation.", DENIED),
    ("A minister denied that Canada had designated the BLA as a terrorist organisation.", DENIED),
    ("A proposal to designate the BLA as a terrorist organisation was put on hold.", DENIED),
    ("Nobody has designated the BLA as a terrorist organisation.", DENIED),
    ("Canada decided on Monday not to designate the BLA as a terrorist organisation.", DENIED),
    ("The BLA, designated as a terrorist organisation by Canada, claimed the attack on Monday.", OLD),
    ("Kenya and the BLA, designated as a terrorist organisation by Canada, have met.", OLD),
    ("The ban on the BLA stays, says Canada", OLD),
    ("The ban on the BLA takes effect in Canada today.", NEW),
    ("Canada declares the BLA unlawful, citing attacks", NEW),
    ("After years of hesitation Canada has designated the BLA as a terrorist organisation.", NEW),
]


def designations(sorter: Sorter, text: str) -> list[Event]:
    """Sort a sentence published on Tuesday, 12 August 2025; give its designations."""
    text = text.replace("BLA", "Baloch Liberation Army")
    article = an_article(title="", text=text, published_at=datetime(2025, 8, 12, 12, tzinfo=UTC))
    return [event for event in sorter.sort(article).events if event.type == "designation"]


@pytest.mark.parametrize(("text", "status"), ROWS, ids=[text[:70] for text, _ in ROWS])
def test_construction_gives_status(sorter: Sorter, text: str, status: Status) -> None:
    """Each construction gives its one status."""
    assert [event.status for event in designations(sorter, text)] == [status]


def test_every_event_names_the_cues_that_made_its_status(sorter: Sorter) -> None:
    """A status never comes without a cue."""
    assert all(event.cues for text, _ in ROWS for event in designations(sorter, text))


def test_two_acts_of_one_sentence_keep_their_own_status(sorter: Sorter) -> None:
    """What one body did in 2019 and another on Monday are two events."""
    text = "The BLA, which Canada designated as a terrorist organisation in 2019, was outlawed by Norland on Monday."
    assert {event.status for event in designations(sorter, text)} == {NEW, OLD}


def test_undated_listing_deep_in_an_article_is_background(sorter: Sorter) -> None:
    """From the fourth sentence on, a listing without a fresh date led to the news and is not the news."""
    lines = [
        "Traders met in the port.",
        "They spoke of fish.",
        "The fair ends soon.",
        "Canada proscribed the BLA as a group.",
    ]
    assert [event.status for event in designations(sorter, "\n".join(lines))] == [OLD]
    assert [event.status for event in designations(sorter, lines[-1])] == [NEW]


@pytest.mark.parametrize(
    "text",
    [
        "The yard listed its shares on the stock exchange on Monday.",
        "The mill was designated a Grade II listed building.",
        "The minister labelled the protesters terrorists in a debate.",
        "The airline was blacklisted by the European Union over safety concerns.",
        "The league banned the club from its cup for two seasons.",
        "Groups with extremist ideologies have made similar statements in Norland.",
    ],
)
def test_other_lists_and_rhetoric_are_no_designation(sorter: Sorter, text: str) -> None:
    """Stock lists, old buildings, safety lists, sport and insults give no designation."""
    assert designations(sorter, text) == []


def test_a_number_after_the_verb_begins_its_object(sorter: Sorter) -> None:
    """The verb of "added three groups" is active: the body acts, and nothing is presupposed."""
    (event,) = designations(sorter, "Canada on Monday added three groups to its list of terrorist entities.")
    assert event.status is NEW
    assert event.authority is not None
    assert event.authority.name == "Canada"


def test_a_pronoun_stands_for_whoever_leads_the_sentence(sorter: Sorter) -> None:
    """Who said that it was listing somebody is the doer."""
    (event,) = designations(
        sorter, "Canada said on Monday that it was designating the BLA as a terrorist organisation."
    )
    assert [party.name for party in event.agents] == ["Canada"]
