"""Finds the known groups of a sentence: whoever may have done an act of violence.

Called by `testimony` for articles that tell such an act. Pure; decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from wirewatch.sorting.actors import Actor, Kind


class Suspect(NamedTuple):
    """A known organisation in a sentence; token indexes, `last` inclusive."""

    first: int
    last: int
    id: str
    name: str
    #: True where it carries no arms.
    civil: bool


def find_suspects(actors: Sequence[Actor]) -> list[Suspect]:
    """Give the suspects among those whom a sentence names, in their order."""
    return [
        Suspect(actor.first, actor.last, actor.id, actor.name, actor.civil)
        for actor in actors
        if actor.kind is Kind.ORGANISATION and actor.id
    ]
