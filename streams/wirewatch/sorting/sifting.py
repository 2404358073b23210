"""Decides which triggers deserve a reading: those whose sentence can meet what their rule asks for. Cheap; no tokens.

Called by `sorter` for every article. It may let too much through, never too little: `reading` asks again, with grammar.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from wirewatch.sorting.scanning import AUTHORITY_BIT, GROUP_BIT, NAME_BIT, Hit, Places, Scan, Trigger, Words, make_sure
from wirewatch.sorting.text import Sentence

#: Letters of a long word and the space behind it: turns a reach in tokens into one in characters, generously.
TOKEN_CHARACTERS = 14


class Named(NamedTuple):
    """Where a field names somebody."""

    #: Start offsets of groups and of authorities, each in order.
    groups: Sequence[int]
    authorities: Sequence[int]
    #: Start and end of the groups that are known.
    known: Sequence[tuple[int, int]]


class Matter(NamedTuple):
    """A paragraph that matters, its words, and those of them that trigger something if it is one sentence."""

    paragraph: int
    words: Words
    triggers: Words


class Worth(NamedTuple):
    """A sentence worth reading: its hits, what it holds, and the same in bits."""

    sentence: Sentence
    hits: list[Hit]
    scan: Scan
    held: int


def sift_paragraphs(words: Words, ends: Sequence[int], named: Named) -> list[Matter]:
    """Give the paragraphs in which a trigger could be read if each were one sentence; most are none."""
    # Words do not reach across line breaks, and names are in order of place.
    groups, authorities = named.groups, named.authorities
    word = group = authority = 0
    found: list[Matter] = []
    for number, end in enumerate(ends):
        # Words end before the line break; one behind that of the last paragraph, which may have none, is two behind it.
        first, word = word, bisect_left(words, (end + 2,), word)
        inside = words[first:word]
        present = NAME_BIT
        while group < len(groups) and groups[group] < end:
            present |= GROUP_BIT
            group += 1
        while authority < len(authorities) and authorities[authority] < end:
            present |= AUTHORITY_BIT
            authority += 1
        for _, entry in inside:
            present |= entry.bits
        triggers = [
            word
            for word in inside
            if (rarest := word[1].rarest) and rarest & present and _is_wanted(word[1].wanted, present)
        ]
        if triggers:
            found.append(Matter(number, inside, triggers))
    return found


def _is_wanted(wanted: tuple[tuple[int, ...], ...], present: int) -> bool:
    # A loop, not `any`: it runs for every word of any article that could be a trigger.
    for bits in wanted:  # noqa: SIM110
        if _asked(bits, present):
            return True
    return False


def sift(low: str, matter: Matter, sentences: Iterable[Sentence], named: Named) -> list[Worth]:
    """Give those of the sentences of a paragraph that are worth reading. `low` is the folded field."""
    found: list[Worth] = []
    for sentence in sentences:
        start, end = sentence.start, sentence.end
        triggers = [word for word in matter.triggers if start <= word[0] - word[1].reach < end]
        if not triggers:
            continue
        # What the sentence holds, in bits: settles all that rules ask but the order of words.
        held = NAME_BIT
        near = make_sure(low, [word for word in matter.words if start <= word[0] - word[1].reach < end])
        if named.known:
            # The "Army" of a Liberation Army is no army, though it may be a trigger.
            near = [word for word in near if not _inside(named.known, word[0])]
        for _, entry in near:
            held |= entry.bits
        if _any(named.groups, start, end):
            held |= GROUP_BIT
        if _any(named.authorities, start, end):
            held |= AUTHORITY_BIT
        hits = [
            Hit(at, at + len(entry.word), trigger.rule, trigger.forms, trigger.needs)
            for at, entry in make_sure(low, triggers)
            for trigger in entry.triggers
            if not trigger.blockers & held
            and _asked(trigger.wanted, held)
            and _in_order(trigger, near, start, end, at, at + len(entry.word), named)
        ]
        if hits:
            found.append(Worth(sentence, hits, Scan(near), held))
    return found


def _inside(spans: Sequence[tuple[int, int]], at: int) -> bool:
    for start, end in spans:  # noqa: SIM110
        if start <= at < end:
            return True
    return False


def _asked(wanted: tuple[int, ...], held: int) -> bool:
    for bits in wanted:  # noqa: SIM110
        if not bits & held:
            return False
    return True


def _in_order(trigger: Trigger, places: Places, start: int, end: int, first: int, last: int, named: Named) -> bool:
    rule = trigger.rule
    if rule.followed_by:
        reach = rule.reach + (14 if rule.path else 0)
        stop = min(end, last + reach * TOKEN_CHARACTERS)
        bits = trigger.followers
        if not (_holds(places, bits, last, stop) or (bits & AUTHORITY_BIT and _any(named.authorities, last, stop))):
            return False
    return not rule.preceded_by or _holds(places, trigger.leaders, start, first)


def _holds(places: Places, bits: int, start: int, end: int) -> bool:
    for at, entry in places:  # noqa: SIM110
        if start <= at < end and entry.bits & bits:
            return True
    return False


def _any(offsets: Sequence[int], start: int, end: int) -> bool:
    for offset in offsets:  # noqa: SIM110
        if start <= offset < end:
            return True
    return False
