"""Decides whether a surface is written as its alias must be, and whether capitals say anything in this field.

Called by `matcher` for every hit. Some feeds and corpora have no capitals, some titles have nothing else; there the
rules cannot be asked for, and short names need company instead.
"""

from __future__ import annotations

import re
from enum import Enum

from wirewatch.knowledge.common_words import is_everyday
from wirewatch.sorting.matching.patterns import SHORT, Case, Reading

_DOTTED = re.compile(r"(?:[A-Z]\.\s?)+[A-Z]")
_WORD = re.compile(r"[^\W\d_]{4,}")
_WORD_BEFORE = re.compile(r"([^\W\d_]{2,})[^\w.!?]{1,3}$")
_WORD_BEHIND = re.compile(r"[^\w.!?]{1,3}([^\W\d_]{2,})")
#: Share of longer words with a capital above which a field is a headline in title case.
_TITLE_CASE_SHARE = 0.7


class Lettering(Enum):
    """What capitals are worth in a field."""

    #: Names have them, other words do not.
    USUAL = "usual"
    #: Nearly every word has one.
    TITLE_CASE = "title case"
    #: Nothing but capitals.
    CAPITALS = "capitals"
    #: None at all.
    SMALL = "small"


def lettering(text: str, *, title: bool) -> Lettering:
    """Tell what capitals are worth in a field."""
    if text.islower():
        return Lettering.SMALL
    if text.isupper():
        return Lettering.CAPITALS
    if title:
        words = _WORD.findall(text)
        if len(words) > 2 and sum(word[0].isupper() for word in words) >= _TITLE_CASE_SHARE * len(words):
            return Lettering.TITLE_CASE
    return Lettering.USUAL


def is_shouted(text: str, start: int, end: int) -> bool:
    """Tell whether the words before and behind are in capitals too: then capitals say nothing about this one."""
    if not (text[start - 3 : start - 1].isupper() and text[end + 1 : end + 3].isupper()):
        return False
    before = _WORD_BEFORE.search(text, max(0, start - 24), start)
    behind = _WORD_BEHIND.match(text, end, end + 24)
    return before is not None and before.group(1).isupper() and behind is not None and behind.group(1).isupper()


def is_written_well(reading: Reading, surface: str, letters: Lettering) -> bool:
    """Tell whether the surface may be this alias, by its capitals and full stops alone."""
    case = reading.case
    if case is Case.DOTTED:
        return _DOTTED.fullmatch(surface) is not None
    if case is Case.FREE or letters is Lettering.SMALL or letters is Lettering.CAPITALS:
        return True
    if case is Case.SOME:
        return surface != surface.lower()
    if case is Case.EXACT:
        return surface in (reading.alias, reading.alias.upper())
    words = _WORD.findall(surface)
    # "the Guards" is written so in the file: its first letter may be small.
    return all(word[0].isupper() for word in words) and (surface[:1].isupper() or reading.alias[:1].islower())


def needs_company(reading: Reading, surface: str, letters: Lettering) -> bool:
    """Tell whether even a strong alias cannot stand alone here, because capitals cannot vouch for it."""
    if letters is Lettering.USUAL or reading.case is Case.FREE:
        return False
    if reading.case is Case.EVERY:
        return " " not in surface or (letters is Lettering.TITLE_CASE and is_everyday(surface))
    return letters is not Lettering.TITLE_CASE and len(surface) <= SHORT
