"""Decides which triggers deserve a reading: those whose sentence can meet what their rule asks for. Cheap; no tokens.

Called by `sorter` for every article. It may let too much through, never too little: `reading` asks again, with grammar.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from wirewatch.sorting.scanning import Hit, Scan
from wirewatch.sorting.shapes import Rule
from wirewatch.sorting.text import Sentence

#: Letters of a long word and the space behind it: turns a reach in tokens into one in characters, generously.
TOKEN_CHARACTERS = 14


class Named(NamedTuple):
    """Where a field names somebody: start offsets of groups and of authorities."""

    groups: tuple[int, ...]
    authorities: tuple[int, ...]


def find_hits(scan: Scan, named: Named) -> list[Hit]:
    """Give the triggers that could be read if the field were one sentence; most fields have none."""
    present = {*scan.lexicons, "name"}
    if named.groups:
        present |= {"target", "organisation"}
    if named.authorities or "states" in scan.lexicons:
        present.add("authority")
    verdicts: dict[str, bool] = {}
    hits: list[Hit] = []
    for start, entry in scan.triggers:
        for rule, forms in entry.triggers:
            verdict = verdicts.get(rule.id)
            if verdict is None:
                # Sets, because this runs for every rule that any word of any article could trigger.
                verdict = verdicts[rule.id] = not any(present.isdisjoint(wanted) for wanted in rule.wanted)
            if verdict:
                hits.append(Hit(start, start + len(entry.word), rule, forms))
    return hits


def sift(hits: Sequence[Hit], scan: Scan, sentences: Sequence[Sentence], named: Named) -> dict[int, list[Hit]]:
    """Give the hits worth reading by position of their sentence."""
    starts = [sentence.start for sentence in sentences]
    kept: dict[int, list[Hit]] = {}
    for hit in hits:
        at = bisect_right(starts, hit.start) - 1
        if at < 0:
            continue
        sentence = sentences[at]
        if hit.start >= sentence.end:
            continue
        if _possible(hit.rule, scan, sentence.start, sentence.end, hit.start, hit.end, named) and not _blocked(
            hit.rule, scan, sentence
        ):
            kept.setdefault(at, []).append(hit)
    return kept


def _blocked(rule: Rule, scan: Scan, sentence: Sentence) -> bool:
    return any(scan.holds(word.removeprefix("@"), sentence.start, sentence.end) for word in rule.blockers)


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
