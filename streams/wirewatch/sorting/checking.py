"""Asks whether a trigger, as it is read, is what its rule speaks of: followers, labels, needs, roles.

Called by `reading`. `sifting` has asked a part of it before, by words alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from wirewatch.records import Status
from wirewatch.sorting.actors import Actor, Kind, is_group, looks_organised
from wirewatch.sorting.cast import Cast
from wirewatch.sorting.clauses import Clause
from wirewatch.sorting.forces import is_forces
from wirewatch.sorting.neighbours import stands_for_people
from wirewatch.sorting.passages import Passage
from wirewatch.sorting.programmes import name_programme
from wirewatch.sorting.scanning import AUTHORITY_BIT, GROUP_BIT, NAME_BIT, NAME_BITS, Hit
from wirewatch.sorting.shapes import Rule
from wirewatch.sorting.text import Token
from wirewatch.sorting.verbs import Reading, Use
from wirewatch.sorting.vocabulary import AFTER_LABELS, BARE_LABELS, GOVERNMENT, LABELLED_HEADS, NUMBERS


def told(held: int, actors: Sequence[Actor]) -> int:
    """Give what a sentence holds in bits, once it is known whom it names; see `conditions`."""
    bits = held & ~NAME_BITS
    for actor in actors:
        bits |= _BITS[actor.kind]
    return bits


def conditions(hit: Hit, bits: int) -> bool:
    """Tell whether those named meet the rule's needs; `sifting` has seen that nothing blocks it."""
    for need in hit.needs:  # noqa: SIM110
        if not need & bits:
            return False
    return True


_BITS = {
    Kind.ORGANISATION: GROUP_BIT,
    Kind.AUTHORITY: AUTHORITY_BIT,
    Kind.STATE: AUTHORITY_BIT,
    Kind.NAME: NAME_BIT,
}
_CLAUSE_BREAKS = frozenset(("after", "before", "when", "while", "because", "although", "though", "until", "whereas"))


def cast_holds(passage: Passage, rule: Rule, cast: Cast) -> bool:
    """Tell whether the roles that the rule asks for are played, and a bare name is enough where nothing else spoke."""
    groups = [actor for actor in cast.agents if is_group(passage.tokens, actor)]
    if rule.doer == "state" and groups and len(groups) == len(cast.agents):
        return False
    if rule.doer == "forces":
        cast.agents = [actor for actor in cast.agents if is_forces(passage.tokens, actor)]
    if rule.doer == "group":
        if any(not stands_for_people(passage.tokens, actor) for actor in cast.agents) and not groups:
            return False
        cast.agents = groups
    for role in rule.requires:
        filled = {
            "agent": bool(cast.agents),
            "target": bool(cast.targets),
            "authority": cast.authority is not None,
            "any": bool(cast.agents or cast.targets)
            or passage.scan.holds("terror", passage.sentence.start, passage.sentence.end),
        }
        if not filled[role]:
            return False
    named_only = [need for need in rule.needs if "name" in need]
    start, end = passage.sentence.start, passage.sentence.end
    for need in named_only:
        others = [word for word in need if word != "name"]
        resolved = any(actor.kind is Kind.ORGANISATION for actor in (*cast.targets, *cast.agents))
        if resolved or any(passage.scan.holds(word, start, end) for word in others):
            continue
        names = [actor for actor in cast.targets if actor.kind is Kind.NAME]
        if rule.forms and "listing" in rule.forms and not any(map(looks_organised, names)):
            return False
        body = bool(cast.agents) or any(token.low in GOVERNMENT for token in passage.tokens)
        if not names or not (any(map(looks_organised, names)) or body):
            return False
    return True


def empty(passage: Passage, rule_id: str, reading: Reading, cast: Cast, status: Status, start: int, end: int) -> bool:
    """Tell whether a listing names neither a body, nor an organisation, nor a list: rhetoric, or a bare attribute."""
    if cast.targets or (cast.agents and (reading.use is not Use.PRESENT or passage.sentence.headline)):
        return False
    if reading.use is Use.ATTRIBUTIVE:
        return True
    if passage.sentence.headline and cast.agents and _counted(passage, reading):
        return False
    if reading.use is Use.PRESENT and not passage.sentence.headline and not cast.targets:
        return passage.sentence.position > 0 or not cast.agents
    if rule_id.endswith((".designate", ".proscribe", ".ban")):
        return False
    return (
        status is Status.NEW
        and name_programme(passage.low, start, end, start, None, (), ()) is None
        and not (passage.scan.holds("terror", start, end) and (reading.passive or reading.use is Use.NOUN))
    )


