"""Tells who did it and to whom it was done, from the places of the actors around a trigger.

Called by `reading`. An actor's slot is its place as seen from the trigger (subject, object, after "by", after "of" …);
the rule says which slot plays which role.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from wirewatch.records import Name, Party
from wirewatch.sorting.actors import Actor, Kind, as_name
from wirewatch.sorting.cues import Effect
from wirewatch.sorting.governing import Clause, ClauseKind, Governor
from wirewatch.sorting.shapes import Role, Rule, Slot
from wirewatch.sorting.text import Token
from wirewatch.sorting.verbs import Reading, Use
from wirewatch.sorting.vocabulary import FREE, HEADS, LIST_NOUNS, REQUESTS


@dataclass(slots=True)
class Cast:
    """Who plays what in one event."""

    agents: list[Actor] = field(default_factory=list)
    targets: list[Actor] = field(default_factory=list)

    @property
    def authority(self) -> Name | None:
        """Give the one body that acts; None when there are several or none that is a body."""
        bodies = {actor.id: actor for actor in self.agents if actor.kind in (Kind.AUTHORITY, Kind.STATE)}
        return as_name(next(iter(bodies.values()))) if len(bodies) == 1 else None


_LISTING = frozenset(("designation", "delisting", "sanction", "sanction_relief"))
_BLOCKERS = (
    "block",
    "veto",
    "oppos",
    "prevent",
    "thwart",
    "den",
    "resist",
    "defeat",
    "scupper",
    "against",
    "voted down",
    "delay",
    "reject",
)
_PREPOSITIONS = {
    slot.value: slot
    for slot in (Slot.BY, Slot.OF, Slot.ON, Slot.AGAINST, Slot.FROM, Slot.TO, Slot.FOR, Slot.WITH, Slot.BETWEEN)
}
_PREPOSITIONS |= {"targeting": Slot.ON, "hitting": Slot.ON, "upon": Slot.ON, "onto": Slot.TO}
_THROUGH = frozenset(("including", "like", "namely", "called", "named", "known", "dubbed"))


def cast_roles(
    rule: Rule,
    tokens: Sequence[Token],
    reading: Reading,
    clause: Clause,
    governors: Sequence[Governor],
    actors: Sequence[Actor],
    verbish: Sequence[bool],
) -> Cast:
    """Give everybody a role. Order in the text is kept; nobody is both agent and target."""
    cast = Cast()
    if reading.use is Use.NOUN:
        _noun_slots(cast, rule, tokens, reading, clause, governors, actors, verbish)
    elif reading.use is Use.ATTRIBUTIVE:
        _attributive(cast, rule, tokens, reading, actors)
    elif reading.passive:
        _passive(cast, rule, tokens, reading, clause, governors, actors, verbish)
    else:
        _active(cast, rule, tokens, reading, clause, governors, actors, verbish)
    if rule.path and Role.AUTHORITY in rule.roles.values():
        _list_owner(cast, rule, tokens, reading, actors, governors)
    if not cast.agents and rule.roles.get(Slot.IN) is Role.AUTHORITY and reading.passive:
        _place_of_law(cast, tokens, reading, clause, actors)
    if not cast.agents and rule.type in _LISTING and Role.AUTHORITY in rule.roles.values():
        cast.agents += _listing_owner(tokens, actors) or _speaker(tokens, reading, actors)
        taken = {actor.first for actor in cast.agents}
        cast.targets = [actor for actor in cast.targets if actor.first not in taken]
    if not cast.targets and rule.type in ("delisting", "listing_challenge") and reading.use is not Use.NOUN:
        taken = {actor.first for actor in cast.agents}
        cast.targets += [
            actor
            for actor in actors
            if clause.start <= actor.first
            and actor.last < reading.start
            and actor.kind in (Kind.ORGANISATION, Kind.NAME)
            and actor.first not in taken
        ]
    if rule.doer == "group" and not cast.agents and not cast.targets:
        cast.agents += _sole_group(tokens, actors)
    if rule.members and not any(actor.kind is Kind.ORGANISATION for actor in cast.targets):
        _members(cast, clause, actors)
    doing = {actor.first for actor in cast.agents}
    cast.targets = [actor for actor in cast.targets if actor.first not in doing]
    return cast


def _place_of_law(
    cast: Cast, tokens: Sequence[Token], reading: Reading, clause: Clause, actors: Sequence[Actor]
) -> None:
    """Let the state act in whose law something stands: "proscribed in Britain"."""
    for actor in actors:
        if (
            reading.last < actor.first < clause.end
            and actor.kind in (Kind.STATE, Kind.AUTHORITY)
            and tokens[actor.first - 1].low in ("in", "the")
        ):
            if not _adjective(tokens, actor) and (
                tokens[actor.first - 1].low == "in" or tokens[actor.first - 2].low == "in"
            ):
                cast.agents.append(actor)
                return


def _listing_owner(tokens: Sequence[Token], actors: Sequence[Actor]) -> list[Actor]:
    """Take the body whose list, label or designation the sentence speaks of: "hit with US terror label"."""
    for actor in actors:
        if actor.kind not in (Kind.AUTHORITY, Kind.STATE):
            continue
        behind = [token.low for token in tokens[actor.last + 1 : actor.last + 5]]
        for word in behind:
            if word in LIST_NOUNS:
                return [actor]
            if word in FREE - {"'s"} or not word[:1].isalpha() and word != "'s":
                break
    return []


def _speaker(tokens: Sequence[Token], reading: Reading, actors: Sequence[Actor]) -> list[Actor]:
    """Take the ministry or committee that announces what has no other doer: "…, the interior ministry said"."""
    if not (reading.passive or reading.use is Use.NOUN):
        return []
    for actor in actors:
        if actor.kind is Kind.AUTHORITY and actor.first > reading.last and actor.last + 1 < len(tokens):
            if tokens[actor.last + 1].low in ("said", "says", "announced", "notified") and tokens[
                actor.first - 1
            ].low in (",", "the"):
                return [actor]
    return []


def _sole_group(tokens: Sequence[Token], actors: Sequence[Actor]) -> list[Actor]:
    """Take the one group that a sentence of violence names, when nothing makes it the victim."""
    groups = {actor.id: actor for actor in actors if actor.kind is Kind.ORGANISATION}
    if len(groups) != 1:
        return []
    (only,) = groups.values()
    before = tokens[only.first - 1].low if only.first else ""
    if before in ("against", "on", "at", "near") or any(
        token.low in ("denied", "denies", "condemned") for token in tokens
    ):
        return []
    return [only]


def _list_owner(
    cast: Cast,
    rule: Rule,
    tokens: Sequence[Token],
    reading: Reading,
    actors: Sequence[Actor],
    governors: Sequence[Governor],
) -> None:
    """Let whose list it is ("Washington's list", "the EU terror list") act, when nobody else does or others only ask."""
    asked = any(
        governor.word.startswith((*REQUESTS, *_BLOCKERS)) or governor.word.rstrip("s") in ("bid", "proposal")
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


def as_parties(actors: Iterable[Actor]) -> tuple[Party, ...]:
    """Give actors as parties, each id or name once."""
    found: dict[str, Party] = {}
    for actor in actors:
        found.setdefault(actor.id or actor.name, Party(actor.id, actor.name, actor.start, actor.end))
    return tuple(found.values())


def _give(cast: Cast, rule: Rule, slot: Slot, actors: Iterable[Actor]) -> None:
    role = rule.roles.get(slot)
    if role is None:
        return
    for actor in actors:
        if role is Role.TARGET:
            cast.targets.append(actor)
        elif role is Role.AUTHORITY:
            if actor.kind in (Kind.AUTHORITY, Kind.STATE):
                cast.agents.append(actor)
        elif actor.kind is not Kind.NAME:
            cast.agents.append(actor)


def _active(
    cast: Cast,
    rule: Rule,
    tokens: Sequence[Token],
    reading: Reading,
    clause: Clause,
    governors: Sequence[Governor],
    actors: Sequence[Actor],
    verbish: Sequence[bool],
) -> None:
    _give(cast, rule, Slot.SUBJECT, _subject(tokens, reading, clause, governors, actors, verbish))
    _after(cast, rule, tokens, reading, clause, actors, first=Slot.OBJECT)
    if clause.kind is ClauseKind.RELATIVE and rule.roles.get(Slot.OBJECT) is Role.TARGET and not cast.targets:
        cast.targets += _antecedent(tokens, clause.opener_at, actors)


def _passive(
    cast: Cast,
    rule: Rule,
    tokens: Sequence[Token],
    reading: Reading,
    clause: Clause,
    governors: Sequence[Governor],
    actors: Sequence[Actor],
    verbish: Sequence[bool],
) -> None:
    if reading.use is Use.FRONTED:
        comma = next((at for at in range(reading.last, len(tokens)) if tokens[at].low == ","), len(tokens))
        _give(cast, rule, Slot.OBJECT, _run(tokens, [actor for actor in actors if actor.first > comma][:3], comma + 1))
    elif reading.use is Use.PARTICIPLE and not (reading.start and tokens[reading.start - 1].low == "and"):
        _give(cast, rule, Slot.OBJECT, _antecedent(tokens, reading.start, actors))
    elif (
        clause.kind is ClauseKind.RELATIVE
        and clause.opener in ("which", "who", "that")
        and reading.start - clause.opener_at <= 3
    ) or clause.kind is ClauseKind.BRACKET:
        _give(cast, rule, Slot.OBJECT, _antecedent(tokens, clause.opener_at, actors))
    else:
        low = _region_start(tokens, reading, clause, verbish)
        inside = [actor for actor in actors if low <= actor.first and actor.last < reading.start]
        if not inside and clause.start < low:
            # "X is the fourth group to be banned": the subject of the main verb is what it is done to.
            inside = [actor for actor in actors if clause.start <= actor.first and actor.last < low]
            low = clause.start
        _give(cast, rule, Slot.OBJECT, _plain(tokens, inside, low, rule, reading.start))
    _after(cast, rule, tokens, reading, clause, actors, first=None)


def _attributive(cast: Cast, rule: Rule, tokens: Sequence[Token], reading: Reading, actors: Sequence[Actor]) -> None:
    after = [actor for actor in actors if reading.last < actor.first <= reading.last + 6]
    if after and not any(
        token.low in (",", "and", "in", "by", "to", "on", "from") for token in tokens[reading.last + 1 : after[0].first]
    ):
        _give(cast, rule, Slot.OBJECT, _run(tokens, after, after[0].first))
    before = [
        actor
        for actor in actors
        if actor.last in (reading.first - 1, reading.first - 2) and tokens[reading.first - 1].low in ("-", "'s")
    ]
    _give(cast, rule, Slot.SUBJECT, before)


def _noun_slots(
    cast: Cast,
    rule: Rule,
    tokens: Sequence[Token],
    reading: Reading,
    clause: Clause,
    governors: Sequence[Governor],
    actors: Sequence[Actor],
    verbish: Sequence[bool],
) -> None:
    left = reading.first
    near = [
        actor
        for actor in actors
        if actor.last < left and left - actor.last <= 6 and _premodifies(tokens, actor.last + 1, left)
    ]
    for actor in near:
        if actor.kind in (Kind.AUTHORITY, Kind.STATE) and Role.AUTHORITY in rule.roles.values():
            cast.agents.append(actor)
        else:
            _give(cast, rule, Slot.POSSESSIVE, [actor])
    _after(cast, rule, tokens, reading, clause, actors, first=None)
    if not cast.agents and governors:
        outer = next((governor for governor in governors if not governor.noun), None)
        if outer and outer.effect is not Effect.REACTS and not outer.word.startswith((*REQUESTS, *_BLOCKERS)):
            inside = [actor for actor in actors if clause.start <= actor.first and actor.last < outer.at]
            _give(cast, rule, Slot.SUBJECT, _lead(tokens, inside, clause.start))
    elif not cast.agents:
        verb = next((at for at in range(left - 1, clause.start - 1, -1) if verbish[at]), -1)
        if verb >= 0:
            inside = [actor for actor in actors if clause.start <= actor.first and actor.last < verb]
            _give(cast, rule, Slot.SUBJECT, _lead(tokens, inside, clause.start))


def _premodifies(tokens: Sequence[Token], first: int, end: int) -> bool:
    """Tell whether only adjectives, possessives and nouns stand between an actor and the noun."""
    return not any(
        token.low in FREE - {"'s", "and", "its"} or token.low in (",", ";", ":", "(", ")")
        for token in tokens[first:end]
    )


def _after(
    cast: Cast,
    rule: Rule,
    tokens: Sequence[Token],
    reading: Reading,
    clause: Clause,
    actors: Sequence[Actor],
    *,
    first: Slot | None,
) -> None:
    """Give roles to what follows the trigger, by the preposition that leads to it."""
    for actor in actors:
        if not reading.last < actor.first or actor.last >= clause.end:
            continue
        slot = _slot(tokens, reading.last + 1, actor, first, rule)
        if slot is None:
            continue
        if (
            slot in (Slot.OBJECT, Slot.OF, Slot.ON, Slot.AGAINST, Slot.FROM, Slot.TO, Slot.FOR)
            and rule.roles.get(slot) is Role.TARGET
        ):
            if (
                actor.kind in (Kind.STATE, Kind.AUTHORITY)
                and Role.AUTHORITY in rule.roles.values()
                and _adjective(tokens, actor)
            ):
                continue
            if not rule.members and _modifies(tokens, actor):
                continue
        if slot is Slot.BY and rule.roles.get(Slot.SUBJECT) and Slot.BY not in rule.roles:
            _give(cast, rule, Slot.SUBJECT, [actor])
        else:
            _give(cast, rule, slot, [actor])


def _slot(tokens: Sequence[Token], begin: int, actor: Actor, first: Slot | None, rule: Rule) -> Slot | None:
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
        if (
            word == "to"
            and first is Slot.OBJECT
            and tokens[at - 1].low in ("belonging", "loyal", "linked", "affiliated", "allied", "close")
            and rule.members
        ):
            at -= 2
            continue
        if word == "for" and first is Slot.OBJECT and rule.members:
            return None
        if word in _PREPOSITIONS:
            slot = _PREPOSITIONS[word]
            return slot if not listed or slot in rule.roles else None
        if word in (
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
        ):
            return None
        if word == ",":
            listed = True
        if word in ("which", "who", "that", "because", "when", "where"):
            return None
        at -= 1
    return first


def _adjective(tokens: Sequence[Token], actor: Actor) -> bool:
    following = tokens[actor.last + 1] if actor.last + 1 < len(tokens) else None
    return following is not None and following.low not in FREE and following.text[:1].isalpha()


def _modifies(tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether a name only describes the noun behind it ("Hezbollah financiers", "TTP commander X")."""
    at = actor.last + 1
    if at < len(tokens) and tokens[at].low == "'s":
        at += 1
        following = [token.low for token in tokens[at : at + 3]]
        return not any(word in HEADS for word in following) or any(
            word in ("splinter", "successor", "leader", "founder", "faction", "affiliate") for word in following
        )
    if at < len(tokens) and tokens[at].low == "-" and at + 1 < len(tokens) and tokens[at].start == tokens[at - 1].end:
        return True
    if at >= len(tokens):
        return False
    following_token = tokens[at]
    if following_token.low in ("splinter", "faction", "offshoot", "affiliate", "affiliates", "financier", "financiers"):
        return True
    if not following_token.text[:1].isalpha() or following_token.low in FREE or following_token.low in HEADS:
        return False
    return not following_token.low.endswith(("ed", "ly"))


