"""Kinds of words by which one can tell who did an act of violence. Reads its table of the package once.

Called by `suspects` and `testimony`.
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
    #: What armed bodies of a state are called, in one word or in two.
    forces: frozenset[str]
    force_pairs: frozenset[tuple[str, str]]
    #: What bands are called: words that need nothing before them, those that do, and what that may be.
    bands: frozenset[str]
    band_heads: frozenset[str]
    band_attributes: frozenset[str]
    #: All words that may end the name of a suspect who has none.
    nameless: frozenset[str]


@cache
def load_deeds() -> Deeds:
    """Read the table of the package."""
    table = tomllib.loads((files("wirewatch.sorting") / "tables" / "deeds.toml").read_text(encoding="utf-8"))
    entries = [(entry, kind) for kind, kept in table["kinds"].items() for entry in kept]
    pairs = [(first, last) for first, _, last in (phrase.partition(" ") for phrase in table["forces"]["pairs"])]
    ends = {*table["forces"]["words"], *table["bands"]["words"], *table["bands"]["heads"], *(last for _, last in pairs)}
    stems = {entry[:-1]: kind for entry, kind in entries if entry.endswith("*")}
    return Deeds(
        words={entry: kind for entry, kind in entries if not entry.endswith("*")},
        stems=stems,
        lengths=tuple(sorted({len(stem) for stem in stems}, reverse=True)),
        beside=frozenset(table["beside"]["words"]),
        forces=frozenset(table["forces"]["words"]),
        force_pairs=frozenset(pairs),
        bands=frozenset(table["bands"]["words"]),
        band_heads=frozenset(table["bands"]["heads"]),
        band_attributes=frozenset(table["bands"]["before"]),
        nameless=frozenset(ends),
    )


class Deed(NamedTuple):
    """What a word is to this room."""

    #: The kind of the word, or "".
    kind: str
    #: The entry of the table that holds it, or "".
    entry: str
    #: True for a word that may end the name of a suspect who has none.
    nameless: bool


@lru_cache(maxsize=_KEPT)
def look_up(piece: str) -> Deed:
    """Give what a word in small letters is, with or without the signs around it; numbers have a kind and no entry."""
    deeds = load_deeds()
    word = piece.strip(_SIGNS).removesuffix("'s") or piece
    kind, entry = _find(deeds, word)
    return Deed(kind, entry, word in deeds.nameless)


def kind_of(word: str) -> str:
    """Give the kind of a word in small letters, or ""."""
    return look_up(word).kind


def _find(deeds: Deeds, word: str) -> tuple[str, str]:
    kind = deeds.words.get(word)
    if kind is not None:
        return kind, word
    for length in deeds.lengths:
        kind = deeds.stems.get(word[:length])
        if kind is not None and length <= len(word):
            return kind, word[:length]
    if word in MEMBERS or word in HEADS:
        return ("member" if word in MEMBERS else "head"), word
    return (NUMBER if word[:1].isdigit() else ""), ""
