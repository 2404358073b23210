"""Finds a state's armed forces where they do what no operation is: "civilians were murdered by the army".

Called by `reading` for rules whose doer is `forces`, and by `checking`. An army that fights another armed side is
`security_operation`'s business, not this. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from wirewatch.sorting.actors import Actor, Kind
from wirewatch.sorting.text import Token
from wirewatch.sorting.vocabulary import FREE, MEMBERS, NUMBERS, words

#: What an armed body of a state is called at its end.
_HEADS = words("army military forces force guard battalion brigade regiment paramilitaries junta regime")
#: Two words that are one body.
_PAIRS = {
    ("armed", "forces"),
    ("air", "force"),
    ("national", "guard"),
    ("security", "forces"),
    ("presidential", "guard"),
}
_SINGLE = words("army military junta regime")
#: What may follow: those who belong to it and what they move in, and that it is to blame.
_ITS = words("""
responsible guilty troops soldiers officers units patrols patrol members helicopters helicopter planes plane aircraft
jets gunships
""")
#: What stands between members and their forces.
_MEMBERS_OF = words("of the a an their its and in officers officer some uniformed '' \" '")


def find_forces(tokens: Sequence[Token], actors: Sequence[Actor]) -> list[Actor]:
    """Give the armed forces of a sentence that are no state's by a known name, with the state's word before them."""
    taken = {at: actor for actor in actors for at in range(actor.first, actor.last + 1)}
    found: list[Actor] = []
    for at, token in enumerate(tokens):
        pair = at > 0 and (tokens[at - 1].low, token.low) in _PAIRS
        if at in taken or not (pair or token.low in _SINGLE):
            continue
        following = tokens[at + 1].low if at + 1 < len(tokens) else "."
        first = at - pair
        stands = following in FREE or not following.isalpha() or following.endswith(("ed", "ing"))
        stands = stands or following in _ITS
        # An army of liberation is a name; an army that is accused of murdering is not.
        owned = following == "of" and not pair and not _tells_act(tokens, at + 2)
        before = taken.get(first - 1)
        if before is not None and before.kind is Kind.STATE:
            first, before = before.first, None
        if before is None and not owned and stands:
            start, end = tokens[first].start, token.end
            # In small letters: what is written large may be the name of a group, "Free Norland Army".
            name = " ".join(tokens[index].low for index in range(first, at + 1))
            found.append(Actor(first, at, start, end, Kind.NAME, None, name))
    return found


def find_members(tokens: Sequence[Token], actors: Sequence[Actor], begin: int, end: int) -> list[Actor]:
    """Give the forces whose members lead a clause that begins and ends there: "eight members of the army killed"."""
    for actor in actors:
        if begin <= actor.first < end and is_forces(tokens, actor):
            ahead = [token.low for token in tokens[begin : actor.first]]
            plain = all(low in MEMBERS or low in _MEMBERS_OF or low in NUMBERS or low.isdigit() for low in ahead)
            return [actor] if plain and any(low in MEMBERS for low in ahead) else []
    return []


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