def _subject(
    tokens: Sequence[Token],
    reading: Reading,
    clause: Clause,
    governors: Sequence[Governor],
    actors: Sequence[Actor],
    verbish: Sequence[bool],
) -> list[Actor]:
    if reading.use in (Use.INFINITIVE, Use.GERUND):
        outer = governors[0] if governors else None
        if outer is not None:
            if (
                outer.noun
                and (owner := _owner(tokens, outer.at, actors))
                and not outer.word.startswith(REQUESTS)
                and outer.word.rstrip("s") not in ("bid", "proposal", "motion", "petition", "push")
            ):
                return [owner]
            reaction = next((governor for governor in governors if governor.effect is Effect.REACTS), None)
            if reaction is not None:
                # "thanked Washington for its decision to list X": whoever is thanked has done it.
                return [actor for actor in actors if reaction.at < actor.first and actor.last < reading.start][-1:]
            between = [actor for actor in actors if outer.at < actor.first and actor.last < reading.start]
            requests = outer.word.startswith(REQUESTS)
            if between and (requests or outer.noun):
                return _run(tokens, between, between[0].first)
            for governor in governors:
                if governor.word.startswith(REQUESTS) or governor.word.startswith(_BLOCKERS):
                    if governor.noun:
                        continue
                    return (
                        []
                        if governor is not outer or requests or not governor.word.startswith("reject")
                        else _lead_before(tokens, governor.at, clause, actors)
                    )
            verb = next((governor for governor in reversed(governors) if not governor.noun), governors[-1])
            found = _lead_before(tokens, verb.at, clause, actors)
            if not found:
                found = [
                    actor
                    for actor in actors
                    if actor.last < reading.start and tokens[min(actor.last + 1, len(tokens) - 1)].low == "'s"
                ][-1:]
            return found
        if reading.use is Use.GERUND or not governors:
            return _lead_before(tokens, reading.start, clause, actors)
    low = _region_start(tokens, reading, clause, verbish)
    inside = [actor for actor in actors if low <= actor.first and actor.last < reading.start]
    if not inside and low > clause.start and tokens[reading.start - 1].low in ("and", "or", ",", "but"):
        inside = [actor for actor in actors if clause.start <= actor.first and actor.last < reading.start]
        return _lead(tokens, inside, clause.start)
    if not inside and clause.kind is ClauseKind.RELATIVE and clause.opener in ("which", "who", "that"):
        return _antecedent(tokens, clause.opener_at, actors)
    return _lead(tokens, inside, low)


