"""Drops events that another event of the same sentence explains better.

Called by `reading` once a sentence has been read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from wirewatch.sorting.passages import Found
from wirewatch.sorting.verbs import Use

#: Rules that only say who is blamed for an act; the second says it of an act told before, and is nothing without one.
ACCUSATIONS = ("attack_armed.blamed", "attack_armed.blamed-for-it")


def without_outdone(found: Sequence[Found], yields_to: Mapping[str, tuple[str, ...]]) -> list[Found]:
    """Drop an event where a type that it yields to explains the same words, but let the better one keep its doer."""
    found = [_with_doer(one, found, yields_to) for one in found]
    return [
        one
        for one in found
        if not any(
            other.event.type in yields_to.get(one.event.type, ())
            and (abs(other.reading.first - one.reading.first) <= 12)
            # Who is blamed is no less true beside an act whose doer nobody names.
            and (one.event.rule not in ACCUSATIONS or _doers(one) <= _doers(other))
            for other in found
        )
    ]


def _with_doer(one: Found, found: Sequence[Found], yields_to: Mapping[str, tuple[str, ...]]) -> Found:
    """Give an event without a doer that of the event which the same word tells and which yields to it."""
    if one.event.agents:
        return one
    for other in found:
        same = other.reading.first == one.reading.first and other.event.agents
        if same and one.event.type in yields_to.get(other.event.type, ()):
            return one._replace(event=replace(one.event, agents=other.event.agents))
    return one


def without_consumed(found: Sequence[Found]) -> list[Found]:
    """Drop the listing that another act speaks of: "revoked the designation", "removed from a list"."""
    eaters = [one for one in found if one.event.type in ("delisting", "listing_challenge", "sanction_relief")]
    kept = []
    for one in found:
        consumed = one.event.type in ("designation", "sanction") and any(
            eater.event.trigger.start != one.event.trigger.start
            and (
                one.reading.use in (Use.NOUN, Use.ATTRIBUTIVE, Use.PARTICIPLE, Use.GERUND)
                and abs(one.reading.first - eater.reading.first) <= 16
                and (one.event.type == "designation" or eater.event.type == "sanction_relief")
            )
            for eater in eaters
        )
        if not consumed:
            kept.append(one)
    return kept


def _doers(one: Found) -> set[str]:
    return {party.id or party.name for party in one.event.agents}
