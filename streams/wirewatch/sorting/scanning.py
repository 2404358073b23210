"""Finds triggers and lexicon words in a field with one pass of an Aho-Corasick automaton; cheap enough for every article.

Called by `sorter` before anything else. Knows words, not grammar: what it finds decides which sentences are read at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import ahocorasick

from wirewatch.sorting.inflecting import Form
from wirewatch.sorting.shapes import EventType, Rule


@dataclass(frozen=True, slots=True)
class Hit:
    """A trigger in folded text."""

    start: int
    end: int
    rule: Rule
    forms: frozenset[Form]


@dataclass(slots=True)
class _Entry:
    word: str
    triggers: list[tuple[Rule, frozenset[Form]]] = field(default_factory=list)
    lexicons: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scan:
    """What one field holds, in order of position."""

    hits: tuple[Hit, ...]
    #: Lexicon name → start offsets of its words. Literal words of rules stand under themselves.
    lexicons: Mapping[str, tuple[int, ...]]

    def holds(self, name: str, start: int, end: int) -> bool:
        """Tell whether a lexicon's word begins within a stretch."""
        # A loop, not `any`: this is the hottest line of the room.
        for at in self.lexicons.get(name, ()):  # noqa: SIM110
            if start <= at < end:
                return True
        return False


class Scanner:
    """An automaton over every trigger, lexicon word, blocker and follower of the event types."""

    def __init__(
        self, types: Iterable[EventType], lexicons: Mapping[str, frozenset[str]], states: Iterable[str] = ()
    ) -> None:
        entries: dict[str, _Entry] = {}
        wanted: set[str] = set()
        for rule in (rule for event_type in types for rule in event_type.rules):
            for form, kinds in rule.forms.items():
                entries.setdefault(form, _Entry(form)).triggers.append((rule, kinds))
            for word in (*rule.blockers, *rule.followed_by, *rule.preceded_by):
                if word.startswith("@"):
                    wanted.add(word[1:])
                else:
                    entries.setdefault(word, _Entry(word)).lexicons.append(word)
            wanted.update(word for need in rule.needs for word in need)
        for name in sorted(wanted & set(lexicons)):
            for word in lexicons[name]:
                entries.setdefault(word, _Entry(word)).lexicons.append(name)
        for word in states:
            entries.setdefault(word, _Entry(word)).lexicons.append("states")
        self._automaton = ahocorasick.Automaton()
        for word, entry in entries.items():
            self._automaton.add_word(word, entry)
        self._automaton.make_automaton()

    def scan(self, low: str) -> Scan:
        """Find what a folded field holds; words are bounded by what is neither letter nor digit."""
        hits: list[Hit] = []
        lexicons: dict[str, list[int]] = {}
        length = len(low)
        for last, entry in self._automaton.iter(low):
            end = last + 1
            if end < length and low[end].isalnum():
                continue
            start = end - len(entry.word)
            if start and low[start - 1].isalnum():
                continue
            for rule, forms in entry.triggers:
                hits.append(Hit(start, end, rule, forms))
            for name in entry.lexicons:
                lexicons.setdefault(name, []).append(start)
        return Scan(tuple(hits), {name: tuple(found) for name, found in lexicons.items()})
