"""Compiles the phrases of a language file into patterns over folded text.

A phrase is words with single spaces. `*` ends a word anyhow ("terrorist*"), `(a|b)` gives a choice, `(a )?` may be
left out, `…` stands for up to `GAP_WORDS` words, `@` for the name
of a group, `&` for that of a body. Letters fold as names do, so that accents and marks do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from wirewatch.configuration import Table
from wirewatch.knowledge.folding import fold_name

#: Words that `…` may stand for.
GAP_WORDS = 12
#: A gap ends at a full stop or a semicolon, and may hold a comma.
_GAP = rf"(?:[^\w;]+\w+){{0,{GAP_WORDS}}}?[^\w;]+"
#: A name in a line; see `writing`.
_GROUP = '"?G+"?'
_BODY = "A+"
_PIECE = re.compile(r" ?… ?|[()|?*@&]| |[^()|?*@&… ]+")
_SYNTAX = frozenset("()|?*")
_CHOICE = re.compile(r"\(([^()|]*(?:\|[^()|]*)+)\)")
#: Fits nothing.
NOTHING = re.compile(r"(?!)")


def compile_phrases(phrases: Iterable[str], prefixes: Iterable[str] = ()) -> re.Pattern[str]:
    """Make one pattern of phrases; each may begin with one of the prefixes, which are written without a space.

    Raises:
        ValueError: a phrase whose brackets do not fit, or that holds no letter.
    """
    written = sorted({_translate(phrase) for phrase in phrases}, key=len, reverse=True)
    if not written:
        return NOTHING
    folded = [fold_name(prefix) for prefix in prefixes]
    before = f"(?:{'|'.join(folded)})?" if folded else ""
    return _compile(rf"(?<!\w){before}(?:{'|'.join(written)})(?!\w)")


@lru_cache(maxsize=1 << 12)
def _compile(pattern: str) -> re.Pattern[str]:
    """Compile a pattern; files are read again at each reload, and few of their phrases have changed."""
    return re.compile(pattern)


def _longest_first(match: re.Match[str]) -> str:
    """Sort a choice, so that "(a|a la)" takes both words where both stand."""
    return f"({'|'.join(sorted(match.group(1).split('|'), key=len, reverse=True))})"


@lru_cache(maxsize=1 << 14)
def _translate(phrase: str) -> str:
    if not any(letter.isalnum() for letter in phrase):
        raise ValueError(f"expected words, got {phrase!r}")
    pieces: list[str] = []
    for piece in _PIECE.findall(_CHOICE.sub(_longest_first, phrase.strip())):
        if "…" in piece:
            pieces.append(_GAP)
        elif piece == " ":
            pieces.append("[ ,()]+")
        elif piece == "*":
            pieces.append(r"\w*")
        elif piece == "@":
            pieces.append(_GROUP)
        elif piece == "&":
            pieces.append(_BODY)
        elif piece == "(":
            pieces.append("(?:")
        elif piece in _SYNTAX:
            pieces.append(piece)
        else:
            pieces.append(re.escape(fold_name(piece)).replace(r"\ ", " "))
    written = "".join(pieces)
    try:
        re.compile(written)
    except re.error as error:
        raise ValueError(f"expected words, (a|b), (a )?, * and …, got {phrase!r}: {error}") from error
    return written


class PhraseReader:
    """A table with the prefixes of its language: turns its lists of phrases into patterns, and notes problems."""

    def __init__(self, table: Table, prefixes: tuple[str, ...] = ()) -> None:
        self.table = table
        self._prefixes = prefixes

    def phrases(self, key: str, *, bare: bool = False) -> re.Pattern[str]:
        """Take a key as one pattern; one that is not set fits nothing. `bare` phrases take no prefix."""
        return self.compiled(key, self.table.texts(key, ()), bare=bare)

    def compiled(self, key: str, phrases: tuple[str, ...], *, bare: bool = False) -> re.Pattern[str]:
        """Make the pattern of phrases that stand under a key."""
        try:
            return compile_phrases(phrases, () if bare else self._prefixes)
        except ValueError as error:
            self.table.problem(key, str(error))
            return NOTHING
