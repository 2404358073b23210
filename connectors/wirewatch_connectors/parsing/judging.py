"""feedparser as the last resort: for documents that our own reading makes nothing of. Its only importer.

It is fed bytes of mended text without a DOCTYPE, its sanitiser and its resolver of addresses are off, and what it finds
goes through the same cleaning as everything else. It may still raise, or take long: the child's limits are the guard.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import feedparser

from wirewatch_connectors.parsing import caps
from wirewatch_connectors.parsing.cleaning import clean_line, cut_to_bytes
from wirewatch_connectors.parsing.cutting import fingerprint
from wirewatch_connectors.parsing.dating import read_date
from wirewatch_connectors.parsing.extracting import shorten_identity
from wirewatch_connectors.parsing.linking import resolve_link
from wirewatch_connectors.parsing.plain_text import html_to_text, title_to_text
from wirewatch_connectors.shapes import FeedItem

#: A tag with thousands of attributes takes a strict parser in pure Python seconds; no feed has one.
_LONG_TAG = re.compile(r"<[^<>]{20000}")


def judge(markup: str, *, base: str, language: str | None, now: datetime) -> tuple[FeedItem, ...]:
    """Give the items that feedparser finds in `markup`, those that say nothing left out."""
    too_long = len(markup) > caps.MAX_JUDGED_CHARACTERS or markup.count("<") > caps.MAX_JUDGED_TAGS
    if too_long or _LONG_TAG.search(markup):
        return ()
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        parsed = feedparser.parse(
            io.BytesIO(markup.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception:  # noqa: BLE001  # it raises what it pleases (ValueError, OverflowError, re.error, AssertionError)
        return ()
    items = (_item(entry, base, language, now) for entry in parsed.entries[: caps.MAX_ITEMS])
    return tuple(item for item in items if item.guid or item.url or item.title or item.text)


def _item(entry: Any, base: str, language: str | None, now: datetime) -> FeedItem:
    guid = _words(entry.get("id"))
    title, title_cut = cut_to_bytes(title_to_text(_words(entry.get("title"))), caps.MAX_TITLE_BYTES)
    bodies = [_words(entry.get("summary")), *(_words(part.get("value")) for part in entry.get("content") or ())]
    text, text_cut = cut_to_bytes(html_to_text(max(bodies, key=len))[0], caps.MAX_TEXT_BYTES)
    raw_date = _words(entry.get("published")) or _words(entry.get("updated"))
    published, clamped = read_date(raw_date, now)
    link = resolve_link(_words(entry.get("link")), base) or resolve_link(guid, "")
    return FeedItem(
        fingerprint=fingerprint("\x1f".join((guid, link, title, text))),
        guid=shorten_identity(guid),
        url=link,
        title=title,
        text=text,
        authors=tuple(_authors(entry)),
        language=language,
        published_at=published,
        published_raw=clean_line(raw_date[: caps.MAX_DATE_CHARACTERS]),
        truncated=title_cut or text_cut,
        date_clamped=clamped,
    )


def _authors(entry: Any) -> Iterable[str]:
    name = _words((entry.get("author_detail") or {}).get("name")) or _words(entry.get("author"))
    if name.strip():
        yield clean_line(name)[: caps.MAX_AUTHOR_CHARACTERS]


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""
