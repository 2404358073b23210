"""Knows everyday English words, so that a name made of nothing else is handled with care.

Called when aliases are compiled and by the report of dangerous aliases.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from wirewatch.knowledge.folding import fold_name


def is_everyday(name: str) -> bool:
    """Tell whether every word of a name is an everyday word ("The Base", "Army of Justice")."""
    known = _words()
    words = fold_name(name).split()
    return bool(words) and all(word in known or word.removesuffix("s") in known or len(word) == 1 for word in words)


def may_be_common_noun(name: str) -> bool:
    """Tell whether a name without its capitals would be ordinary words ("an Islamic state")."""
    return is_everyday(" ".join(word for word in fold_name(name).split() if word not in ("islamic", "muslim")) or name)


@cache
def _words() -> frozenset[str]:
    text = files("wirewatch.knowledge").joinpath("common_words.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
