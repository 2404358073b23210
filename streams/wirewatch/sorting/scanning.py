"""Finds triggers and lexicon words in a field with one pass of an Aho-Corasick automaton.

Called by `sorter` before anything else. Knows words, not grammar: what it finds decides which sentences are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import ahocorasick

from wirewatch.sorting.inflecting import Form
from wirewatch.sorting.shapes import EventType, Rule


class Hit(NamedTuple):
    """A trigger in folded text, as one rule sees it."""

    start: int
    end: int
    rule: Rule
    forms: frozenset[Form]


class Entry(NamedTuple):
    """What a word is good for."""

    word: str
    triggers: tuple[tuple[Rule, frozenset[Form]], ...]
    lexicons: tuple[str, ...]


class Scan(NamedTuple):
    """What one field holds, in order of position."""

    #: Start of a trigger word and what it can trigger.
    triggers: list[tuple[int, Entry]]
    #: Lexicon name → start offsets of its words. Literal words of rules stand under themselves.
    lexicons: Mapping[str, list[int]]

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
        triggers: dict[str, list[tuple[Rule, frozenset[Form]]]] = {}
        named: dict[str, set[str]] = {}
        wanted: set[str] = set()
        for rule in (rule for event_type in types for rule in event_type.rules):
            for form, kinds in rule.forms.items():
                triggers.setdefault(form, []).append((rule, kinds))
            for word in (*rule.blockers, *rule.followed_by, *rule.preceded_by):
                if word.startswith("@"):
                    wanted.add(word[1:])
                else:
                    named.setdefault(word, set()).add(word)
            wanted.update(word for need in rule.needs for word in need)
        for name in wanted & set(lexicons):
            for word in lexicons[name]:
                named.setdefault(word, set()).add(name)
        for word in states:
            named.setdefault(word, set()).add("states")
        self._automaton = ahocorasick.Automaton()
        for word in sorted({*triggers, *named}):
            entry = Entry(word, tuple(triggers.get(word, ())), tuple(sorted(named.get(word, ()))))
            self._automaton.add_word(word, (len(word), entry))
        self._automaton.make_automaton()

    def scan(self, low: str) -> Scan:
        """Find what a folded field holds; words are bounded by what is neither letter nor digit."""
        triggers: list[tuple[int, Entry]] = []
        lexicons: dict[str, list[int]] = {}
        padded = low + " "
        for last, (length, entry) in self._automaton.iter(low):
            if padded[last + 1].isalnum():
                continue
            start = last - length + 1
            if start and low[start - 1].isalnum():
                continue
            if entry.triggers:
                triggers.append((start, entry))
            for name in entry.lexicons:
                lexicons.setdefault(name, []).append(start)
        return Scan(triggers, lexicons)
