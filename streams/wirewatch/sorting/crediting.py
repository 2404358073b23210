"""Joins what sentences say of one act: whoever claims it or is blamed for it later on did it, and "the attack" is it.

Called by `sorter` once every sentence has been read. It credits only where the whole article knows one doer; where two
are named, or the claim comes long after, the act keeps none. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wirewatch.records import Field, Party, Status
from wirewatch.sorting.cast import CREDITED
from wirewatch.sorting.outdoing import ACCUSATIONS
from wirewatch.sorting.passages import Found

#: Acts that somebody may claim or be blamed for.
ACTS = frozenset(("attack_bombing", "attack_armed", "assassination", "hostage_taking"))
#: Sentences between an act and the words that credit it: news tells the claim soon or as another story.
REACH = 4
_STANDS = (Status.NEW, Status.BACKGROUND, Status.ONGOING)


#: What says no means: behind "the" it speaks of an act told before.
_LOOSE = frozenset(("attack", "attacks", "assault", "raid"))
_DEFINITE = ("the ", "this ", "that ")


def credit(found: Sequence[Found]) -> list[Found]:
    """Give acts their doers, and drop what only speaks again of an act told before."""
    return _credit(_without_echoes(found))


def _without_echoes(found: Sequence[Found]) -> list[Found]:
    """Drop "the attack" where a bombing, a kidnapping or an assassination was told right before; its doer stays."""
    kept: list[Found] = []
    for one in found:
        again = range(len(kept) - 1, -1, -1) if _speaks_of_it_again(one) else ()
        told = next((at for at in again if _is_told_by(one, kept[at])), -1)
        if told < 0:
            kept.append(one)
        elif one.event.agents and not kept[told].event.agents and one.event.field is kept[told].event.field:
            kept[told] = kept[told]._replace(event=replace(kept[told].event, agents=one.event.agents))
    return kept


def _speaks_of_it_again(one: Found) -> bool:
    event = one.event
    if event.type != "attack_armed" or event.trigger.text.lower() not in _LOOSE:
        return False
    return event.evidence.text[: event.trigger.start - event.evidence.start].lower().endswith(_DEFINITE)


def _is_told_by(one: Found, told: Found) -> bool:
    event, other = one.event, told.event
    near = 0 <= one.position - told.position <= REACH if event.field is other.field else True
    return other.type in ACTS and other.type != event.type and near


def _credit(found: Sequence[Found]) -> list[Found]:
    doers = _doers(found)
    creditors = [one for one in found if _credits(one)] if len(doers) == 1 else []
    credited: list[Found] = []
    told: set[int] = set()
    for one in found:
        creditor = next((other for other in creditors if _reaches(one, other)), None)
        if creditor is not None:
            told.add(id(creditor))
            event = replace(
                one.event,
                agents=creditor.event.agents,
                cues=(*one.event.cues, f"{CREDITED}: {creditor.event.trigger.text}"),
            )
            credited.append(one._replace(event=event))
        else:
            credited.append(one)
    return [
        one
        for one in credited
        if one.event.rule not in ACCUSATIONS or (one.event.rule == ACCUSATIONS[0] and id(one) not in told)
    ]


def _doers(found: Sequence[Found]) -> dict[str, Party]:
    """Give everybody who did, claims or is blamed for an act of violence, once."""
    return {
        party.id or party.name: party
        for one in found
        if (one.event.type in ACTS or one.event.type == "attack_claim") and one.event.status is not Status.DENIED
        for party in one.event.agents
    }


def _credits(one: Found) -> bool:
    event = one.event
    names = event.type == "attack_claim" or event.rule in ACCUSATIONS or event.rule == "attack_armed.crime"
    return names and event.field is Field.TEXT and bool(event.agents) and event.status in _STANDS


def _reaches(act: Found, creditor: Found) -> bool:
    event = act.event
    return (
        event.type in ACTS
        and event.rule not in ACCUSATIONS
        and not event.agents
        and event.field is Field.TEXT
        and event.status in _STANDS
        and 0 <= creditor.position - act.position <= REACH
    )
