"""What a sentence is while it is read, and how a field is cut into sentences.

Lines are made by `writing`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from wirewatch.knowledge.folding import Folded
from wirewatch.records import Field

_END = re.compile(r"[.!?…؟۔।]+[\"'’”»)\]]*(?=\s|$)|\n+")
_WORD_BEFORE = re.compile(r"[^\W\d_]+$")


class Named(NamedTuple):
    """A name in a line; `start` and `end` count into its folded text."""

    start: int
    end: int
    #: None for a name that no file holds.
    id: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a field, ready for patterns."""

    field: Field
    #: The whole field as it came, and where the sentence lies in it.
    whole: str
    start: int
    end: int
    #: Folded and marked.
    text: str
    #: Known groups, and bodies that list others, each in order.
    groups: tuple[Named, ...]
    bodies: tuple[Named, ...]
    headline: bool
    #: 0 for the first sentence of a field.
    position: int
    #: Where the dateline ends in `text`, or 0.
    dateline: int
    folded: Folded

    def original(self, position: int) -> int:
        """Give the place in the field of a place in `text`."""
        return self.start + min(max(self.folded.original(position), 0), self.end - self.start - 1)

    @property
    def is_question(self) -> bool:
        """Tell whether the sentence asks."""
        return "?" in self.text


def cut_sentences(text: str, shortened: Container[str]) -> Iterator[tuple[int, int]]:
    """Give start and end of every sentence of a field; a full stop behind an abbreviation ends none."""
    begin = 0
    for match in _END.finditer(text):
        if match.group().startswith("."):
            word = _WORD_BEFORE.search(text, begin, match.start())
            if word and (word.group().lower() in shortened or (len(word.group()) == 1 and word.group().isascii())):
                continue
        yield from _trimmed(text, begin, match.end())
        begin = match.end()
    yield from _trimmed(text, begin, len(text))


def _trimmed(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    if begin < end:
        yield begin, end
