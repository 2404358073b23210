"""Decides which triggers deserve a reading: those whose sentence can meet what their rule asks for. Cheap; no tokens.

Called by `sorter` for every article. It may let too much through, never too little: `reading` asks again, with grammar.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from wirewatch.sorting.scanning import AUTHORITY_BIT, GROUP_BIT, NAME_BIT, Entry, Hit, Scan, Trigger
from wirewatch.sorting.text import Sentence

#: Letters of a long word and the space behind it: turns a reach in tokens into one in characters, generously.
TOKEN_CHARACTERS = 14


class Named(NamedTuple):
    """Where a field names somebody."""

    #: Start offsets of groups and of authorities, each in order.
    groups: Sequence[int]
    authorities: Sequence[int]
    #: Start and end of the groups that are known: the "Army" of a Liberation Army is no army.
    known: Sequence[tuple[int, int]]


class Matter(NamedTuple):
    """A paragraph that matters, and what it holds."""

    paragraph: int
    places: list[tuple[int, Entry]]
    triggers: list[tuple[int, Entry]]


class Worth(NamedTuple):
    """A sentence worth reading: its hits, what it holds, and the same in bits."""

    sentence: Sentence
    hits: list[Hit]
    scan: Scan
    held: int


def sift_paragraphs(scan: Scan, ends: Sequence[int], named: Named) -> list[Matter]:
    """Give the paragraphs in which a trigger could be read if each were one sentence; most are none."""
    # Words do not reach across line breaks, and all four lists are in order of what ends first.
    places, triggers, groups, authorities = scan.places, scan.triggers, named.groups, named.authorities
    place = trigger = group = authority = 0
    found: list[Matter] = []
    for number, end in enumerate(ends):
        first_trigger = trigger
        while trigger < len(triggers) and triggers[trigger][0] < end:
            trigger += 1
        first_place = place
        present = NAME_BIT
        while place < len(places) and (one := places[place])[0] < end:
            present |= one[1].bits
            place += 1
        while group < len(groups) and groups[group] < end:
            present |= GROUP_BIT
            group += 1
        while authority < len(authorities) and authorities[authority] < end:
            present |= AUTHORITY_BIT
            authority += 1
        inside = triggers[first_trigger:trigger]
        if inside and _matters(inside, present):
            found.append(Matter(number, places[first_place:place], inside))
    return found


def _matters(triggers: Sequence[tuple[int, Entry]], present: int) -> bool:
    # Loops, not `any` and `all`: they run for every rule that any word of any article could trigger.
    for _, entry in triggers:
        for wanted in entry.wanted:
            for bits in wanted:
                if not bits & present:
                    break
            else:
                return True
    return False


def sift(matter: Matter, sentences: Iterable[Sentence], named: Named) -> list[Worth]:
    """Give those of the sentences of a paragraph that are worth reading."""
    places, triggers = matter.places, matter.triggers
    if named.known:
        places = [place for place in places if not any(start <= place[0] < end for start, end in named.known)]
    found: list[Worth] = []
    for sentence in sentences:
        start, end = sentence.start, sentence.end
        inside = [trigger for trigger in triggers if start <= trigger[0] < end]
        if not inside:
            continue
        # What the sentence holds, in bits: settles all that rules ask but the order of words.
        held = NAME_BIT
        near = [place for place in places if start <= place[0] < end]
        for _, entry in near:
            held |= entry.bits
        if _any(named.groups, start, end):
            held |= GROUP_BIT
        if _any(named.authorities, start, end):
            held |= AUTHORITY_BIT
        hits = [
            Hit(at, at + len(entry.word), trigger.rule, trigger.forms, trigger.needs)
            for at, entry in inside
            for trigger in entry.triggers
            if not trigger.blockers & held
            and _asked(trigger.wanted, held)
            and _in_order(trigger, near, start, end, at, at + len(entry.word), named)
        ]
        if hits:
            found.append(Worth(sentence, hits, Scan(near, inside), held))
    return found


def _asked(wanted: tuple[int, ...], held: int) -> bool:
    for bits in wanted:  # noqa: SIM110
        if not bits & held:
            return False
    return True


def _in_order(
    trigger: Trigger, places: Sequence[tuple[int, Entry]], start: int, end: int, first: int, last: int, named: Named
) -> bool:
    rule = trigger.rule
    if rule.followed_by:
        reach = rule.reach + (14 if rule.path else 0)
        stop = min(end, last + reach * TOKEN_CHARACTERS)
        bits = trigger.followers
        if not (_holds(places, bits, last, stop) or (bits & AUTHORITY_BIT and _any(named.authorities, last, stop))):
            return False
    return not rule.preceded_by or _holds(places, trigger.leaders, start, first)


def _holds(places: Sequence[tuple[int, Entry]], bits: int, start: int, end: int) -> bool:
    for at, entry in places:  # noqa: SIM110
        if start <= at < end and entry.bits & bits:
            return True
    return False


def _any(offsets: Sequence[int], start: int, end: int) -> bool:
    for offset in offsets:  # noqa: SIM110
        if start <= offset < end:
            return True
    return False
