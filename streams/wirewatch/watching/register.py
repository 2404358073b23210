"""Is a claim news? Asks the register: which organisation is on whose list, under which programme, since when.

Pure: the caller brings the entries of the organisation. Time is the article's, never the machine's, so that a replay
of last year's articles gives last year's alerts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from wirewatch.knowledge.entities import Knowledge
from wirewatch.records import AlertKind, Field, Listing, Status
from wirewatch.watching.authorities import canonical_authority, main_programme, programme_rank, sole_programme
from wirewatch.watching.claims import Action, Claim, fold_name

#: An article within so many days of an entry's `since` reports that listing; a later one recalls it. DESIGN §5.
REPORT_DAYS = 14

#: Below this the sorter's first and second opinion disagree: a person should look, nobody is told.
REVIEW_SCORE = 0.5


class Novelty(StrEnum):
    """What the register makes of a claim."""

    #: The register does not hold it: news, if it is true.
    CLAIMED = "claimed"
    #: The register holds it, and it took effect or was announced within `REPORT_DAYS` of the article.
    REPORTED = "reported"
    #: A name was added to an entry that the register has held for longer.
    ALIAS_ADDED = "alias_added"
    #: The register has held it for longer: the article recalls it.
    ALREADY_LISTED = "already_listed"
    ALREADY_DELISTED = "already_delisted"
    #: Asked for, planned, threatened.
    PROPOSED = "proposed"
    #: Refused, blocked, denied.
    DENIED = "denied"
    #: The text itself says that it is past.
    BACKGROUND = "background"
    #: The sorter is of two minds.
    REVIEW = "review"


#: Actions that change no list, and what they are when nothing else speaks against it.
_UNDONE = {
    Action.PROPOSE_LIST: (Novelty.PROPOSED, AlertKind.PROPOSED),
    Action.PROPOSE_DELIST: (Novelty.PROPOSED, AlertKind.PROPOSED),
    Action.DENY_LIST: (Novelty.DENIED, AlertKind.BLOCKED),
    Action.DENY_DELIST: (Novelty.DENIED, AlertKind.BLOCKED),
}

#: What may open or feed an alert.
NEWS = frozenset(
    {Novelty.CLAIMED, Novelty.REPORTED, Novelty.ALIAS_ADDED, Novelty.PROPOSED, Novelty.DENIED},
)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the register makes of one claim, and why."""

    novelty: Novelty
    kind: AlertKind
    #: The claim's programme, or the one that the register or the authority's custom supplies.
    programme: str | None
    #: The entry that decided, when one did.
    entry: Listing | None = None
    #: False for what may join an open alert but says too little to open one: a bid or a refusal at nobody's list.
    may_open: bool = True


def decide_novelty(claim: Claim, on: date, entries: Iterable[Listing], knowledge: Knowledge) -> Ruling:
    """Decide whether a claim, made in an article of the day `on`, is news.

    Args:
        claim: What the article says.
        on: The article's day, UTC.
        entries: Everything that the register holds of the claim's organisation.
        knowledge: For the kinship of authorities.
    """
    if claim.programme is None:
        named = claim.authority.id if claim.authority else claim.authority_key
        sole = sole_programme(named, knowledge) or sole_programme(claim.authority_key, knowledge)
        claim = replace(claim, programme=sole)
    programme = claim.programme or main_programme(claim.authority_key, knowledge)
    if claim.action is Action.RECALL:
        return Ruling(Novelty.BACKGROUND, AlertKind.MENTION_ONLY, claim.programme)
    if claim.event.score < REVIEW_SCORE or claim.event.status is Status.UNCLEAR:
        return Ruling(Novelty.REVIEW, AlertKind.MENTION_ONLY, claim.programme)
    unknown = not claim.organisation.id and claim.event.field is not Field.TITLE
    if claim.action in _UNDONE and (claim.authority_key == "" or unknown):
        # Nobody says whose list it is about, or somebody whom nobody knows is named in passing.
        novelty, kind = _UNDONE[claim.action]
        return Ruling(novelty, kind, claim.programme, may_open=False)
    if unknown and claim.authority_key == "":
        kind = AlertKind.DELISTED if claim.action is Action.DELIST else AlertKind.NEW_LISTING
        return Ruling(Novelty.CLAIMED, kind, claim.programme, may_open=False)
    held = [entry for entry in entries if _same_authority(entry, claim.authority_key, knowledge)]
    if claim.action in (Action.LIST, Action.PROPOSE_LIST, Action.DENY_LIST):
        return _rule_on_listing(claim, on, held, programme, knowledge)
    return _rule_on_delisting(claim, on, held, programme)


def opened_on(entry: Listing) -> date:
    """Give the first day on which an entry was known: announced, or in effect."""
    return min(entry.since, entry.announced) if entry.announced else entry.since


def in_force(entry: Listing, on: date) -> bool:
    """Tell whether an entry stood on a day."""
    return opened_on(entry) <= on and (entry.until is None or entry.until > on)


