"""The door of the room: Article → SortedArticle. Pure and deterministic; the same files and text give the same result.

Called by the agent `sort_articles`, by `wirewatch sort`, by backtests. Never asks the register, never reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from wirewatch.configuration import Problems
from wirewatch.knowledge.entities import Knowledge
from wirewatch.records import Article, Event, Field, Mention, Name, SortedArticle, Strength
from wirewatch.sorting.convicting import convict
from wirewatch.sorting.crediting import credit
from wirewatch.sorting.cues import Language, load_language
from wirewatch.sorting.dates import DateCue, find_dates, refers_back
from wirewatch.sorting.doubting import doubt, load_model, may_be_doubted
from wirewatch.sorting.extra_names import ExtraNames, load_extra_names
from wirewatch.sorting.languages import guess_language, speaks_english
from wirewatch.sorting.loading import load_event_types
from wirewatch.sorting.pages import Page, open_pages
from wirewatch.sorting.passages import Found, Passage
from wirewatch.sorting.reading import read_passage
from wirewatch.sorting.rereading import Weighed, reread, weigh
from wirewatch.sorting.scanning import Scanner
from wirewatch.sorting.settling import merge, settle
from wirewatch.sorting.shapes import EventType
from wirewatch.sorting.sifting import Named, Worth, sift, sift_paragraphs
from wirewatch.sorting.targeting import settle_targets
from wirewatch.sorting.testimony import Account, describe_suspects
from wirewatch.sorting.tongues.loading import load_tongues
from wirewatch.sorting.tongues.reading import Tongues
from wirewatch.sorting.versioning import name_version
from wirewatch.sorting.wording import act_signs


class Matcher(Protocol):
    """What finds the organisations of an article; see `sorting.organisations`."""

    def find(self, article: Article) -> tuple[Mention, ...]:
        """Give the mentions of an article, authorities too."""
        ...

    def find_short_forms(self, article: Article, names: Iterable[str], mentions: Sequence[Mention]) -> list[Mention]:
        """Give where the first words of long names that no file holds stand for them."""
        ...


class Sorter:
    """Sorts articles by organisation and event type with one set of files."""

    def __init__(
        self,
        types: Sequence[EventType],
        matcher: Matcher,
        knowledge: Knowledge,
        language: Language,
        version: str,
        extra_names: ExtraNames | None = None,
        tongues: Tongues | None = None,
    ) -> None:
        self.version = version
        self.types = tuple(types)
        #: Ids of the bodies that put others on lists.
        self.authorities = frozenset(o.id for o in knowledge.organisations.values() if o.is_authority)
        self.matcher = matcher
        self._extra_names = extra_names
        self._tongues = tongues or Tongues({}, {})
        self.organisations = knowledge.organisations
        self._language = language
        self._model = load_model()
        states = {" ".join(key) for key in language.states}
        self._scanner = Scanner(types, language.lexicons, states, act_signs())
        self._yields_to = {event_type.type: event_type.yields_to for event_type in types}

    def sort(self, article: Article) -> SortedArticle:
        """Sort one article."""
        mentions = self.mentions(article)
        text = article.text or article.title
        guessed = "en" if speaks_english(article.language, text) else guess_language(text)
        events: tuple[Event, ...] = ()
        if guessed in (None, "en"):
            mentions, pages, events = self._read_twice(article, mentions)
            events = convict(pages, events, self.organisations)
        if guessed != "en" and not events:
            guessed, events = self._tongues.read(article, mentions, guessed)
        return SortedArticle(article, article.language or guessed, mentions, events, self.version)

    def testify(self, article: Article) -> tuple[SortedArticle, list[Account]]:
        """Give an English article as it is before anybody weighs who did it, and what it says of every suspect."""
        mentions, pages, events = self._read_twice(article, self.mentions(article))
        read = SortedArticle(article, "en", mentions, events, self.version)
        return read, describe_suspects(pages, events, self.organisations)

    def _read_twice(
        self, article: Article, mentions: tuple[Mention, ...]
    ) -> tuple[tuple[Mention, ...], list[Page], tuple[Event, ...]]:
        """Let both readers read an article; short forms of names join its mentions."""
        pages = open_pages(article, mentions)
        events = merge([found.event for found in self._explain(article, pages, mentions)])
        if short := self._short_forms(article, events, mentions):
            mentions = tuple(sorted((*mentions, *short), key=lambda one: (one.field is Field.TEXT, one.start)))
            pages = open_pages(article, mentions)
            events = merge([found.event for found in self._explain(article, pages, mentions)])
        events = settle_targets(pages, reread(article, pages, events, self.organisations), self.organisations)
        return mentions, pages, merge(events)

    @property
    def tongues(self) -> tuple[str, ...]:
        """Give the codes of the languages that have a file; English needs none."""
        return tuple(self._tongues.by_code)

    def read(self, article: Article, mentions: Sequence[Mention]) -> tuple[Event, ...]:
        """Give what the rules alone read in an English article."""
        return merge([found.event for found in self.explain(article, mentions)])

    def weigh(self, article: Article, mentions: Sequence[Mention]) -> list[Weighed]:
        """Give the sentences that the second reader weighs, with what made their weight."""
        return list(weigh(article, open_pages(article, mentions), self.read(article, mentions), self.organisations))

    def mentions(self, article: Article) -> tuple[Mention, ...]:
        """Give the organisations and authorities that an article names."""
        found = self.matcher.find(article)
        return found if self._extra_names is None else self._extra_names.add(article, found)

    def _short_forms(self, article: Article, events: Sequence[Event], mentions: Sequence[Mention]) -> list[Mention]:
        """Give the short forms of names that no file holds and that something is told of."""
        names = [
            party.name
            for event in events
            for parties in (event.targets, event.agents)
            for party in parties
            if not party.id
        ]
        return self.matcher.find_short_forms(article, names, mentions) if names else []

    def explain(self, article: Article, mentions: Sequence[Mention]) -> list[Found]:
        """Give every event with the reading behind it, before events that say the same are merged."""
        return self._explain(article, open_pages(article, mentions), mentions)

    def _explain(self, article: Article, pages: Sequence[Page], mentions: Sequence[Mention]) -> list[Found]:
        only = self._only(mentions)
        settled = settle(credit([found for page in pages for found in self._read_page(article, page, only)]))
        if self._model is None:
            return settled
        texts = {Field.TITLE: article.title, Field.TEXT: article.text}
        return [
            one._replace(event=doubt(self._model, one.event, texts[one.event.field], mentions, self.authorities))
            if may_be_doubted(one.event)
            else one
            for one in settled
        ]

    def _read_page(self, article: Article, page: Page, only: Name | None) -> list[Found]:
        words = page.words = self._scanner.scan(page.low)
        if not words:
            return []
        sentences, named = page.sentences, self._name(page.mentions)
        matters = {matter.paragraph: matter for matter in sift_paragraphs(words, sentences.ends, named)}
        if not matters:
            return []
        published = article.published_at.date() if article.published_at else None
        looks_back = any(
            refers_back(page.low, sentences.ends[at - 1] if at else 0, sentences.ends[at]) for at in matters
        )
        previous: DateCue | None = None
        found: list[Found] = []
        for paragraph in range(len(sentences.ends)) if looks_back else matters:
            cut = sentences.of(paragraph)
            matter = matters.get(paragraph)
            worth = {one.sentence.start: one for one in sift(page.low, matter, cut, named)} if matter else {}
            for sentence in cut:
                if one := worth.get(sentence.start):
                    found += self._read_sentence(page, one, published, previous, only)
                if looks_back:
                    dates = find_dates(page.low, sentence.start, sentence.end, published, previous)
                    previous = dates[-1] if dates else previous
        return found

    def _read_sentence(
        self, page: Page, worth: Worth, published: date | None, previous: DateCue | None, only: Name | None
    ) -> list[Found]:
        sentence = worth.sentence
        tokens = page.tokens(sentence)
        actors = page.actors(sentence, self.organisations, self._language)
        passage = Passage(
            *(page.text, page.low, page.field, sentence, tokens, actors),
            *(worth.hits, worth.scan, worth.held, published, previous, only),
        )
        return read_passage(passage, self._language, self._yields_to)

    def _name(self, mentions: Sequence[Mention]) -> Named:
        groups: list[int] = []
        authorities: list[int] = []
        known: list[tuple[int, int]] = []
        for mention in mentions:
            if (named := mention.organisation) is None:
                groups.append(mention.start)
            elif named.id in self.authorities:
                authorities.append(mention.start)
            else:
                groups.append(mention.start)
                known.append((mention.start, mention.end))
        return Named(groups, authorities, known)

    def _only(self, mentions: Sequence[Mention]) -> Name | None:
        """Give the one group that an article names for sure; parties and the like do not count."""
        named = {
            name.id: name
            for mention in mentions
            if (name := mention.organisation) is not None
            and name.id not in self.authorities
            and mention.strength is not Strength.FUZZY
            and not self.organisations[name.id].is_civil
        }
        return next(iter(named.values())) if len(named) == 1 else None


def load_sorter(knowledge: Knowledge, config_dir: Path, problems: Problems, *, pipeline: str = "") -> Sorter:
    """Make the sorter of a configuration. Notes problems; a sorter is always given, to go on checking.

    `pipeline` names a spaCy pipeline of the operator's own, or is "".
    """
    from wirewatch.sorting.organisations import load_matcher

    language = load_language()
    types = load_event_types(config_dir, language, problems)
    extra = load_extra_names(pipeline, config_dir, problems)
    version = name_version(knowledge, config_dir) + (f"-{extra.label}" if extra else "")
    tongues = Tongues(load_tongues(config_dir, knowledge, problems), knowledge.organisations)
    return Sorter(types, load_matcher(knowledge), knowledge, language, version, extra, tongues)
