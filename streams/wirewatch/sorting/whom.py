"""Tells whom a sentence that speaks of a listing may mean.

Called by `targeting` and `retelling`, where no slot of a rule says who was listed. Neither the body that lists is meant
nor who is only somebody's friend, speaker, part or place. Pure.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from wirewatch.sorting.actors import Actor, Kind, looks_organised
from wirewatch.sorting.neighbours import run
from wirewatch.sorting.standing import (
    is_adjective,
    is_relation,
    names_a_list,
    reads_as_body,
    stands_as_listed,
    stands_aside,
    words_before,
    words_behind,
)
from wirewatch.sorting.text import Token
from wirewatch.sorting.vocabulary import FUNCTION_WORDS, NUMBERS, ORGANISATION_WORDS, TITLES, words

#: The rank of a name that nothing speaks for.
_LAST = 4
#: Words with a capital that open a sentence or a quote.
_OPENERS = words("""
there being too why new how what when where who here now yes no not never always still even our my your international
federal captain secy govt breaking exclusive update updated explainer watch live confirmed official legal ban
banned outlawed interior home
""")
_NO_NAMES = (
    ORGANISATION_WORDS | FUNCTION_WORDS | TITLES | _OPENERS | words("jan feb mar apr jun jul aug sep sept oct nov dec")
)
#: What leads to places, what stands before a person's name, and what people do who are named.
_PLACING = words("in at near across outside around into via through")
_OFFICES = words("""
minister secretary president premier judge justice spokesman spokeswoman spokesperson lawyer governor general colonel
mayor chancellor king prosecutor senator mp analyst researcher professor ambassador chairman chairwoman director mr mrs
ms dr attorney commissioner reporter correspondent
""")
_SPEECH = words("said says told tells signed signs wrote writes added tweeted posted called warned announced announces")
#: So many who are not joined by "and" may be meant.
_FEW = 3


def find_whom(
    tokens: Sequence[Token], actors: Sequence[Actor], doing: Container[str], end: int | None = None
) -> list[Actor]:
    """Give whom a sentence that tells a listing may mean.

    Args:
        tokens: the sentence.
        actors: everybody whom it names.
        doing: ids and names of those who list.
        end: only actors that begin before this place in the field.
    """
    parties = [
        actor
        for actor in actors
        if (actor.id or actor.name) not in doing
        and (actor.kind is Kind.ORGANISATION or (actor.kind is Kind.NAME and _may_be_group(tokens, actor)))
        and (end is None or actor.start < end)
    ]
    free = [actor for actor in parties if not stands_aside(tokens, actor)]
    if not free and len(parties) == 1 and can_be_listed(tokens, parties[0]):
        # Nobody else is named, so that it does not matter where the name stands.
        free = [one for one in parties if one.kind is Kind.ORGANISATION]
    if not free:
        return []
    ranks = {actor.first: _rank(tokens, actor) for actor in free}
    first = min(free, key=lambda actor: ranks[actor.first])
    joined = run(tokens, [actor for actor in free if actor.first >= first.first], first.first)
    if ranks[first.first] == _LAST:
        return joined
    alike = [actor for actor in free if ranks[actor.first] == ranks[first.first]]
    return [actor for actor in free if actor in joined or (len(alike) <= _FEW and actor in alike)]


def can_be_listed(tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether an actor can be the one listed: no body, no state but a sponsor of terrorism, nobody's friend."""
    if actor.kind is Kind.AUTHORITY:
        return False
    if actor.kind is Kind.STATE:
        return any(token.low.startswith("sponsor") for token in tokens)
    if actor.kind is Kind.NAME and (is_adjective(tokens, actor) or reads_as_body(actor.name)):
        return False
    return not (is_relation(tokens, actor) or names_a_list(tokens, actor))


def _rank(tokens: Sequence[Token], actor: Actor) -> int:
    """Rank those who may be meant: known ones, telling names, those in the place of one listed, capitals, the rest."""
    if actor.kind is Kind.ORGANISATION:
        return 0
    if looks_organised(actor):
        return 1 if " " in actor.name else 3
    return 2 if stands_as_listed(tokens, actor) else _LAST


def _may_be_group(tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether an unknown name may be a group's: no body's, place's or speaker's, no mere word with a capital."""
    name = actor.name.casefold()
    if reads_as_body(name) or name in _NO_NAMES or name.split()[0] in NUMBERS:
        return False
    if looks_organised(actor):
        return True
    before, behind = words_before(tokens, actor), words_behind(tokens, actor)
    if (
        not _PLACING.isdisjoint(before[-1:])
        or not _OFFICES.isdisjoint(before[-1:])
        or not _SPEECH.isdisjoint(behind[:2])
    ):
        return stands_as_listed(tokens, actor)
    return not is_adjective(tokens, actor)
