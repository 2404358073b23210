"""Reads one sentence: triggers → events with status, roles, date and the cues that counted.

Called by `sorter` for the sentences that matter. Pure; knows no register and no clock.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence

from wirewatch.records import Event, Span, Status
from wirewatch.sorting.actors import Actor, Kind
from wirewatch.sorting.cast import GUESS, Cast
from wirewatch.sorting.checking import (
    cast_holds,
    conditions,
    empty,
    end_of,
    followed,
    inside_a_name,
    preceded,
    start_of,
    told,
)
from wirewatch.sorting.clauses import Clause, ClauseKind, find_clause
from wirewatch.sorting.counts import count_killed, count_wounded
from wirewatch.sorting.cues import Language
from wirewatch.sorting.dates import DateCue, find_dates
from wirewatch.sorting.dating import ACT_YEAR, nearest_date
from wirewatch.sorting.describing import find_described
from wirewatch.sorting.forces import find_forces
from wirewatch.sorting.governing import find_governors
from wirewatch.sorting.inflecting import Form
from wirewatch.sorting.outdoing import without_consumed, without_outdone
from wirewatch.sorting.passages import Found, Passage
from wirewatch.sorting.programmes import name_programme
from wirewatch.sorting.roles import as_parties, cast_roles
from wirewatch.sorting.scanning import Hit
from wirewatch.sorting.shapes import Role, Rule, Slot
from wirewatch.sorting.status import Circumstances, decide_status
from wirewatch.sorting.text import Token
from wirewatch.sorting.verbs import Reading, Use, read_use, small_words
from wirewatch.sorting.vocabulary import ARMED_MEN, NUMBERS, PASSIVE_FOLLOWERS

_LISTING = frozenset(("designation", "delisting", "listing_challenge", "sanction", "sanction_relief"))
_VIOLENT = frozenset(
    ("attack_bombing", "attack_armed", "assassination", "security_operation", "hostage_taking", "attack_claim")
)
#: Forms of a trigger that are verbs wherever they stand.
_FINITE = frozenset((Form.PAST, Form.THIRD))
_PLACE = re.compile(
    r"\b(?:in|near|at|outside|around|from)\s+(?:the\s+)?(?:(?:northern|southern|eastern|western|central|north|south|east|west|city|town|village|district|province)\s+)*(?:of\s+)?"
    r"(?P<place>[A-Z][\w'’-]+(?:\s+(?:[A-Z][\w'’-]+|of|al|el|de|la))*(?<=\w))"
)
#: What somebody may have in an act.
_PART = frozenset(
    ("involvement", "responsibility", "role", "part", "hand", "link", "links", "connection", "complicity")
)
_NOT_PLACES = re.compile(
    r"January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
)


def read_passage(passage: Passage, language: Language, yields_to: Mapping[str, tuple[str, ...]]) -> list[Found]:
    """Give the events of a sentence, in order of their triggers."""
    tokens, actors = passage.tokens, passage.actors
    described = find_described(tokens, actors, passage.only)
    everybody = sorted([*actors, *described], key=lambda actor: actor.first) if described else actors
    bits = told(passage.held, actors)
    starts = [token.start for token in tokens]
    words = [token.low for token in tokens]
    low = small_words(tokens, words)
    named = _named(len(tokens), actors)
    verbish = _verbish(passage, words, starts, named, language)
    dates = _Dates(passage)
    found: list[Found] = []
    used: set[tuple[int, str]] = set()
    for hit in passage.hits:
        if not conditions(hit, bits):
            continue
        # The tokens that the hit touches.
        first, last = bisect_right(starts, hit.start) - 1, bisect_left(starts, hit.end) - 1
        if first < 0 or tokens[first].end <= hit.start:
            first += 1
        if last < first:
            continue
        if first > 0 and tokens[first - 1].low == "specially":
            continue
        if (first, hit.rule.type) in used or inside_a_name(actors, first, hit, tokens):
            continue
        cast = everybody if hit.rule.doer == "group" else actors
        if hit.rule.doer == "forces":
            cast = sorted([*actors, *find_forces(tokens, actors)], key=lambda actor: actor.first)
        one = _read_hit(passage, hit, first, last, cast, named, verbish, words, low, dates, language)
        if one is not None:
            used.add((first, hit.rule.type))
            found.append(one)
    # One event alone neither outdoes nor speaks of another.
    return without_outdone(without_consumed(found), yields_to) if len(found) > 1 else found


class _Dates:
    """What a sentence says of time; most triggers are settled before anybody asks when it was."""

    __slots__ = ("_found", "_passage")

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._found: tuple[DateCue, ...] | None = None

    def __call__(self) -> tuple[DateCue, ...]:
        """Give the dates without the years of acts."""
        if self._found is None:
            low, sentence = self._passage.low, self._passage.sentence
            cues = find_dates(low, sentence.start, sentence.end, self._passage.published, self._passage.previous)
            self._found = tuple([cue for cue in cues if not _is_year_of_act(low, cue)]) if cues else ()
        return self._found


def _is_year_of_act(low: str, cue: DateCue) -> bool:
    if not (cue.text[:1].isdigit() or cue.text.startswith("of ")):
        return False
    return ACT_YEAR.search(low, max(0, cue.start - 60), cue.start) is not None


def _read_hit(
    passage: Passage,
    hit: Hit,
    first: int,
    last: int,
    actors: Sequence[Actor],
    named: Sequence[bool],
    verbish: Sequence[bool],
    words: Sequence[str],
    low: Sequence[str],
    dates: Callable[[], tuple[DateCue, ...]],
    language: Language,
) -> Found | None:
    tokens, rule = passage.tokens, hit.rule
    if rule.headline and not passage.sentence.headline:
        return None
    transitive = rule.roles.get(Slot.OBJECT) is Role.TARGET
    reading = read_use(
        *(tokens, first, last, hit.forms, language),
        headline=passage.sentence.headline,
        transitive=transitive,
        named=named,
        low=low,
    )
    if reading is None:
        return None
    if _turned_round(tokens, rule, reading):
        return None
    if not followed(passage, hit, reading, actors) or not preceded(passage, hit, reading):
        return None
    clause = find_clause(tokens, reading, verbish, language)
    if reading.use is Use.PARTICIPLE and clause.kind is ClauseKind.RELATIVE and reading.start - clause.start >= 1:
        # "the group, which Norland banned on Monday": the object is the relative pronoun, the verb is active.
        reading = reading._replace(use=Use.PAST, passive=False)
    if (
        reading.use is Use.PARTICIPLE
        and clause.kind is ClauseKind.MAIN
        and _shifted(tokens, reading, clause, actors, verbish)
    ):
        # "Canada listed as terrorist entities two clubs": the object comes last.
        reading = reading._replace(use=Use.PAST, passive=False)
    if clause.kind is ClauseKind.MAIN and transitive and _gapped(tokens, reading, passage):
        # "groups Washington has designated as terrorist": a relative clause without its pronoun.
        clause = clause._replace(kind=ClauseKind.RELATIVE, opener="")
    if reading.use is Use.NOUN and rule.roles.get(Slot.SUBJECT) is Role.TARGET:
        # A predicate ("… is now a banned group"): like a verb it is governed from outside its clause only.
        reading = reading._replace(negated=reading.negated and tokens[reading.first - 1].low in {"not", "never", "no"})
        governors = find_governors(tokens, reading._replace(use=Use.PRESENT), clause, language)
    else:
        governors = find_governors(tokens, reading, clause, language)
        if rule.doer == "group" and reading.use is Use.NOUN:
            # "Denied a role in the bombing": the role is denied, the bombing is not.
            governors = [one for one in governors if not _disowns(tokens, one.at, reading.first)]
    cast = cast_roles(rule, tokens, reading, clause, governors, actors, verbish)
    if not cast_holds(passage, rule, cast):
        return None
    when = nearest_date(dates(), passage, reading, clause, verbish)
    if reading.use is Use.NOUN or reading.use is Use.GERUND:
        near = words[max(0, reading.first - 4) : reading.first]
    else:
        near = [
            *words[max(clause.start, reading.start - 4) : reading.first],
            *reading.group,
            *words[reading.last + 1 : reading.last + 2],
        ]
        if reading.use is Use.INFINITIVE:
            near += words[max(clause.start, reading.start - 7) : reading.start]
    about = Circumstances(
        rule=rule,
        reading=reading,
        clause=clause,
        governors=governors,
        age=when.age if when else None,
        age_text=when.text if when else "",
        near=near,
        headline=passage.sentence.headline,
        bare=passage.sentence.headline
        and not any(verbish[at] for at in range(reading.start) if words[at] not in {"says", "say", "said"}),
        question="?" in passage.text[passage.sentence.start : passage.sentence.end],
        doers=len({actor.id for actor in cast.agents}),
        position=passage.sentence.position,
        nobody=_nobody(tokens, clause, reading, language),
        after=words[reading.last + 1 : reading.last + 26],
    )
    status, cues = decide_status(about, language)
    if rule.type == "designation" and empty(
        passage, rule.id, reading, cast, status, start_of(tokens, clause), end_of(tokens, clause)
    ):
        return None
    return Found(
        _event(passage, hit, rule, cast, status, cues, clause, when),
        reading,
        clause,
        dates(),
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
    when: DateCue | None,
) -> Event:
    sentence, tokens = passage.sentence, passage.tokens
    start = tokens[clause.start].start if clause.start < len(tokens) else sentence.start
    end = tokens[min(clause.end, len(tokens)) - 1].end
    authority = cast.authority if Role.AUTHORITY in rule.roles.values() else None
    programme = None
    if rule.type in {"designation", "delisting", "listing_challenge"}:
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
        cues=(*cues, GUESS) if cast.guessed else cues,
        rule=rule.id,
        score=rule.score,
        place=_place(passage, start, end),
        occurred_on=when.day if when else None,
        killed=count_killed(passage.low, sentence.start, sentence.end) if violent else None,
        wounded=count_wounded(passage.low, sentence.start, sentence.end) if violent else None,
    )


def _named(count: int, actors: Sequence[Actor]) -> list[bool]:
    named = [False] * count
    for actor in actors:
        for at in range(actor.first, actor.last + 1):
            named[at] = True
    return named


def _verbish(
    passage: Passage, words: Sequence[str], starts: Sequence[int], named: Sequence[bool], language: Language
) -> list[bool]:
    """Tell which tokens are verbs, as far as words alone tell."""
    classes = language.classes
    finite, determiners, verbs = classes["finite"], classes["determiners"], classes["plain_verbs"]
    triggers = {hit.start for hit in passage.hits if hit.forms & _FINITE}
    maybe = [at for at, low in enumerate(words) if low in verbs or low in finite or low[-2:] == "ed"]
    maybe += [at for at in [bisect_left(starts, start) for start in triggers] if at < len(words)]
    found = [False] * len(words)
    for at in maybe:
        low, before = words[at], words[at - 1] if at else ""
        found[at] = before != "to" and (
            low in finite
            or (
                not named[at]
                and (low in verbs or starts[at] in triggers or (low.endswith("ed") and len(low) > 4))
                and before not in determiners
            )
        )
    return found


def _disowns(tokens: Sequence[Token], governor: int, act: int) -> bool:
    """Tell whether what a verb governs is somebody's part in an act and not the act."""
    return any(token.low in _PART for token in tokens[governor + 1 : act])