def _owner(tokens: Sequence[Token], noun: int, actors: Sequence[Actor]) -> Actor | None:
    """Give who stands before a noun as its owner: "Washington's decision", "the US move"."""
    for actor in actors:
        if actor.last < noun and actor.kind in (Kind.AUTHORITY, Kind.STATE) and noun - actor.last <= 4:
            between = [token.low for token in tokens[actor.last + 1 : noun]]
            if all(word not in FREE or word == "'s" for word in between) and "," not in between:
                return actor
    return None


def _lead_before(tokens: Sequence[Token], end: int, clause: Clause, actors: Sequence[Actor]) -> list[Actor]:
    return _lead(tokens, [actor for actor in actors if clause.start <= actor.first and actor.last < end], clause.start)


def _region_start(tokens: Sequence[Token], reading: Reading, clause: Clause, verbish: Sequence[bool]) -> int:
    """Give the token behind the last verb before the trigger's group: the subject stands from there on."""
    for at in range(reading.start - 1, clause.start - 1, -1):
        if (
            verbish[at]
            and tokens[at].low
            not in (
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
            )
            and tokens[at - 1].low not in ("the", "a", "-")
        ):
            relative = any(
                tokens[left].low in ("which", "who", "that") for left in range(max(clause.start, at - 8), at)
            )
            if not relative:
                return at + 1
    return clause.start


