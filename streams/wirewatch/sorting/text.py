"""Cuts a field into sentences and tokens; every offset counts into the field as it came.

Called by `sorter`. Sentences are found by our own rules, because feeds bring headlines, datelines, abbreviations and
lower-case text. Tokens are cut only for the sentences that matter.
"""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

#: Nobody asks for the position of a sentence beyond this.
COUNTED = 5
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
#: The same as pairs: eleven replacements that find nothing are a hundred times cheaper than one `translate`.
_PLAIN_SIGNS = tuple((chr(code), sign) for code, sign in _FOLDING.items())
_CAPITAL = re.compile("[A-Z]")
_SHORTENED = (
    "mr mrs ms dr gen lt col maj capt sgt brig adm sen rep gov st prof hon supt insp no nos vs etc "
    "jan feb mar apr jun jul aug sep sept oct nov dec inc ltd co corp approx"
)
_LONG_SHORTENED = "|".join(word[-4:] for word in _SHORTENED.split() if len(word) > 3)
#: A sign with the quotes behind it before white space, or line breaks; written so that the search leaps to the signs.
#: The group takes part where there is nothing to ask: a capital follows a long small word that is no abbreviation.
_END = re.compile(
    rf"[.!?…\n](?:(?<=[a-z]{{4}}[.!?])(?<!(?:{_LONG_SHORTENED}).)(?P<sure>(?= [A-Z]))|"
    r"(?<=\n)(?:\s*\n)?|(?<!\n)[\"'’”)\]]*(?=\s))"
)
_ABBREVIATION = re.compile(
    rf"(?:^|[\s(\"“])(?:{_SHORTENED.replace(' ', '|')}|[a-z]|(?:[a-z]\.)+[a-z])\.$", re.IGNORECASE
)
#: Most sentences end in a plain word: a look into a set settles those without the search.
_ABBREVIATED = frozenset(_SHORTENED.split())
#: Abbreviations that also end sentences: only a following capital that begins a common opener ends one there.
_OPENER = re.compile(r"\s+(?:The|A|An|It|He|She|They|In|On|But|And|This|That|We|Its|His|Her|Their|At|After|For)\b")
#: The sentences that may have a dateline, and more than the characters of the longest.
_WITH_DATELINE = 3
_DATELINE_REACH = 240
_DATELINE = re.compile(
    r"\s*(?:[A-Z][A-Z.'’\- ]{2,28}(?:,\s*[A-Z][\w.'’ ]{1,24}(?:,\s*[A-Z][\w.'’ ]{1,20})?)?(?:\s*/\s*[A-Z][A-Za-z "
    r"]{2,20})?"
    r"(?:\s*,?\s*[A-Z][a-z]{2,8}\.?\s+\d{1,2})?\s*(?:\([^()\n]{2,40}\)\s*)?(?:—|–|--|-\s|:)\s*"
    r"|[A-Z][A-Za-z.'’\- ]{2,28}(?:,\s*[A-Z][A-Za-z. ]{2,20})?\s*(?:\([A-Z][^()\n]{1,38}\)|"
    r",\s*[A-Z][a-z]{2,8}\.?\s+\d{1,2})\s*(?:—|–|--|-)\s*)"
)


#: Most of what stands between white space is one word, or one word and a sign, and needs no `_WORD`.
_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*|\w+?(?=n't\b)|n't\b|'(?:s|re|ve|ll|d|m)\b|[^\W\d_]+(?=\d)|\w+|[^\w\s]",
    re.IGNORECASE,
)


class Sentence(NamedTuple):
    """A stretch of one field. `start` comes after a dateline, if there was one."""

    start: int
    end: int
    #: True for a title, or a first line that has no full stop.
    headline: bool
    #: 0 for the first. From `COUNTED` on nobody may have counted all that stand before it.
    position: int


class Token(NamedTuple):
    """A word or a sign; offsets count into the field. A tuple, because articles are cut into many."""

    start: int
    end: int
    text: str
    low: str


