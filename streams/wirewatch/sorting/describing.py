"""Finds words that stand for the one armed group that an article names: "the guerrillas", "the group", "the militants".

Called by `reading` for acts of violence alone. Where an article names two groups or none, such words mean nobody. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from wirewatch.records import Name
from wirewatch.sorting.actors import Actor, Kind
from wirewatch.sorting.text import Token
from wirewatch.sorting.vocabulary import words

#: Plurals that mean a group's people, with an article or, at the head of a clause or behind "by", without.
_PEOPLE = words("""
militants rebels guerrillas insurgents extremists terrorists jihadists separatists islamists maoists fighters
guerillas subversives
""")
#: Nouns that mean the group itself, with an article only.
_GROUPS = words("group militia gang cartel organisation organization outfit movement militants' rebels' faction")
#: What may stand between the article and the noun.
_ADJECTIVES = words("""
armed leftist left-wing maoist marxist islamist jihadist separatist militant rebel guerrilla terrorist extremist
outlawed banned same sunni shia shiite insurgent clandestine terror
""")
#: What shows that others are meant.
_OTHERS = words(
    "other another rival second third several various many unidentified unknown suspected alleged two three"
)
_HEADS_OF_CLAUSE = words("by that but and , : ; ) because when after while as said says which")


def find_described(tokens: Sequence[Token], actors: Sequence[Actor], only: Name | None) -> list[Actor]:
    """Give a sentence's descriptions of the one group.

    Args:
        tokens: the sentence.
        actors: everybody whom it names.
        only: the one group that the article names; None when there are several.
    """
    if only is None:
        return []
    taken = {at for actor in actors for at in range(actor.first, actor.last + 1)}
    found: list[Actor] = []
    for at, token in enumerate(tokens):
        if token.low not in _PEOPLE and token.low not in _GROUPS:
            continue
        first = at
        while first > 0 and tokens[first - 1].low in _ADJECTIVES and first - 1 not in taken:
            first -= 1
        before = tokens[first - 1].low if first else ","
        following = tokens[at + 1].low if at + 1 < len(tokens) else "."
        if at in taken or first - 1 in taken or before in _OTHERS or following in ("of", "-"):
            continue
        article = before in {"the", "these", "those", "this"}
        bare = token.low in _PEOPLE and (before in _HEADS_OF_CLAUSE or not first)
        if article or bare:
            begin = first - article
            found.append(Actor(begin, at, tokens[begin].start, token.end, Kind.ORGANISATION, only.id, only.name))
    return found
