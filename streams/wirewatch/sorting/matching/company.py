"""Reads the company of a name in one article: words of its own context, its country, words of violence, ordinary words.

Called by `evidence` and `judging`. Looks at the whole folded article, title included.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from enum import Enum
from functools import lru_cache

from wirewatch.knowledge.entities import Organisation
from wirewatch.knowledge.folding import fold_name
from wirewatch.sorting.matching.signs import Sign
from wirewatch.sorting.matching.wordlists import Topic, topics_of

#: How near, in characters on either side, words of the topic must stand.
_NEAR = 100
#: How near words of the organisation's own context must stand to count more than those elsewhere.
_NEAR_OWN = 150
#: Letters of a context word, and of a word of another sense, that stands for itself alone: "ban" is no bank.
_WHOLE = 3
#: Letters of its beginning by which a word is looked for first.
_HEAD = 4
_LONG = 6


class Kind(Enum):
    """What a word of an organisation's own context is."""

    NAME = "name"
    PLACE = "place"
    TOPIC = "topic"
    PERSON = "person"
    #: No word of its own, but of something else that bears its short name.
    OTHER = "other sense"


_OWN = {
    (Kind.NAME, True): Sign.OWN_NAME_NEAR,
    (Kind.NAME, False): Sign.OWN_NAME_FAR,
    (Kind.PLACE, True): Sign.OWN_PLACE_NEAR,
    (Kind.PLACE, False): Sign.OWN_PLACE_FAR,
    (Kind.TOPIC, True): Sign.OWN_TOPIC_NEAR,
    (Kind.TOPIC, False): Sign.OWN_TOPIC_FAR,
    (Kind.PERSON, True): Sign.OWN_PERSON_NEAR,
    (Kind.PERSON, False): Sign.OWN_PERSON_FAR,
    (Kind.OTHER, True): Sign.OTHER_SENSE_NEAR,
    (Kind.OTHER, False): Sign.OTHER_SENSE_FAR,
}