#: Make a token or a sentence of its values, in half the time of `Token(…)`.
_token = partial(tuple.__new__, Token)
_sentence = partial(tuple.__new__, Sentence)


def fold(text: str) -> str:
    """Make quotes and dashes plain and letters small; the length stays the same."""
    return fold_plain(plain(text))


def fold_plain(smooth: str) -> str:
    """Make the letters of a text small whose quotes and dashes are plain; the length stays the same."""
    low = smooth.lower()
    if len(low) == len(smooth):
        return low
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in smooth)


def plain(text: str) -> str:
    """Make quotes, dashes and spaces plain; the length and the capitals stay the same."""
    if text.isascii():
        return text.replace("`", "'")
    for sign, simple in _PLAIN_SIGNS:
        text = text.replace(sign, simple)
    return text


def split_sentences(text: str, *, title: bool = False) -> list[Sentence]:
    """Give the sentences of a field in order, without blank ones."""
    return Sentences(text, title=title).every()


def cut_paragraphs(text: str) -> list[int]:
    """Give where the paragraphs of a field end: no sentence reaches across a line break before a capital or a sign."""
    ends: list[int] = []
    at = text.find("\n") + 1
    while at:
        if not text[at : at + 1].islower():
            ends.append(at)
        at = text.find("\n", at) + 1
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return ends


class Sentences:
    """The sentences of one field, without blank ones; a paragraph is cut when its sentences are first asked for."""

    __slots__ = ("_cut", "_next", "_number", "_small", "_text", "_title", "ends")

    def __init__(self, text: str, *, title: bool) -> None:
        #: Where the paragraphs end; a title is one.
        self.ends = [len(text)] if title else cut_paragraphs(text)
        self._text = text
        self._title = title
        self._small = _CAPITAL.search(text) is None and text == text.lower()
        self._cut: dict[int, list[Sentence]] = {}
        # All paragraphs before this one have been cut, and hold so many sentences.
        self._next = 0
        self._number = 0

    def of(self, paragraph: int) -> list[Sentence]:
        """Give the sentences of a paragraph."""
        found = self._cut.get(paragraph)
        if found is not None:
            return found
        number = self._count_before(paragraph)
        begin = self.ends[paragraph - 1] if paragraph else 0
        found = self._cut[paragraph] = self._cut_paragraph(begin, self.ends[paragraph], number)
        if paragraph == self._next:
            self._next += 1
            self._number = number + len(found)
        return found

    def every(self) -> list[Sentence]:
        """Give all sentences in order."""
        return [sentence for paragraph in range(len(self.ends)) for sentence in self.of(paragraph)]

    def first(self, count: int, reach: int) -> list[Sentence]:
        """Give the first sentences, or fewer, as if the field ended after `reach` characters."""
        text = self._text
        if len(text) > reach and not self._small and _CAPITAL.search(text, 0, reach) is None:
            # Only what comes later has capitals.
            return Sentences(text[:reach], title=self._title).first(count, reach)
        found: list[Sentence] = []
        for paragraph in range(len(self.ends)):
            for sentence in self.of(paragraph):
                end = sentence.end
                if end > reach:
                    end = sentence.start + len(text[sentence.start : reach].rstrip())
                if len(found) == count or end <= sentence.start:
                    return found
                found.append(sentence if end == sentence.end else sentence._replace(end=end))
        return found

    def limit(self, count: int) -> int:
        """Give where so many paragraphs end that are not blank: as many first sentences do not reach beyond."""
        begin = 0
        for end in self.ends:
            count -= not self._text[begin:end].isspace()
            if count == 0:
                return end
            begin = end
        return len(self._text)

    def _count_before(self, paragraph: int) -> int:
        """Count the sentences before a paragraph, as far as anybody asks; each that is not blank has one at least."""
        text, ends = self._text, self.ends
        number = self._number
        begin = ends[self._next - 1] if self._next else 0
        for end in ends[self._next : paragraph]:
            if number >= COUNTED:
                return number
            number += not text[begin:end].isspace()
            begin = end
        if number < COUNTED:
            while self._next < paragraph:
                self.of(self._next)
            number = self._number
        return number

    def _cut_paragraph(self, begin: int, end: int, number: int) -> list[Sentence]:
        """Cut a paragraph; `number` sentences stand before it."""
        text, small = self._text, self._small
        found: list[Sentence] = []
        if self._title:
            self._append(found, begin, end, COUNTED)
            return found
        at = begin
        while at < end and text[at].isspace():
            at += 1
            if text[at - 1] == "\n":
                begin = at
        # Behind its last word a paragraph ends anyway.
        end = begin + len(text[begin:end].rstrip())
        for match in _END.finditer(text, begin, end):
            if match.lastgroup or _ends(text, begin, match, small):
                stop = match.end()
                self._append(found, begin, stop, number)
                begin = stop
        if begin < end:
            self._append(found, begin, end, number)
        return found

    def _append(self, found: list[Sentence], begin: int, end: int, number: int) -> None:
        """Add a sentence without the white space around it; `number` counts those of the paragraphs before."""
        text = self._text
        while begin < end and text[begin].isspace():
            begin += 1
        while end > begin and text[end - 1].isspace():
            end -= 1
        if begin == end:
            return
        position = number + len(found)
        headline = self._title
        if position < _WITH_DATELINE:
            if position == 0:
                headline = text[end - 1] not in ".!?…\"'”’):;" and end - (len(text) - len(text.lstrip())) < 160
            begin = _behind_dateline(text, begin, end)
        found.append(_sentence((begin, end, headline, 0 if self._title else position)))


