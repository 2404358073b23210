"""Finds the slot of what follows a trigger: the preposition that leads to it, or the object's place.

Called by `roles`. Walks words only; what a slot means is the rule's business.
"""

from __future__ import annotations

from collections.abc import Sequence

from wirewatch.sorting.actors import Actor
from wirewatch.sorting.shapes import Rule, Slot
from wirewatch.sorting.text import Token
from wirewatch.sorting.vocabulary import MEMBERS

_PREPOSITIONS = {
    slot.value: slot
    for slot in (Slot.BY, Slot.OF, Slot.ON, Slot.AGAINST, Slot.FROM, Slot.TO, Slot.FOR, Slot.WITH, Slot.BETWEEN)
}
_PREPOSITIONS |= {"targeting": Slot.ON, "hitting": Slot.ON, "upon": Slot.ON, "onto": Slot.TO}
_THROUGH = frozenset(("including", "like", "namely", "called", "named", "known", "dubbed"))


def find_slot(tokens: Sequence[Token], begin: int, actor: Actor, first: Slot | None, rule: Rule) -> Slot | None:
    """Walk back from an actor to the preposition that leads to it, or to the trigger."""
    at = actor.first - 1
    listed = False
    while at >= begin:
        word = tokens[at].low
        if word == "as":
            before = tokens[at - 1].low if at else ""
            return None if before not in ("known",) else first
        if word == "of" and first is Slot.OBJECT and rule.members:
            at -= 1
            continue
        if word in _THROUGH:
            at -= 1
            continue
        if word in ("of", "from") and rule.doer and _members_of(tokens, at):
            # "by members of the X": what leads to the members leads to the group.
            at -= 2
            continue
        if (
            word == "to"
            and first is Slot.OBJECT
            and tokens[at - 1].low in {"belonging", "loyal", "linked", "affiliated", "allied", "close"}
            and rule.members
        ):
            at -= 2
            continue
        if word == "for" and first is Slot.OBJECT and rule.members:
            return None
        if word in _PREPOSITIONS:
            slot = _PREPOSITIONS[word]
            return slot if not listed or slot in rule.roles else None
        if word in {
            "in",
            "under",
            "at",
            "near",
            "over",
            "outside",
            "during",
            "through",
            "within",
            "into",
            "since",
            "between",
            "among",
        }:
            return None
        if word == ",":
            listed = True
        if word in {"which", "who", "that", "because", "when", "where"}:
            return None
        at -= 1
    return first


def _members_of(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether "of" joins a group to its people or to a part of it."""
    return at > 0 and tokens[at - 1].low in MEMBERS
