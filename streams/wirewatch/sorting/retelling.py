"""Makes the event of a new listing that only the second reader saw: who did it to whom, as far as names alone tell.

Called by `rereading`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wirewatch.records import Event, Field, Span, Status
from wirewatch.sorting.actors import Actor, Kind, as_name
from wirewatch.sorting.dates import DateCue
from wirewatch.sorting.listers import find_lister
from wirewatch.sorting.programmes import name_programme
from wirewatch.sorting.roles import as_parties
from wirewatch.sorting.targeting import FAINTLY
from wirewatch.sorting.text import Sentence, Token
from wirewatch.sorting.whom import find_whom
from wirewatch.sorting.wording import Word, is_act

#: How events that the second reader adds or renews name their rule and their cue.
RULE = "second-reader"
CUE = "second reader"


@dataclass(frozen=True, slots=True)
class Reread:
    """One sentence as the second reader takes it."""

    text: str
    low: str
    field: Field
    sentence: Sentence
    tokens: Sequence[Token]
    actors: Sequence[Actor]
    dates: Sequence[DateCue]
    #: What the rules read in it.
    events: Sequence[Event]


def retell(one: Reread, words: Sequence[Word], kind: str, score: float, *, faint: bool) -> Event:
    """Give the new listing that a sentence tells: what the rules read as an old one, else one made from its names.

    `faint` says that no word of it speaks plainly of a listing; see `targeting.settle_targets`.
    """
    read = [event for event in one.events if event.type == kind and event.status is Status.BACKGROUND]
    if read:
        # The rules read the act itself and took it for an old one: who did it to whom stays as they read it.
        best = max(read, key=lambda event: event.score)
        return replace(best, status=Status.NEW, cues=(*best.cues, CUE), score=min(best.score, score))
    # Where the rules alone took a word for an act ("took its name off"), theirs is the trigger.
    place = next((word for word in words if is_act(word)), None) or one.events[0].trigger
    start, end = place.start, place.end
    known = find_lister(one.tokens, one.actors, ()) or _nearest(one.actors, start)
    authority = as_name(known) if known else None
    sentence = one.sentence
    doing = (known.id or known.name,) if known else ()
    return Event(
        type=kind,
        status=Status.NEW,
        agents=as_parties([known]) if known else (),
        targets=as_parties(find_whom(one.tokens, one.actors, doing)),
        authority=authority,
        programme=name_programme(
            one.low,
            sentence.start,
            sentence.end,
            start,
            authority,
            known.programmes if known else (),
            known.countries if known else (),
        ),
        trigger=Span(start, end, one.text[start:end]),
        evidence=Span(sentence.start, sentence.end, one.text[sentence.start : sentence.end]),
        field=one.field,
        cues=(CUE, FAINTLY) if faint else (CUE,),
        rule=f"{kind}.{RULE}",
        score=score,
    )


def _nearest(actors: Sequence[Actor], trigger: int) -> Actor | None:
    """Give the body or state nearest to the trigger; a body is nearer than the state that it belongs to."""
    bodies = [actor for actor in actors if actor.kind in (Kind.AUTHORITY, Kind.STATE)]
    return min(bodies, key=lambda actor: (abs(actor.start - trigger), actor.kind is Kind.STATE), default=None)