def _behind_dateline(text: str, begin: int, end: int) -> int:
    """Give where a sentence begins when its dateline is left out."""
    # Looking for one of the signs that end a dateline is ten times faster than looking for the whole.
    lead = text[begin : begin + _DATELINE_REACH]
    if ":" in lead or "-" in lead or "—" in lead or "–" in lead:
        dateline = _DATELINE.match(text, begin, end)
        if dateline and dateline.end() < end:
            return dateline.end()
    return begin


def tokenize(text: str, sentence: Sentence) -> list[Token]:
    """Cut one sentence of a plain text into words and signs; "isn't" and "Norland's" make two, "U.S." one."""
    found: list[Token] = []
    end = sentence.start
    for piece in text[end : sentence.end].split():
        start = text.find(piece, end)
        end = start + len(piece)
        if piece.isalpha():
            found.append(_token((start, end, piece, piece.lower())))
        elif piece[-1] in ",." and (word := piece[:-1]).isalpha():
            found.append(_token((start, end - 1, word, word.lower())))
            found.append(_token((end - 1, end, sign := piece[-1], sign)))
        else:
            found += [
                _token((match.start(), match.end(), word := match.group(), word.lower()))
                for match in _WORD.finditer(text, start, end)
            ]
    return found


def _ends(text: str, begin: int, match: re.Match[str], small: bool) -> bool:
    start, end = match.span()
    sign = text[start]
    if sign == "\n":
        # A single line break inside a wrapped sentence is followed by a small letter.
        return not text[end : end + 1].islower() or match.group().count("\n") > 1
    # Longer words are no abbreviation: spares most sentences the search.
    if sign == "." and (start - begin <= 7 or text.rfind(" ", max(begin, start - 7), start) >= 0):
        word = text[max(begin, start - 12) : start]
        last = word.rpartition(" ")[2]
        if last.isalpha() and last.isascii():
            if len(last) == 1 or last.lower() in _ABBREVIATED:
                return False
        elif _ABBREVIATION.search(word + "."):
            return text[start - 2 : start - 1] == "." and _OPENER.match(text, end) is not None
    return small or not text[end : end + 3].lstrip()[:1].islower()
