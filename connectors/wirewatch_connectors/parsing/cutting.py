"""A feed's text → its head and its items as slices, each with a fingerprint. Pure; builds no tree.

Works on markup only as far as it must: comments and CDATA are stepped over, so that a tag inside them is words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from wirewatch_connectors.parsing.caps import MAX_ITEMS
from wirewatch_connectors.parsing.dating import EARLIEST, read_date

_DATE = re.compile(
    r"<(?:[\w.-]{1,31}:)?(?:pubDate|published|issued|date|created|updated|modified)(?:\s[^<>]{0,200})?>([^<]{4,100})<",
    re.I,
)
#: Changes when the same bytes would be read differently, so that every item is read again.
RECIPE = b"wirewatch-1"

_MARKS = re.compile(r"<(?:!--|!\[CDATA\[|(/?)((?:[A-Za-z_][\w.-]{0,63}:)?(?:item|entry))(?=[\s/>])|\?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CutFeed:
    """A document in pieces."""

    #: Everything that is not an item, in order.
    head: str
    #: Each with its own start and end tag; the last may lack its end.
    items: tuple[str, ...]
    #: True when the document ends inside its last item.
    unfinished: bool


def cut_feed(text: str, root: int, names: Container[str]) -> CutFeed:
    """Cut the document that begins at `root` at elements of these names (lower case).

    An item that opens inside an item ends the outer one.
    """
    head: list[str] = []
    items: list[str] = []
    opened = -1
    position = done = root
    never_closed: set[str] = set()
    search = _MARKS.search
    while mark := search(text, position):
        name = mark[2]
        if name is None:
            position = _behind(text, mark, never_closed)
            continue
        if name.lower() not in names:
            position = mark.end()
            continue
        start = mark.start()
        tag_end = _tag_end(text, mark.end())
        if mark[1]:
            if opened >= 0:
                items.append(text[opened:tag_end])
                opened, done = -1, tag_end
        else:
            if opened >= 0:
                items.append(text[opened:start])
            else:
                head.append(text[done:start])
            opened = start
            if text[tag_end - 2 : tag_end] == "/>":
                items.append(text[start:tag_end])
                opened, done = -1, tag_end
        position = tag_end
    if opened >= 0:
        items.append(text[opened:])
    else:
        head.append(text[done:])
    return CutFeed("".join(head), tuple(items), unfinished=opened >= 0)


def choose_newest(items: tuple[str, ...], now: datetime) -> tuple[str, ...]:
    """Give at most `MAX_ITEMS` items, in document order: the newest, or, where most have no date, the first."""
    if len(items) <= MAX_ITEMS:
        return items
    dates = [read_date(match[1], now)[0] if (match := _DATE.search(item)) else None for item in items]
    if sum(date is None for date in dates) * 2 > len(items):
        return items[:MAX_ITEMS]
    newest = sorted(range(len(items)), key=lambda index: dates[index] or EARLIEST, reverse=True)[:MAX_ITEMS]
    return tuple(items[index] for index in sorted(newest))


def fingerprint(slice_: str) -> str:
    """Hash an item's own markup."""
    digest = hashlib.blake2b(slice_.encode("utf-8", "surrogatepass"), digest_size=12, key=RECIPE)
    return digest.hexdigest()


def _behind(text: str, mark: re.Match[str], never_closed: set[str]) -> int:
    closing = {"<!--": "-->", "<?": "?>"}.get(mark[0], "]]>")
    end = -1 if closing in never_closed else text.find(closing, mark.end())
    if end < 0:
        never_closed.add(closing)
        return mark.end()
    return end + len(closing)


def _tag_end(text: str, position: int) -> int:
    """Give the index behind a tag's `>`; a `>` in quotes does not count unless the quote never closes in this tag."""
    end = text.find(">", position)
    if end < 0:
        return len(text)
    inside = text[position:end]
    if "'" in inside or '"' in inside:
        whole = _ATTRIBUTES.match(text, position)
        if whole:
            return whole.end()
    return end + 1


_ATTRIBUTES = re.compile(r"(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+>")
