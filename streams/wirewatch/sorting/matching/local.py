"""Reads what a document defines for itself: "Long Name (LN)", "Long Name, or LN,", "LN (Long Name)".

Called by `matcher` once the strong mentions are known. A short name that is bound to a known organisation holds for the
whole document, title included; one that is defined as something else is blocked there.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from wirewatch.knowledge.entities import Organisation

_QUOTE = "\"'“”‘’"
#: (LN), (or LN), ("LN"), (LN; other words
_IN_BRACKETS = re.compile(
    rf"\(\s*(?:(?:or|the|aka|a\.k\.a\.|known as|also known as|acronym:?)\s+)*"
    rf"[{_QUOTE}]?([A-Z][\w&/.\-]{{1,11}})[{_QUOTE}]?\s*[),;]"
)
#: (Long Name in its own tongue - LN)
_IN_BRACKETS_WITH_WORDS = re.compile(r"\(([^()\n]{4,90}?)\s*[-–—,]\s?([A-Z][\w&/.]{1,11})\)")
_KNOWN_AS = (
    r"(?:also |better |commonly |widely |usually )?(?:known|abbreviated|referred to|shortened)(?: simply)?"
    r" (?:as|to|by (?:its|the) (?:acronym|initials))"
)
#: Long Name, or LN, … Long Name, also known as LN
_SPOKEN = re.compile(
    rf",?[{_QUOTE}]?,?\s+(?:or|aka|a\.k\.a\.|{_KNOWN_AS})\s+(?:the\s+)?[{_QUOTE}]?([A-Z][A-Z][\w&/\-]{{0,10}})\b"
)
_BEFORE_BRACKET = re.compile(rf"\b([A-Z][\w&/\-]{{0,9}}[A-Z][\w&/\-]{{0,3}})[{_QUOTE}]?\s*\([{_QUOTE}]?(?:the\s+)?$")
#: LN, or … LN, the … LN (…
_EXPLAINED = re.compile(r"\s*[,(]\s*(?:(?:or|the|a|an|short for|that is|i\.e\.|from)\s+)*(?=\w)([^,;.()]{4,90})")
#: …, or LN
_EXPLAINING = re.compile(r",?\s+or\s+(?:the\s+)?$|,\s+$")
#: Two words or more with capitals, at the end.
_PHRASE = re.compile(r"(?:[A-Z][\w'’-]+ (?:of (?:the )?|for |and |de |del |y )?)+[A-Z][\w'’-]+$")
_WORD = re.compile(r"[^\W\d_][\w'’]*")
#: Small words that acronyms leave out.
_SMALL = frozenset(
    (
        *("of", "the", "and", "for", "in", "on", "to", "a", "an", "de", "la", "le", "les", "du", "des", "del", "los"),
        *("las", "y", "et", "e", "i", "al", "el", "ul", "und", "der", "die", "das"),
    )
)
#: Uses of one acronym that are looked at for an explanation.
_MOST_USES = 3
#: Short names of a document, wherever they stand.
SHORT_NAME = re.compile(r"(?<![\w-])[A-Z][\w&/.\-]{1,11}(?![\w-])")
#: How far back, in characters, the long form of an acronym may begin.
_REACH = 120


@dataclass(frozen=True, slots=True)
class Acronym:
    """A short name in a document that may be one of ours."""

    start: int
    end: int
    text: str
    owners: tuple[Organisation, ...]


#: Where a sure mention stands, and whose it is.
Sure = tuple[int, int, Organisation]


class Definitions:
    """Short names of one document: bound to an organisation, or blocked."""

    __slots__ = ("blocked", "bound")

    def __init__(self, text: str, strong: Sequence[Sure], acronyms: Sequence[Acronym]) -> None:
        self.bound: dict[str, Organisation] = {}
        self.blocked: set[str] = set()
        if "(" in text:
            self._read_brackets(text, strong, acronyms)
        for start, end, organisation in strong:
            if spoken := _SPOKEN.match(text, end, end + 60):
                self._bind(spoken.group(1), organisation)
            if text[max(0, start - 2) : start].rstrip(_QUOTE + " ").endswith("("):
                before = _BEFORE_BRACKET.search(text, max(0, start - 24), start)
                if before:
                    self._bind(before.group(1), organisation)
        self.blocked.difference_update(self.bound)
        self._read_explanations(text, strong, acronyms)

    def _bind(self, short: str, organisation: Organisation) -> None:
        if may_stand_for(short, organisation):
            self.bound.setdefault(short, organisation)

    def _read_brackets(self, text: str, strong: Sequence[Sure], acronyms: Sequence[Acronym]) -> None:
        owners = {acronym.text: acronym.owners for acronym in acronyms}
        ends = {end: organisation for _, end, organisation in strong}
        for match in _IN_BRACKETS.finditer(text):
            short = match.group(1).rstrip(".")
            before = text[max(0, match.start() - _REACH) : match.start()].rstrip(" \xa0" + _QUOTE)
            long_end = max(0, match.start() - _REACH) + len(before)
            places = range(long_end - 1, match.start() + 1)
            known = next((ends[place] for place in places if place in ends), None)
            if known is not None:
                self._bind(short, known)
            elif spells(short, before) or (short in owners and _is_foreign(before, owners[short])):
                self.blocked.add(short)
        for match in _IN_BRACKETS_WITH_WORDS.finditer(text):
            words, short = match.groups()
            inside = any(match.start() < start < match.end() for start, _, _ in strong)
            # Another tongue's name of one of ours shares a word with the names that we know.
            if not inside and spells(short, words) and (short not in owners or _shares_no_word(words, owners[short])):
                self.blocked.add(short)

    def _read_explanations(self, text: str, strong: Sequence[Sure], acronyms: Sequence[Acronym]) -> None:
        """Block "LN, or lemon nation" and "Lemon Nation, or LN,"."""
        long_ends = [end for _, end, _ in strong]
        uses: Counter[str] = Counter()
        for acronym in acronyms:
            start, end, short = acronym.start, acronym.end, acronym.text
            # What the first three uses do not explain the others will not.
            if short in self.bound or short in self.blocked or (uses[short] > _MOST_USES):
                continue
            uses[short] += 1
            position = bisect.bisect_left(long_ends, start) - 1
            if position >= 0 and long_ends[position] > start - 12:
                continue
            behind = _EXPLAINED.match(text, end, end + _REACH)
            before = _EXPLAINING.search(text, max(0, start - 24), start)
            if (behind and begins_with(short, behind.group(1))) or (
                before and spells(short, text[max(0, before.start() - _REACH) : before.start()])
            ):
                self.blocked.add(short)


def may_stand_for(short: str, organisation: Organisation) -> bool:
    """Tell whether an acronym can be short for an organisation: one of its names, or of their first letters.

    "Hamas (AP)" names a news agency and "Hamas (Gaza)" a place.
    """
    names = _names(organisation)
    if short in names:
        return True
    letters = [letter.lower() for letter in short if letter.isupper()]
    if len(letters) < 2:
        return False
    return any(
        {word[0].lower() for word in _WORD.findall(name)} >= set(letters) and name[:1].lower() == letters[0]
        for name in names
    )


def _names(organisation: Organisation) -> tuple[str, ...]:
    return (
        organisation.name,
        *organisation.aliases,
        *organisation.previous_names,
        *organisation.abbreviations,
        *organisation.weak_aliases,
    )


def _is_foreign(before: str, owners: Sequence[Organisation]) -> bool:
    """Tell whether the capitalised words before a bracket share none with any name of the owners."""
    phrase = _PHRASE.search(before)
    return phrase is not None and _shares_no_word(phrase.group(), owners)


def _shares_no_word(phrase: str, owners: Sequence[Organisation]) -> bool:
    words = {word.lower() for word in _WORD.findall(phrase) if len(word) > 3}
    ours = {word.lower() for owner in owners for name in _names(owner) for word in _WORD.findall(name)}
    return bool(words) and not words & ours


def begins_with(short: str, behind: str) -> bool:
    """Tell whether the words at the beginning of `behind` spell the acronym with their first letters."""
    letters = [letter.lower() for letter in short if letter.isalpha()]
    words = [word.lower() for word in _WORD.findall(behind)]
    big = [word[0] for word in words if word not in _SMALL]
    return len(letters) > 1 and (big[: len(letters)] == letters or [w[0] for w in words[: len(letters)]] == letters)


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