class Company:
    """What one article offers as company; computed when first asked for."""

    __slots__ = ("_anti", "_authority_places", "_folded", "_heads", "_own", "_own_words", "_telling")

    def __init__(self, folded: str, authority_places: AbstractSet[int] = frozenset()) -> None:
        self._folded = folded
        #: Where names of states and other bodies begin.
        self._authority_places = authority_places
        # An article may name one organisation ten thousand times.
        self._own: dict[str, bool] = {}
        self._anti: dict[str, bool] = {}
        self._own_words: dict[str, list[tuple[str, Kind, int]]] = {}
        self._telling: int | None = None
        self._heads: frozenset[str] | None = None

    def has_own_context(self, organisation: Organisation) -> bool:
        """Tell whether a context word of the organisation, or one of its people, stands in the article."""
        known = self._own.get(organisation.id)
        if known is None:
            words = *organisation.context, *organisation.context_people
            known = any(word in self._folded for word in _folded_words(words))
            self._own[organisation.id] = known
        return known

    def has_anti_context(self, organisation: Organisation) -> bool:
        """Tell whether a word that speaks against the organisation stands in the article."""
        known = self._anti.get(organisation.id)
        if known is None:
            known = any(word in self._folded for word in _folded_words(organisation.anti_context))
            self._anti[organisation.id] = known
        return known

    def has_other_sense_near(self, organisation: Organisation, start: int, end: int) -> bool:
        """Tell whether a word of something else that bears a name of the organisation stands near a place."""
        if not organisation.other_senses:
            return False
        before, behind = self._folded[max(0, start - _NEAR_OWN) : start], self._folded[end - 1 : end + _NEAR_OWN]
        return any(word in before or word in behind for word in _whole_words(organisation.other_senses))

    def speaks_of_groups(self) -> bool:
        """Tell whether the article speaks of armed groups, violence or lists at all."""
        return self._topics() != 0

    def signs_around(self, start: int, end: int) -> set[Sign]:
        """Give the signs of the topic around a place of the folded article."""
        words = self._folded[max(0, start - _NEAR) : start].split()
        if start > _NEAR:
            # The first one may be cut.
            words = words[1:]
        behind = self._folded[end : end + _NEAR].split()
        words += behind[:-1] if end + _NEAR < len(self._folded) else behind
        topics = [topics_of(word) for word in words]
        telling = sum(1 for topic in topics if topic & Topic.TELLING)
        found: set[Sign] = set()
        if telling:
            found.add(Sign.TELLING_NEAR)
        if telling > 1:
            found.add(Sign.TELLING_MANY)
        if (self._topics() >> 1) > telling:
            found.add(Sign.TELLING_FAR)
        if any(topic & (Topic.GROUP | Topic.TELLING) for topic in topics):
            found.add(Sign.GROUP_NEAR)
        if any(topic & Topic.LISTING for topic in topics):
            found.add(Sign.LISTING_NEAR)
        ordinary = {word for word, topic in zip(words, topics, strict=True) if topic & Topic.ORDINARY}
        if ordinary:
            found.add(Sign.ORDINARY_NEAR)
        if len(ordinary) > 1:
            found.add(Sign.ORDINARY_MANY)
        return found

    def signs_of_own(self, organisation: Organisation, start: int, end: int) -> set[Sign]:
        """Give the signs that the organisation's context words set outside of the name, near and elsewhere."""
        known = self._own_words.get(organisation.id)
        if known is None:
            known = []
            if self._heads is None:
                self._heads = frozenset([word[:_HEAD] for word in self._folded.split()])
            for word, head, kind in _kinds(organisation):
                # Most words stand nowhere: their beginnings are asked for first.
                at = self._folded.find(word) if head in self._heads else -1
                if at >= 0:
                    known.append((word, kind, at))
            self._own_words[organisation.id] = known
        found: set[Sign] = set()
        own = others = 0
        low, high = max(0, start - _NEAR_OWN), end + _NEAR_OWN
        for word, kind, first in known:
            at = self._folded.find(word, low, start)
            if at < 0:
                at = self._folded.find(word, end, high)
            near = at >= 0
            if not near:
                at = first if not start - 1 <= first < end else self._folded.find(word, high)
                if at < 0:
                    continue
            if kind is Kind.OTHER:
                others += near
            else:
                own += near
            if at in self._authority_places and kind is not Kind.OTHER:
                found.add(Sign.OWN_COUNTRY_NEAR if near else Sign.OWN_COUNTRY_FAR)
            else:
                found.add(_OWN[kind, near])
        if own > 1:
            found.add(Sign.OWN_MANY)
        if others > 1:
            found.add(Sign.OTHER_SENSE_MANY)
        return found

    def _topics(self) -> int:
        """Give twice the number of telling words of the article, plus one if it has words of violence or lists."""
        if self._telling is None:
            topics = [topic for topic in map(topics_of, self._folded.split()) if topic]
            telling = sum(1 for topic in topics if topic & Topic.TELLING)
            violent = any(topic & (Topic.TELLING | Topic.GROUP) for topic in topics)
            self._telling = 2 * telling + violent
        return self._telling


@lru_cache(maxsize=4096)
def _folded_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """Fold context words; each matches at the beginning of a word, so that Palestin meets Palestinian."""
    return tuple(f" {fold_name(word)}{' ' if len(word) <= _WHOLE else ''}" for word in words)


@lru_cache(maxsize=4096)
def _whole_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """Fold words of other senses; a short one must stand there as it is, or as a plural."""
    found: list[str] = []
    for word in words:
        folded = fold_name(word)
        found += (f" {folded}",) if len(word) > _LONG else (f" {folded} ", f" {folded}s ")
    return tuple(found)


@lru_cache(maxsize=4096)
def _kinds(organisation: Organisation) -> tuple[tuple[str, str, Kind], ...]:
    """Give each context word and word of another sense, folded, with its beginning and what it is."""
    names = " " + " ".join(
        fold_name(name) for name in (organisation.name, *organisation.aliases, *organisation.previous_names)
    )
    kinds: list[tuple[str, Kind]] = []
    for written, word in zip(organisation.context, _folded_words(organisation.context), strict=True):
        kind = Kind.TOPIC if written[0].islower() else Kind.NAME if word[:7] in names else Kind.PLACE
        kinds.append((word, kind))
    kinds += ((word, Kind.PERSON) for word in _folded_words(organisation.context_people))
    kinds += ((word, Kind.OTHER) for word in _whole_words(organisation.other_senses))
    return tuple((word, _head(word), kind) for word, kind in kinds)


def _head(word: str) -> str:
    """Give the first letters that an article's word must begin with; a folded sign may have become a space."""
    return next(iter(word.split()), "")[:_HEAD]
