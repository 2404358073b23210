"""Tells who did it and to whom it was done, from the places of the actors around a trigger.

Called by `reading`. An actor's slot is its place as seen from the trigger (subject, object, after "by", after "of" …);
the rule says which slot plays which role.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wirewatch.records import Party, Status
from wirewatch.sorting.actors import Actor, Kind, is_group
from wirewatch.sorting.attributing import find_blamed
from wirewatch.sorting.cast import Cast
from wirewatch.sorting.clauses import Clause, ClauseKind
from wirewatch.sorting.cues import Effect
from wirewatch.sorting.forces import find_members, is_forces
from wirewatch.sorting.governing import Governor
from wirewatch.sorting.neighbours import (
    adjective,
    antecedent,
    in_apposition,
    lead,
    lead_before,
    modifies,
    premodifies,
    region_start,
    run,
)
from wirewatch.sorting.owners import (
    list_owner,
    listing_owner,
    owner,
    place_of_law,
    sole_group,
    speaker,
    whom_concerned,
    whom_meant,
)
from wirewatch.sorting.shapes import Role, Rule, Slot
from wirewatch.sorting.slots import find_slot
from wirewatch.sorting.text import Token
from wirewatch.sorting.verbs import Reading, Use
from wirewatch.sorting.vocabulary import BLOCKERS, REQUESTS

_LISTING = frozenset(("designation", "delisting", "sanction", "sanction_relief"))
#: Where what was fronted meets its subject, and the verbs that tell members of a group.
_COPULAS = frozenset(("is", "are", "was", "were", "include", "includes", "included"))
_TURNS = _COPULAS | {",", ":"}


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
        list_owner(cast, rule, tokens, reading, actors, governors)
    if not cast.agents and rule.roles.get(Slot.IN) is Role.AUTHORITY and reading.passive:
        place_of_law(cast, tokens, reading, clause, actors)
    if not cast.agents and rule.type in _LISTING and Role.AUTHORITY in rule.roles.values():
        cast.agents += listing_owner(tokens, actors) or speaker(tokens, reading, actors)
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
    if rule.type == "designation" and not cast.targets and rule.roles.get(Slot.OBJECT) is Role.TARGET:
        cast.targets += whom_meant(tokens, reading, actors, cast)
    if rule.type == "designation" and not cast.targets and reading.use is Use.NOUN and rule.alone:
        cast.targets += whom_concerned(tokens, reading, actors, cast)
    if rule.doer == "forces" and not any(is_forces(tokens, actor) for actor in cast.agents) and not reading.passive:
        cast.agents += find_members(tokens, actors, clause.start, reading.start)
    if rule.doer == "forces" and not any(is_forces(tokens, actor) for actor in cast.agents):
        cast.agents += find_blamed(tokens, [a for a in actors if is_forces(tokens, a)], reading.first)
    if rule.doer == "group" and rule.done is not Status.DENIED and rule.nominal is not Status.DENIED:
        _perpetrators(cast, rule, tokens, reading, actors)
    if rule.members and not any(actor.kind is Kind.ORGANISATION for actor in cast.targets):
        _members(cast, clause, actors)
    doing = {actor.first for actor in cast.agents}
    cast.targets = [actor for actor in cast.targets if actor.first not in doing]
    return cast


def as_parties(actors: Iterable[Actor]) -> tuple[Party, ...]:
    """Give actors as parties, each id or name once."""
    found: dict[str, Party] = {}
    for actor in actors:
        found.setdefault(actor.id or actor.name, Party(actor.id, actor.name, actor.start, actor.end))
    return tuple(found.values())


def _give(cast: Cast, rule: Rule, tokens: Sequence[Token], slot: Slot, actors: Iterable[Actor]) -> None:
    role = rule.roles.get(slot)
    if role is None:
        return
    for actor in actors:
        if role is Role.TARGET:
            cast.targets.append(actor)
        elif role is Role.AUTHORITY:
            if actor.kind in (Kind.AUTHORITY, Kind.STATE):
                cast.agents.append(actor)
        elif actor.kind is not Kind.NAME or _may_act(rule, tokens, actor):
            cast.agents.append(actor)


def _may_act(rule: Rule, tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether a name that nothing resolves can do what a rule speaks of."""
    if rule.doer == "group":
        return is_group(tokens, actor)
    return rule.doer == "forces" and is_forces(tokens, actor)


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
    _give(cast, rule, tokens, Slot.SUBJECT, _subject(tokens, reading, clause, governors, actors, verbish))
    _after(cast, rule, tokens, reading, clause, actors, first=Slot.OBJECT)
    if clause.kind is ClauseKind.RELATIVE and rule.roles.get(Slot.OBJECT) is Role.TARGET and not cast.targets:
        cast.targets += antecedent(tokens, clause.opener_at, actors)


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
        turn = next((at for at in range(reading.last, len(tokens)) if tokens[at].low in _TURNS), len(tokens))
        _give(
            cast,
            rule,
            tokens,
            Slot.OBJECT,
            run(tokens, [actor for actor in actors if actor.first > turn][:3], turn + 1),
        )
    elif reading.use is Use.PARTICIPLE and not (reading.start and tokens[reading.start - 1].low == "and"):
        _give(cast, rule, tokens, Slot.OBJECT, antecedent(tokens, reading.start, actors))
        if not cast.targets:
            # "the groups banned on Monday include X", "among those listed on Monday is X".
            stop = min(len(tokens), reading.last + 9)
            turn = next((at for at in range(reading.last + 1, stop) if tokens[at].low in _COPULAS), len(tokens))
            found = run(tokens, [actor for actor in actors if actor.first > turn][:3], turn + 1)
            _give(cast, rule, tokens, Slot.OBJECT, found if found and found[0].first - turn <= 4 else [])
    elif (
        clause.kind is ClauseKind.RELATIVE
        and clause.opener in {"which", "who", "that"}
        and reading.start - clause.opener_at <= 3
    ) or clause.kind is ClauseKind.BRACKET:
        _give(cast, rule, tokens, Slot.OBJECT, antecedent(tokens, clause.opener_at, actors))
    else:
        low = region_start(tokens, reading, clause, verbish)
        inside = [actor for actor in actors if low <= actor.first and actor.last < reading.start]
        if not inside and clause.start < low:
            # "X is the fourth group to be banned": the subject of the main verb is what it is done to.
            inside = [actor for actor in actors if clause.start <= actor.first and actor.last < low]
            low = clause.start
        _give(cast, rule, tokens, Slot.OBJECT, _plain(tokens, inside, low, rule, reading.start))
    _after(cast, rule, tokens, reading, clause, actors, first=None)


