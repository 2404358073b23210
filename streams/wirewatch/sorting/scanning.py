"""Finds triggers and lexicon words in a field with one pass of an Aho-Corasick automaton.

Called by `sorter` before anything else. Knows words, not grammar: what it finds decides which sentences are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


class Trigger(NamedTuple):
    """One rule that a word can trigger."""

    rule: Rule
    forms: frozenset[Form]
    #: `Rule.wanted` in bits: each of these must share one with what is present.
    wanted: tuple[int, ...]


class Entry(NamedTuple):
    """What a word is good for."""

    word: str
    triggers: tuple[Trigger, ...]
    lexicons: tuple[str, ...]
    #: The lexicons in bits.
    bits: int


class Conditions(NamedTuple):
    """What rules may ask of names, in bits."""

    #: Met everywhere.
    name: int
    #: Met where a group is named, and where an authority is.
    group: int
    authority: int


class Scan:
    """What one field holds, in order of position."""

    __slots__ = ("_lexicons", "bits", "places", "triggers")

    def __init__(self, places: list[tuple[int, Entry]], triggers: list[tuple[int, Entry]], bits: int) -> None:
        #: Start of every word that stands in a lexicon.
        self.places = places
        #: Start of a trigger word and what it can trigger.
        self.triggers = triggers
        #: Every lexicon that is present.
        self.bits = bits
        self._lexicons: dict[str, list[int]] | None = None

    @property
    def lexicons(self) -> Mapping[str, list[int]]:
        """Give lexicon name → start offsets of its words. Literal words of rules stand under themselves."""
        if self._lexicons is None:
            self._lexicons = {}
            for start, entry in self.places:
                for name in entry.lexicons:
                    self._lexicons.setdefault(name, []).append(start)
        return self._lexicons

    def holds(self, name: str, start: int, end: int) -> bool:
        """Tell whether a lexicon's word begins within a stretch."""
        # A loop, not `any`: this is the hottest line of the room.
        for at in self.lexicons.get(name, ()):  # noqa: SIM110
            if start <= at < end:
                return True
        return False

    def outside(self, spans: Sequence[tuple[int, int]]) -> Scan:
        """Give the scan without lexicon words inside of some stretches; triggers stay."""
        kept = [place for place in self.places if not any(start <= place[0] < end for start, end in spans)]
        return Scan(kept, self.triggers, self.bits)


class Scanner:
    """An automaton over every trigger, lexicon word, blocker and follower of the event types."""

    def __init__(
        self, types: Iterable[EventType], lexicons: Mapping[str, frozenset[str]], states: Iterable[str] = ()
    ) -> None:
        rules = [rule for event_type in types for rule in event_type.rules]
        triggers: dict[str, list[tuple[Rule, frozenset[Form]]]] = {}
        named: dict[str, set[str]] = {}
        wanted: set[str] = set()
        for rule in rules:
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
        self._bits: dict[str, int] = {}
        self.conditions = Conditions(
            self._bits_of(("name",)), self._bits_of(("target", "organisation")), self._bits_of(("authority",))
        )
        self._automaton = ahocorasick.Automaton()
        alike: dict[str, list[Entry]] = {}
        for word in sorted({*triggers, *named}):
            bits = self._bits_of(named.get(word, ()))
            if "states" in named.get(word, ()):
                bits |= self.conditions.authority
            entry = Entry(
                word,
                tuple(
                    Trigger(rule, kinds, tuple(self._bits_of(names) for names in rule.wanted))
                    for rule, kinds in triggers.get(word, ())
                ),
                tuple(sorted(named.get(word, ()))),
                bits,
            )
            alike.setdefault(_bound(word), []).append(entry)
        for pattern, entries in alike.items():
            as_is = all(entry.word.isascii() and entry.word.isalnum() for entry in entries)
            self._automaton.add_word(pattern, (len(pattern) - 2, as_is, tuple(entries)))
        self._automaton.make_automaton()

    def _bits_of(self, names: Iterable[str]) -> int:
        bits = 0
        for name in names:
            bits |= 1 << self._bits.setdefault(name, len(self._bits))
        return bits

    def scan(self, low: str) -> Scan:
        """Find what a folded field holds; words are bounded by what is neither letter nor digit."""
        places: list[tuple[int, Entry]] = []
        triggers: list[tuple[int, Entry]] = []
        present = 0
        plain = low.isascii()
        for last, (length, as_is, entries) in self._automaton.iter(_bound(low)):
            start = last - length - 1
            if not plain and (low[start - 1 : start].isalnum() or low[last - 1 : last].isalnum()):
                # A letter that is not of ASCII looks like a border to the automaton.
                continue
            for entry in entries:
                if as_is or low.startswith(entry.word, start):
                    if entry.triggers:
                        triggers.append((start, entry))
                    if entry.bits:
                        places.append((start, entry))
                        present |= entry.bits
        return Scan(places, triggers, present)


#: Letters and digits of ASCII stay, everything else is a border.
_BORDERS = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))


def _bound(low: str) -> str:
    """Give a text with a space for every border and around it, so that the automaton itself keeps to whole words."""
    return f" {low.encode('ascii', 'replace').translate(_BORDERS).decode()} "
