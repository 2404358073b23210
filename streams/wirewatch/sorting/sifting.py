"""Decides which triggers deserve a reading: those whose sentence can meet what their rule asks for. Cheap; no tokens.

Called by `sorter` for every article. It may let too much through, never too little: `reading` asks again, with grammar.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from wirewatch.sorting.scanning import AUTHORITY_BIT, GROUP_BIT, NAME_BIT, Hit, Scan
from wirewatch.sorting.shapes import Rule

#: Letters of a long word and the space behind it: turns a reach in tokens into one in characters, generously.
TOKEN_CHARACTERS = 14


class Named(NamedTuple):
    """Where a field names somebody: start offsets of groups and of authorities."""

    groups: tuple[int, ...]
    authorities: tuple[int, ...]


def sift_paragraphs(scan: Scan, ends: Sequence[int], named: Named) -> list[bool]:
    """Tell for each paragraph whether a trigger could be read if it were one sentence; most have none."""
    # Words do not reach across line breaks, and all four lists are in order of what ends first.
    places, triggers, groups, authorities = scan.places, scan.triggers, named.groups, named.authorities
    place = trigger = group = authority = 0
    matter: list[bool] = []
    for end in ends:
        present = NAME_BIT
        while place < len(places) and places[place][0] < end:
            present |= places[place][1].bits
            place += 1
        while group < len(groups) and groups[group] < end:
            present |= GROUP_BIT
            group += 1
        while authority < len(authorities) and authorities[authority] < end:
            present |= AUTHORITY_BIT
            authority += 1
        matters = False
        while trigger < len(triggers) and triggers[trigger][0] < end:
            if not matters:
                for wanted in triggers[trigger][1].wanted:
                    if _asked(wanted, present):
                        matters = True
                        break
            trigger += 1
        matter.append(matters)
    return matter


def sift(scan: Scan, stretches: Sequence[tuple[int, int]], named: Named) -> dict[int, list[Hit]]:
    """Give the hits worth reading by position of their sentence."""
    starts = [start for start, _ in stretches]
    # What each sentence holds, in bits: settles all that rules ask but the order of words.
    present = [NAME_BIT] * len(stretches)
    for places, bits in ((named.groups, GROUP_BIT), (named.authorities, AUTHORITY_BIT)):
        for place in places:
            at = bisect_right(starts, place) - 1
            if at >= 0 and place < stretches[at][1]:
                present[at] |= bits
    for place, entry in scan.places:
        at = bisect_right(starts, place) - 1
        if at >= 0 and place < stretches[at][1]:
            present[at] |= entry.bits
    kept: dict[int, list[Hit]] = {}
    for hit_start, entry in scan.triggers:
        at = bisect_right(starts, hit_start) - 1
        if at < 0:
            continue
        start, end = stretches[at]
        if hit_start >= end:
            continue
        held = present[at]
        hit_end = hit_start + len(entry.word)
        for rule, forms, wanted, blockers in entry.triggers:
            if (
                not blockers & held
                and _asked(wanted, held)
                and _in_order(rule, scan, start, end, hit_start, hit_end, named)
            ):
                kept.setdefault(at, []).append(Hit(hit_start, hit_end, rule, forms))
    return kept


def _asked(wanted: tuple[int, ...], present: int) -> bool:
    # A loop, not `all`: it runs for every rule that any word of any article could trigger.
    for bits in wanted:  # noqa: SIM110
        if not bits & present:
            return False
    return True


def _in_order(rule: Rule, scan: Scan, start: int, end: int, hit_start: int, hit_end: int, named: Named) -> bool:
    if rule.followed_by:
        reach = rule.reach + (14 if rule.path else 0)
        stop = min(end, hit_end + reach * TOKEN_CHARACTERS)
        if not any(_followed(word, scan, hit_end, stop, named) for word in rule.followed_by):
            return False
    if not rule.preceded_by:
        return True
    return any(scan.holds(word.removeprefix("@"), start, hit_start) for word in rule.preceded_by)


def _followed(word: str, scan: Scan, start: int, end: int, named: Named) -> bool:
    if word == "@authority":
        return scan.holds("states", start, end) or _any(named.authorities, start, end)
    return scan.holds(word.removeprefix("@"), start, end)


def _any(offsets: Sequence[int], start: int, end: int) -> bool:
    return any(start <= offset < end for offset in offsets)