def _turned_round(tokens: Sequence[Token], rule: Rule, reading: Reading) -> bool:
    """Tell whether armed men do what the rule says is done to them, or suffer what it says they do."""
    armed = reading.start > 0 and tokens[reading.start - 1].low in ARMED_MEN
    following = tokens[reading.last + 1].low if reading.last + 1 < len(tokens) else "."
    if rule.doer == "group":
        # A headline leaves its "were" out: "Four militants killed in Bajaur".
        bare = tokens[reading.first].low in ("killed", "slain", "gunned") and following in PASSIVE_FOLLOWERS - {
            "at",
            "over",
        }
        # "Militants abducted and killed a guard": both verbs have their object behind the second.
        return armed and (reading.passive or bare) and following != "and"
    subject, object_ = rule.roles.get(Slot.SUBJECT), rule.roles.get(Slot.OBJECT)
    if subject is not Role.TARGET or object_ is not Role.TARGET or reading.passive:
        return False
    return armed and (following[:1].isdigit() or following in NUMBERS or following in ("at", "a", "an", "the", "about"))


def _shifted(
    tokens: Sequence[Token], reading: Reading, clause: Clause, actors: Sequence[Actor], verbish: Sequence[bool]
) -> bool:
    """Tell whether a participle is the main verb after all: a body leads the clause, and no other verb is in it."""
    if tokens[min(reading.last + 1, len(tokens) - 1)].low != "as" or any(verbish[clause.start : reading.start]):
        return False
    if any(verbish[reading.last + 1 : clause.end]):
        return False
    if reading.start and tokens[reading.start - 1].low == ",":
        # "Norland and the Front, listed as terrorist by Oslo, …": an aside.
        return False
    lead = [actor for actor in actors if clause.start <= actor.first and actor.last < reading.start]
    return bool(lead) and lead[0].kind in (Kind.AUTHORITY, Kind.STATE)


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
        following in {"as", ".", "since", "last", "in", "on", "this", "years"}
        and before is not None
        and before.text[:1].isupper()
        and reading.start > 1
    )


def _nobody(tokens: Sequence[Token], clause: Clause, reading: Reading, language: Language) -> bool:
    """Tell whether the subject is "nobody" or "no state", or the verb before "in doing" is negated."""
    head = [token.low for token in tokens[clause.start : min(clause.start + 3, reading.start)]]
    if head[:1] and (head[0] in {"nobody", "neither", "none"} or head[:2] == ["no", "one"] or head[:1] == ["no"]):
        return True
    if reading.use is Use.GERUND:
        return any(
            token.low in {"not", "n't", "never"}
            for token in tokens[max(clause.start, reading.start - 5) : reading.start]
        )
    return False


def _place(passage: Passage, start: int, end: int) -> str | None:
    for match in _PLACE.finditer(passage.text, start, end):
        place = match.group("place")
        if not _NOT_PLACES.match(place):
            return place
    return None
