"""Scores sorted passages against the gold: types, statuses, alerts, roles, organisations.

The rules are those of the annotation guidelines: one event a (type, status) and passage; optional events are never
missed and never false, except that a listing read as new must be new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.evaluating.figures import Tally
from tests.evaluating.names import Names
from tests.gold.records import GoldEvent, Passage
from wirewatch.records import Event, Party, SortedArticle, Status

LISTINGS = ("designation", "delisting")
#: Meetings and the like have no doer and no done-to.
MUTUAL = ("meeting", "agreement", "ceasefire")


@dataclass(slots=True)
class Score:
    """Everything that was counted over a set of passages."""

    types: dict[str, Tally] = field(default_factory=dict)
    alert: Tally = field(default_factory=Tally)
    listing: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in LISTINGS})
    keyed: Tally = field(default_factory=Tally)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    status_right: int = 0
    status_total: int = 0
    targets: Tally = field(default_factory=Tally)
    agents: Tally = field(default_factory=Tally)
    authority_right: int = 0
    authority_total: int = 0
    programme_right: int = 0
    programme_total: int = 0
    organisations: Tally = field(default_factory=Tally)
    traps: int = 0
    trapped: int = 0
    negatives: int = 0
    false_alerts: int = 0
    notes: list[str] = field(default_factory=list)


def status_of(event: Event) -> str:
    """Read a lifting that happened as new."""
    lifted = event.type in ("delisting", "sanction_relief") and event.status is Status.REVOKED
    return Status.NEW if lifted else event.status


def score(pairs: Iterable[tuple[Passage, SortedArticle]], names: Names, *, review: float = 0.0) -> Score:
    """Score passages; events with a score below `review` alert nobody and are left out of the alert figures."""
    total = Score()
    for passage, sorted_article in pairs:
        notes: list[str] = []
        _score_types(total, passage, sorted_article.events, names, notes)
        _score_alert(total, passage, sorted_article.events, names, notes, review)
        _score_organisations(total, passage, sorted_article, names, notes)
        if notes:
            total.notes.append(
                f"{passage.id}: {'; '.join(notes)} | {passage.title} {passage.text}".replace("\n", " // ")
            )
    return total


def _score_types(total: Score, passage: Passage, events: Sequence[Event], names: Names, notes: list[str]) -> None:
    gold = {event.type for event in passage.events if not event.optional}
    allowed = {event.type for event in passage.events} | {"statement"}
    found = {event.type for event in events}
    for name in sorted(gold | found):
        tally = total.types.setdefault(name, Tally())
        if name in gold and name in found:
            tally.right += 1
            _score_status(total, name, passage, events, names, notes)
        elif name in gold:
            tally.missed += 1
            notes.append(f"missed {name}")
        elif name not in allowed:
            tally.wrong += 1
            notes.append(f"extra {name}")


def _score_status(
    total: Score, name: str, passage: Passage, events: Sequence[Event], names: Names, notes: list[str]
) -> None:
    wanted = [event for event in passage.events if event.type == name and not event.optional]
    found = [event for event in events if event.type == name]
    for gold in {event.status: event for event in wanted}.values():
        same = [event for event in found if status_of(event) == gold.status]
        total.status_total += 1
        if same:
            total.status_right += 1
        else:
            read = ",".join(sorted({status_of(event) for event in found}))
            total.confusion[(gold.status, read)] += 1
            notes.append(f"{name}: {gold.status} read as {read}")
        _score_roles(total, name, gold, same or found, passage, names, notes)


def _score_roles(
    total: Score, name: str, gold: GoldEvent, found: Sequence[Event], passage: Passage, names: Names, notes: list[str]
) -> None:
    same_type = [event for event in passage.events if event.type == name]
    agents = [party for event in found for party in event.agents]
    targets = [party for event in found for party in event.targets]
    if name in MUTUAL:
        _parties(total.agents, (*gold.agents, *gold.targets), agents + targets, same_type, names, notes, "agent")
        return
    _parties(total.targets, gold.targets, targets, same_type, names, notes, "target")
    _parties(total.agents, gold.agents, agents, same_type, names, notes, "agent")
    if gold.authority:
        total.authority_total += 1
        right = any(e.authority and names.same(e.authority.id, e.authority.name, gold.authority) for e in found)
        total.authority_right += right
        if not right:
            notes.append(f"authority {gold.authority} read as {[e.authority and e.authority.name for e in found]}")
    if gold.programme:
        total.programme_total += 1
        total.programme_right += any(event.programme == gold.programme for event in found)


def _parties(
    tally: Tally,
    gold: Sequence[str],
    found: Sequence[Party],
    events: Sequence[GoldEvent],
    names: Names,
    notes: list[str],
    role: str,
) -> None:
    allowed = {name for event in events for name in (*event.targets, *event.agents)}
    for name in dict.fromkeys(gold):
        if any(names.same(party.id, party.name, name) for party in found):
            tally.right += 1
        else:
            tally.missed += 1
            notes.append(f"no {role} {name}")
    for party in {(party.id, party.name) for party in found}:
        if names.known(*party) and not any(names.same(*party, name) for name in allowed):
            tally.wrong += 1
            notes.append(f"{role} {party[1]}?")


def _score_alert(
    total: Score, passage: Passage, events: Sequence[Event], names: Names, notes: list[str], review: float
) -> None:
    told = [
        event for event in events if event.type in LISTINGS and status_of(event) == Status.NEW and event.score >= review
    ]
    new = [event for event in passage.events if event.type in LISTINGS and event.status == Status.NEW]
    wanted = [event for event in new if not event.optional]
    if not any(not event.optional for event in passage.events):
        total.negatives += 1
        total.false_alerts += bool(told) and not new
    for kinds, tally in ((LISTINGS, total.alert), *(((name,), total.listing[name]) for name in LISTINGS)):
        gold, found = any(e.type in kinds for e in wanted), any(e.type in kinds for e in told)
        if gold and found:
            tally.right += 1
        elif gold:
            tally.missed += 1
        elif found and not any(event.type in kinds for event in new):
            tally.wrong += 1
        else:
            continue
        if kinds is LISTINGS and gold != found:
            notes.append("MISSED ALERT" if gold else "FALSE ALERT")
    keys = [(event.type, name) for event in wanted for name in event.targets]
    for kind, name in dict.fromkeys(keys):
        hit = any(e.type == kind and any(names.same(p.id, p.name, name) for p in e.targets) for e in told)
        total.keyed.right += hit
        total.keyed.missed += not hit
    allowed = [(event.type, name) for event in new for name in event.targets]
    for kind, identity, name in {(e.type, p.id, p.name) for e in told for p in e.targets}:
        if not any(kind == other and names.same(identity, name, gold_name) for other, gold_name in allowed):
            total.keyed.wrong += 1


def _score_organisations(
    total: Score, passage: Passage, sorted_article: SortedArticle, names: Names, notes: list[str]
) -> None:
    found = {(m.organisation.id, m.organisation.name) for m in sorted_article.mentions if m.organisation}
    resolved = [name for name in passage.organisations if name not in passage.unresolved]
    for name in resolved:
        if any(names.same(*one, name) for one in found):
            total.organisations.right += 1
        else:
            total.organisations.missed += 1
            notes.append(f"no organisation {name}")
    allowed = (
        *passage.organisations,
        *passage.optional_organisations,
        *(n for e in passage.events for n in (*e.agents, *e.targets)),
    )
    for one in found:
        if names.known(*one) and not names.is_authority(*one) and not any(names.same(*one, name) for name in allowed):
            total.organisations.wrong += 1
            notes.append(f"organisation {one[1]}?")
    total.traps += len(passage.not_organisations)
    for name in passage.not_organisations:
        if any(names.reads_as(*one, name) for one in found) and name not in allowed:
            total.trapped += 1
            notes.append(f"WRONG READING {name}")
