"""Decides which triggers deserve a reading: those whose sentence can meet what their rule asks for. Cheap; no tokens.

Called by `sorter` for every article. It may let too much through, never too little: `reading` asks again, with grammar.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from wirewatch.sorting.scanning import Hit, Scan
from wirewatch.sorting.text import Sentence


@dataclass(frozen=True, slots=True)
class Named:
    """Where a field names somebody: start offsets of groups and of authorities."""

    groups: tuple[int, ...]
    authorities: tuple[int, ...]


def sift(scan: Scan, sentences: Sequence[Sentence], named: Named) -> dict[int, list[Hit]]:
    """Give the hits worth reading by position of their sentence."""
    starts = [sentence.start for sentence in sentences]
    kept: dict[int, list[Hit]] = {}
    for hit in scan.hits:
        at = bisect_right(starts, hit.start) - 1
        if at < 0:
            continue
        sentence = sentences[at]
        if hit.start < sentence.end and _possible(hit, scan, sentence.start, sentence.end, named):
            kept.setdefault(at, []).append(hit)
    return kept


def could_matter(scan: Scan, named: Named, length: int) -> bool:
    """Tell whether any trigger of a field could be read, as if the field were one sentence."""
    return any(_possible(hit, scan, 0, length, named) for hit in scan.hits)


def _possible(hit: Hit, scan: Scan, start: int, end: int, named: Named) -> bool:
    rule = hit.rule
    for need in rule.needs:
        if not any(_met(word, scan, start, end, named) for word in need):
            return False
    if rule.followed_by and not any(_followed(word, scan, hit.end, end, named) for word in rule.followed_by):
        return False
    return not rule.preceded_by or any(
        scan.holds(word.removeprefix("@"), start, hit.start) for word in rule.preceded_by
    )


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
    for offset in offsets:
        if start <= offset < end:
            return True
    return False