def _lead(tokens: Sequence[Token], inside: Sequence[Actor], begin: int) -> list[Actor]:
    """Take the first actor that no fronted phrase holds, those joined to it, and the most specific of a chain."""
    candidates = list(inside)
    while candidates and _fronted(tokens, candidates[0], begin) and len(candidates) > 1:
        candidates.pop(0)
    if candidates and _fronted(tokens, candidates[0], begin):
        return []
    bodies = [actor for actor in candidates if actor.kind is not Kind.NAME] or candidates
    if not bodies:
        return []
    found = _run(tokens, bodies, bodies[0].first)
    # "the United States' State Department", "India's home ministry": the body inside the state is the one that acts.
    following = bodies[bodies.index(found[-1]) + 1 :]
    if (
        len(found) == 1
        and following
        and following[0].kind is Kind.AUTHORITY
        and following[0].first - found[0].last <= 3
        and tokens[found[0].last + 1].low in ("'s", "'", "of")
    ):
        return [following[0]]
    return found


def _fronted(tokens: Sequence[Token], actor: Actor, begin: int) -> bool:
    """Tell whether the actor stands in "In London," or "Speaking to the BBC," at the head of the clause."""
    if begin >= len(tokens):
        return False
    opener = tokens[begin].low
    if opener in (
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
    ):
        comma = next((at for at in range(begin, len(tokens)) if tokens[at].low == ","), -1)
        return begin <= actor.first < comma
    before = tokens[actor.first - 1].low if actor.first > begin else ""
    return before in ("in", "at", "near", "from", "to", "against", "with", "for", "on", "by", "into", "under")


