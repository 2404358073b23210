"""Reads one sentence: triggers → events with status, roles, date and the cues that counted.

Called by `sorter` for the sentences that matter. Pure; knows no register and no clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from wirewatch.knowledge.entities import Organisation
from wirewatch.records import Event, Field, Mention, Span, Status
from wirewatch.sorting.actors import Actor, Kind, find_actors, looks_organised
from wirewatch.sorting.counts import count_killed, count_wounded
from wirewatch.sorting.cues import Language
from wirewatch.sorting.dates import DateCue, find_dates
from wirewatch.sorting.governing import Clause, ClauseKind, find_clause, find_governors
from wirewatch.sorting.programmes import name_programme
from wirewatch.sorting.roles import Cast, as_parties, cast_roles
from wirewatch.sorting.scanning import Hit, Scan
from wirewatch.sorting.shapes import Role, Rule, Slot
from wirewatch.sorting.status import Circumstances, decide_status
from wirewatch.sorting.text import Sentence, Token
from wirewatch.sorting.verbs import Reading, Use, read_use
from wirewatch.sorting.vocabulary import BARE_LABELS, GOVERNMENT, LABELLED_HEADS

_LISTING = frozenset(("designation", "delisting", "listing_challenge", "sanction", "sanction_relief"))
_VIOLENT = frozenset(
    ("attack_bombing", "attack_armed", "assassination", "security_operation", "hostage_taking", "attack_claim")
)
_PLACE = re.compile(
    r"\b(?:in|near|at|outside|around|from)\s+(?:the\s+)?(?:(?:northern|southern|eastern|western|central|north|south|east|west|city|town|village|district|province)\s+)*(?:of\s+)?"
    r"(?P<place>[A-Z][\w'’-]+(?:\s+(?:[A-Z][\w'’-]+|of|al|el|de|la))*(?<=\w))"
)
_NOT_PLACES = re.compile(
    r"January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
)
_ACT_YEAR = re.compile(
    r"\b(?:act|law|code|order|ordinance|resolution|regulations|ordinance|treaty|convention)(?: \([^)]*\))?(?: of)? $"
)
_MODIFYING_YEAR = re.compile(r"(?:\b(?:the|a|an|its|their|his|her)|'s) (?:\w+ )?$")


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence with everything that was found in it."""

    text: str
    low: str
    field: Field
    sentence: Sentence
    tokens: Sequence[Token]
    mentions: Sequence[Mention]
    hits: Sequence[Hit]
    scan: Scan
    published: date | None
    previous: DateCue | None
    small: bool


@dataclass(frozen=True, slots=True)
class Found:
    """An event and the reading behind it, for `wirewatch try`."""

    event: Event
    reading: Reading
    clause: Clause
    dates: tuple[DateCue, ...]
    #: Position of the sentence in its field.
    position: int


def read_passage(
    passage: Passage,
    organisations: Mapping[str, Organisation],
    language: Language,
    yields_to: Mapping[str, tuple[str, ...]],
) -> list[Found]:
    """Give the events of a sentence, in order of their triggers."""
    tokens = passage.tokens
    actors = find_actors(tokens, passage.mentions, organisations, language, small=passage.small)
    named = _named(len(tokens), actors)
    verbish = _verbish(passage, named, language)
    dates = tuple(
        cue
        for cue in find_dates(
            passage.low, passage.sentence.start, passage.sentence.end, passage.published, passage.previous
        )
        if not (cue.text[:1].isdigit() or cue.text.startswith("of "))
        or not _ACT_YEAR.search(passage.low, max(0, cue.start - 60), cue.start)
    )
    found: list[Found] = []
    used: set[tuple[int, str]] = set()
    for hit in passage.hits:
        if not _conditions(hit, passage, actors, organisations):
            continue
        first = next((at for at, token in enumerate(tokens) if token.start < hit.end and hit.start < token.end), -1)
        last = max(
            (at for at, token in enumerate(tokens) if token.start < hit.end and hit.start < token.end), default=-1
        )
        if first > 0 and tokens[first - 1].low == "specially":
            continue
        if first < 0 or (first, hit.rule.type) in used or _inside_a_name(actors, first, hit, tokens):
            continue
        one = _read_hit(passage, hit, first, last, actors, named, verbish, dates, language)
        if one is not None:
            used.add((first, hit.rule.type))
            found.append(one)
    return _without_outdone(_without_consumed(found), yields_to)


def _without_outdone(found: Sequence[Found], yields_to: Mapping[str, tuple[str, ...]]) -> list[Found]:
    """Drop an event where a type that it yields to explains the same words."""
    return [
        one
        for one in found
        if not any(
            other.event.type in yields_to.get(one.event.type, ())
            and (abs(other.reading.first - one.reading.first) <= 12)
            for other in found
        )
    ]


