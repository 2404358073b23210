"""Finds who acts when no slot says so: whose list or law it is, who announced it, the one group, whom "it" means.

Called by `roles` after the slots have been filled. Each function gives nobody rather than a guess.
"""

from __future__ import annotations

from collections.abc import Sequence

from wirewatch.sorting.actors import Actor, Kind, looks_organised
from wirewatch.sorting.cast import Cast
from wirewatch.sorting.clauses import Clause
from wirewatch.sorting.governing import Governor
from wirewatch.sorting.neighbours import adjective, modifies, premodifies
from wirewatch.sorting.shapes import Rule
from wirewatch.sorting.text import Token
from wirewatch.sorting.verbs import Reading, Use
from wirewatch.sorting.vocabulary import BLOCKERS, FREE, HEADS, LIST_NOUNS, MEMBERS, NUMBERS, REQUESTS, words

#: Words that clear somebody, or say what he does not do.
_CLEARING = words("""
denied denies deny denying condemned condemns condemn rejected rejects rejecting refrain abstain ceased innocent
""")
#: Verbs by which a group only speaks of an act.
_SPEAKING = words("""
said says say reported reports insisted insists stated states described describes demanded demands announced accused
accuses pointed explained referred told demands asked rejects noted
""")
#: What befalls a group's people.
_FATAL = words("killed shot wounded injured arrested captured slain died dead detained executed surrendered")
#: Prepositions that lead to a place or to the other side of a fight.
_NOT_BY = words("against on at near with between to among for toward towards over")
#: Prepositions behind a noun that lead to whom it concerns.
_LEADING = frozenset(("by", "of", "on", "against", "from", "to", "for", "with", "between", "targeting", "upon", "onto"))


def place_of_law(
    cast: Cast, tokens: Sequence[Token], reading: Reading, clause: Clause, actors: Sequence[Actor]
) -> None:
    """Let the state act in whose law something stands: "proscribed in Britain"."""
    for actor in actors:
        if (
            (
                reading.last < actor.first < clause.end
                and actor.kind in (Kind.STATE, Kind.AUTHORITY)
                and tokens[actor.first - 1].low in ("in", "the")
            )
            and not adjective(tokens, actor)
            and (tokens[actor.first - 1].low == "in" or tokens[actor.first - 2].low == "in")
        ):
            cast.agents.append(actor)
            return


def listing_owner(tokens: Sequence[Token], actors: Sequence[Actor]) -> list[Actor]:
    """Take the body whose list, label or designation the sentence speaks of: "hit with US terror label"."""
    for actor in actors:
        if actor.kind not in (Kind.AUTHORITY, Kind.STATE):
            continue
        behind = [token.low for token in tokens[actor.last + 1 : actor.last + 5]]
        for word in behind:
            if word in LIST_NOUNS:
                return [actor]
            if word in FREE - {"'s"} or (not word[:1].isalpha() and word != "'s"):
                break
    return []


def speaker(tokens: Sequence[Token], reading: Reading, actors: Sequence[Actor]) -> list[Actor]:
    """Take the ministry or committee that announces what has no other doer: "…, the interior ministry said"."""
    if not (reading.passive or reading.use is Use.NOUN):
        return []
    for actor in actors:
        if actor.kind is not Kind.AUTHORITY or actor.first <= reading.last or actor.last + 1 >= len(tokens):
            continue
        before, behind = tokens[actor.first - 1].low, tokens[actor.last + 1].low
        if before in (",", "the") and behind in {"said", "says", "announced", "notified"}:
            return [actor]
    return []


def sole_group(tokens: Sequence[Token], reading: Reading, actors: Sequence[Actor]) -> list[Actor]:
    """Take the one group that a sentence of violence names, when nothing makes it a victim, a speaker or a place."""
    groups = {actor.id: actor for actor in actors if actor.kind is Kind.ORGANISATION and not actor.civil}
    if len(groups) != 1 or any(token.low in _CLEARING for token in tokens):
        return []
    (only,) = groups.values()
    if reading.passive and only.last < reading.first and tokens[only.first - 1].low != "by":
        # "The X's chief was killed": whoever stands before a passive has it done to him, or only stands near.
        return []
    ahead = only.last + 1
    while ahead < len(tokens) and tokens[ahead].low in MEMBERS | HEADS | {"'s", ")", "(", ",", '"'}:
        ahead += 1
    following = [token.low for token in tokens[ahead : ahead + 4]]
    if any(word in _SPEAKING for word in following[:3]) or _suffers(tokens, reading, only, following):
        return []
    first = only.first - 1
    while first > 0 and (tokens[first].low in MEMBERS | HEADS | {"of", "the", "(", '"'} or tokens[first].low.isdigit()):
        first -= 1
    if tokens[first].low in _NOT_BY or tokens[only.first - 1].low in _NOT_BY:
        return []
    stands = only.last < reading.first and premodifies(tokens, only.last + 1, reading.first)
    return [only] if stands or not _describes(tokens, only) else []


