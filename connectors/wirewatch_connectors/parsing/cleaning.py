"""Takes out of text what no reader can see and no store should keep. Pure.

Zero-width and bidirectional characters stay: they are part of some scripts, and matching folds them away. They are
only capped, as combining marks are.
"""

from __future__ import annotations

import re

from wirewatch_connectors.parsing.caps import MAX_MARKS

#: C0 (but tab, newline, return), C1, DEL, surrogates and non-characters.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[\n ]*")
#: Unicode's explicit line ends, besides the ones that `\s` catches as spaces.
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_ODD = re.compile("[^\x09\x0a\x20-\x7e\xa0-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2027\u2030-\u205e\u20a0-\u20cf]")
_MARK_RUN = re.compile(
    f"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{{{MAX_MARKS}}})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)


def clean_text(text: str) -> str:
    """Give `text` with spaces collapsed and lines kept, without unfit or overriding characters and towers of marks."""
    if _ODD.search(text):
        text = _LINE_ENDS.sub("\n", text)
        text = _UNFIT.sub("", text)
        text = _BIDI.sub("", text)
        text = _MARK_RUN.sub(r"\1", text)
    text = _SPACES.sub(" ", text)
    if "\n" in text:
        text = _LINES.sub("\n", text)
    return text.strip()


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
