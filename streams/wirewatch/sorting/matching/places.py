"""Finds regions and towns (`tables/places.toml`) in an article and tells whose they are, by capitals alone.

Called by `evidence` when a short name must be decided. Never tells which of two towns of one name is meant: a place may
lie in several countries.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_CAPITALISED = re.compile(r"[^\W\d_a-z][\w'’\-]*")
_POSSESSIVE = re.compile(r"['’]s?$")
#: Words of the longest place that is looked for.
_MOST_WORDS = 4


class Place(NamedTuple):
    """A region or town in a text, and the countries it may lie in."""

    start: int
    end: int
    countries: frozenset[str]


def find_places(text: str) -> list[Place]:
    """Give the places of a text in order, the longest first where two begin together; they don't overlap."""
    known, beginnings = _load_places()
    found: list[Place] = []
    taken_to = 0
    for match in _CAPITALISED.finditer(text):
        start, end = match.span()
        if start < taken_to:
            continue
        first = _POSSESSIVE.sub("", match.group().lower())
        best: Place | None = None
        if first in known:
            best = Place(start, end, known[first])
        if first in beginnings:
            words = text[start : start + 40].lower().split(" ")[:_MOST_WORDS]
            for count in range(len(words), 1, -1):
                name = _POSSESSIVE.sub("", " ".join(words[:count]).rstrip('.,;:!?)"”'))
                if name in known:
                    best = Place(start, start + len(name), known[name])
                    break
        if best is not None:
            found.append(best)
            taken_to = best.end
    return found


@cache
def _load_places() -> tuple[Mapping[str, frozenset[str]], frozenset[str]]:
    """Read the table: small-letter names with and without accents, and the first words of longer ones."""
    text = (files("wirewatch.sorting") / "tables" / "places.toml").read_text(encoding="utf-8")
    countries: dict[str, set[str]] = {}
    for country, names in tomllib.loads(text).items():
        for written in names.replace("\n", " ").split(","):
            name = written.strip().lower()
            countries.setdefault(name, set()).add(country)
            countries.setdefault(_without_accents(name), set()).add(country)
    return (
        {name: frozenset(owners) for name, owners in countries.items()},
        frozenset(name.split(" ")[0] for name in countries if " " in name),
    )


def _without_accents(name: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))
