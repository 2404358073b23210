"""Reads the words around an actor: does it stand alone or describe a noun, what is it joined to, what precedes it.

Called by `roles` and `owners`. Pure; knows no event types.
"""

from __future__ import annotations

from collections.abc import Sequence

from wirewatch.sorting.actors import Actor, Kind
from wirewatch.sorting.clauses import Clause
from wirewatch.sorting.text import Token
from wirewatch.sorting.verbs import Reading
from wirewatch.sorting.vocabulary import BARE_LABELS, FATES, FREE, HEADS, words

#: People who do not act for the state that they come from.
_PEOPLE = words("""
gunman gunmen militant militants rebel rebels guerrilla guerrillas insurgent insurgents fighter fighters attacker
attackers assailant assailants bomber bombers extremist extremists terrorist terrorists jihadist jihadists separatist
separatists islamist islamists man men woman women youth youths teenager teenagers national nationals citizen citizens
student students migrant refugee driver gang gangs cartel cartels militia militias settler settlers hitman hitmen
bandits pirates mob
""")
#: What makes a name the lesser one of two.
_PARTS = words(
    "affiliate affiliates offshoot branch ally splinter faction arm wing proxy franchise linked aligned backed"
)


def premodifies(tokens: Sequence[Token], first: int, end: int) -> bool:
    """Tell whether only adjectives, possessives and nouns stand between an actor and the noun."""
    return not any(
        token.low in FREE - {"'s", "and", "its"} or token.low in {",", ";", ":", "(", ")"}
        for token in tokens[first:end]
    )


