"""Turns what the automaton gives into hits: places in the article that are written as one of our names must be.

Called by `matcher`. Most hits of most articles end here, so the loop does little for each.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from wirewatch.knowledge.folding import Folded
from wirewatch.records import Article
from wirewatch.sorting.matching.cases import Lettering, is_shouted, is_written_well, lettering
from wirewatch.sorting.matching.patterns import SHORT, Pattern, Reading

#: Between title and text: two signs, so that no name reaches across.
GAP = "\n\n"


class Hit(NamedTuple):
    """A place where a pattern fits and is written well. The first three put hits in order."""

    start: int
    #: Longest first where two begin together.
    minus_end: int
    number: int
    surface: str
    letters: Lettering
    readings: tuple[Reading, ...]
    is_instant: bool
    #: Where it stands in the folded text.
    folded_start: int


#: Makes a hit of its values, in half the time of `Hit(…)`.
_hit = partial(tuple.__new__, Hit)


def keep_well_written(article: Article, joined: str, folded: Folded, found: list[tuple[int, Pattern]]) -> list[Hit]:
    """Give the hits that capitals allow, in order of place, the longest first where two begin together."""
    text_begin = len(article.title) + len(GAP)
    title_letters = lettering(article.title, title=True)
    text_letters = lettering(article.text, title=False)
    moved = folded.has_cuts
    usual = Lettering.USUAL
    hits: list[Hit] = []
    for last, pattern in found:
        readings = pattern.readings
        if not readings:
            continue
        padding = pattern.padding
        folded_start = last - pattern.length + 1
        start, end = folded_start + padding - 1, last - padding
        if moved:
            start, end = folded.original(start + 1), folded.original(end) + 1
        if joined[end : end + 1] == ")" and "(" in joined[start:end]:
            end += 1
        surface = joined[start:end]
        letters = title_letters if start < text_begin else text_letters
        instant = pattern.is_instant
        if letters is usual:
            if pattern.forms is not None and surface not in pattern.forms:
                continue
            if pattern.one_capital:
                if surface == surface.lower():
                    continue
            else:
                if end - start <= SHORT and is_shouted(joined, start, end):
                    letters = Lettering.CAPITALS
                readings = tuple([reading for reading in readings if is_written_well(reading, surface, letters)])
        else:
            readings = tuple([reading for reading in readings if is_written_well(reading, surface, letters)])
        if readings:
            instant = instant and letters is usual
            hits.append(_hit((start, -end, len(hits), surface, letters, readings, instant, folded_start)))
    hits.sort()
    return hits
