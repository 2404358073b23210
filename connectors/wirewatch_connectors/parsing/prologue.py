"""What stands before the root element: found, read for the few entities it may define, and dropped. Pure.

No DOCTYPE reaches any parser, so nothing it names can ever be opened, fetched or multiplied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: A general entity with a short literal value: the only kind that is honoured.
_ENTITY = re.compile(r"<!ENTITY\s+([A-Za-z_][\w.-]{0,63})\s+(?:\"([^\"<&%]{0,200})\"|'([^'<&%]{0,200})')\s*>")
_NUMERIC_ENTITY = re.compile(
    r"<!ENTITY\s+([A-Za-z_][\w.-]{0,63})\s+[\"'](?:&#38;)?&?#(x[0-9a-fA-F]{1,6}|\d{1,7});[\"']\s*>"
)
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?[A-Za-z_]")
_DOCTYPE_TOKEN = re.compile(r"<!--|[\"'\[\]>]")
#: Tags of a warning that are looked behind for a feed; a thousand warnings are more than a feed survives.
_MAX_NOISES = 1_000
#: Entities read of one document.
_MAX_ENTITIES = 512


@dataclass(frozen=True, slots=True)
class Prologue:
    """Where the document really begins, and what its DOCTYPE defined."""

    #: Index of the root element's `<`, or -1 when there is none.
    root: int
    entities: dict[str, str]
    #: True when something other than a prologue stood there.
    dirty: bool = False


def read_prologue(text: str) -> Prologue:
    """Find the root element behind byte order marks, blank lines, warnings of a script, comments and DOCTYPE."""
    entities: dict[str, str] = {}
    never_closed: set[str] = set()
    position, noises = 0, 0
    while True:
        position = text.find("<", position)
        if position < 0:
            return Prologue(-1, entities, dirty=noises > 0)
        if text.startswith(("<!--", "<?"), position):
            position = _behind(text, position, never_closed)
        elif text[position : position + 9].upper() == "<!DOCTYPE":
            end = _doctype_end(text, position + 9)
            if end < 0:
                return Prologue(-1, entities, dirty=True)
            entities.update(_entities(text[position:end]))
            position = end
        elif _ROOT.match(text, position) and not (noises < _MAX_NOISES and _is_noise(text, position)):
            return Prologue(position, entities, dirty=noises > 0)
        else:
            noises += 1
            position += 1


def _behind(text: str, position: int, never_closed: set[str]) -> int:
    """Give the index behind a comment or an instruction, or, where it never ends, behind its opening."""
    opening, closing = ("<!--", "-->") if text.startswith("<!--", position) else ("<?", "?>")
    end = -1 if closing in never_closed else text.find(closing, position + len(opening))
    if end < 0:
        never_closed.add(closing)
        return position + len(opening)
    return end + len(closing)


def _is_noise(text: str, position: int) -> bool:
    # What a failing script prints before its feed: `<br />\n<b>Warning</b>: …`.
    return bool(re.match(r"<(?:br|b|p|pre|font|i)\b", text[position : position + 8], re.I)) and bool(
        re.search(r"<(?:\w+:)?(?:rss|feed|rdf|channel)\b", text[position : position + 8192], re.I)
    )


def _doctype_end(text: str, position: int) -> int:
    """Give the index behind the DOCTYPE's `>`, heeding quotes, comments and the internal subset; -1 without an end."""
    inside = False
    while token := _DOCTYPE_TOKEN.search(text, position):
        mark = token[0]
        position = token.end()
        if mark == "<!--":
            position = text.find("-->", position) + 3
        elif mark in "\"'":
            position = text.find(mark, position) + 1
        elif mark == ">" and not inside:
            return position
        else:
            inside = mark == "[" or (inside and mark != "]")
        if position < token.end():
            # A quote or a comment that never ends.
            return -1
    return -1


def _entities(doctype: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ENTITY.finditer(doctype):
        found.setdefault(match[1], match[2] if match[2] is not None else match[3])
    for match in _NUMERIC_ENTITY.finditer(doctype):
        number = int(match[2][1:], 16) if match[2].startswith("x") else int(match[2])
        if 0x20 <= number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF:
            found.setdefault(match[1], chr(number))
    return dict(list(found.items())[:_MAX_ENTITIES])
