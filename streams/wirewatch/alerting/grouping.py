"""Which event is it? Finds the dossier that a report belongs to, or says that it opens a new one. Pure.

Reports of listings are one event by organisation, authority, programme and time; a report that does not name its
authority or its programme belongs to the open one that fits. Other events are grouped by `stories`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from wirewatch.dossiers import Dossier, Topic

#: Reports of a listing come within so long of its first; later ones recall it. The register's own window, DESIGN §5.
REPORT_WINDOW = timedelta(days=14)
#: An authority's publication in its gazette may trail its announcement by so much.
AUTHORITY_WINDOW = timedelta(days=60)
#: Requests and refusals are told of for longer, with pauses: so long after the last report it is a new one.
PROPOSAL_WINDOW = timedelta(days=45)
#: After this a claim that nobody confirmed is forgotten, and the same claim is news again.
MEMORY = timedelta(days=365)

_LISTS = (Topic.LISTING, Topic.DELISTING, Topic.ALIAS)
_OPPOSITE = {Topic.LISTING: Topic.DELISTING, Topic.DELISTING: Topic.LISTING}


class Belonging(StrEnum):
    """How a report relates to what is open."""

    #: It opens an event of its own.
    OPENS = "opens"
    #: It feeds an open one.
    FEEDS = "feeds"
    #: It recalls one that was reported long ago.
    RECALLS = "recalls"


@dataclass(frozen=True, slots=True)
class Report:
    """What one article says of one act on a list, as far as grouping needs it."""

    topic: Topic
    article_id: str
    organisation_key: str
    #: Ids of the organisation and of those of its parts that are named.
    involved: frozenset[str]
    #: Folded names, for organisations that no file holds.
    folded_names: frozenset[str]
    authority_key: str
    programme: str | None
    at: datetime
    #: An authority says it, or the register holds it.
    weighty: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report belongs."""

    belonging: Belonging
    #: None when it opens one.
    dossier: Dossier | None = None


def place_report(report: Report, dossiers: Iterable[Dossier]) -> Place:
    """Find the dossier that a report belongs to."""
    known = tuple(dossiers)
    related = [dossier for dossier in known if _is_same_act(report, dossier)]
    related.sort(key=lambda dossier: (dossier.programme == report.programme, dossier.first_at), reverse=True)
    for dossier in related:
        if _in_window(report, dossier):
            return Place(Belonging.FEEDS, dossier)
    for dossier in related:
        recent = dossier.first_at <= report.at <= dossier.first_at + MEMORY
        if report.topic in _LISTS and recent and not _undone_since(report, dossier, known):
            return Place(Belonging.RECALLS, dossier)
    return Place(Belonging.OPENS)


def find_denied(report: Report, dossiers: Sequence[Dossier]) -> Dossier | None:
    """Find the open listing (or delisting) that a denial speaks against, if there is one.

    A denial that does not say whose list it is about speaks of a refused bid that is open, and otherwise of a listing
    that is fresh.
    """
    window = PROPOSAL_WINDOW
    if not report.authority_key:
        if place_report(report, dossiers).belonging is Belonging.FEEDS:
            return None
        window = REPORT_WINDOW
    topic = {Topic.REFUSAL: Topic.LISTING, Topic.DELISTING_REFUSAL: Topic.DELISTING}.get(report.topic)
    for dossier in sorted(dossiers, key=lambda dossier: dossier.first_at, reverse=True):
        if dossier.topic is topic and _is_same_subject(report, dossier):
            fits = report.programme is None or report.programme in (dossier.programme, None, *dossier.also)
            if fits and timedelta(days=-1) <= report.at - dossier.first_at <= window:
                return dossier
    return None


def base_key(report: Report, usual_programme: str | None) -> str:
    """Give the readable part of an event's key; `usual_programme` stands in where the report names none."""
    programme = (report.programme or usual_programme or "any").lower()
    return f"{report.topic}/{report.authority_key or 'any'}/{programme}/{report.organisation_key}"


def free_key(base: str, taken: Collection[str]) -> str:
    """Give a key that no event has: the base, or the base numbered by episode."""
    key, episode = base, 1
    while key in taken:
        episode += 1
        key = f"{base}#{episode}"
    return key


def _is_same_act(report: Report, dossier: Dossier) -> bool:
    if dossier.topic is not report.topic or not _is_same_subject(report, dossier):
        return False
    if report.programme is None or dossier.programme is None:
        return True
    # One article that names two programmes of one authority tells of one act.
    return report.programme in (dossier.programme, *dossier.also) or dossier.heard(report.article_id)


def _is_same_subject(report: Report, dossier: Dossier) -> bool:
    if report.authority_key and dossier.authority_key and report.authority_key != dossier.authority_key:
        return False
    if report.organisation_key == dossier.organisation_key:
        return True
    if any(report.involved.intersection(item.involved) for item in dossier.contributions):
        return True
    return bool(report.folded_names) and any(f"name:{name}" == dossier.organisation_key for name in report.folded_names)


def _in_window(report: Report, dossier: Dossier) -> bool:
    if dossier.heard(report.article_id):
        return True
    if report.topic not in _LISTS:
        return dossier.first_at - PROPOSAL_WINDOW <= report.at <= dossier.last_at + PROPOSAL_WINDOW
    after = AUTHORITY_WINDOW if report.weighty else REPORT_WINDOW
    return dossier.first_at - REPORT_WINDOW <= report.at <= dossier.first_at + after


def _undone_since(report: Report, dossier: Dossier, known: Iterable[Dossier]) -> bool:
    """Tell whether the opposite act came between: then the same act again is a new one."""
    return any(
        other.topic is _OPPOSITE.get(report.topic)
        and _is_same_subject(report, other)
        and dossier.first_at < other.first_at <= report.at
        for other in known
    )
