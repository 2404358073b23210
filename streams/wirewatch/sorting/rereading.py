"""A second reader for articles in which no rule finds a new listing: it weighs how their first sentences are worded.

Called by `sorter`, after the rules. It knows no grammar, only kinds of words and what stands beside what, learnt by
`make model` from the project's own labels; it costs little where nobody speaks of lists, bans or terrorists.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from wirewatch.knowledge.entities import Organisation
from wirewatch.records import Article, Event, Status
from wirewatch.sorting.actors import Kind, looks_organised
from wirewatch.sorting.cues import load_language
from wirewatch.sorting.dates import find_dates
from wirewatch.sorting.pages import Page
from wirewatch.sorting.retelling import Reread, retell
from wirewatch.sorting.scanning import ACT_BIT
from wirewatch.sorting.weighing import load_weights
from wirewatch.sorting.wording import Word, describe_wording, is_act, read_wording

LISTINGS = ("designation", "delisting")
#: Sentences from here on tell what led to the news; see `settling`.
FIRST_SENTENCES = 3
#: From this log-odds on a sentence tells a new listing. Cross-validated by story on train, dev and phrases, 2026-11-24.
SURE = 1.5
#: The highest score that it may give: its word never outweighs a rule's.
HIGHEST = 0.75
#: Letters of a field in which its first sentences end; a longer sentence is not what it can judge.
_REACH = 1200
#: Parts of words without which nobody is listed, banned or called a terrorist; found faster than by expression.
_WORTH = (
    *("terror", "extremis", "ban", "outlaw", "proscri", "prohibit", "list", "designat", "unlawful", "illegal", "label"),
    *("fto", "sdgt", "schedule", "register", "criminal", "undesirable", " tag"),
)
#: Parts of words for which a text that names no known organisation is looked at too.
_STRONG = (
    "terror",
    "extremis",
    "outlaw",
    "proscri",
    "blacklist",
    "designat",
    "unlawful",
    " bans ",
    " banned ",
    "ban on ",
)
#: Words that speak of terrorists or of their lists, so that a sentence without a known name is weighed too.
_PLAIN = re.compile(r"terror|extremis|proscri|outlaw|\bftos?\b|\bsdgts?\b|blacklist|\bunlawful (?:a|o|g)")


#: Letters, digits and the rest; what is not of ASCII, which becomes a question mark, counts as a letter.
_SORTS = bytes(
    ord("1" if chr(code).isdigit() else "a" if chr(code).isalpha() or chr(code) == "?" else " ") for code in range(256)
)


def reread(
    article: Article, pages: Sequence[Page], events: Sequence[Event], organisations: Mapping[str, Organisation]
) -> Event | None:
    """Give the new listing that the first sentences of an article tell, or None when none is sure enough."""
    if any(event.type in LISTINGS and event.status in (Status.NEW, Status.REVOKED) for event in events):
        return None
    models = load_weights()
    best: tuple[float, Reread, list[Word], list[str]] | None = None
    for one in first_sentences(article, pages, events, organisations):
        words, features = describe(one)
        if features and (odds := models["new"].weigh(features)) >= SURE and (best is None or odds > best[0]):
            best = odds, one, words, features
    if best is None:
        return None
    odds, one, words, features = best
    kind = "delisting" if models["removal"].weigh(features) > 0 else "designation"
    return retell(one, words, kind, min(HIGHEST, 1 / (1 + math.exp(-odds))))


def first_sentences(
    article: Article, pages: Sequence[Page], events: Sequence[Event], organisations: Mapping[str, Organisation]
) -> Iterator[Reread]:
    """Give those of the title and the first sentences of the text that could tell a listing, with whom each names."""
    published = article.published_at.date() if article.published_at else None
    for page in pages:
        if not (page.mentions or _holds(_STRONG, page.low[:_REACH])):
            continue
        acts = _find_acts(page, min(_REACH, page.sentences.limit(FIRST_SENTENCES)))
        if not acts:
            continue
        for sentence in page.sentences.first(FIRST_SENTENCES, _REACH):
            start, end = sentence.start, sentence.end
            if not any(start <= act < end for act in acts) or not _holds(_WORTH, page.low[start:end]):
                continue
            yield Reread(
                text=page.text,
                low=page.low,
                field=page.field,
                sentence=sentence,
                tokens=page.tokens(sentence),
                actors=page.actors(sentence, organisations, load_language()),
                dates=find_dates(page.low, start, end, published),
                events=[e for e in events if e.field is page.field and start <= e.trigger.start < end],
            )


def _find_acts(page: Page, limit: int) -> Sequence[int]:
    """Give where words stand before a limit that may begin an act; every place where nobody has scanned for them."""
    if page.words is None or b"a1" in page.low[:limit].encode("ascii", "replace").translate(_SORTS):
        # The scan takes "terrorist2", a word with the mark of a footnote, for another word.
        return range(limit)
    words = page.words[: bisect_left(page.words, (limit,))]
    return [start for start, entry in words if entry.bits & ACT_BIT]


def _holds(parts: tuple[str, ...], piece: str) -> bool:
    # A loop, not `any`: three pieces of every article come here.
    for part in parts:  # noqa: SIM110
        if part in piece:
            return True
    return False


def describe(one: Reread) -> tuple[list[Word], list[str]]:
    """Give the words and the features of a sentence; no features where it does not speak of a listing of anybody."""
    words = read_wording(one.tokens, one.actors, one.dates)
    named = any(
        actor.kind is Kind.ORGANISATION or (actor.kind is Kind.NAME and looks_organised(actor)) for actor in one.actors
    )
    if not any(map(is_act, words)) or not (named or any(_PLAIN.search(word.surface) for word in words)):
        return words, []
    features = describe_wording(
        words,
        headline=one.sentence.headline,
        position=one.sentence.position,
        question="?" in one.text[one.sentence.start : one.sentence.end],
    )
    read = {f"read {event.type} {event.status}" for event in one.events if event.type in LISTINGS}
    return words, [*features, *sorted(read)]
