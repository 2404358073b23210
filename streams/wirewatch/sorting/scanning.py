"""Finds triggers and lexicon words in a field with one pass of an Aho-Corasick automaton.

Called by `sorter` before anything else. Knows words, not grammar: what it finds decides which sentences are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
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
    #: `Rule.needs` in bits: each of these must share one with what the sentence holds.
    needs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trigger:
    """One rule that a word can trigger."""

    rule: Rule
    forms: frozenset[Form]
    #: `Rule.needs` in bits.
    needs: tuple[int, ...]
    #: `Rule.followed_by` and `Rule.preceded_by` in bits: one must follow, one must precede; 0 where none is asked for.
    followers: int
    leaders: int
    #: All of these together, the rarest first: each must share one with what a sentence holds.
    wanted: tuple[int, ...]
    #: `Rule.blockers` in bits: none of these may be there.
    blockers: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word is good for."""

    word: str
    #: From where a word begins to the border behind the one behind it; see `Words`.
    reach: int
    triggers: tuple[Trigger, ...]
    lexicons: tuple[str, ...]
    #: The lexicons in bits.
    bits: int
    #: What the triggers want, the easiest only: where none of these is met, no other is.
    wanted: tuple[tuple[int, ...], ...]
    #: The first of each of these together: where nothing of it is there, none is met. All bits where one wants nothing.
    rarest: int
    #: What the second reader asks for: it is a sign of an act of listing, see `wording.act_signs`.
    may_act: bool
    #: The words that it may be, where signs inside of words make the automaton unsure; see `make_sure`.
    others: tuple[Entry, ...] = ()


#: Words of a field in order of where they end, as the automaton gives them: the place is one behind the word's end.
Words = list[tuple[int, Entry]]
#: The same for words that surely stand there, each with its start.
Places = list[tuple[int, Entry]]


#: What rules ask of names, in bits. Met everywhere; met where a group is named; met where an authority is named.
NAME_BIT, GROUP_BIT, AUTHORITY_BIT = 1, 2, 4
NAME_BITS = NAME_BIT | GROUP_BIT | AUTHORITY_BIT
_CONDITIONS = {"name": NAME_BIT, "target": GROUP_BIT, "organisation": GROUP_BIT, "authority": AUTHORITY_BIT}


class Scan:
    """The words of lexicons and rules in one sentence."""

    __slots__ = ("_lexicons", "_places")

    def __init__(self, places: Places) -> None:
        self._places = places
        self._lexicons: dict[str, list[int]] | None = None

    @property
    def lexicons(self) -> Mapping[str, list[int]]:
        """Give lexicon name → start offsets of its words. Literal words of rules stand under themselves."""
        if self._lexicons is None:
            self._lexicons = {}
            for start, entry in self._places:
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


class Scanner:
    """An automaton over every trigger, lexicon word, blocker and follower of the event types."""

    def __init__(
        self,
        types: Iterable[EventType],
        lexicons: Mapping[str, frozenset[str]],
        states: Iterable[str] = (),
        acts: Iterable[str] = (),
    ) -> None:
        rules = [rule for event_type in types for rule in event_type.rules]
        triggers: dict[str, list[tuple[int, frozenset[Form]]]] = {}
        named: dict[str, set[str]] = {}
        wanted: set[str] = set()
        for number, rule in enumerate(rules):
            for form, kinds in rule.forms.items():
                triggers.setdefault(form, []).append((number, kinds))
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
        acting = frozenset(acts)
        bit_of = _give_bits(rules)
        self._automaton = ahocorasick.Automaton()
        alike: dict[str, list[Entry]] = {}
        asked = [_ask(rule, bit_of) for rule in rules]
        for word in sorted({*triggers, *named, *acting}):
            names = tuple(sorted(named.get(word, ())))
            bits = _join(bit_of, names) | AUTHORITY_BIT * ("states" in names)
            found = tuple(Trigger(rules[number], kinds, *asked[number]) for number, kinds in triggers.get(word, ()))
            alike.setdefault(_bound(word), []).append(_entry(word, found, names, bits, word in acting))
        for pattern, entries in alike.items():
            entry = entries[0]
            if not (entry.word.isascii() and entry.word.isalnum()):
                # Signs inside of words look all alike to the automaton; only plain words are sure.
                triggers_of = tuple(trigger for one in entries for trigger in one.triggers)
                bits = reduce(or_, (one.bits for one in entries))
                entry = _entry(entry.word, triggers_of, (), bits, any(one.may_act for one in entries), tuple(entries))
            self._automaton.add_word(pattern, entry)
        self._automaton.make_automaton()

    def scan(self, low: str) -> Words:
        """Find what a folded field may hold; words are bounded by what is neither letter nor digit."""
        # Dashes and dots are what makes most English text leave ASCII.
        simple = low if low.isascii() else low.replace("—", " ").replace("…", " ").replace("•", " ")
        found: Words = list(self._automaton.iter(_bound(simple)))
        if simple.isascii():
            return found
        # A letter that is not of ASCII looks like a border to the automaton.
        return [
            (place, entry)
            for place, entry in found
            if not (low[place - 1 : place].isalnum() or low[place - entry.reach - 1 : place - entry.reach].isalnum())
        ]


