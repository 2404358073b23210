"""Settles what an article says as a whole: undated acts deep in it are background; one act is one event.

Called by `sorter` when every sentence has been read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wirewatch.records import Event, Field, Status
from wirewatch.sorting.passages import Found

#: From this sentence on an undated act is told as what led to the news, unless title or lede tell it too.
DEEP = 3


_LISTINGS = frozenset(("designation", "delisting", "sanction", "sanction_relief", "listing_challenge"))


def settle(found: Sequence[Found]) -> list[Found]:
    """Read undated listings deep in an article as background, unless title or first lines tell one."""
    told = {
        one.event.type
        for one in found
        if one.event.status is Status.NEW and (one.event.field is Field.TITLE or one.position < DEEP)
    }
    return [_as_background(one) if _is_deep(one) and one.event.type not in told else one for one in found]


def _is_deep(one: Found) -> bool:
    event = one.event
    return (
        event.type in _LISTINGS
        and event.status is Status.NEW
        and event.field is Field.TEXT
        and one.position >= DEEP
        and not any(cue.startswith("fresh") for cue in event.cues)
    )


def _as_background(one: Found) -> Found:
    event = replace(one.event, status=Status.BACKGROUND, cues=(*one.event.cues, "deep in the article"))
    return one._replace(event=event)


def merge(events: Sequence[Event]) -> tuple[Event, ...]:
    """Join events of one sentence that say the same, so that one act is one event."""
    merged: dict[tuple[object, ...], Event] = {}
    for event in events:
        key = (event.type, event.status, event.field, event.evidence.start)
        other = merged.get(key)
        if other is None:
            merged[key] = event
            continue
        better, worse = (event, other) if _weight(event) > _weight(other) else (other, event)
        targets = better.targets + tuple(
            party
            for party in worse.targets
            if party.id not in {one.id for one in better.targets}
            or (party.id is None and party.name not in {one.name for one in better.targets})
        )
        merged[key] = replace(
            better,
            targets=targets,
            agents=better.agents or worse.agents,
            authority=better.authority or worse.authority,
            programme=better.programme or worse.programme,
            killed=better.killed if better.killed is not None else worse.killed,
            wounded=better.wounded if better.wounded is not None else worse.wounded,
        )
    return tuple(sorted(merged.values(), key=lambda event: (event.field is not Field.TITLE, event.trigger.start)))


def _weight(event: Event) -> float:
    return event.score + 0.3 * bool(event.targets) + 0.2 * bool(event.agents) + 0.1 * bool(event.programme)
