"""The text of a JSON Feed → its head and the texts of its items. Pure, linear, and without recursion.

So that items that are known need not be decoded, and one that cannot be decoded costs only itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"\"(?:[^\"\\]++|\\.)*+\"|[\[\]{},]", re.S)
_OPENS_ARRAY = re.compile(r"\s*:\s*\[")


@dataclass(frozen=True, slots=True)
class CutJson:
    """A document in pieces."""

    #: The document with its items taken out.
    head: str
    items: tuple[str, ...]
    #: True when the document ends before its array of items does.
    unfinished: bool


def cut_json(text: str) -> CutJson | None:
    """Cut a document at its top-level array `items`, or give None when it has none."""
    start = _items_start(text)
    if start < 0:
        return None
    items: list[str] = []
    depth, begun = 0, start
    for token in _TOKEN.finditer(text, start):
        mark = token[0]
        if mark in ("[", "{"):
            depth += 1
        elif mark == "," and depth == 0:
            items.append(text[begun : token.start()])
            begun = token.end()
        elif mark in ("]", "}"):
            depth -= 1
            if depth < 0:
                items.append(text[begun : token.start()])
                kept = tuple(item for item in map(str.strip, items) if item)
                return CutJson(text[:start] + text[token.start() :], kept, unfinished=False)
    kept = tuple(item for item in map(str.strip, items) if item)
    return CutJson(text[:start] + "]}", kept, unfinished=True)


def _items_start(text: str) -> int:
    depth = 0
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in ("[", "{"):
            depth += 1
        elif mark in ("]", "}"):
            depth -= 1
        elif mark == '"items"' and depth == 1:
            opening = _OPENS_ARRAY.match(text, token.end())
            if opening:
                return opening.end()
    return -1