def _counted(passage: Passage, reading: Reading) -> bool:
    """Tell whether a number of organisations is the object: "lists seven cartels", "adds four to terror list"."""
    following = passage.tokens[reading.last + 1 : reading.last + 3]
    return bool(following) and (following[0].low[:1].isdigit() or following[0].low in NUMBERS)


def start_of(tokens: Sequence[Token], clause: Clause) -> int:
    """Give the offset at which a clause begins."""
    return tokens[min(clause.start, len(tokens) - 1)].start


def end_of(tokens: Sequence[Token], clause: Clause) -> int:
    """Give the offset at which a clause ends."""
    return tokens[min(clause.end, len(tokens)) - 1].end


def inside_a_name(actors: Sequence[Actor], first: int, hit: Hit, tokens: Sequence[Token]) -> bool:
    """Tell whether the trigger is only a part of a longer name."""
    for actor in actors:
        if actor.first <= first <= actor.last:
            # A single capitalised trigger in a headline is no name; inside a longer name it belongs to the name.
            return actor.kind is not Kind.NAME or actor.last > actor.first
    return False


def followed(passage: Passage, hit: Hit, reading: Reading, actors: Sequence[Actor]) -> bool:
    """Tell whether one of the rule's followers stands within reach, behind one of its prepositions."""
    tokens, rule = passage.tokens, hit.rule
    if not rule.followed_by:
        return True
    begin = reading.last + 1
    stop = min(len(tokens), begin + rule.reach)
    stop = next((at for at in range(begin, stop) if tokens[at].low in _CLAUSE_BREAKS), stop)
    if begin >= stop:
        return False
    if rule.path:
        # Any of the prepositions may be the one that leads there: "placed three travellers to Syria on its list".
        ways = [at + 1 for at in range(begin, stop) if tokens[at].low in rule.path and at + 1 < len(tokens)]
        return any(_leads(passage, rule, at, min(len(tokens), at + 14), actors) for at in ways)
    return _leads(passage, rule, begin, stop, actors)


def _leads(passage: Passage, rule: Rule, begin: int, stop: int, actors: Sequence[Actor]) -> bool:
    tokens = passage.tokens
    start, end = tokens[begin].start, tokens[stop - 1].end
    if "@authority" in rule.followed_by and any(
        begin <= actor.first < stop and actor.kind in (Kind.AUTHORITY, Kind.STATE) for actor in actors
    ):
        return True
    if "@label" in rule.followed_by and not _labelled(passage, start, end):
        return any(
            passage.scan.holds(word.removeprefix("@"), start, end) for word in rule.followed_by if word != "@label"
        )
    return any(passage.scan.holds(word.removeprefix("@"), start, end) for word in rule.followed_by)


def _labelled(passage: Passage, start: int, end: int) -> bool:
    """Tell whether a stretch calls somebody by a label, not just something "extremist" or one man "a terrorist"."""
    tokens = passage.tokens
    for offset in passage.scan.lexicons.get("label", ()):
        if not start <= offset < end:
            continue
        at = next((at for at, token in enumerate(tokens) if token.start >= offset), -1)
        if at < 0:
            continue
        if tokens[at].low not in BARE_LABELS:
            return True
        before = tokens[at - 1].low if at else ""
        following = tokens[at + 1].low if at + 1 < len(tokens) else "."
        quoted = following in {"'", '"', "”", "’"}
        alone = quoted or not following[:1].isalpha() or following in AFTER_LABELS
        one = before in ("a", "an") or (before in ("'", '"') and tokens[at - 2].low in ("a", "an"))
        if one and alone and tokens[at].low in ("terrorist", "extremist"):
            continue
        if alone or following in LABELLED_HEADS:
            return True
    return False


def preceded(passage: Passage, hit: Hit, reading: Reading) -> bool:
    """Tell whether one of the words stands before the trigger that the rule wants there."""
    if not hit.rule.preceded_by:
        return True
    begin = max(0, reading.start - hit.rule.reach)
    start, end = passage.tokens[begin].start, passage.tokens[reading.first].start
    return any(passage.scan.holds(word.removeprefix("@"), start, end) for word in hit.rule.preceded_by)
