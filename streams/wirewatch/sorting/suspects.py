"""Finds everybody in a sentence who may have done an act of violence: known groups, a state's forces, nameless bands.

Called by `testimony` for articles that tell such an act. Pure; decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from wirewatch.sorting.actors import Actor, Kind
from wirewatch.sorting.deeds import load_deeds
from wirewatch.sorting.text import Token


class Class(StrEnum):
    """What a suspect is."""

    #: A known organisation that carries arms, or one that does not.
    GROUP = "group"
    CIVIL = "civil"
    #: "The army", "the Norland air force".
    FORCES = "forces"
    #: "Drug cartels", "a death squad".
    BAND = "band"


class Suspect(NamedTuple):
    """Somebody named in a sentence; token indexes, `last` inclusive."""

    first: int
    last: int
    kind: Class
    #: The same for all mentions of one suspect: an id, or the words without a state's name.
    key: str
    id: str | None
    #: None for a suspect that is called by what he is.
    name: str | None


def find_suspects(tokens: Sequence[Token], actors: Sequence[Actor]) -> list[Suspect]:
    """Give the suspects of a sentence in order of kind, then of place.

    Args:
        tokens: the sentence.
        actors: everybody whom it names.
    """
    groups = [
        Suspect(actor.first, actor.last, Class.CIVIL if actor.civil else Class.GROUP, actor.id, actor.id, actor.name)
        for actor in actors
        if actor.kind is Kind.ORGANISATION and actor.id
    ]
    return [*groups, *_nameless(tokens, actors)]


def _nameless(tokens: Sequence[Token], actors: Sequence[Actor]) -> Iterator[Suspect]:
    deeds = load_deeds()
    owner = {at: actor for actor in actors for at in range(actor.first, actor.last + 1)}
    for at, token in enumerate(tokens):
        its = owner.get(at)
        if its is not None and (its.kind not in (Kind.STATE, Kind.AUTHORITY) or at < its.last):
            continue
        before = tokens[at - 1].low if at else ""
        following = tokens[at + 1].low if at + 1 < len(tokens) else ""
        if (before, token.low) in deeds.force_pairs:
            first, kind = at - 1, Class.FORCES
        elif token.low in deeds.forces and (token.low, following) not in deeds.force_pairs:
            first, kind = at, Class.FORCES
        elif its is None and (token.low in deeds.bands or token.low in deeds.band_heads):
            first, kind = _begin_band(tokens, at, owner), Class.BAND
            if first == at and token.low in deeds.band_heads:
                continue
        else:
            continue
        key = " ".join(word.low for word in tokens[first : at + 1])
        state = its or owner.get(first - 1)
        if kind is Class.FORCES and state is not None and state.kind in (Kind.STATE, Kind.AUTHORITY):
            first = min(first, state.first)
        yield Suspect(first, at, kind, key, None, None)


def _begin_band(tokens: Sequence[Token], at: int, owner: dict[int, Actor]) -> int:
    attributes = load_deeds().band_attributes
    first = at
    while first > 0 and first - 1 not in owner and tokens[first - 1].low in attributes:
        first -= 1
    while first < at and not tokens[first].low[0].isalpha():
        first += 1
    return first
