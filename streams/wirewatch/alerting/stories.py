"""Groups events that are no listings into stories: by organisation, family, time, place and likeness of words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wirewatch.dossiers import Dossier, Says, Topic

#: Event types that are told of one happening: a bombing is reported, then claimed.
FAMILIES = {
    "attack_bombing": "attack",
    "attack_armed": "attack",
    "attack_claim": "attack",
    "assassination": "attack",
    "hostage_taking": "hostages",
    "plot_foiled": "security",
    "security_operation": "security",
    "arrest": "security",
    "extradition": "justice",
    "charge": "justice",
    "verdict": "justice",
    "listing_challenge": "justice",
    "sanction": "sanctions",
    "sanction_relief": "sanctions",
    "financing_action": "sanctions",
    "meeting": "talks",
    "agreement": "talks",
    "ceasefire": "talks",
    "threat": "words",
    "statement": "words",
    "protest": "protest",
}

#: A happening is reported for so long after it; after that a like one is another.
STORY_WINDOW = timedelta(days=3)
#: A correction may come late.
CORRECTION_WINDOW = timedelta(days=45)
#: Share of the shorter text's telling words that two reports of one happening have in common. A third: two reports of
#: one event name the same place, deed and victims; two events of one group share the group's own name and little else.
LIKENESS = 0.34
#: Place and day agree: then a weaker likeness is enough.
LIKENESS_SAME_PLACE = 0.15

_CORRECTION = re.compile(r"^\s*(correction|corrected|retraction|retracted|withdrawn|kill|clarification)\b", re.I)
_RETRACTION = re.compile(
    r"^\s*(retraction|retracted|withdrawn|kill|story withdrawn|advisory: withdraw\w*)\b\s*[:–—-]", re.I
)
_WORD = re.compile(r"[^\W\d_]{4,}")
#: Words that every report of violence or politics has.
_STOP = frozenset(
    """
    after also amid army been before being between both could during each from group have into just last least made
    militant militants more most near officials only other over people police said same says security since some such
    than that their them then there they this those through told under until were what when where which while will
    with would year years week monday tuesday wednesday thursday friday saturday sunday
    """.split()  # noqa: SIM905 - sixty quoted words are harder to read than sixty words
)


@dataclass(frozen=True, slots=True)
class Happening:
    """What one article says of one event that is no listing, as far as grouping needs it."""

    article_id: str
    feed_id: str
    family: str
    organisation_id: str
    at: datetime
    occurred_on: date | None
    place: str | None
    title: str
    words: frozenset[str]


def telling_words(*texts: str) -> frozenset[str]:
    """Give the words by which two reports of one happening know each other, cut to six letters against inflection."""
    return frozenset(word[:6] for text in texts for word in map(str.casefold, _WORD.findall(text)) if word not in _STOP)


def is_correction(title: str) -> bool:
    """Tell whether a title announces a correction or a retraction."""
    return _CORRECTION.match(title) is not None


def is_retraction(title: str) -> bool:
    """Tell whether a title takes a whole story back: "RETRACTED: …"."""
    return _RETRACTION.match(title) is not None


def place_happening(happening: Happening, dossiers: Iterable[Dossier]) -> Dossier | None:
    """Find the story that a happening belongs to, the likest of those that fit; None when it begins one."""
    best: tuple[float, Dossier] | None = None
    for dossier in dossiers:
        if dossier.topic is not Topic.EVENT or dossier.family != happening.family:
            continue
        if dossier.organisation_key != happening.organisation_id:
            continue
        if dossier.heard(happening.article_id):
            return dossier
        likeness = _fit(happening, dossier)
        if likeness is not None and (best is None or likeness > best[0]):
            best = (likeness, dossier)
    return best[1] if best else None


def make_story_key(happening: Happening) -> str:
    """Give the key of the story that a happening begins; the opener's article id tells two of one day apart."""
    day = (happening.occurred_on or happening.at.date()).isoformat()
    return f"event/{happening.family}/{happening.organisation_id}/{day}/{happening.article_id[-8:]}"


def _fit(happening: Happening, dossier: Dossier) -> float | None:
    window = CORRECTION_WINDOW if _corrects(happening, dossier) else STORY_WINDOW
    if not dossier.first_at - window <= happening.at <= dossier.last_at + window:
        return None
    if happening.place and dossier.place and happening.place.casefold() != dossier.place.casefold():
        return None
    days_apart = (
        abs((happening.occurred_on - dossier.occurred_on).days) if happening.occurred_on and dossier.occurred_on else 0
    )
    if days_apart > 1:
        return None
    same_place = bool(happening.place and dossier.place)
    likeness = max(
        (
            _likeness(happening.words, telling_words(item.title, *(quote.quote for quote in item.evidence)))
            for item in dossier.contributions
            if item.says is Says.SUPPORTS
        ),
        default=0.0,
    )
    return likeness if likeness >= (LIKENESS_SAME_PLACE if same_place else LIKENESS) else None


def _corrects(happening: Happening, dossier: Dossier) -> bool:
    """Tell whether the report corrects what its own feed told here, or is what a correction told here corrects."""
    own = [item for item in dossier.contributions if item.feed_id == happening.feed_id]
    return bool(own) and (is_correction(happening.title) or all(is_correction(item.title) for item in own))


def _likeness(first: frozenset[str], second: frozenset[str]) -> float:
    shorter = min(len(first), len(second))
    return len(first & second) / shorter if shorter else 0.0
