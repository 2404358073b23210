"""The door of the room: Article → SortedArticle. Pure and deterministic; the same files and text give the same result.

Called by the agent `sort_articles`, by `wirewatch sort`, by backtests. Never asks the register, never reads a clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from wirewatch.configuration import Problems
from wirewatch.knowledge.entities import Knowledge
from wirewatch.records import Article, Event, Field, Mention, SortedArticle
from wirewatch.sorting.cues import Language, load_language
from wirewatch.sorting.dates import DateCue, find_dates, refers_back
from wirewatch.sorting.doubting import doubt, load_model
from wirewatch.sorting.languages import guess_language
from wirewatch.sorting.loading import hash_event_files, load_event_types
from wirewatch.sorting.passages import Found, Passage
from wirewatch.sorting.reading import read_passage
from wirewatch.sorting.rereading import reread
from wirewatch.sorting.scanning import Scanner
from wirewatch.sorting.settling import merge, settle
from wirewatch.sorting.shapes import EventType
from wirewatch.sorting.sifting import Named, sift, sift_paragraphs
from wirewatch.sorting.text import cut_paragraphs, cut_sentences, fold_plain, make_sentence, plain, tokenize

#: Counts up with every change of the code that can change a result.
CODE_VERSION = "2"


class Matcher(Protocol):
    """What finds the organisations of an article; see `sorting.organisations`."""

    def find(self, article: Article) -> tuple[Mention, ...]:
        """Give the mentions of an article, authorities too."""
        ...


class Sorter:
    """Sorts articles by organisation and event type with one set of files."""

    def __init__(
        self, types: Sequence[EventType], matcher: Matcher, knowledge: Knowledge, language: Language, version: str
    ) -> None:
        self.version = version
        self.types = tuple(types)
        #: Ids of the bodies that put others on lists.
        self.authorities = frozenset(o.id for o in knowledge.organisations.values() if o.is_authority)
        self._matcher = matcher
        self.organisations = knowledge.organisations
        self._language = language
        self._model = load_model()
        self._scanner = Scanner(types, language.lexicons, {" ".join(key) for key in language.states})
        self._yields_to = {event_type.type: event_type.yields_to for event_type in types}

    def sort(self, article: Article) -> SortedArticle:
        """Sort one article."""
        mentions = self.mentions(article)
        english = (article.language or "").startswith("en")
        guessed = "en" if english else guess_language(article.text or article.title)
        events: tuple[Event, ...] = ()
        if guessed in (None, "en"):
            events = self.read(article, mentions)
            missed = reread(article, mentions, events, self.organisations)
            if missed is not None:
                # What the second reader takes for news stands in for what the rules took for an old story.
                kept = [
                    e for e in events if (e.type, e.field, e.trigger) != (missed.type, missed.field, missed.trigger)
                ]
                events = merge([*kept, missed])
        return SortedArticle(article, article.language or guessed, mentions, events, self.version)

    def read(self, article: Article, mentions: Sequence[Mention]) -> tuple[Event, ...]:
        """Give what the rules alone read in an English article."""
        return merge([found.event for found in self.explain(article, mentions)])

    def mentions(self, article: Article) -> tuple[Mention, ...]:
        """Give the organisations and authorities that an article names."""
        return self._matcher.find(article)

    def explain(self, article: Article, mentions: Sequence[Mention]) -> list[Found]:
        """Give every event with the reading behind it, before events that say the same are merged."""
        found: list[Found] = []
        for field, text in ((Field.TITLE, article.title), (Field.TEXT, article.text)):
            if text:
                found += self._read_field(
                    article, field, text, [mention for mention in mentions if mention.field is field]
                )
        settled = settle(found)
        if self._model is None:
            return settled
        texts = {Field.TITLE: article.title, Field.TEXT: article.text}
        return [
            replace(one, event=doubt(self._model, one.event, texts[one.event.field], mentions, self.authorities))
            for one in settled
        ]

    def _read_field(self, article: Article, field: Field, text: str, mentions: Sequence[Mention]) -> list[Found]:
        smooth = plain(text)
        low = fold_plain(smooth)
        scan = self._scanner.scan(low)
        if not scan.triggers:
            return []
        groups = [mention for mention in mentions if not self._is_authority(mention)]
        named = Named(
            tuple(mention.start for mention in groups),
            tuple(mention.start for mention in mentions if self._is_authority(mention)),
        )
        title = field is Field.TITLE
        ends = [len(text)] if title else cut_paragraphs(text)
        matter = sift_paragraphs(scan, ends, named)
        if not any(matter):
            return []
        spans = [(mention.start, mention.end) for mention in groups if mention.organisation is not None]
        if spans:
            # The "Army" of a Liberation Army is no army.
            scan = scan.outside(spans)
        looks_back = refers_back(low)
        stretches = cut_sentences(text, ends, None if looks_back else matter, title=title)
        worth = sift(scan, stretches, named)
        if not worth:
            return []
        published = article.published_at.date() if article.published_at else None
        small = not any(letter.isupper() for letter in text[:400])
        found: list[Found] = []
        previous: DateCue | None = None
        for at in range(len(stretches)) if looks_back else sorted(worth):
            start, end = stretches[at]
            if at in worth:
                sentence = make_sentence(text, stretches, at, title=title)
                tokens = tokenize(smooth, sentence)
                inside = [mention for mention in mentions if start <= mention.start < end]
                passage = Passage(
                    text, low, field, sentence, tokens, inside, worth[at], scan, published, previous, small
                )
                found += read_passage(passage, self.organisations, self._language, self._yields_to)
            if looks_back:
                dates = find_dates(low, start, end, published, previous)
                previous = dates[-1] if dates else previous
        return found

    def _is_authority(self, mention: Mention) -> bool:
        return mention.organisation is not None and mention.organisation.id in self.authorities


def load_sorter(knowledge: Knowledge, config_dir: Path, problems: Problems) -> Sorter:
    """Make the sorter of a configuration. Notes problems; a sorter is always given, to go on checking."""
    from wirewatch.sorting.organisations import load_matcher

    language = load_language()
    types = load_event_types(config_dir, language, problems)
    return Sorter(types, load_matcher(knowledge), knowledge, language, _version(knowledge, config_dir))


def _version(knowledge: Knowledge, config_dir: Path) -> str:
    known = knowledge.fingerprint or hashlib.sha256(repr(sorted(knowledge.organisations)).encode()).hexdigest()
    return f"{CODE_VERSION}-{hash_event_files(config_dir)[:8]}-{known[:8]}"
