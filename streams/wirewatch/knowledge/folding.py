"""Folds text so that names can be found in it: small plain letters, every sign a space, positions kept.

Called by the matcher on every article and by `spelling` on every alias, so that both sides fold alike.
Folding keeps the length unless it must not (unseen signs, combining marks, runs of white space); `Folded.original`
leads back from there. It never decides what is a name.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from dataclasses import dataclass

#: Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN = {
    **dict(zip("ıłđðøħŧþßæœə", "ilddohttseea", strict=True)),
    # Arabic, Persian, Urdu and Pashto write one letter with several code points.
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ىيېۍئے", "ی"),
    **dict.fromkeys("ةہھۀۃۂ", "ه"),
    **dict(zip("كګؤړښ", "کگورش", strict=True)),
    # Russian papers write е for ё.
    "ё": "е",
}
#: Signs that nobody sees inside a word: soft hyphen, zero-width signs, tatweel, marks on the letter before.
_UNSEEN = "\xad\u200b\u200d\u200e\u200f\u2060\ufeff\u0640\u0300-\u036f\u064b-\u065f\u0670\u0591-\u05c7"
#: Signs that make up nearly all of what English news writes beyond Latin-1; each folds to a space.
_COMMON_SIGNS = "’‘“”–—…•"
_TO_CUT = re.compile(rf"[{_UNSEEN}]+|\s{{2,}}")
#: The usual case by far, and ten times faster to find.
_SPACES_TO_CUT = re.compile("  +")
#: Letters beyond Latin-1 with what stands between them: one run for a text in another script.
_BEYOND = re.compile(r"[^\x00-\xff](?:[^A-Za-z]*[^\x00-\xff])?")
_SEEK_UNSEEN = re.compile(f"[{_UNSEEN}]")


def _fold_letter(code: int) -> str:
    if 0x2B0 <= code <= 0x2FF:
        # Spacing modifiers stand for ʿayn and hamza, as apostrophes do.
        return " "
    low = chr(code).lower()[:1]
    base = unicodedata.normalize("NFKD", _PLAIN.get(low, low))[:1].lower()
    base = _PLAIN.get(base, base)
    # The micro sign alone of Latin-1 has no plain letter; the fast way below can only give one byte.
    return base if base.isalnum() and (code > 255 or base.isascii()) else " "


class _Letters(dict[int, str]):
    """Code point → folded letter, filled as letters are met."""

    def __missing__(self, code: int) -> str:
        letter = self[code] = _fold_letter(code)
        return letter


_LETTERS = _Letters()
_LATIN = bytes(ord(letter) if (letter := _fold_letter(code)).isascii() else 32 for code in range(256))


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text with a space before and behind it."""

    text: str
    #: Positions in `text` after which something was cut, ascending, and how much was cut up to there.
    _cuts: tuple[int, ...] = ()
    _shifts: tuple[int, ...] = ()

    @property
    def has_cuts(self) -> bool:
        """Tell whether positions moved."""
        return bool(self._cuts)

    def original(self, position: int) -> int:
        """Give the position in the text as it came, for a position in `text`."""
        if not self._cuts:
            return position - 1
        index = bisect.bisect_right(self._cuts, position)
        return position - 1 + (self._shifts[index - 1] if index else 0)


def fold(text: str) -> Folded:
    """Fold a text.

    Plain English takes about 2 ns a character; a text with letters beyond Latin-1 takes about 10, another script 20.
    """
    if "\n " in text or " \n" in text or "\xad" in text:
        return _fold_with_cuts(text, _TO_CUT)
    folded = _fold_simple(text)
    if folded is None:
        if "  " in text or _SEEK_UNSEEN.search(text):
            return _fold_with_cuts(text, _TO_CUT)
        folded = _fold_any(text)
    elif "  " in text:
        return _fold_with_cuts(text, _SPACES_TO_CUT)
    return Folded(f" {folded} ")


def fold_name(name: str) -> str:
    """Fold a name; white space around it goes, signs inside it stay spaces."""
    return fold(name).text.strip()


def _fold_simple(text: str) -> str | None:
    """Fold text of Latin-1 letters and the common signs by way of bytes, which is fast; None for any other."""
    if text.isascii():
        return text.encode().translate(_LATIN).decode()
    raw = text.encode("latin-1", "replace")
    beyond = raw.count(b"?") - text.count("?")
    for sign in _COMMON_SIGNS:
        if not beyond:
            break
        beyond -= text.count(sign)
    return None if beyond else raw.translate(_LATIN).decode()


def _fold_any(text: str) -> str:
    """Fold the letters beyond Latin-1 one by one, the others fast if nothing else remains."""
    plain = _BEYOND.sub(_fold_run, text)
    simple = _fold_simple(plain)
    return plain.translate(_LETTERS) if simple is None else simple


def _fold_run(match: re.Match[str]) -> str:
    return match.group().translate(_LETTERS)


def _fold_with_cuts(text: str, to_cut: re.Pattern[str]) -> Folded:
    pieces: list[str] = []
    cuts: list[int] = []
    shifts: list[int] = []
    begin = kept = 0
    for match in to_cut.finditer(text):
        # A blank line ends a name, a line break does not: keep two signs of the first, one of the second.
        run = match.group()
        keep = 0 if not run[0].isspace() else 2 if run.count("\n") > 1 else 1
        if keep == len(run):
            continue
        pieces.append(text[begin : match.start()] + " " * keep)
        kept += match.start() - begin + keep
        begin = match.end()
        cuts.append(kept + 1)
        shifts.append(begin - kept)
    pieces.append(text[begin:])
    joined = "".join(pieces)
    folded = _fold_simple(joined)
    return Folded(f" {_fold_any(joined) if folded is None else folded} ", tuple(cuts), tuple(shifts))
