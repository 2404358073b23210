"""Finds regions and towns (`tables/places.toml`) in an article and tells whose they are, by capitals alone.

Called by `evidence` when a short name must be decided. Never tells which of two towns of one name is meant: a place may
lie in several countries.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_CAPITALISED = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’\-]+")
#: Words of the longest place that is looked for.
_MOST_WORDS = 4
_LONGEST = 40
_SIGNS = '.,;:!?)"”'


class Place(NamedTuple):
    """A region or town in a text, and the countries it may lie in."""

    start: int
    end: int
    countries: frozenset[str]


def find_places(text: str) -> list[Place]:
    """Give the places of a text in order, the longest first where two begin together; they don't overlap."""
    known, beginnings = _load_places()
    # Most words of most articles are no places: each is asked for once, and only places are looked for.
    written = {word: _bare(word) for word in set(_CAPITALISED.findall(text))}
    wanted = {word: bare for word, bare in written.items() if bare in known or bare in beginnings}
    found: list[Place] = []
    taken_to = 0
    for start, bare in sorted((start, bare) for word, bare in wanted.items() for start in _starts(text, word)):
        if start < taken_to:
            continue
        name = bare if bare in known else ""
        if bare in beginnings:
            words = text[start : start + _LONGEST].split(" ")[:_MOST_WORDS]
            longer = (_bare(" ".join(words[:count]).rstrip(_SIGNS)) for count in range(len(words), 1, -1))
            name = next((each for each in longer if each in known), name)
        if name:
            taken_to = start + len(name)
            found.append(Place(start, taken_to, known[name]))
    return found


def _starts(text: str, word: str) -> Iterator[int]:
    """Give where a word that stands in a text begins, each time."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            yield start
        start = text.find(word, end)


def _bare(word: str) -> str:
    return word[:-2] if word.endswith(("'s", "’s")) else word.rstrip("'’")


@cache
def _load_places() -> tuple[Mapping[str, frozenset[str]], frozenset[str]]:
    """Read the table: names as written, without accents and in capitals, and the first words of longer ones."""
    text = (files("wirewatch.sorting") / "tables" / "places.toml").read_text(encoding="utf-8")
    countries: dict[str, set[str]] = {}
    for country, names in tomllib.loads(text).items():
        for written in names.replace("\n", " ").split(","):
            name = written.strip()
            for form in (name, _without_accents(name), name.upper()):
                countries.setdefault(form, set()).add(country)
    return (
        {name: frozenset(owners) for name, owners in countries.items()},
        frozenset(name.split(" ")[0] for name in countries if " " in name),
    )


def _without_accents(name: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))