def _without_consumed(found: Sequence[Found]) -> list[Found]:
    """Drop the listing that another act speaks of: "revoked the designation", "removed from the list of banned groups"."""
    eaters = [one for one in found if one.event.type in ("delisting", "listing_challenge", "sanction_relief")]
    kept = []
    for one in found:
        consumed = one.event.type in ("designation", "sanction") and any(
            eater.event.trigger.start != one.event.trigger.start
            and (
                one.reading.use in (Use.NOUN, Use.ATTRIBUTIVE, Use.PARTICIPLE, Use.GERUND)
                and abs(one.reading.first - eater.reading.first) <= 16
                and (one.event.type == "designation" or eater.event.type == "sanction_relief")
            )
            for eater in eaters
        )
        if not consumed:
            kept.append(one)
    return kept


def _read_hit(
    passage: Passage,
    hit: Hit,
    first: int,
    last: int,
    actors: Sequence[Actor],
    named: Sequence[bool],
    verbish: Sequence[bool],
    dates: tuple[DateCue, ...],
    language: Language,
) -> Found | None:
    tokens, rule = passage.tokens, hit.rule
    transitive = rule.roles.get(Slot.OBJECT) is Role.TARGET
    reading = read_use(
        tokens, first, last, hit.forms, language, headline=passage.sentence.headline, transitive=transitive, named=named
    )
    if reading is None:
        return None
    if not _followed(passage, hit, reading, actors) or not _preceded(passage, hit, reading):
        return None
    clause = find_clause(tokens, reading, verbish, language)
    if reading.use is Use.PARTICIPLE and clause.kind is ClauseKind.RELATIVE and reading.start - clause.start >= 1:
        # "the group, which Norland banned on Monday": the object is the relative pronoun, the verb is active.
        reading = replace(reading, use=Use.PAST, passive=False)
    if clause.kind is ClauseKind.MAIN and transitive and _gapped(tokens, reading, passage):
        # "groups Washington has designated as terrorist": a relative clause without its pronoun.
        clause = replace(clause, kind=ClauseKind.RELATIVE, opener="")
    governors = find_governors(tokens, reading, clause, language)
    cast = cast_roles(rule, tokens, reading, clause, governors, actors, verbish)
    if not _cast_holds(passage, rule, cast):
        return None
    nearest = _nearest(dates, passage, reading, clause, verbish)
    near = [token.low for token in tokens[max(clause.start, reading.start - 4) : reading.first]] + list(reading.group)
    near += [token.low for token in tokens[reading.last + 1 : reading.last + 2]]
    if reading.use is Use.INFINITIVE:
        near += [token.low for token in tokens[max(clause.start, reading.start - 7) : reading.start]]
    if reading.use is Use.NOUN or reading.use is Use.GERUND:
        near = [token.low for token in tokens[max(0, reading.first - 4) : reading.first]]
    about = Circumstances(
        rule=rule,
        reading=reading,
        clause=clause,
        governors=governors,
        age=nearest.age if nearest else None,
        age_text=nearest.text if nearest else "",
        near=near,
        headline=passage.sentence.headline,
        bare=not any(
            verbish[at]
            for at in range(len(tokens))
            if at < reading.start and tokens[at].low not in ("says", "say", "said")
        ),
        question="?" in passage.text[passage.sentence.start : passage.sentence.end],
        doers=len({actor.id for actor in cast.agents}),
        position=passage.sentence.position,
        nobody=_nobody(tokens, clause, reading, language),
        after=[token.low for token in tokens[reading.last + 1 : reading.last + 26]],
    )
    status, cues = decide_status(about, language)
    if rule.type == "designation" and _empty(
        passage, rule.id, reading, cast, status, start_of(tokens, clause), end_of(tokens, clause)
    ):
        return None
    return Found(
        _event(passage, hit, rule, cast, status, cues, clause, nearest),
        reading,
        clause,
        dates,
        passage.sentence.position,
    )


def _event(
    passage: Passage,
    hit: Hit,
    rule: Rule,
    cast: Cast,
    status: Status,
    cues: tuple[str, ...],
    clause: Clause,
    nearest: DateCue | None,
) -> Event:
    sentence, tokens = passage.sentence, passage.tokens
    start = tokens[clause.start].start if clause.start < len(tokens) else sentence.start
    end = tokens[min(clause.end, len(tokens)) - 1].end
    authority = cast.authority if Role.AUTHORITY in rule.roles.values() else None
    programme = None
    if rule.type in ("designation", "delisting", "listing_challenge"):
        bodies = [actor for actor in cast.agents if actor.id == (authority.id if authority else None)]
        known = bodies[0].programmes if bodies else ()
        countries = bodies[0].countries if bodies else ()
        programme = name_programme(passage.low, start, end, hit.start, None, (), ()) or name_programme(
            passage.low, sentence.start, sentence.end, hit.start, authority, known, countries
        )
    violent = rule.type in _VIOLENT
    return Event(
        type=rule.type,
        status=status,
        agents=as_parties(cast.agents),
        targets=as_parties(cast.targets),
        authority=authority,
        programme=programme,
        trigger=Span(hit.start, hit.end, passage.text[hit.start : hit.end]),
        evidence=Span(sentence.start, sentence.end, passage.text[sentence.start : sentence.end]),
        field=passage.field,
        cues=cues,
        rule=rule.id,
        score=rule.score,
        place=_place(passage, start, end),
        occurred_on=nearest.day if nearest else None,
        killed=count_killed(passage.low, sentence.start, sentence.end) if violent else None,
        wounded=count_wounded(passage.low, sentence.start, sentence.end) if violent else None,
    )