def _attributive(cast: Cast, rule: Rule, tokens: Sequence[Token], reading: Reading, actors: Sequence[Actor]) -> None:
    after = [actor for actor in actors if reading.last < actor.first <= reading.last + 6]
    if after and not any(
        token.low in {",", "and", "in", "by", "to", "on", "from"} for token in tokens[reading.last + 1 : after[0].first]
    ):
        _give(cast, rule, tokens, Slot.OBJECT, run(tokens, after, after[0].first))
    before = [
        actor
        for actor in actors
        if actor.last in (reading.first - 1, reading.first - 2) and tokens[reading.first - 1].low in ("-", "'s")
    ]
    _give(cast, rule, tokens, Slot.SUBJECT, before)


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
        if actor.last < left and left - actor.last <= 6 and premodifies(tokens, actor.last + 1, left)
    ]
    for actor in near:
        if actor.kind in (Kind.AUTHORITY, Kind.STATE) and Role.AUTHORITY in rule.roles.values():
            cast.agents.append(actor)
        else:
            _give(cast, rule, tokens, Slot.POSSESSIVE, [actor])
    predicate = rule.roles.get(Slot.SUBJECT) is Role.TARGET
    _after(cast, rule, tokens, reading, clause, actors, first=Slot.OBJECT if predicate else None)
    if predicate:
        # A predicate without its own verb ("… is now punishable"): what leads the clause is what it speaks of.
        if not cast.targets:
            inside = [actor for actor in actors if clause.start <= actor.first and actor.last < left]
            groups = [actor for actor in inside if actor.kind in (Kind.ORGANISATION, Kind.NAME)]
            cast.targets += run(tokens, groups, groups[0].first) if groups else []
        if not cast.agents and rule.roles.get(Slot.IN) is Role.AUTHORITY:
            place_of_law(cast, tokens, reading, clause, actors)
            bodies = [actor for actor in actors if clause.start <= actor.first and actor.last < left]
            if not cast.agents and bodies and bodies[0].kind in (Kind.STATE, Kind.AUTHORITY):
                _give(cast, rule, tokens, Slot.IN, lead(tokens, bodies, clause.start))
        return
    if not cast.agents and governors:
        outer = next((governor for governor in governors if not governor.noun), None)
        if outer and outer.effect is not Effect.REACTS and not outer.word.startswith((*REQUESTS, *BLOCKERS)):
            inside = [actor for actor in actors if clause.start <= actor.first and actor.last < outer.at]
            _give(cast, rule, tokens, Slot.SUBJECT, lead(tokens, inside, clause.start))
    elif not cast.agents:
        verb = next((at for at in range(left - 1, clause.start - 1, -1) if verbish[at]), -1)
        if verb >= 0:
            inside = [actor for actor in actors if clause.start <= actor.first and actor.last < verb]
            _give(cast, rule, tokens, Slot.SUBJECT, lead(tokens, inside, clause.start))


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
        slot = find_slot(tokens, reading.last + 1, actor, first, rule)
        if slot is None or (rule.doer == "group" and in_apposition(tokens, actor)):
            continue
        if (
            slot in (Slot.OBJECT, Slot.OF, Slot.ON, Slot.AGAINST, Slot.FROM, Slot.TO, Slot.FOR)
            and rule.roles.get(slot) is Role.TARGET
        ):
            if (
                actor.kind in (Kind.STATE, Kind.AUTHORITY)
                and Role.AUTHORITY in rule.roles.values()
                and adjective(tokens, actor)
            ):
                continue
            if not rule.members and modifies(tokens, actor):
                continue
        if slot is Slot.BY and rule.roles.get(Slot.SUBJECT) and Slot.BY not in rule.roles:
            _give(cast, rule, tokens, Slot.SUBJECT, [actor])
        else:
            _give(cast, rule, tokens, slot, [actor])


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
                and (its := owner(tokens, outer.at, actors))
                and not outer.word.startswith(REQUESTS)
                and outer.word.rstrip("s") not in {"bid", "proposal", "motion", "petition", "push"}
            ):
                return [its]
            reaction = next((governor for governor in governors if governor.effect is Effect.REACTS), None)
            if reaction is not None:
                # "thanked Washington for its decision to list X": whoever is thanked has done it.
                return [actor for actor in actors if reaction.at < actor.first and actor.last < reading.start][-1:]
            between = [actor for actor in actors if outer.at < actor.first and actor.last < reading.start]
            requests = outer.word.startswith(REQUESTS)
            if between and (requests or outer.noun):
                return run(tokens, between, between[0].first)
            for governor in governors:
                if governor.word.startswith(REQUESTS) or governor.word.startswith(BLOCKERS):
                    if governor.noun:
                        continue
                    return (
                        []
                        if governor is not outer or requests or not governor.word.startswith("reject")
                        else lead_before(tokens, governor.at, clause, actors)
                    )
            verb = next((governor for governor in reversed(governors) if not governor.noun), governors[-1])
            found = lead_before(tokens, verb.at, clause, actors)
            if not found:
                found = [
                    actor
                    for actor in actors
                    if actor.last < reading.start and tokens[min(actor.last + 1, len(tokens) - 1)].low == "'s"
                ][-1:]
            return found
        if reading.use is Use.GERUND or not governors:
            return lead_before(tokens, reading.start, clause, actors)
    low = region_start(tokens, reading, clause, verbish)
    inside = [actor for actor in actors if low <= actor.first and actor.last < reading.start]
    if not inside and low > clause.start and tokens[reading.start - 1].low in {"and", "or", ",", "but"}:
        inside = [actor for actor in actors if clause.start <= actor.first and actor.last < reading.start]
        return lead(tokens, inside, clause.start)
    if not inside and clause.kind is ClauseKind.RELATIVE and clause.opener in {"which", "who", "that"}:
        return antecedent(tokens, clause.opener_at, actors)
    if not inside and reading.start and tokens[reading.start - 1].low in {"it", "she", "he", "they"}:
        # "OFAC said it was placing …": the pronoun stands for whoever leads the sentence.
        return lead(tokens, [actor for actor in actors if actor.last < reading.start], 0)
    return lead(tokens, inside, low)