def _run(tokens: Sequence[Token], actors: Sequence[Actor], begin: int) -> list[Actor]:
    """Take the actors that are joined to the first by commas and "and" alone."""
    found: list[Actor] = []
    for actor in actors:
        if found:
            between = [token.low for token in tokens[found[-1].last + 1 : actor.first]]
            if (
                not all(
                    word
                    in (
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
                    )
                    for word in between
                )
                or len(between) > 8
            ):
                break
        found.append(actor)
    return found


def _plain(tokens: Sequence[Token], inside: Sequence[Actor], begin: int, rule: Rule, end: int) -> list[Actor]:
    """Take the actors of a passive subject: no prepositions before them, unless the rule reaches members."""
    found = []
    for actor in inside:
        slot = _slot(tokens, begin, actor, Slot.OBJECT, rule)
        if slot is not Slot.OBJECT or (not rule.members and actor.last + 1 < end and _modifies(tokens, actor)):
            continue
        if actor.kind in (Kind.STATE, Kind.AUTHORITY) and _adjective(tokens, actor):
            continue
        found.append(actor)
    return found


def _antecedent(tokens: Sequence[Token], at: int, actors: Sequence[Actor]) -> list[Actor]:
    """Take the actor right before a relative clause or a reduced one, past commas and heads."""
    before = [actor for actor in actors if actor.last < at]
    if not before:
        return []
    last = before[-1]
    between = [token.low for token in tokens[last.last + 1 : at]]
    if len(between) > 6 or any(
        word in ("and", "of", "in", "to", "with", "by", "for", "said") or word.endswith("ed") for word in between
    ):
        return []
    if between and between[0] not in (",", "(", ")", "'s") and between[0] not in HEADS:
        return []
    return [last]


def _members(cast: Cast, clause: Clause, actors: Sequence[Actor]) -> None:
    """Take every organisation of the clause, else of the sentence, that does not act itself."""
    doing = {actor.first for actor in cast.agents}
    organisations = [actor for actor in actors if actor.kind is Kind.ORGANISATION and actor.first not in doing]
    inside = [actor for actor in organisations if clause.start <= actor.first and actor.last < clause.end]
    cast.targets += inside or organisations
