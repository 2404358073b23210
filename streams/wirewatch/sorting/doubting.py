"""A second opinion on new listings: a small spaCy text classifier over sentences whose names are masked.

Called by `sorter` for events that would alert by a rule of low score. It knows words only, no grammar: where it finds a
new listing all but impossible, the event's score falls below the border of review. `make model` trains it from the
project's own labels. Over every rule it was measured to cost more right alerts than it saves false ones.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace
from functools import cache
from importlib.resources import as_file, files

import spacy
from spacy.language import Language

from wirewatch.records import Event, Mention, Status

#: The class of sentences that tell a new listing or delisting.
LABEL = "NEW_LISTING"
#: Below this probability the classifier disagrees. Dev split, 2026-11-24: no right alert lies below it.
DOUBT_BELOW = 0.05
#: Rules from this score on speak for themselves.
SURE_SCORE = 0.8
#: What is left of the score after a doubt; the border of review is .5.
DOUBTED_SHARE = 0.5


def mask(text: str, start: int, end: int, mentions: Iterable[Mention], authorities: Container[str]) -> str:
    """Give `text[start:end]` in small letters with names replaced by their kind, so that only the wording counts."""
    pieces: list[str] = []
    at = start
    for mention in sorted(mentions, key=lambda mention: (mention.start, -mention.end)):
        if mention.start < at or mention.end > end or mention.organisation is None:
            continue
        pieces += [text[at : mention.start], "BODY" if mention.organisation.id in authorities else "GROUP"]
        at = mention.end
    pieces.append(text[at:end])
    return "".join(pieces).replace("\n", " ")


def listing_probability(model: Language, masked: str) -> float:
    """Give how likely a masked sentence tells a new listing, 0..1."""
    return float(model(masked).cats[LABEL])


def may_be_doubted(event: Event) -> bool:
    """Tell whether an event would alert by a rule that does not speak for itself."""
    alerting = event.type in ("designation", "delisting") and event.status is Status.NEW
    return alerting and event.score < SURE_SCORE


def doubt(model: Language, event: Event, text: str, mentions: Iterable[Mention], authorities: Container[str]) -> Event:
    """Give the event as it is, or with a lowered score and the cue `second_opinion_disagrees`."""
    if not may_be_doubted(event):
        return event
    inside = [mention for mention in mentions if mention.field is event.field]
    probability = listing_probability(model, mask(text, event.evidence.start, event.evidence.end, inside, authorities))
    if probability >= DOUBT_BELOW:
        return event
    return replace(event, score=event.score * DOUBTED_SHARE, cues=(*event.cues, "second_opinion_disagrees"))


@cache
def load_model() -> Language | None:
    """Load the classifier of the package; None when the package was built without it."""
    folder = files("wirewatch.sorting") / "model"
    if not folder.is_dir():
        return None
    with as_file(folder) as path:
        return spacy.load(path)
