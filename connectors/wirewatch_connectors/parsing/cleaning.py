"""Takes out of text what no reader can see and no store should keep. Pure.

Zero-width and bidirectional characters stay: they are part of some scripts, and matching folds them away. They are
only capped, as combining marks are.
"""

from __future__ import annotations

import re

from wirewatch_connectors.parsing.caps import MAX_MARKS

#: C0 (but tab, newline, return), C1, DEL, surrogates and non-characters.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
#: Where a mark may be, found faster than by the marks' own ranges.
_PERHAPS_MARKS = re.compile("[\u0300-\u1fff\u20d0-\u20ff\ufe20-\ufe2f]")
_MARK_RUN = re.compile(f"([{_MARKS}]{{{MAX_MARKS}}})[{_MARKS}]+")


def clean_text(text: str) -> str:
    """Give `text` with spaces collapsed and lines kept, without unfit or overriding characters and towers of marks."""
    if not text.isascii() and _PERHAPS_MARKS.search(text):
        text = _MARK_RUN.sub(r"\1", text)
    lines = []
    # `splitlines` knows every line end of Unicode.
    for line in text.splitlines():
        # Nearly every line is printable and has single spaces only, and C finds that out faster than anything else.
        line = line.strip(" ") if line.isprintable() and "  " not in line else _clean_odd_line(line)
        if line:
            lines.append(line)
    return "\n".join(lines)


def _clean_odd_line(line: str) -> str:
    line = " ".join(line.split())
    if line.isprintable():
        return line
    # What was taken out may have stood between marks, or alone between spaces.
    return " ".join(_MARK_RUN.sub(r"\1", _BIDI.sub("", _UNFIT.sub("", line))).split())


def clean_line(text: str) -> str:
    """Give `text` on one line."""
    return clean_text(text).replace("\n", " ")


def cut_to_bytes(text: str, limit: int) -> tuple[str, bool]:
    """Cut `text` to at most `limit` bytes of UTF-8, between characters; tells whether it was cut."""
    if len(text) * 4 <= limit:
        return text, False
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= limit:
        return text, False
    return encoded[:limit].decode("utf-8", "ignore").rstrip(), True
