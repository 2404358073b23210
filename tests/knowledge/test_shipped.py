"""The organisations that ship with Wirewatch: whole, well-sourced, and found by their own names."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.builders import an_article
from wirewatch.configuration import Problems
from wirewatch.knowledge.entities import Knowledge
from wirewatch.knowledge.loading import load_knowledge
from wirewatch.sorting.organisations import load_matcher

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="module")
def shipped() -> Knowledge:
    """Give the knowledge that ships with Wirewatch, which must load without a problem."""
    problems = Problems()
    knowledge = load_knowledge(CONFIG, problems)
    assert problems.found == []
    return knowledge


def test_every_listing_names_its_public_source(shipped: Knowledge) -> None:
    """Each line of the register says where it is published, and lies in the past of its own end."""
    for listing in shipped.listings:
        assert listing.source
        assert date(1990, 1, 1) <= listing.since <= date(2026, 12, 31)
        assert listing.announced is None or listing.announced <= listing.since + timedelta(days=90)


def test_listing_is_made_under_a_programme_of_its_authority(shipped: Knowledge) -> None:
    """An authority lists only under programmes that it or its parent keeps, so that a text can be matched to it."""
    for listing in shipped.listings:
        authority = shipped.organisations[listing.authority_id]
        parent = shipped.organisations.get(authority.parent_id or "")
        kept = {*authority.programmes, *(parent.programmes if parent else ())}
        assert listing.programme in kept, listing


@pytest.mark.parametrize(
    ("organisation", "programme", "since", "until"),
    [
        ("bla", "FTO", date(2025, 8, 11), None),
        ("bla", "SDGT", date(2019, 7, 2), None),
        ("let", "FTO", date(2001, 12, 26), None),
        ("hts", "FTO", date(2014, 5, 15), date(2025, 7, 8)),
        ("mek", "FTO", date(1997, 10, 8), date(2012, 9, 28)),
        ("irgc", "FTO", date(2019, 4, 15), None),
        ("taliban", "RU", date(2003, 2, 14), date(2025, 4, 17)),
        ("let", "UN1267", date(2005, 5, 2), None),
        ("palestine-action", "UK", date(2025, 7, 5), None),
    ],
)
def test_known_listing_is_in_the_register(
    shipped: Knowledge, organisation: str, programme: str, since: date, until: date | None
) -> None:
    """Listings that readers will look for are there with their days."""
    found = {
        (x.since, x.until) for x in shipped.listings if (x.organisation_id, x.programme) == (organisation, programme)
    }
    assert (since, until) in found


def test_listings_of_states_are_marked_until_somebody_compares_them(shipped: Knowledge) -> None:
    """What rests on general knowledge says so; what was compared with a published list does not."""
    verified = {(x.organisation_id, x.programme) for x in shipped.listings if x.is_verified}
    unverified = {(x.organisation_id, x.programme) for x in shipped.listings if not x.is_verified}
    assert {("bla", "FTO"), ("let", "UN1267"), ("abu-sayyaf", "EU")} <= verified
    assert {("mek", "FTO"), ("palestine-action", "UK"), ("bla", "SDGT"), ("ttp", "PK-ATA")} <= unverified


def test_houthis_were_listed_twice(shipped: Knowledge) -> None:
    """A delisting and a new listing under the same programme are two lines."""
    lines = [x for x in shipped.listings if x.organisation_id == "houthis" and x.programme == "FTO"]
    assert [x.until is None for x in sorted(lines, key=lambda x: x.since)] == [False, True]


def test_every_foreign_terrorist_organisation_is_there(shipped: Knowledge) -> None:
    """All organisations ever designated are known: more than a hundred, most of them still listed."""
    ever = {x.organisation_id for x in shipped.listings if x.programme == "FTO"}
    now = {x.organisation_id for x in shipped.listings if x.programme == "FTO" and x.until is None}
    assert len(ever) >= 115
    assert 90 <= len(now) < len(ever)


def test_every_watched_organisation_is_found_by_its_own_name(shipped: Knowledge) -> None:
    """Said with its own context, each name gives its organisation, or nobody where two share it; never another."""
    matcher = load_matcher(shipped)
    missed: list[str] = []
    for organisation in shipped.organisations.values():
        if organisation.is_authority:
            continue
        company = " ".join(organisation.context[:3])
        text = f"Terrorists of the group {organisation.name} fought near {company}."
        found = {m.organisation.id if m.organisation else None for m in matcher.find(an_article("", text))}
        if organisation.id not in found and None not in found:
            missed.append(f"{organisation.id}: {sorted(map(str, found))}")
    assert missed == []


def test_ids_of_the_contract_stay(shipped: Knowledge) -> None:
    """Ids that subscriptions and alerts are built on are never renamed."""
    kept = {"bla", "ttp", "isis", "isis-k", "al-qaida", "let", "hamas", "hizballah", "irgc", "houthis", "hts", "pkk"}
    authorities = {
        "us",
        "us-state",
        "us-treasury",
        "un",
        "un-security-council",
        "uk",
        "eu",
        "canada",
        "pakistan",
        "india",
    }
    assert kept | authorities <= set(shipped.organisations)


def test_loading_is_quick(shipped: Knowledge) -> None:
    """Some hundreds of organisations load in well under a second: a reload must not be felt."""
    assert len(shipped.organisations) >= 700
