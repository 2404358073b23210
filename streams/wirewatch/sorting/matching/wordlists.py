"""Reads the words beside names (`tables/surroundings.toml`) and tells what a word is good for. Data only, read once.

Called by `beside` and `company`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final


class Topic:
    """What a word says of an article's topic, in bits; a word may say several things.

    Plain integers: every word of an article is asked, and flags of the standard library are fifty times slower to ask.
    """

    #: Armed groups, and nothing else.
    TELLING: Final = 1
    #: Violence and lists.
    GROUP: Final = 2
    #: Lists of groups.
    LISTING: Final = 4
    #: Sport, money, medicine and the like.
    ORDINARY: Final = 8


class Words:
    """A set of small-letter words, some of them beginnings of words."""

    __slots__ = ("_beginnings", "_whole")

    def __init__(self, entries: Iterable[str]) -> None:
        entries = tuple(entries)
        self._whole = frozenset(entry for entry in entries if not entry.endswith("*"))
        self._beginnings = tuple(entry[:-1] for entry in entries if entry.endswith("*"))

    def __contains__(self, word: str) -> bool:
        """Tell whether a word, or the singular of a plural in -s, is one of them."""
        return (
            word in self._whole or (word[-1:] == "s" and word[:-1] in self._whole) or word.startswith(self._beginnings)
        )


@cache
def load_words() -> Mapping[str, Words]:
    """Read the table."""
    text = (files("wirewatch.sorting") / "tables" / "surroundings.toml").read_text(encoding="utf-8")
    return {name: Words(entries) for name, entries in tomllib.loads(text).items()}


@lru_cache(maxsize=1 << 15)
def topics_of(word: str) -> int:
    """Tell what a folded word says of the topic, in the bits of `Topic`."""
    words = load_words()
    topic = 0
    for flag, name in (
        (Topic.TELLING, "telling"),
        (Topic.GROUP, "group"),
        (Topic.LISTING, "listing"),
        (Topic.ORDINARY, "ordinary"),
    ):
        if word in words[name]:
            topic |= flag
    return topic
