"""Kinds of words by which one can tell who did an act of violence. Reads its table of the package once.

Called by `testimony` and `whereabouts`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from wirewatch.sorting.vocabulary import HEADS, MEMBERS

#: Words whose kind is kept at hand: about as many as a day of news has often.
_KEPT = 20_000
#: Signs that may stand around a word.
_SIGNS = ".,;:!?()[]\"'-"
#: What shows that a number stands there.
NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Deeds:
    """The table, ready to be looked up."""

    #: Whole word → its kind.
    words: Mapping[str, str]
    #: Beginning of words → their kind; and the lengths that beginnings have, the longest first.
    stems: Mapping[str, str]
    lengths: tuple[int, ...]
    #: Words that stand for themselves beside a name.
    beside: frozenset[str]


@cache
def load_deeds() -> Deeds:
    """Read the table of the package."""
    table = tomllib.loads((files("wirewatch.sorting") / "tables" / "deeds.toml").read_text(encoding="utf-8"))
    entries = [(entry, kind) for kind, kept in table["kinds"].items() for entry in kept]
    stems = {entry[:-1]: kind for entry, kind in entries if entry.endswith("*")}
    return Deeds(
        words={entry: kind for entry, kind in entries if not entry.endswith("*")},
        stems=stems,
        lengths=tuple(sorted({len(stem) for stem in stems}, reverse=True)),
        beside=frozenset(table["beside"]["words"]),
    )


class Deed(NamedTuple):
    """What a word is to this room."""

    #: The kind of the word, or "".
    kind: str
    #: The entry of the table that holds it, or "".
    entry: str


@lru_cache(maxsize=_KEPT)
def look_up(piece: str) -> Deed:
    """Give what a word in small letters is, with or without the signs around it; numbers have a kind and no entry."""
    deeds = load_deeds()
    word = piece.strip(_SIGNS).removesuffix("'s") or piece
    return _find(deeds, word)


def kind_of(word: str) -> str:
    """Give the kind of a word in small letters, or ""."""
    return look_up(word).kind


def _find(deeds: Deeds, word: str) -> Deed:
    kind = deeds.words.get(word)
    if kind is not None:
        return Deed(kind, word)
    for length in deeds.lengths:
        kind = deeds.stems.get(word[:length])
        if kind is not None and length <= len(word):
            return Deed(kind, word[:length])
    if word in MEMBERS or word in HEADS:
        return Deed("member" if word in MEMBERS else "head", word)
    return Deed(NUMBER if word[:1].isdigit() else "", "")
