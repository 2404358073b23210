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
_ODD = re.compile(f"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069{_MARKS}]")
_MARK_RUN = re.compile(f"([{_MARKS}]{{{MAX_MARKS}}})[{_MARKS}]+")


def clean_text(text: str) -> str:
    """Give `text` with spaces collapsed and lines kept, without unfit or overriding characters and towers of marks."""
    if not text.isascii() and _ODD.search(text):
        text = _MARK_RUN.sub(r"\1", _BIDI.sub("", text))
    # `splitlines` and `split` know every line end and every space of Unicode, and run in C.
    lines = [" ".join(line.split()) for line in text.splitlines()]
    text = "\n".join([line for line in lines if line])
    # Nearly every text is printable, and C finds that out four times faster than a pattern.
    if text.replace("\n", "").isprintable():
        return text
    fit = _UNFIT.sub("", text)
    return fit if fit == text else clean_text(fit)


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
