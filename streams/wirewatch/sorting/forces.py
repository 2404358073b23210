"""Finds a state's armed forces where they do what no operation is: "civilians were murdered by the army".

Called by `reading` for rules whose doer is `forces`, and by `checking`. An army that fights another armed side is
`security_operation`'s business, not this. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from wirewatch.sorting.actors import Actor, Kind
from wirewatch.sorting.text import Token
from wirewatch.sorting.vocabulary import FREE, words

#: What an armed body of a state is called at its end.
_HEADS = words("army military forces force guard battalion brigade regiment paramilitaries junta")
#: Two words that are one body.
_PAIRS = {
    ("armed", "forces"),
    ("air", "force"),
    ("national", "guard"),
    ("security", "forces"),
    ("presidential", "guard"),
}
_SINGLE = words("army military junta")


def find_forces(tokens: Sequence[Token], actors: Sequence[Actor]) -> list[Actor]:
    """Give the armed forces of a sentence that carry no state's name."""
    taken = {at for actor in actors for at in range(actor.first, actor.last + 1)}
    found: list[Actor] = []
    for at, token in enumerate(tokens):
        pair = at > 0 and (tokens[at - 1].low, token.low) in _PAIRS
        if at in taken or not (pair or token.low in _SINGLE):
            continue
        following = tokens[at + 1].low if at + 1 < len(tokens) else "."
        first = at - pair
        stands = following in FREE or not following.isalpha() or following.endswith(("ed", "ing"))
        # An army of liberation is a name; an army that is accused of murdering is not.
        owned = following == "of" and not pair and not _tells_act(tokens, at + 2)
        if first - 1 not in taken and not owned and stands:
            start, end = tokens[first].start, token.end
            name = " ".join(tokens[index].text for index in range(first, at + 1))
            found.append(Actor(first, at, start, end, Kind.NAME, None, name))
    return found


def _tells_act(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether what follows "of" is an act: "of murdering", "of the massacre", "of being behind"."""
    ahead = [token.low for token in tokens[at : at + 2]]
    return any(word.endswith("ing") for word in ahead) or ahead[:1] in (["the"], ["a"], ["having"], ['"'])


def is_forces(tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether an actor is an armed body of a state, with the state's name or without."""
    head = tokens[actor.last].low in _HEADS
    if actor.kind is Kind.NAME:
        return head and actor.id is None and actor.name == actor.name.lower()
    return head and actor.kind in (Kind.AUTHORITY, Kind.STATE)