def _rule_on_listing(
    claim: Claim, on: date, held: list[Listing], programme: str | None, knowledge: Knowledge
) -> Ruling:
    same = [entry for entry in held if claim.authority_key == "" or programme is None or entry.programme == programme]
    if claim.programme is None:
        # "a terrorist organisation": the fresh entry is meant, whatever its programme.
        same = [entry for entry in held if _reports(entry, on)] or same
    fresh = [entry for entry in same if _reports(entry, on)]
    standing = [entry for entry in same if in_force(entry, on) and entry not in fresh]
    if claim.action is Action.DENY_LIST:
        # A refusal of what has stood for long is a claim about the past.
        if standing and not fresh:
            return Ruling(Novelty.ALREADY_LISTED, AlertKind.MENTION_ONLY, programme, standing[0])
        if fresh:
            # The register holds it: this contradicts a listing that we may not have read of yet, and is no refused bid.
            return Ruling(Novelty.DENIED, AlertKind.BLOCKED, claim.programme, fresh[0], may_open=False)
        return Ruling(Novelty.DENIED, AlertKind.BLOCKED, claim.programme)
    if claim.action is Action.PROPOSE_LIST:
        if standing or any(in_force(entry, on) for entry in fresh):
            entry = (standing or fresh)[0]
            return Ruling(Novelty.ALREADY_LISTED, AlertKind.MENTION_ONLY, programme, entry)
        return Ruling(Novelty.PROPOSED, AlertKind.PROPOSED, claim.programme)
    kind = _kind_of_listing(programme, on, held, fresh, knowledge)
    if fresh:
        entry = min(fresh, key=lambda entry: programme_rank(entry.programme, claim.authority_key, knowledge))
        return Ruling(Novelty.REPORTED, kind, entry.programme, entry)
    if standing:
        entry = standing[0]
        if claim.speaks_of_alias and _adds_names(entry, claim, on):
            return Ruling(Novelty.ALIAS_ADDED, AlertKind.ALIAS_ADDED, entry.programme, entry)
        return Ruling(Novelty.ALREADY_LISTED, AlertKind.MENTION_ONLY, entry.programme, entry)
    return Ruling(Novelty.CLAIMED, kind, claim.programme)


def _rule_on_delisting(claim: Claim, on: date, held: list[Listing], programme: str | None) -> Ruling:
    same = [entry for entry in held if claim.programme is None or entry.programme == programme]
    if claim.action is Action.PROPOSE_DELIST:
        return Ruling(Novelty.PROPOSED, AlertKind.PROPOSED, claim.programme)
    if claim.action is Action.DENY_DELIST:
        return Ruling(Novelty.DENIED, AlertKind.BLOCKED, claim.programme)
    for entry in same:
        if entry.until is not None and abs((on - entry.until).days) <= REPORT_DAYS:
            return Ruling(Novelty.REPORTED, AlertKind.DELISTED, entry.programme, entry)
    if any(in_force(entry, on) for entry in same):
        return Ruling(Novelty.CLAIMED, AlertKind.DELISTED, claim.programme)
    ended = [entry for entry in same if entry.until is not None and entry.until <= on]
    if ended:
        return Ruling(Novelty.ALREADY_DELISTED, AlertKind.MENTION_ONLY, claim.programme, ended[-1])
    return Ruling(Novelty.CLAIMED, AlertKind.DELISTED, claim.programme)


def _kind_of_listing(
    programme: str | None, on: date, held: list[Listing], fresh: list[Listing], knowledge: Knowledge
) -> AlertKind:
    """Give `programme_added` when the organisation already stands on an equal or weightier list of the authority.

    From a lesser list to the main one (SDGT → FTO) is a new listing: that is the news.
    """
    if programme is None:
        return AlertKind.NEW_LISTING
    for entry in held:
        authority = canonical_authority(entry.authority_id, knowledge)
        weightier = programme_rank(entry.programme, authority, knowledge) < programme_rank(
            programme, authority, knowledge
        )
        if entry not in fresh and entry.programme != programme and weightier and in_force(entry, on):
            return AlertKind.PROGRAMME_ADDED
    return AlertKind.NEW_LISTING


def _reports(entry: Listing, on: date) -> bool:
    """Tell whether an article of the day `on` reports this entry rather than recalls it."""
    if entry.until is not None and entry.until <= on:
        return False
    window = timedelta(days=REPORT_DAYS)
    days = [entry.since] + ([entry.announced] if entry.announced else [])
    return any(day - window <= on <= day + window for day in days)


def _adds_names(entry: Listing, claim: Claim, on: date) -> bool:
    """Tell whether the text names the organisation by a name that its entry has not carried for long."""
    old = {fold_name(name) for name, day in entry.aliases if day is None or (on - day).days > REPORT_DAYS}
    old.add(fold_name(claim.organisation.name))
    return any(fold_name(name) not in old for name in claim.names)


def _same_authority(entry: Listing, authority_key: str, knowledge: Knowledge) -> bool:
    return authority_key in ("", canonical_authority(entry.authority_id, knowledge))
