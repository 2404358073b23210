"""What the register makes of claims, as a table of days and entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.stories.acting import Push, says, sorted_of
from tests.stories.scenery import BLA_FTO, BLA_SDGT, TIDE_UK, a_knowledge
from wirewatch.records import AlertKind, Listing
from wirewatch.watching.authorities import canonical_authority, most_specific
from wirewatch.watching.claims import Claim, find_claims, fold_name, looks_like_a_name
from wirewatch.watching.register import Novelty, decide_novelty

KNOWLEDGE = a_knowledge(BLA_SDGT, TIDE_UK)


def claim(
    what: str, *targets: str, by: str | None = "united-states", programme: str | None = None, title: str = "T"
) -> Claim:
    """Give the one claim of an article that says one thing."""
    push = Push("2025-08-12T12:00", "meridian-wire", title, (says(what, *targets, by=by, programme=programme),))
    (found,) = find_claims(sorted_of(push), KNOWLEDGE)
    return found


ENDED = replace(TIDE_UK, until=date(2020, 5, 1))


@pytest.mark.parametrize(
    ("what", "on", "entries", "novelty", "kind"),
    [
        # FTO of 11 (announced) and 14 August 2025: fourteen days to both sides of either day.
        (("designation/new", "FTO"), "2025-08-12", (BLA_FTO,), Novelty.REPORTED, AlertKind.NEW_LISTING),
        (("designation/new", "FTO"), "2025-07-28", (BLA_FTO,), Novelty.REPORTED, AlertKind.NEW_LISTING),
        (("designation/new", "FTO"), "2025-07-27", (BLA_FTO,), Novelty.CLAIMED, AlertKind.NEW_LISTING),
        (("designation/new", "FTO"), "2025-08-28", (BLA_FTO,), Novelty.REPORTED, AlertKind.NEW_LISTING),
        (("designation/new", "FTO"), "2025-08-29", (BLA_FTO,), Novelty.ALREADY_LISTED, AlertKind.MENTION_ONLY),
        # From the lesser list to the main one is a new listing; the other way round a programme is added.
        (("designation/new", "FTO"), "2025-08-12", (BLA_SDGT,), Novelty.CLAIMED, AlertKind.NEW_LISTING),
        (("designation/new", None), "2025-08-12", (BLA_SDGT,), Novelty.CLAIMED, AlertKind.NEW_LISTING),
        (("designation/new", None), "2025-08-12", (BLA_SDGT, BLA_FTO), Novelty.REPORTED, AlertKind.NEW_LISTING),
        (("designation/new", "SDGT"), "2026-08-12", (BLA_FTO,), Novelty.CLAIMED, AlertKind.PROGRAMME_ADDED),
        (("designation/new", "SDGT"), "2025-08-12", (BLA_SDGT,), Novelty.ALREADY_LISTED, AlertKind.MENTION_ONLY),
        (("designation/background", "FTO"), "2025-08-12", (BLA_FTO,), Novelty.BACKGROUND, AlertKind.MENTION_ONLY),
        (("designation/proposed", "FTO"), "2025-08-12", (BLA_SDGT,), Novelty.PROPOSED, AlertKind.PROPOSED),
        (("designation/proposed", "FTO"), "2025-12-12", (BLA_FTO,), Novelty.ALREADY_LISTED, AlertKind.MENTION_ONLY),
        (("designation/denied", "FTO"), "2025-08-12", (), Novelty.DENIED, AlertKind.BLOCKED),
        (("designation/denied", "FTO"), "2025-12-12", (BLA_FTO,), Novelty.ALREADY_LISTED, AlertKind.MENTION_ONLY),
        (("designation/unclear", "FTO"), "2025-08-12", (BLA_FTO,), Novelty.REVIEW, AlertKind.MENTION_ONLY),
        (("delisting/unclear", "FTO"), "2026-03-01", (BLA_FTO,), Novelty.REVIEW, AlertKind.MENTION_ONLY),
        (("delisting/new", "FTO"), "2026-03-01", (BLA_FTO,), Novelty.CLAIMED, AlertKind.DELISTED),
        (("delisting/revoked", "FTO"), "2026-03-01", (BLA_FTO,), Novelty.CLAIMED, AlertKind.DELISTED),
        (("delisting/proposed", "FTO"), "2026-03-01", (BLA_FTO,), Novelty.PROPOSED, AlertKind.PROPOSED),
        (("delisting/denied", "FTO"), "2026-03-01", (BLA_FTO,), Novelty.DENIED, AlertKind.BLOCKED),
    ],
)
def test_novelty_of_the_bla(
    what: tuple[str, str | None], on: str, entries: tuple[Listing, ...], novelty: Novelty, kind: AlertKind
) -> None:
    """The day of the article and the entries alone decide."""
    ruling = decide_novelty(claim(what[0], "bla", programme=what[1]), date.fromisoformat(on), entries, KNOWLEDGE)
    assert (ruling.novelty, ruling.kind) == (novelty, kind)


@pytest.mark.parametrize(
    ("on", "novelty"),
    [
        ("2020-05-10", Novelty.REPORTED),
        ("2020-06-10", Novelty.ALREADY_DELISTED),
        ("2019-05-10", Novelty.CLAIMED),
    ],
)
def test_novelty_of_a_delisting(on: str, novelty: Novelty) -> None:
    """A delisting that the register knows is news around its day, and background afterwards."""
    said = claim("delisting/new", "tide-front", by="united-kingdom", programme="UK")
    assert decide_novelty(said, date.fromisoformat(on), [ENDED], KNOWLEDGE).novelty is novelty


def test_listing_again_after_a_delisting_is_news() -> None:
    """An entry that ended does not make a later listing old."""
    said = claim("designation/new", "tide-front", by="united-kingdom", programme="UK")
    assert decide_novelty(said, date(2024, 1, 1), [ENDED], KNOWLEDGE).novelty is Novelty.CLAIMED


@pytest.mark.parametrize(
    ("title", "novelty"),
    [
        ("US adds the alias Coast Sons to the BLA listing", Novelty.ALIAS_ADDED),
        ("US lists the BLA, also known as Coast Sons", Novelty.ALREADY_LISTED),
    ],
)
def test_an_alias_is_added_only_when_the_text_says_so(title: str, novelty: Novelty) -> None:
    """Words such as "also known as", in passing, add nothing to an old entry."""
    said = claim("designation/new", "bla", "Coast Sons", programme="SDGT", title=title)
    assert decide_novelty(said, date(2024, 1, 1), [BLA_SDGT], KNOWLEDGE).novelty is novelty


def test_an_alias_that_the_entry_has_carried_for_long_is_no_news() -> None:
    """Only a name that is not in the entry, or came into it lately, is added."""
    said = claim("designation/new", "bla", "Coast Sons", programme="SDGT", title="US adds alias Coast Sons")
    old = replace(BLA_SDGT, aliases=(("COAST SONS", None),))
    late = replace(BLA_SDGT, aliases=(("Coast Sons", date(2023, 12, 30)),))
    assert decide_novelty(said, date(2024, 1, 1), [old], KNOWLEDGE).novelty is Novelty.ALREADY_LISTED
    assert decide_novelty(said, date(2024, 1, 1), [late], KNOWLEDGE).novelty is Novelty.ALIAS_ADDED


def test_an_authority_with_a_list_of_its_own_acts_for_itself() -> None:
    """A department acts for its state, a federal state with its own programme does not."""
    assert canonical_authority("us-treasury", KNOWLEDGE) == "united-states"
    assert canonical_authority("northmark", KNOWLEDGE) == "northmark"
    assert canonical_authority("nobody-knows", KNOWLEDGE) == "nobody-knows"


def test_the_most_specific_authority_is_shown() -> None:
    """Of a state and its department, the department is shown; of two equals, the first."""
    state = KNOWLEDGE.organisations["united-states"].as_name
    department = KNOWLEDGE.organisations["us-state"].as_name
    treasury = KNOWLEDGE.organisations["us-treasury"].as_name
    assert most_specific(state, department, KNOWLEDGE) == department
    assert most_specific(department, state, KNOWLEDGE) == department
    assert most_specific(department, treasury, KNOWLEDGE) == department
    assert most_specific(None, state, KNOWLEDGE) == state


@pytest.mark.parametrize(
    ("text", "is_name"),
    [("Gull Cartel", True), ("three financiers", False), ("حركة المد", True), ("7", False), ("K", False)],
)
def test_names_are_told_from_descriptions(text: str, is_name: bool) -> None:
    """A capital letter, or a script without capitals, makes a name."""
    assert looks_like_a_name(text) is is_name


def test_two_spellings_of_a_name_fold_to_one() -> None:
    """Case, marks, punctuation and a leading article do not make two names."""
    assert fold_name("The Gull-Cartél") == fold_name("gull cartel")


def test_a_claim_takes_its_authority_from_the_headline() -> None:
    """What one sentence leaves out another sentence of the same article says."""
    push = Push(
        "2025-09-19T08:00",
        "harbour-courier",
        "UN listing of the Baloch group on hold",
        (
            says("designation/denied", "Baloch", by="united-nations", programme="UN1267"),
            says("designation/denied", "bla", quote="A proposal to list the BLA was put on hold."),
        ),
        text="A proposal to list the BLA was put on hold.",
    )
    first, second = find_claims(sorted_of(push), a_knowledge())
    assert second.authority_key == "united-nations"
    assert first.organisation.id == "bla"


def test_an_unknown_name_beside_a_known_one_stays_its_own() -> None:
    """Only words of the known organisation's own names are taken for it."""
    push = Push(
        "2025-09-19T08:00",
        "harbour-courier",
        "UN lists the BLA and the Gull Cartel",
        (
            says("designation/new", "Gull Cartel", by="united-nations"),
            says("designation/new", "bla", by="united-nations"),
        ),
    )
    first, _ = find_claims(sorted_of(push), a_knowledge())
    assert first.organisation.id == ""