def _named(count: int, actors: Sequence[Actor]) -> list[bool]:
    named = [False] * count
    for actor in actors:
        for at in range(actor.first, actor.last + 1):
            named[at] = True
    return named


def _verbish(passage: Passage, named: Sequence[bool], language: Language) -> list[bool]:
    """Tell which tokens are verbs, as far as words alone tell."""
    classes = language.classes
    finite = classes["be"] | classes["have"] | classes["modals"] | classes["do"]
    triggers = {hit.start for hit in passage.hits if hit.forms & {"past", "third"}}
    found: list[bool] = []
    for at, token in enumerate(passage.tokens):
        before = passage.tokens[at - 1].low if at else ""
        verb = token.low in finite or (
            not named[at]
            and before not in classes["determiners"]
            and (
                token.start in triggers
                or (token.low in language.verbs and token.low not in language.nouns and not token.low.endswith("ing"))
                or (token.low.endswith("ed") and len(token.low) > 4)
            )
        )
        found.append(verb and before != "to")
    return found


def _conditions(hit: Hit, passage: Passage, actors: Sequence[Actor], organisations: Mapping[str, Organisation]) -> bool:
    start, end = passage.sentence.start, passage.sentence.end
    scan = passage.scan
    if any(scan.holds(word.removeprefix("@"), start, end) for word in hit.rule.blockers):
        return False
    for need in hit.rule.needs:
        if not any(_holds(word, scan, start, end, actors) for word in need):
            return False
    return True


def _holds(word: str, scan: Scan, start: int, end: int, actors: Sequence[Actor]) -> bool:
    if word in ("target", "organisation") and any(actor.kind is Kind.ORGANISATION for actor in actors):
        return True
    if word == "authority" and any(actor.kind in (Kind.AUTHORITY, Kind.STATE) for actor in actors):
        return True
    if word == "name" and any(actor.kind is Kind.NAME for actor in actors):
        return True
    return scan.holds(word, start, end)


def _gapped(tokens: Sequence[Token], reading: Reading, passage: Passage) -> bool:
    """Tell whether an active verb has no object behind it, because the noun before its subject is the object."""
    if (
        reading.passive
        or reading.use not in (Use.PAST, Use.PERFECT, Use.PLUPERFECT, Use.PRESENT)
        or passage.sentence.headline
    ):
        return False
    following = tokens[reading.last + 1].low if reading.last + 1 < len(tokens) else "."
    before = tokens[reading.start - 1] if reading.start else None
    return (
        following in ("as", ".", "since", "last", "in", "on", "this", "years")
        and before is not None
        and before.text[:1].isupper()
        and reading.start > 1
    )


def _nobody(tokens: Sequence[Token], clause: Clause, reading: Reading, language: Language) -> bool:
    """Tell whether the clause's subject is "nobody", "neither", "no state"; or its main verb is negated before "in doing"."""
    head = [token.low for token in tokens[clause.start : min(clause.start + 3, reading.start)]]
    if head[:1] and (head[0] in ("nobody", "neither", "none") or head[:2] == ["no", "one"] or head[:1] == ["no"]):
        return True
    if reading.use is Use.GERUND:
        return any(
            token.low in ("not", "n't", "never")
            for token in tokens[max(clause.start, reading.start - 5) : reading.start]
        )
    return False


_CLAUSE_BREAKS = frozenset(("after", "before", "when", "while", "because", "although", "though", "until", "whereas"))
_AFTER_LABELS = frozenset(
    (
        "and", "or", "by", "in", "on", "for", "under", "after", "as", "since", "at", "with", "over", "from", "of", "to", "so", "but",
        "while", "because", "last", "this", "today", "yesterday", "following", "again", "who", "which", "that", "says", "said",
    )
)  # fmt: skip