def adjective(tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether an actor stands before a noun as its adjective ("Iranian banks")."""
    following = tokens[actor.last + 1] if actor.last + 1 < len(tokens) else None
    return following is not None and following.low not in FREE and following.text[:1].isalpha()


def modifies(tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether a name only describes the noun behind it ("Hezbollah financiers", "TTP commander X")."""
    at = actor.last + 1
    if at < len(tokens) and tokens[at].low == "'s":
        at += 1
        following = [token.low for token in tokens[at : at + 3]]
        return not any(word in HEADS for word in following) or any(
            word in {"splinter", "successor", "leader", "founder", "faction", "affiliate"} for word in following
        )
    if at < len(tokens) and tokens[at].low == "-" and at + 1 < len(tokens) and tokens[at].start == tokens[at - 1].end:
        return True
    if at >= len(tokens):
        return False
    following_token = tokens[at]
    if following_token.low in {"splinter", "faction", "offshoot", "affiliate", "affiliates", "financier", "financiers"}:
        return True
    if not following_token.text[:1].isalpha() or following_token.low in FREE or following_token.low in HEADS:
        return False
    if _verb_ahead(tokens, at) or following_token.low in BARE_LABELS | FATES:
        # "the ban on the Front takes effect", "declares the Front unlawful": the name stands for itself.
        return False
    return not following_token.low.endswith(("ed", "ly", "ing"))


def stands_for_people(tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether a state's name only says where people come from who do not act for it: "a Palestinian gunman"."""
    if actor.kind not in (Kind.STATE, Kind.AUTHORITY):
        return False
    for token in tokens[actor.last + 1 : actor.last + 4]:
        if token.low in _PEOPLE:
            return True
        if token.low in FREE or not token.text[:1].isalpha():
            return False
    return False


def in_apposition(tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether a name only says whose part another is: "by the X, an al-Qaeda affiliate"."""
    before = [token.low for token in tokens[max(0, actor.first - 2) : actor.first]]
    behind = [token.low for token in tokens[actor.last + 1 : actor.last + 3]]
    return before[:1] == [","] and before[1:] in (["a"], ["an"], ["the"]) and bool(_PARTS & set(behind))


def _verb_ahead(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a word behind a name is a verb with its object: "… divides the diaspora", "… bars Americans"."""
    word = tokens[at].text
    if not word.islower() or not word.endswith("s") or word.endswith("ss") or at + 1 >= len(tokens):
        return False
    ahead = tokens[at + 1]
    return ahead.low in {"a", "an", "the", "its", "their", "his", "her", "it", "them", "all", "any", "no", "every"} or (
        ahead.text[:1].isupper() and word not in {"leaders", "chiefs", "commanders", "members", "fighters", "militants"}
    )


def lead_before(tokens: Sequence[Token], end: int, clause: Clause, actors: Sequence[Actor]) -> list[Actor]:
    """Give the subject of the clause up to a token."""
    return lead(tokens, [actor for actor in actors if clause.start <= actor.first and actor.last < end], clause.start)


def region_start(tokens: Sequence[Token], reading: Reading, clause: Clause, verbish: Sequence[bool]) -> int:
    """Give the token behind the last verb before the trigger's group: the subject stands from there on."""
    for at in range(reading.start - 1, clause.start - 1, -1):
        if tokens[at].low == "but" and at > clause.start and tokens[at - 1].low == ",":
            return at + 1
        if (
            verbish[at]
            and tokens[at].low
            not in {
                "led",
                "based",
                "backed",
                "linked",
                "suspected",
                "alleged",
                "armed",
                "called",
                "known",
                "affiliated",
                "named",
                "has",
                "have",
                "had",
            }
            and tokens[at - 1].low not in {"the", "a", "-"}
        ):
            relative = any(
                tokens[left].low in {"which", "who", "that"} for left in range(max(clause.start, at - 8), at)
            )
            if not relative:
                return at + 1
    return clause.start


def lead(tokens: Sequence[Token], inside: Sequence[Actor], begin: int) -> list[Actor]:
    """Take the first actor that no fronted phrase holds, those joined to it, and the most specific of a chain."""
    candidates = list(inside)
    while candidates and _fronted(tokens, candidates[0], begin) and len(candidates) > 1:
        candidates.pop(0)
    if candidates and _fronted(tokens, candidates[0], begin):
        return []
    bodies = [actor for actor in candidates if actor.kind is not Kind.NAME] or candidates
    if not bodies:
        return []
    found = run(tokens, bodies, bodies[0].first)
    # "the United States' State Department", "India's home ministry": the body inside the state is the one that acts.
    following = bodies[bodies.index(found[-1]) + 1 :]
    if (
        len(found) == 1
        and following
        and (following[0].kind is Kind.AUTHORITY or _at_home(tokens, found[0], following[0]))
        and following[0].first - found[0].last <= 3
        and tokens[found[0].last + 1].low in {"'s", "'", "of"}
    ):
        return [following[0]]
    return found


def _at_home(tokens: Sequence[Token], state: Actor, group: Actor) -> bool:
    """Tell whether a state only says whose group it is: "Yemen's Houthis", "Lebanon's armed Hezbollah"."""
    return (
        state.kind in (Kind.STATE, Kind.AUTHORITY)
        and group.kind is Kind.ORGANISATION
        and tokens[state.last + 1].low in ("'s", "'")
        and group.first - state.last <= 3
    )


def _fronted(tokens: Sequence[Token], actor: Actor, begin: int) -> bool:
    """Tell whether the actor stands in "In London," or "Speaking to the BBC," at the head of the clause."""
    if begin >= len(tokens):
        return False
    opener = tokens[begin].low
    if opener in {
        "in",
        "on",
        "at",
        "after",
        "amid",
        "according",
        "speaking",
        "for",
        "from",
        "with",
        "by",
        "since",
        "during",
        "under",
        "following",
        "despite",
        "near",
    }:
        comma = next((at for at in range(begin, len(tokens)) if tokens[at].low == ","), -1)
        return begin <= actor.first < comma
    before = tokens[actor.first - 1].low if actor.first > begin else ""
    return before in {"in", "at", "near", "from", "to", "against", "with", "for", "on", "by", "into", "under"}


def run(tokens: Sequence[Token], actors: Sequence[Actor], begin: int) -> list[Actor]:
    """Take the actors that are joined to the first by commas and "and" alone."""
    found: list[Actor] = []
    for actor in actors:
        if found:
            between = [token.low for token in tokens[found[-1].last + 1 : actor.first]]
            if (
                not all(
                    word
                    in {
                        ",",
                        "and",
                        "&",
                        "the",
                        "or",
                        "as",
                        "well",
                        "both",
                        "its",
                        "(",
                        ")",
                        "government",
                        "governments",
                        "with",
                        "together",
                        "alias",
                        "military",
                        "suicide",
                        "wing",
                        "squad",
                        "unit",
                        "also",
                        "known",
                    }
                    for word in between
                )
                or len(between) > 8
            ):
                break
        found.append(actor)
    return found


def antecedent(tokens: Sequence[Token], at: int, actors: Sequence[Actor]) -> list[Actor]:
    """Take the actor right before a relative clause or a reduced one, past commas and heads."""
    before = [actor for actor in actors if actor.last < at]
    if not before:
        return []
    last = before[-1]
    between = [token.low for token in tokens[last.last + 1 : at]]
    if "among" in between[:2] and len(between) <= 9 and "," not in between:
        # "X among five groups banned by Norland", "X is among those listed".
        return [last]
    if len(between) > 6 or any(
        word in {"and", "of", "in", "to", "with", "by", "for", "said"} or word.endswith("ed") for word in between
    ):
        return []
    if between and between[0] not in {",", "(", ")", "'s"} and between[0] not in HEADS:
        return []
    return [last]
