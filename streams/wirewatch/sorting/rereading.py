"""A second reader: it weighs how a sentence is worded, with what the rules read in it, and may set their word aside.

Called by `sorter`, after the rules. It knows no grammar, only kinds of words and what stands beside what, learnt by
`make model` from the project's own labels.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from wirewatch.knowledge.entities import Organisation
from wirewatch.records import Article, Event, Status
from wirewatch.sorting.pages import Page
from wirewatch.sorting.retelling import CUE, Reread, retell
from wirewatch.sorting.shapes import LISTINGS
from wirewatch.sorting.telling import FAINT, describe, is_news, telling_sentences
from wirewatch.sorting.weighing import Weights, load_weights
from wirewatch.sorting.wording import Word

#: From this log-odds on a sentence tells a new listing of which the rules read nothing, or an old one. The borders were
#: tried on phrases and stories that no model of the trial had seen, 2026-11-25: `python -m tests.weights`.
SURE = 0.75
#: From this one on, where the rules read a proposal or a denial.
INSISTENT = 1.75
#: From this one on, where no word speaks plainly of a listing: the news of wars and courts is full of such sentences.
UNSAID = 3.0
#: Below this one it tells none, whatever the rules say.
DOUBTFUL = -1.0
#: The same, where the rules read an old listing beside one with a fresh date.
MIXED = -3.0
#: Cues by which the rules know that a listing is no news, however it is worded.
_OLD_CUES = ("stative", "old", "reduced relative")
#: The score of what it leaves unclear, below the border of review, which is .5.
REVIEWED = 0.45
#: So many features are shown to those who ask why.
SHOWN = 6
#: The highest score that it may give: its word never outweighs a rule's.
HIGHEST = 0.75
#: What it may say instead of new; where none of a listing seems to be told, the status is unclear.
OTHERWISE = {
    "background": Status.BACKGROUND,
    "proposed": Status.PROPOSED,
    "denied": Status.DENIED,
    "none": Status.UNCLEAR,
}


def reread(
    article: Article, pages: Sequence[Page], events: Sequence[Event], organisations: Mapping[str, Organisation]
) -> tuple[Event, ...]:
    """Give the events with the listings that wording takes for news, and without news in those that it does not."""
    models = load_weights()
    best: tuple[float, Reread, list[Word], list[str]] | None = None
    kept = list(events)
    for one in telling_sentences(article, pages, events, organisations):
        words, features = describe(one)
        if not features:
            continue
        odds = models["new"].weigh(features)
        tells = odds >= border(one, features)
        news = [event for event in one.events if is_news(event)]
        if news and not tells:
            doubted = [_doubt(event, models, features) for event in news]
            kept = [event for event in kept if event not in news] + doubted
        elif tells and not news and (best is None or odds > best[0]):
            best = odds, one, words, features
    if best is not None and not any(map(is_news, kept)):
        odds, one, words, features = best
        kind = "delisting" if models["removal"].weigh(features) > 0 else "designation"
        missed = retell(one, words, kind, min(HIGHEST, 1 / (1 + math.exp(-odds))), faint=FAINT in features)
        # What it takes for news stands in for what the rules took for an old story.
        same = missed.type, missed.field, missed.trigger
        kept = [*(event for event in kept if (event.type, event.field, event.trigger) != same), missed]
    return tuple(kept)


class Weighed(NamedTuple):
    """What the second reader makes of a sentence, for those who ask why."""

    sentence: str
    #: Log-odds that it tells a new listing.
    odds: float
    #: From these on it does.
    border: float
    #: The features that count most, with what each adds.
    strongest: tuple[tuple[str, float], ...]


def weigh(
    article: Article, pages: Sequence[Page], events: Sequence[Event], organisations: Mapping[str, Organisation]
) -> Iterator[Weighed]:
    """Give every sentence that is weighed, with what made its weight."""
    model = load_weights()["new"]
    for one in telling_sentences(article, pages, events, organisations):
        _, features = describe(one)
        if features:
            sentence = one.text[one.sentence.start : one.sentence.end]
            yield Weighed(sentence, model.weigh(features), border(one, features), model.strongest(features, SHOWN))


def border(one: Reread, features: Container[str]) -> float:
    """Give the log-odds from which on a sentence tells a new listing."""
    news = [event for event in one.events if is_news(event)]
    if news:
        # Where a sentence tells an old listing too, wording alone cannot tell which of them is meant.
        mixed = len(news) < sum(event.type in LISTINGS for event in one.events)
        return MIXED if mixed and any(cue.startswith("fresh") for event in news for cue in event.cues) else DOUBTFUL
    if FAINT in features:
        return UNSAID
    read = (event for event in one.events if event.type in LISTINGS)
    if any(event.status in (Status.PROPOSED, Status.DENIED) or _is_old(event) for event in read):
        return INSISTENT
    return SURE


def _is_old(event: Event) -> bool:
    return any(cue.startswith(_OLD_CUES) for cue in event.cues)


def _doubt(event: Event, models: Mapping[str, Weights], features: Sequence[str]) -> Event:
    likeliest = max(OTHERWISE, key=lambda name: models[name].weigh(features))
    status = OTHERWISE[likeliest]
    # What is unclear is for a person to review, not for an alert.
    score = min(event.score, REVIEWED) if status is Status.UNCLEAR else event.score
    return replace(event, status=status, score=score, cues=(*event.cues, f"{CUE}: {likeliest}"))