def _plain(tokens: Sequence[Token], inside: Sequence[Actor], begin: int, rule: Rule, end: int) -> list[Actor]:
    """Take the actors of a passive subject: no prepositions before them, unless the rule reaches members."""
    found = []
    for actor in inside:
        slot = find_slot(tokens, begin, actor, Slot.OBJECT, rule)
        if slot is not Slot.OBJECT or (not rule.members and actor.last + 1 < end and modifies(tokens, actor)):
            continue
        if actor.kind in (Kind.STATE, Kind.AUTHORITY) and adjective(tokens, actor):
            continue
        found.append(actor)
    return found


def _perpetrators(cast: Cast, rule: Rule, tokens: Sequence[Token], reading: Reading, actors: Sequence[Actor]) -> None:
    """Give an act of violence without a doer the groups that are blamed for it, else the one group that is named."""
    if any(is_group(tokens, actor) for actor in cast.agents):
        return
    groups = [actor for actor in actors if is_group(tokens, actor)]
    blamed = find_blamed(tokens, groups, reading.first)
    if blamed:
        # "Blamed the attack on X": the preposition leads to the doer, not to the victim.
        cast.agents = blamed
    elif not rule.requires and not cast.agents and not cast.targets:
        cast.agents += sole_group(tokens, reading, actors)
        cast.guessed = bool(cast.agents)


def _members(cast: Cast, clause: Clause, actors: Sequence[Actor]) -> None:
    """Take every organisation of the clause, else of the sentence, that does not act itself."""
    doing = {actor.first for actor in cast.agents}
    organisations = [actor for actor in actors if actor.kind is Kind.ORGANISATION and actor.first not in doing]
    inside = [actor for actor in organisations if clause.start <= actor.first and actor.last < clause.end]
    cast.targets += inside or organisations
