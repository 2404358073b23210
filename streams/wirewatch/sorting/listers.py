"""Finds which body lists where no slot of a sentence says so: the one body or state named that can be meant.

Called by `targeting`. Gives nobody rather than a guess. Pure.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from wirewatch.sorting.actors import Actor, Kind
from wirewatch.sorting.neighbours import stands_for_people
from wirewatch.sorting.standing import GROUP_NOUNS, SEVERAL
from wirewatch.sorting.text import Token
from wirewatch.sorting.vocabulary import LIST_NOUNS, words

#: Prepositions that lead to a place, a friend or a foe.
_ASIDE = words("near from to against with between into after alongside unlike than of for")
#: Stems of words behind which "in Britain" says whose law it is.
_ACTS = tuple(
    words("ban outlaw proscri designat blacklist list prohibit terror extremis illegal unlawful legal delist")
)
#: Nouns that a body's name stands before when it is the body that acts: "Baghdad's ban", "the Lebanese decision".
_DEEDS = LIST_NOUNS | words("decision move order decree step bid plan law designations bans delisting removal")


def find_lister(tokens: Sequence[Token], actors: Sequence[Actor], listed: Container[str]) -> Actor | None:
    """Give the body that lists, if one alone can be meant.

    Args:
        tokens: the sentence.
        actors: everybody whom it names.
        listed: ids of those who are listed.
    """
    bodies = [
        actor
        for actor in actors
        if actor.kind in (Kind.AUTHORITY, Kind.STATE) and actor.id not in listed and not _only_near(tokens, actor)
    ]
    doers = [actor for actor in bodies if _owns_deed(tokens, actor)]
    return _one(doers) or _one(bodies)


def _one(bodies: Sequence[Actor]) -> Actor | None:
    """Give the one of several names of one state's bodies that says most."""
    lands = {actor.countries or (actor.id or "",) for actor in bodies}
    if len(lands) != 1:
        return None
    # "India's home ministry": an office's id holds more than its state's.
    return max(bodies, key=lambda actor: ((actor.id or "").count("-"), -actor.first))


def _only_near(tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether a body's or state's name only says where, whose people, or in which town a story was written."""
    following = [token.low for token in tokens[actor.last + 1 : actor.last + 3]]
    shouted = tokens[actor.first].text.isupper() and len(tokens[actor.first].text) > 3
    if actor.first == 0 and shouted and following[:1] in ([":"], ["-"], ["("], [","]):
        return not all(token.text == token.text.upper() for token in tokens)
    if stands_for_people(tokens, actor) or not (GROUP_NOUNS | SEVERAL).isdisjoint(following[:1]):
        return True
    before = [token.low for token in tokens[max(0, actor.first - 5) : actor.first] if token.low != "the"]
    if before[-1:] == ["in"] or before[-1:] == ["at"]:
        return not any(word.startswith(_ACTS) for word in before)
    return not _ASIDE.isdisjoint(before[-1:])


def _owns_deed(tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether a body's name stands before its deed or list, or behind "by"."""
    if actor.first and tokens[actor.first - 1].low == "by":
        return True
    behind = [token.low for token in tokens[actor.last + 1 : actor.last + 5]]
    owns = behind[:1] == ["'s"] and not _DEEDS.isdisjoint(behind[1:4])
    return owns or not _DEEDS.isdisjoint(behind[:1])
