"""Gives every way in which a name is likely to be written, from the table `spelling.toml`.

Called when aliases are compiled and by the importers, to find out that two names are one. Never looks at articles.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from wirewatch.knowledge.folding import fold_name

#: A name with more spellings than this keeps the first ones; the longest in our files needs about 200.
MOST_SPELLINGS = 256
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´ʿʾ")
_Words = tuple[str, ...]


def spellings(name: str) -> tuple[str, ...]:
    """Give the folded spellings of a name, its own first. Empty when nothing of it is a letter or a digit."""
    found: dict[str, None] = {}
    for written in (name, name.translate(_APOSTROPHES)):
        words = _without_the(tuple(fold_name(written).split(" ")))
        if any(words):
            found.setdefault(" ".join(words))
            for spelling in _spell(words):
                found.setdefault(" ".join(spelling))
    return tuple(found)[:MOST_SPELLINGS]


def _without_the(words: _Words) -> _Words:
    return words[1:] if len(words) > 1 and words[0] == "the" else words


def _spell(words: _Words) -> Iterator[_Words]:
    """Walk over all combinations; lazily, so that the cap costs nothing."""
    if not words:
        yield ()
        return
    for taken, options in _options(words):
        for rest in _spell(words[taken:]):
            for option in options:
                yield option + rest


def _options(words: _Words) -> list[tuple[int, list[_Words]]]:
    """Give (how many words are taken, what may stand for them) for the beginning of `words`."""
    same, particles, articles = _tables()
    first = words[0]
    options: list[tuple[int, list[_Words]]] = [(1, [(first,), *same.get((first,), ())])]
    if len(words) > 1:
        second = words[1]
        if (first, second) in same:
            options.append((2, list(same[first, second])))
        if len(words) > 2 and second in particles and len(first) > 2:
            # Lashkar-e-Taiba, Lashkar-i-Taiba, Lashkar Taiba.
            heads = [(first,), *same.get((first,), ())]
            options.append((2, [head + tail for head in heads for tail in (("e",), ("i",), ()) if tail != (second,)]))
        elif len(words) > 2 and second in articles and len(first) > 2:
            # Hizb ul-Mujahideen, Hizb al-Mujahideen, Hizbul Mujahideen.
            heads = [(first,), *same.get((first,), ())]
            tails: list[_Words] = [("al",), ("ul",), ("el",)]
            options.append((2, [head + tail for head in heads for tail in tails if tail != (second,)]))
            if second.startswith("u") and len(heads) < 3:
                options.append((2, [(first + second,)]))
        elif first in ("al", "el"):
            # Al-Shabaab, El Shabaab, Alshabaab.
            other = "el" if first == "al" else "al"
            options[0][1].append((other,))
            if len(words) == 2:
                options.append((2, [(first + second,)]))
                options.extend((2, [(first + spelled[0],)]) for spelled in same.get((second,), ()) if len(spelled) == 1)
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
