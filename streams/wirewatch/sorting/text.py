"""Cuts a field into sentences and tokens; every offset counts into the field as it came.

Called by `sorter`. Sentences are found by our own rules, because feeds bring headlines, datelines, abbreviations and
lower-case text. Tokens are cut only for the sentences that matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

#: Characters that fold to one plain character, so that offsets stay.
_FOLDING = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "‑": "-",
        "‐": "-",
        "\xa0": " ",
        "\u202f": " ",
    }
)
_END = re.compile(r"[.!?…][\"'’”)\]]*(?=\s)|\n\s*\n|\n")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“])(?:mr|mrs|ms|dr|gen|lt|col|maj|capt|sgt|brig|adm|sen|rep|gov|st|prof|hon|supt|insp|no|nos|vs|etc|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|inc|ltd|co|corp|approx|[a-z]|(?:[a-z]\.)+[a-z]|e\.g|i\.e)\.$",
    re.IGNORECASE,
)
#: Abbreviations that also end sentences: only a following capital that begins a common opener ends one there.
_OPENER = re.compile(r"\s+(?:The|A|An|It|He|She|They|In|On|But|And|This|That|We|Its|His|Her|Their|At|After|For)\b")
_DATELINE = re.compile(
    r"\s*(?:[A-Z][A-Z.'’\- ]{2,28}(?:,\s*[A-Z][\w.'’ ]{1,24}(?:,\s*[A-Z][\w.'’ ]{1,20})?)?(?:\s*/\s*[A-Z][A-Za-z "
    r"]{2,20})?"
    r"(?:\s*,?\s*[A-Z][a-z]{2,8}\.?\s+\d{1,2})?\s*(?:\([^()\n]{2,40}\)\s*)?(?:—|–|--|-\s|:)\s*"
    r"|[A-Z][A-Za-z.'’\- ]{2,28}(?:,\s*[A-Z][A-Za-z. ]{2,20})?\s*(?:\([A-Z][^()\n]{1,38}\)|"
    r",\s*[A-Z][a-z]{2,8}\.?\s+\d{1,2})\s*(?:—|–|--|-)\s*)"
)


_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*|\w+?(?=n't\b)|n't\b|'(?:s|re|ve|ll|d|m)\b|[^\W\d_]+(?=\d)|\w+|[^\w\s]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of one field. `start` comes after a dateline, if there was one."""

    start: int
    end: int
    #: True for a title, or a first line that has no full stop.
    headline: bool
    #: 0 for the first.
    position: int


class Token(NamedTuple):
    """A word or a sign; offsets count into the field. A tuple, because articles are cut into many."""

    start: int
    end: int
    text: str
    low: str


def fold(text: str) -> str:
    """Make quotes and dashes plain and letters small; the length stays the same."""
    if text.isascii():
        return text.lower().replace("`", "'")
    folded = text.translate(_FOLDING)
    low = folded.lower()
    if len(low) == len(text):
        return low
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in folded)


def plain(text: str) -> str:
    """Make quotes, dashes and spaces plain; the length and the capitals stay the same."""
    return text.replace("`", "'") if text.isascii() else text.translate(_FOLDING)


def split_sentences(text: str, *, title: bool = False) -> list[Sentence]:
    """Give the sentences of a field in order, without blank ones."""
    if title:
        start = len(text) - len(text.lstrip())
        return [Sentence(start, len(text.rstrip()), True, 0)] if text.strip() else []
    small = text == text.lower()
    found: list[Sentence] = []
    begin = 0
    for match in _END.finditer(text):
        if match.start() >= begin and _ends(text, begin, match, small):
            _append(found, text, begin, match.end())
            begin = match.end()
    _append(found, text, begin, len(text))
    return found


def tokenize(text: str, sentence: Sentence) -> list[Token]:
    """Cut one sentence of a plain text into words and signs; "isn't" and "Norland's" make two, "U.S." one."""
    return [
        Token(match.start(), match.end(), word := match.group(), word.lower())
        for match in _WORD.finditer(text, sentence.start, sentence.end)
    ]


def _ends(text: str, begin: int, match: re.Match[str], small: bool) -> bool:
    if match.group()[0] == "\n":
        # A single line break inside a wrapped sentence is followed by a small letter.
        following = text[match.end() : match.end() + 1]
        return match.group().count("\n") > 1 or not (following.islower() and (small or text[begin : begin + 1] != ""))
    # Longer words are no abbreviation: spares most sentences the search.
    short = text.rfind(" ", begin, match.start()) >= match.start() - 7 or match.start() - begin <= 7
    if (
        short
        and match.group()[0] == "."
        and _ABBREVIATION.search(text[max(begin, match.start() - 12) : match.start() + 1])
    ):
        initials = text[match.start() - 2 : match.start() - 1] == "."
        return initials and _OPENER.match(text, match.end()) is not None
    following = text[match.end() : match.end() + 3].lstrip()
    return small or not following[:1].islower()


def _append(found: list[Sentence], text: str, begin: int, end: int) -> None:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    if begin >= end:
        return
    full_stop = text[end - 1] in ".!?…\"'”’):;"
    headline = not full_stop and (not found or end == len(text)) and end - begin < 160 and not found
    if len(found) < 3 and (dateline := _DATELINE.match(text, begin, end)) and dateline.end() < end:
        begin = dateline.end()
    found.append(Sentence(begin, end, headline, len(found)))
