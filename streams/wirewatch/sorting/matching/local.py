"""Reads what a document defines for itself: "Long Name (LN)", "Long Name, or LN,", "LN (Long Name)".

Called by `matcher` once the strong mentions are known. A short name that is bound to a known organisation holds for the
whole document, title included; one that is defined as something else is blocked there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from wirewatch.knowledge.entities import Organisation

_QUOTE = "\"'“”‘’"
#: (LN), (or LN), ("LN"), (LN; other words
_IN_BRACKETS = re.compile(
    rf"\(\s*(?:(?:or|the|aka|a\.k\.a\.|known as|also known as|acronym:?)\s+)*"
    rf"[{_QUOTE}]?([A-Z][\w&/.\-]{{1,11}})[{_QUOTE}]?\s*[),;]"
)
_KNOWN_AS = (
    r"(?:also |better |commonly |widely |usually )?(?:known|abbreviated|referred to|shortened)(?: simply)?"
    r" (?:as|to|by (?:its|the) (?:acronym|initials))"
)
#: Long Name, or LN, … Long Name, also known as LN
_SPOKEN = re.compile(
    rf"[{_QUOTE}]?,?\s+(?:or|aka|a\.k\.a\.|{_KNOWN_AS})\s+(?:the\s+)?[{_QUOTE}]?([A-Z][A-Z][\w&/\-]{{0,10}})\b"
)
_BEFORE_BRACKET = re.compile(rf"\b([A-Z][\w&/\-]{{1,11}})[{_QUOTE}]?\s*\([{_QUOTE}]?(?:the\s+)?$")
_WORD = re.compile(r"[^\W\d_][\w'’]*")
#: Small words that acronyms leave out.
_SMALL = frozenset(
    ("of", "the", "and", "for", "in", "on", "to", "a", "an", "de", "la", "le", "les", "du", "des", "del", "los", "las")
    + ("y", "et", "e", "i", "al", "el", "ul", "und", "der", "die", "das")
)
#: How far back, in characters, the long form of an acronym may begin.
_REACH = 120


class Definitions:
    """Short names of one document: bound to an organisation, or blocked."""

    __slots__ = ("blocked", "bound")

    def __init__(self, text: str, strong: Sequence[tuple[int, int, Organisation]]) -> None:
        self.bound: dict[str, Organisation] = {}
        self.blocked: set[str] = set()
        if "(" in text:
            self._read_brackets(text, strong)
        for start, end, organisation in strong:
            if spoken := _SPOKEN.match(text, end, end + 60):
                self.bound.setdefault(spoken.group(1), organisation)
            if text[max(0, start - 2) : start].lstrip(_QUOTE + " ")[:1] == "(" or text[start - 1 : start] == "(":
                before = _BEFORE_BRACKET.search(text, max(0, start - 24), start)
                if before:
                    self.bound.setdefault(before.group(1), organisation)

    def _read_brackets(self, text: str, strong: Sequence[tuple[int, int, Organisation]]) -> None:
        for match in _IN_BRACKETS.finditer(text):
            short = match.group(1).rstrip(".")
            long_end = len(text[: match.start()].rstrip(" \xa0" + _QUOTE))
            known = next((found[2] for found in strong if long_end - 1 <= found[1] <= match.start()), None)
            if known is not None:
                self.bound.setdefault(short, known)
            elif spells(short, text[max(0, long_end - _REACH) : long_end]):
                self.blocked.add(short)
        self.blocked.difference_update(self.bound)


def spells(short: str, before: str) -> bool:
    """Tell whether the words at the end of `before` spell the acronym with their first letters."""
    letters = [letter.lower() for letter in short if letter.isalpha()]
    if len(letters) < 2:
        return False
    words = [word.lower() for word in _WORD.findall(before)]
    for count in range(len(letters), len(letters) + 5):
        taken = words[-count:]
        if len(taken) == count and taken[0][0] == letters[0]:
            big = [word[0] for word in taken if word not in _SMALL]
            if big == letters or [word[0] for word in taken] == letters:
                return True
    return False
