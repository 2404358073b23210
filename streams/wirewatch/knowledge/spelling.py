"""Gives every way in which a name is likely to be written, from the table `spelling.toml`.

Called when aliases are compiled and by the importers, to find out that two names are one. Never looks at articles.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from wirewatch.knowledge.folding import fold_name

#: A name with more spellings than this keeps the nearest ones.
MOST_SPELLINGS = 160
#: Words of one name that may be spelled otherwise at once; writers who change more of them are rare.
_MOST_CHANGES = 3
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´ʿʾ")
_Words = tuple[str, ...]


def spellings(name: str) -> tuple[str, ...]:
    """Give the folded spellings of a name, nearest first. Empty when nothing of it is a letter or a digit."""
    found: dict[str, None] = {}
    bare = name.translate(_APOSTROPHES)
    starts = [
        words
        for written in ((name, bare) if bare != name else (name,))
        if any(words := _without_the(tuple(fold_name(written).split(" ")), name))
    ]
    for changes in range(_MOST_CHANGES + 1):
        for words in starts:
            for spelling in _spell(words, changes):
                found.setdefault(" ".join(spelling))
                if len(found) >= MOST_SPELLINGS:
                    return tuple(found)
    return tuple(found)


def _without_the(words: _Words, name: str) -> _Words:
    """Leave out a first "The"; a small "the" in the file ("the Guards") says that it belongs to the name."""
    return words[1:] if len(words) > 1 and words[0] == "the" and not name.startswith("the ") else words


def _spell(words: _Words, changes: int) -> Iterator[_Words]:
    """Give the spellings that differ in exactly so many places."""
    if not words:
        if not changes:
            yield ()
        return
    for rest in _spell(words[1:], changes):
        yield (words[0], *rest)
    if changes:
        for taken, options in _options(words):
            for rest in _spell(words[taken:], changes - 1):
                for option in options:
                    yield option + rest


def _options(words: _Words) -> list[tuple[int, list[_Words]]]:
    """Give (how many words are taken, what else may stand for them) for the beginning of `words`."""
    same, particles, articles = _tables()
    first = words[0]
    others = same.get((first,), [])
    options: list[tuple[int, list[_Words]]] = [(1, others)] if others else []
    if len(words) < 2:
        return options
    second = words[1]
    if (first, second) in same:
        options.append((2, same[first, second]))
    if len(words) > 2 and len(first) > 2 and second in particles:
        # Lashkar-e-Taiba, Lashkar-i-Taiba, Lashkar Taiba.
        tails: list[_Words] = [("e",), ("i",), ()]
        options.append((2, [(first, *tail) for tail in tails if tail != (second,)]))
    elif len(words) > 2 and len(first) > 2 and second in articles:
        # Hizb ul-Mujahideen, Hizb al-Mujahideen, Hizbul Mujahideen.
        options.append((2, [(first, article) for article in ("al", "ul", "el") if article != second]))
        if second.startswith("u"):
            options.append((2, [(first + second,)]))
    elif first in ("al", "el"):
        # Al-Shabaab, El Shabaab, Alshabaab.
        options.append((1, [("el",) if first == "al" else ("al",)]))
        if len(words) == 2:
            joined = [second, *(other[0] for other in same.get((second,), []) if len(other) == 1)]
            options.append((2, [(first + word,) for word in joined]))
    return options


@cache
def _tables() -> tuple[dict[_Words, list[_Words]], frozenset[str], frozenset[str]]:
    table = tomllib.loads(files("wirewatch.knowledge").joinpath("spelling.toml").read_text(encoding="utf-8"))
    same: dict[_Words, list[_Words]] = {}
    for group in table["same"]:
        members = [tuple(member.split(" ")) for member in group]
        for member in members:
            others = same.setdefault(member, [])
            others.extend(other for other in members if other != member and other not in others)
    return same, frozenset(table["particles"]), frozenset(table["articles"])
