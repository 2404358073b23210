"""Weighs who did the acts of violence of an article: names likely suspects where no rule does, drops unlikely guesses.

Called by `sorter` when both readers are through. It weighs the signs of `testimony` by a table learnt by `make model`.
A suspect who is likelier innocent is named all the same, for a person to review: the act's score falls below .5.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from wirewatch.knowledge.entities import Organisation
from wirewatch.records import Event, Party
from wirewatch.sorting.cast import is_guess
from wirewatch.sorting.pages import Page
from wirewatch.sorting.suspects import Class
from wirewatch.sorting.testimony import Account, describe_suspects, is_deed
from wirewatch.sorting.weighing import load_doers

#: What the cue of a doer begins with whom weight alone has named.
CUE = "weighed doer"
#: From these log-odds on a suspect whom no rule names is named, and a guess of the rules stands. Tried on documents
#: that no model of the trial had seen: `python -m tests.doers`.
NAMED = {Class.GROUP: -1.0, Class.CIVIL: 0.0, Class.FORCES: -0.5, Class.BAND: 0.0}
#: The same for a suspect of whom a sentence denies something, where no rule names him.
DENIED = 0.0


def convict(
    pages: Sequence[Page], events: Sequence[Event], organisations: Mapping[str, Organisation]
) -> tuple[Event, ...]:
    """Give the events with the doers whom weight names, and without guesses that it does not bear out."""
    accounts = describe_suspects(pages, events, organisations)
    models = load_doers()
    return judge(events, [(one, models[model_of(one)].weigh(one.signs)) for one in accounts])


def model_of(account: Account) -> str:
    """Name the model that weighs a suspect: of known organisations, or of those who are called by what they are."""
    return "known" if account.suspect.id else "nameless"


def judge(events: Sequence[Event], weighed: Sequence[tuple[Account, float]]) -> tuple[Event, ...]:
    """Give the events with the doers whom log-odds name, and without guesses that they do not bear out.

    What a slot, an accusation or a claim says is never set aside: weight decides only where nobody says who did it.
    """
    judged = list(events)
    for account, odds in sorted(weighed, key=lambda one: -one[1]):
        border = NAMED[account.suspect.kind]
        named = [at for at, event in enumerate(judged) if is_deed(event) and _names(event, account)]
        if not named and odds >= (max(border, DENIED) if account.denied else border):
            _name(judged, account, odds)
        elif odds < border:
            for at in named:
                if is_guess(judged[at]):
                    judged[at] = _without(judged[at], account, odds)
    return tuple(judged)


def _names(event: Event, account: Account) -> bool:
    return any(_is(party, account) for party in event.agents)


def _is(party: Party, account: Account) -> bool:
    if account.suspect.id:
        return party.id == account.suspect.id
    return any(place.start < party.end and party.start < place.end for place in account.places)


def _without(event: Event, account: Account, odds: float) -> Event:
    agents = tuple(party for party in event.agents if not _is(party, account))
    return replace(event, agents=agents, cues=(*event.cues, f"cleared doer: {odds:.1f}"))


def _name(judged: list[Event], account: Account, odds: float) -> None:
    """Give the nearest act that has no doer the suspect as its doer.

    An act with a target keeps its score, and so has no doer who is likelier innocent: it may alert by its target.
    """
    free = [
        at
        for at, event in enumerate(judged)
        if is_deed(event) and not event.agents and (not event.targets or (odds >= 0 and not _suffers(event, account)))
    ]
    if not free:
        return
    at = min(free, key=lambda at: (_distance(judged[at], account), at))
    event = judged[at]
    likelihood = 1 / (1 + math.exp(-odds))
    judged[at] = replace(
        event,
        agents=(account.as_party(account.nearest(event.field, event.trigger.start)),),
        cues=(*event.cues, f"{CUE}: {likelihood:.2f}"),
        score=min(event.score, round(likelihood, 2)) if likelihood < 0.5 else event.score,
    )


def _suffers(event: Event, account: Account) -> bool:
    return any(_is(party, account) for party in event.targets)


def _distance(event: Event, account: Account) -> tuple[bool, int]:
    """Tell how far an act is from the nearest mention: in another field, and by how many characters."""
    place = account.nearest(event.field, event.trigger.start)
    return place.field is not event.field, abs(place.start - event.trigger.start)