def _cast_holds(passage: Passage, rule: Rule, cast: Cast) -> bool:
    """Tell whether the roles that the rule asks for are played, and a bare name is enough where nothing else spoke."""
    groups = [actor for actor in cast.agents if actor.kind is Kind.ORGANISATION]
    if rule.doer == "state" and groups and len(groups) == len(cast.agents):
        return False
    if rule.doer == "group":
        if cast.agents and not groups:
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


def _empty(passage: Passage, rule_id: str, reading: Reading, cast: Cast, status: Status, start: int, end: int) -> bool:
    """Tell whether a listing names neither a body, nor an organisation, nor a list: rhetoric, or a bare attribute."""
    if cast.targets or (cast.agents and reading.use is not Use.PRESENT):
        return False
    if reading.use is Use.ATTRIBUTIVE:
        return True
    if reading.use is Use.PRESENT and not passage.sentence.headline and not cast.targets:
        return passage.sentence.position > 0 or not cast.agents
    if rule_id.endswith((".designate", ".proscribe", ".ban")):
        return False
    return (
        status is Status.NEW
        and name_programme(passage.low, start, end, start, None, (), ()) is None
        and not (passage.scan.holds("terror", start, end) and (reading.passive or reading.use is Use.NOUN))
    )


def start_of(tokens: Sequence[Token], clause: Clause) -> int:
    """Give the offset at which a clause begins."""
    return tokens[min(clause.start, len(tokens) - 1)].start


def end_of(tokens: Sequence[Token], clause: Clause) -> int:
    """Give the offset at which a clause ends."""
    return tokens[min(clause.end, len(tokens)) - 1].end


def _inside_a_name(actors: Sequence[Actor], first: int, hit: Hit, tokens: Sequence[Token]) -> bool:
    for actor in actors:
        if actor.first <= first <= actor.last:
            # A single capitalised trigger in a headline is no name; inside a longer name it belongs to the name.
            return actor.kind is not Kind.NAME or actor.last > actor.first
    return False


def _followed(passage: Passage, hit: Hit, reading: Reading, actors: Sequence[Actor]) -> bool:
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
        quoted = following in ("'", '"', "”", "’")
        if before in ("a", "an") or (before in ("'", '"') and tokens[at - 2].low in ("a", "an")):
            if tokens[at].low in ("terrorist", "extremist") and (
                quoted or not following.isalpha() or following in _AFTER_LABELS
            ):
                continue
        if quoted or not following[:1].isalpha() or following in _AFTER_LABELS or following in LABELLED_HEADS:
            return True
    return False


def _preceded(passage: Passage, hit: Hit, reading: Reading) -> bool:
    """Tell whether one of the words stands before the trigger that the rule wants there."""
    if not hit.rule.preceded_by:
        return True
    begin = max(0, reading.start - hit.rule.reach)
    start, end = passage.tokens[begin].start, passage.tokens[reading.first].start
    return any(passage.scan.holds(word.removeprefix("@"), start, end) for word in hit.rule.preceded_by)


def _nearest(
    dates: Sequence[DateCue], passage: Passage, reading: Reading, clause: Clause, verbish: Sequence[bool]
) -> DateCue | None:
    """Give the date that belongs to the trigger: the nearest of its clause, with no other verb between."""
    tokens = passage.tokens
    best: tuple[float, DateCue] | None = None
    for cue in dates:
        at = next(
            (at for at, token in enumerate(tokens) if token.start <= cue.start < token.end or token.start >= cue.start),
            -1,
        )
        if at < 0:
            continue
        if not clause.start - (2 if clause.kind is ClauseKind.TEMPORAL else 0) <= at < clause.end:
            ago = (
                clause.kind is ClauseKind.TEMPORAL
                and clause.opener_at - 4 <= at < clause.start
                and cue.text.endswith((clause.opener, "day", "morning", "night"))
                and cue.end >= tokens[clause.opener_at].start - 1
                and not (cue.text.endswith("day") and clause.opener != "when")
            )
            if not ago:
                continue
        noun = reading.use is Use.NOUN
        modifying = (
            cue.text[:1].isdigit()
            and len(cue.text) == 4
            and _MODIFYING_YEAR.search(passage.low, max(0, cue.start - 20), cue.start)
        )
        if modifying and not (noun and 0 < reading.first - at <= 4):
            continue
        low, high = sorted((at, reading.first))
        between = sum(verbish[low + 1 : high]) if high > low + 1 else 0
        if at < reading.start:
            between = max(0, between - sum(verbish[reading.start : reading.first]))
        distance = abs(at - reading.first) + 8 * between + (0 if at > reading.first else 0.5)
        if noun and between > 1:
            continue
        if best is None or distance < best[0]:
            best = (distance, cue)
    return best[1] if best else None


def _place(passage: Passage, start: int, end: int) -> str | None:
    for match in _PLACE.finditer(passage.text, start, end):
        place = match.group("place")
        if not _NOT_PLACES.match(place):
            return place
    return None