def make_sure(low: str, words: Words) -> Places:
    """Give those words that stand there with their own signs: "black-list" is no "black list"."""
    sure: Places = []
    for place, entry in words:
        start = place - entry.reach
        if entry.others:
            sure += [(start, other) for other in entry.others if low.startswith(other.word, start)]
        else:
            sure.append((start, entry))
    return sure


def _entry(
    word: str,
    triggers: tuple[Trigger, ...],
    lexicons: tuple[str, ...],
    bits: int,
    may_act: bool,
    others: tuple[Entry, ...] = (),
) -> Entry:
    wanted = _easiest(triggers)
    rarest = reduce(or_, (one[0] if one else -1 for one in wanted), 0)
    return Entry(word, len(word) + 1, () if others else triggers, lexicons, bits, wanted, rarest, may_act, others)


def _easiest(triggers: Iterable[Trigger]) -> tuple[tuple[int, ...], ...]:
    """Give what triggers want, without what is met only where another is met too."""
    kept: list[tuple[int, ...]] = []
    for wanted in dict.fromkeys(trigger.wanted for trigger in triggers):
        if not any(_is_easier(one, wanted) for one in kept):
            kept = [one for one in kept if not _is_easier(wanted, one)] + [wanted]
    return tuple(kept)


def _is_easier(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Tell whether what meets `other` always meets `one`."""
    return all(any(bits & ~easy == 0 for bits in other) for easy in one)


def _give_bits(rules: Iterable[Rule]) -> dict[str, int]:
    """Give every lexicon and literal word of the rules a bit; those that rules never tell apart share one."""
    asking: dict[str, list[int]] = {}
    lists = [
        words for rule in rules for words in (*rule.needs, rule.followed_by, rule.preceded_by, rule.blockers) if words
    ]
    for number, words in enumerate(lists):
        for word in words:
            asking.setdefault(word.removeprefix("@"), []).append(number)
    alike: dict[tuple[int, ...], int] = {}
    # Bits below 8 are conditions.
    return {word: alike.setdefault(tuple(numbers), 8 << len(alike)) for word, numbers in asking.items()}


def _ask(rule: Rule, bit_of: Mapping[str, int]) -> tuple[tuple[int, ...], int, int, tuple[int, ...], int]:
    """Give what a rule wants and what blocks it, in bits; see `Trigger`."""
    needs = tuple(
        _join(bit_of, (word for word in need if word not in ("name", "authority")))
        | sum({_CONDITIONS[word] for word in need if word in _CONDITIONS})
        for need in rule.needs
    )
    followers = _join(bit_of, (word.removeprefix("@") for word in rule.followed_by if word != "@authority"))
    if "@authority" in rule.followed_by:
        followers |= AUTHORITY_BIT
    leaders = _join(bit_of, (word.removeprefix("@") for word in rule.preceded_by))
    wanted = needs + tuple(
        bits for words, bits in ((rule.followed_by, followers), (rule.preceded_by, leaders)) if words
    )
    # What is met everywhere need not be asked; what is met least often is asked first.
    wanted = tuple(sorted((bits for bits in wanted if not bits & NAME_BIT), key=int.bit_count))
    return needs, followers, leaders, wanted, _join(bit_of, (word.removeprefix("@") for word in rule.blockers))


def _join(bit_of: Mapping[str, int], names: Iterable[str]) -> int:
    bits = 0
    for name in names:
        bits |= bit_of.get(name, 0)
    return bits


#: Letters and digits of ASCII stay, everything else is a border.
_BORDERS = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))


def _bound(low: str) -> str:
    """Give a text with a space for every border and around it, so that the automaton itself keeps to whole words."""
    return f" {low.encode('ascii', 'replace').translate(_BORDERS).decode()} "