def _describes(tokens: Sequence[Token], only: Actor) -> bool:
    """Tell whether the name only describes a thing: "X positions", "X hospitals", but not "X fighters"."""
    behind = tokens[only.last + 1].low if only.last + 1 < len(tokens) else ""
    return behind not in MEMBERS and modifies(tokens, only)


def _suffers(tokens: Sequence[Token], reading: Reading, only: Actor, following: Sequence[str]) -> bool:
    """Tell whether the group's people are those who were killed or attacked."""
    if only.last < reading.first:
        befell = following[:1] in (["was"], ["were"], ["have"], ["had"], ["has"], ["been"])
        return (befell and (reading.passive or bool(_FATAL & set(following)))) or bool(_FATAL & set(following[:1]))
    between = [token.low for token in tokens[reading.last + 1 : only.first]]
    return len(between) <= 6 and all(
        word in MEMBERS
        or word in HEADS
        or word in NUMBERS
        or word in {"of", "the", "a", "an", "at", "least", "some", "down"}
        or word.isdigit()
        for word in between
    )


def list_owner(
    cast: Cast,
    rule: Rule,
    tokens: Sequence[Token],
    reading: Reading,
    actors: Sequence[Actor],
    governors: Sequence[Governor],
) -> None:
    """Take the body that announces what has no other doer: "…, the interior ministry said"."""
    asked = any(
        governor.word.startswith((*REQUESTS, *BLOCKERS)) or governor.word.rstrip("s") in ("bid", "proposal")
        for governor in governors
    )
    if cast.agents and not asked:
        return
    for actor in actors:
        if actor.first <= reading.last or actor.kind not in (Kind.AUTHORITY, Kind.STATE):
            continue
        before = [token.low for token in tokens[max(reading.last + 1, actor.first - 4) : actor.first]]
        behind = [token.low for token in tokens[actor.last + 1 : actor.last + 7]]
        if any(word in rule.path for word in before) and any(
            word.endswith(("list", "lists", "regime")) for word in behind
        ):
            cast.agents = [actor]
            cast.targets = [target for target in cast.targets if target.first != actor.first]
            return


def owner(tokens: Sequence[Token], noun: int, actors: Sequence[Actor]) -> Actor | None:
    """Give who stands before a noun as its owner: "Washington's decision", "the US move"."""
    for actor in actors:
        if actor.last < noun and actor.kind in (Kind.AUTHORITY, Kind.STATE) and noun - actor.last <= 4:
            between = [token.low for token in tokens[actor.last + 1 : noun]]
            if all(word not in FREE or word == "'s" for word in between) and "," not in between:
                return actor
    return None


def whom_meant(tokens: Sequence[Token], reading: Reading, actors: Sequence[Actor], cast: Cast) -> list[Actor]:
    """Take whom "it" or "them" behind the verb means: the organisation that leads the sentence."""
    if reading.last + 1 >= len(tokens) or tokens[reading.last + 1].low not in ("it", "them") or reading.passive:
        return []
    taken = {actor.first for actor in cast.agents}
    groups = [
        actor
        for actor in actors
        if actor.last < reading.start
        and actor.first not in taken
        and (actor.kind is Kind.ORGANISATION or (actor.kind is Kind.NAME and looks_organised(actor)))
    ]
    return groups[:1]


def whom_concerned(tokens: Sequence[Token], reading: Reading, actors: Sequence[Actor], cast: Cast) -> list[Actor]:
    """Take the one organisation of a sentence that speaks of "the ban" or "Norland's listing" and of nobody else's."""
    behind = tokens[reading.last + 1].low if reading.last + 1 < len(tokens) else "."
    before = [token.low for token in tokens[max(0, reading.first - 4) : reading.first]]
    stated = any(
        reading.first - 4 <= actor.last < reading.first and actor.kind in (Kind.STATE, Kind.AUTHORITY)
        for actor in actors
    )
    if behind in _LEADING or not (stated or {"the", "its", "their", "this", "'s"} & set(before)):
        return []
    taken = {actor.first for actor in cast.agents}
    groups = {
        actor.id or actor.name: actor
        for actor in actors
        if actor.first not in taken
        and (actor.kind is Kind.ORGANISATION or (actor.kind is Kind.NAME and looks_organised(actor)))
    }
    return list(groups.values()) if len(groups) == 1 else []
