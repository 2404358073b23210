"""Picks the sentences that could tell a new listing, and describes how each is worded. Called by `rereading`.

Most articles speak of no list, ban or terrorist, and cost a few comparisons here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from wirewatch.knowledge.entities import Organisation
from wirewatch.records import Article, Event, Status
from wirewatch.sorting.actors import Actor, Kind, looks_organised
from wirewatch.sorting.cues import load_language
from wirewatch.sorting.dates import find_dates
from wirewatch.sorting.pages import Page
from wirewatch.sorting.retelling import Reread
from wirewatch.sorting.shapes import LISTINGS
from wirewatch.sorting.text import Sentence
from wirewatch.sorting.wording import Word, describe_wording, is_act, read_wording, speaks_of_listing

#: Sentences from here on tell what led to the news; see `settling`.
FIRST_SENTENCES = 3
#: The feature of a sentence in which no word speaks plainly of a listing (see `wording.speaks_of_listing`), or that
#: names no organisation and speaks of no terrorists.
FAINT = "s faint"
#: Letters of a field in which its first sentences end; a longer sentence is not what can be judged.
_REACH = 1200
#: More letters than a word of an act has: one that begins before a place ends before this many behind it.
_LONGEST = 60
#: Parts of words without which nobody is listed, banned or called a terrorist; found faster than by expression.
_WORTH = (
    *("terror", "extremis", "ban", "outlaw", "proscri", "prohibit", "list", "designat", "unlawful", "illegal", "label"),
    *("fto", "sdgt", "schedule", "register", "criminal", "undesirable", " tag", "dissol", "disband", "legal", "crime"),
    *("offence", "forbid", "notif", "gazette", "decree", "brand", "annex", "entr", "inclu", "freez", "sanction"),
    "struck",
)
#: Parts of words for which a text that names no known organisation is looked at too.
_STRONG = (
    *("terror", "extremis", "outlaw", "proscri", "blacklist", "designat", "unlawful", "delist", "unban", " bans "),
    *("banned", "ban on ", "dissolv", "undesirable", "schedule", " ban ", "sanctions list", "prohibit", "forbid"),
    *("listing of", "listed by", "listing by", "ban of ", "the list", "illegal", "'s list", "delete", "annul"),
)
#: Words that speak of terrorists or of their lists, so that a sentence without a known name is weighed too.
_PLAIN = re.compile(
    r"terror|extremis|proscri|\bftos?\b|\bsdgts?\b|blacklist|unlawful|delist|unban|schedule|undesirable"
)


#: Letters, digits and the rest; what is not of ASCII, which becomes a question mark, counts as a letter.
_SORTS = bytes(
    ord("1" if chr(code).isdigit() else "a" if chr(code).isalpha() or chr(code) == "?" else " ") for code in range(256)
)


def telling_sentences(
    article: Article, pages: Sequence[Page], events: Sequence[Event], organisations: Mapping[str, Organisation]
) -> Iterator[Reread]:
    """Give every sentence that could tell a new listing, with whom it names.

    These are the title and the first sentences of the text, and all in which the rules found a new listing.
    """
    published = article.published_at.date() if article.published_at else None
    named = any(page.mentions for page in pages)
    for page in pages:
        news = {event.evidence.start for event in events if event.field is page.field and is_news(event)}
        first = _first(page, named=named)
        for sentence in (*first, *_at(page, news - {sentence.start for sentence in first})):
            start, end = sentence.start, sentence.end
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


def _first(page: Page, *, named: bool) -> list[Sentence]:
    """Give those first sentences of a field that hold words of a listing."""
    quick = page.low[:_REACH]
    if not (named or _holds(_STRONG, quick)):
        return []
    acts = _find_acts(page, min(_REACH, page.sentences.limit(FIRST_SENTENCES)))
    if not acts:
        return []
    return [
        sentence
        for sentence in page.sentences.first(FIRST_SENTENCES, _REACH)
        if any(sentence.start <= act < sentence.end for act in acts)
        and _holds(_WORTH, page.low[sentence.start : sentence.end])
    ]


def _at(page: Page, starts: Container[int]) -> list[Sentence]:
    """Give the sentences that begin at given places."""
    if not starts:
        return []
    return [sentence for sentence in page.sentences.every() if sentence.start in starts]


def _find_acts(page: Page, limit: int) -> Sequence[int]:
    """Give where words stand before a limit that are signs of an act; every place where nobody has scanned for them."""
    if page.words is None or b"a1" in page.low[:limit].encode("ascii", "replace").translate(_SORTS):
        # The scan takes "terrorist2", a word with the mark of a footnote, for another word.
        return range(limit)
    words = page.words[: bisect_left(page.words, (limit + _LONGEST,))]
    return [start for place, entry in words if entry.may_act and (start := place - entry.reach) < limit]


def _holds(parts: tuple[str, ...], piece: str) -> bool:
    # A loop, not `any`: three pieces of every article come here.
    for part in parts:  # noqa: SIM110
        if part in piece:
            return True
    return False


def describe(one: Reread, *, blind: bool = False) -> tuple[list[Word], list[str]]:
    """Give the words and the features of a sentence; no features where it does not speak of a listing of anybody.

    Args:
        one: The sentence.
        blind: Leave out what the rules read. So it learns from text that rules were written on, where they look
            better than they are.
    """
    words = read_wording(one.tokens, one.actors, one.dates)
    read = [event for event in one.events if event.type in LISTINGS]
    if not read and not any(map(is_act, words)):
        return words, []
    features = set(
        describe_wording(
            words,
            headline=one.sentence.headline,
            position=one.sentence.position,
            question="?" in one.text[one.sentence.start : one.sentence.end],
        )
    )
    nobody = not read and not (_names_anybody(one.actors) or any(map(_is_plain, words)))
    if nobody or (not read and not speaks_of_listing(words)):
        features.add(FAINT)
    for event in () if blind else read:
        features |= {f"read {event.type} {event.status}", f"rule {event.rule}", f"rule {event.rule} {event.status}"}
        for cue in event.cues:
            name = cue.partition(":")[0]
            features |= {f"cue {name}", f"cue {event.status} {name}"}
    return words, sorted(features)


def _names_anybody(actors: Iterable[Actor]) -> bool:
    return any(
        actor.kind is Kind.ORGANISATION or (actor.kind is Kind.NAME and looks_organised(actor)) for actor in actors
    )


def _is_plain(word: Word) -> bool:
    return word.kind in ("ORGANISATION", "LABEL", "TERROR_LIST") or _PLAIN.search(word.surface) is not None


def is_news(event: Event) -> bool:
    """Tell whether an event is a new listing, or a new ending of one."""
    return event.type in LISTINGS and event.status in (Status.NEW, Status.REVOKED)
