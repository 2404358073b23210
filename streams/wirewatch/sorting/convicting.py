"""Weighs who did the acts of violence of an article: names likely suspects where no rule does, drops unlikely guesses.

Called by `sorter` when both readers are through. It weighs the signs of `testimony` by a table learnt by `make model`.
Whom it names is for a person to review: the act's score falls below .5, so that weight alone alerts nobody.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from wirewatch.knowledge.entities import Organisation
from wirewatch.records import Event
from wirewatch.sorting.cast import is_guess
from wirewatch.sorting.pages import Page
from wirewatch.sorting.testimony import Account, describe_suspects, is_deed
from wirewatch.sorting.weighing import load_doers

#: What the cue of a doer begins with whom weight alone has named.
CUE = "weighed doer"
#: From these log-odds on a suspect whom no rule names is named, and a guess of the rules stands. Tried on documents
#: that no model of the trial had seen: `python -m tests.doers`.
NAMED = -1.0
#: The same for an organisation that carries no arms.
NAMED_CIVIL = 0.0
#: The highest score of an act whose doer weight names, below the border of alerts, which is .5: he is for a person to
#: review, however likely he is.
REVIEWED = 0.45


def convict(
    pages: Sequence[Page], events: Sequence[Event], organisations: Mapping[str, Organisation]
) -> tuple[Event, ...]:
    """Give the events with the doers whom weight names, and without guesses that it does not bear out."""
    if not any(map(_is_open, events)):
        return tuple(events)
    model = load_doers()
    return judge(events, [(one, model.weigh(one.signs)) for one in describe_suspects(pages, events, organisations)])


def judge(events: Sequence[Event], weighed: Sequence[tuple[Account, float]]) -> tuple[Event, ...]:
    """Give the events with the doers whom log-odds name, and without guesses that they do not bear out.

    What a slot, an accusation or a claim says is never set aside: weight decides only where nobody says who did it.
    """
    judged = list(events)
    for account, odds in sorted(weighed, key=lambda one: -one[1]):
        border = NAMED_CIVIL if account.suspect.civil else NAMED
        named = [at for at, event in enumerate(judged) if is_deed(event) and _names(event, account)]
        if not named and odds >= border and not account.denied:
            _name(judged, account, odds)
        elif odds < border:
            for at in named:
                if is_guess(judged[at]):
                    judged[at] = _without(judged[at], account, odds)
    return tuple(judged)


def _is_open(event: Event) -> bool:
    """Tell whether weight may give an act a doer or take one from it."""
    return is_deed(event) and (_is_free(event) or is_guess(event))


def _is_free(event: Event) -> bool:
    # An act with a target may alert by it, and so keeps its score.
    return not event.agents and not event.targets


def _names(event: Event, account: Account) -> bool:
    return any(party.id == account.suspect.id for party in event.agents)


def _without(event: Event, account: Account, odds: float) -> Event:
    agents = tuple(party for party in event.agents if party.id != account.suspect.id)
    return replace(event, agents=agents, cues=(*event.cues, f"cleared doer: {odds:.1f}"))


def _name(judged: list[Event], account: Account, odds: float) -> None:
    """Give the nearest act that has neither doer nor target the suspect as its doer."""
    free = [at for at, event in enumerate(judged) if is_deed(event) and _is_free(event)]
    if not free:
        return
    at = min(free, key=lambda at: (_distance(judged[at], account), at))
    event = judged[at]
    likelihood = 1 / (1 + math.exp(-odds))
    judged[at] = replace(
        event,
        agents=(account.as_party(account.nearest(event.field, event.trigger.start)),),
        cues=(*event.cues, f"{CUE}: {likelihood:.2f}"),
        score=min(event.score, round(likelihood, 2), REVIEWED),
    )


def _distance(event: Event, account: Account) -> tuple[bool, int]:
    """Tell how far an act is from the nearest mention: in another field, and by how many characters."""
    place = account.nearest(event.field, event.trigger.start)
    return place.field is not event.field, abs(place.start - event.trigger.start)
