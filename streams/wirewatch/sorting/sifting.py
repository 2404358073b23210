"""Decides which triggers deserve a reading: those whose sentence can meet what their rule asks for. Cheap; no tokens.

Called by `sorter` for every article. It may let too much through, never too little: `reading` asks again, with grammar.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from wirewatch.sorting.scanning import Conditions, Hit, Scan
from wirewatch.sorting.shapes import Rule

#: Letters of a long word and the space behind it: turns a reach in tokens into one in characters, generously.
TOKEN_CHARACTERS = 14


class Named(NamedTuple):
    """Where a field names somebody: start offsets of groups and of authorities."""

    groups: tuple[int, ...]
    authorities: tuple[int, ...]


def may_matter(scan: Scan, named: Named, conditions: Conditions) -> bool:
    """Tell whether a trigger could be read if the field were one sentence; many titles have none."""
    present = scan.bits | conditions.name
    if named.groups:
        present |= conditions.group
    if named.authorities:
        present |= conditions.authority
    return any(_asked(trigger.wanted, present) for _, entry in scan.triggers for trigger in entry.triggers)


def sift(
    scan: Scan, stretches: Sequence[tuple[int, int]], named: Named, conditions: Conditions
) -> dict[int, list[Hit]]:
    """Give the hits worth reading by position of their sentence."""
    starts = [start for start, _ in stretches]
    # What each sentence holds, in bits: settles nearly every trigger before its rule is asked.
    present = [conditions.name] * (len(stretches) + 1)
    for start, entry in scan.places:
        present[bisect_right(starts, start) - 1] |= entry.bits
    for start in named.groups:
        present[bisect_right(starts, start) - 1] |= conditions.group
    for start in named.authorities:
        present[bisect_right(starts, start) - 1] |= conditions.authority
    kept: dict[int, list[Hit]] = {}
    for hit_start, entry in scan.triggers:
        at = bisect_right(starts, hit_start) - 1
        if at < 0:
            continue
        start, end = stretches[at]
        if hit_start >= end:
            continue
        hit_end = hit_start + len(entry.word)
        for rule, forms, wanted in entry.triggers:
            if (
                _asked(wanted, present[at])
                and _possible(rule, scan, start, end, hit_start, hit_end, named)
                and not _blocked(rule, scan, start, end)
            ):
                kept.setdefault(at, []).append(Hit(hit_start, hit_end, rule, forms))
    return kept


def _asked(wanted: tuple[int, ...], present: int) -> bool:
    # A loop, not `all`: it runs for every rule that any word of any article could trigger.
    for bits in wanted:  # noqa: SIM110
        if not bits & present:
            return False
    return True


def _blocked(rule: Rule, scan: Scan, start: int, end: int) -> bool:
    return any(scan.holds(word.removeprefix("@"), start, end) for word in rule.blockers)


def _possible(rule: Rule, scan: Scan, start: int, end: int, hit_start: int, hit_end: int, named: Named) -> bool:
    for need in rule.needs:
        if not any(_met(word, scan, start, end, named) for word in need):
            return False
    if rule.followed_by:
        reach = rule.reach + (14 if rule.path else 0)
        stop = min(end, hit_end + reach * TOKEN_CHARACTERS)
        if not any(_followed(word, scan, hit_end, stop, named) for word in rule.followed_by):
            return False
    if not rule.preceded_by:
        return True
    return any(scan.holds(word.removeprefix("@"), start, hit_start) for word in rule.preceded_by)


def _met(word: str, scan: Scan, start: int, end: int, named: Named) -> bool:
    if word == "name":
        return True
    if word == "authority":
        return scan.holds("states", start, end) or _any(named.authorities, start, end)
    if word in ("target", "organisation") and _any(named.groups, start, end):
        return True
    return scan.holds(word, start, end)


def _followed(word: str, scan: Scan, start: int, end: int, named: Named) -> bool:
    if word == "@authority":
        return scan.holds("states", start, end) or _any(named.authorities, start, end)
    return scan.holds(word.removeprefix("@"), start, end)


def _any(offsets: Sequence[int], start: int, end: int) -> bool:
    return any(start <= offset < end for offset in offsets)
