"""JSON Feed 1.0 and 1.1 → ParsedFeed. Pure; an item that is not what the format says costs only itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from wirewatch_connectors.parsing import caps
from wirewatch_connectors.parsing.cleaning import clean_line, clean_text, cut_to_bytes
from wirewatch_connectors.parsing.cutting import fingerprint
from wirewatch_connectors.parsing.dating import read_date
from wirewatch_connectors.parsing.extracting import Inherited, read_language, shorten_identity
from wirewatch_connectors.parsing.json_cutting import CutJson, cut_json
from wirewatch_connectors.parsing.linking import choose_base, resolve_link
from wirewatch_connectors.parsing.plain_text import html_to_text, title_to_text
from wirewatch_connectors.shapes import FeedItem, ItemProblem, ParsedFeed

#: What tells a feed from any other document with `items`.
_OWN_KEYS = frozenset(("version", "title", "home_page_url", "feed_url"))
_WEAK = json.JSONDecoder(strict=False)


def read_json_feed(text: str, *, url: str, known: frozenset[str], now: datetime) -> ParsedFeed | None:
    """Read a JSON Feed, or give None when the text is not one."""
    # A feed that has no `items` at all has none.
    cut = cut_json(text) or CutJson(text, (), unfinished=False)
    head = _decoded(cut.head)
    if not isinstance(head, dict) or not (_OWN_KEYS & head.keys()):
        return None
    if "items" not in head and "jsonfeed" not in _words(head.get("version")):
        return None
    base = choose_base(url, (_words(head.get("home_page_url")),) if not url else ())
    language = read_language(_words(head.get("language")))
    inherited = Inherited(base, language, _authors(head))
    items: list[FeedItem] = []
    problems: list[ItemProblem] = []
    for slice_ in cut.items[: caps.MAX_ITEMS]:
        print_ = fingerprint(slice_)
        if print_ in known:
            items.append(FeedItem(print_, known=True))
            continue
        raw = _decoded(slice_)
        if isinstance(raw, dict):
            items.append(_item(raw, print_, inherited, now))
        else:
            # Every item is counted; of too many, only the first are kept with their bytes.
            kept = slice_[: caps.MAX_PROBLEM_BYTES] if len(problems) < caps.MAX_PROBLEMS else ""
            quarantined = kept.encode("utf-8", "replace")[: caps.MAX_PROBLEM_BYTES]
            problems.append(ItemProblem("unreadable" if raw is None else "not_an_object", quarantined))
    complaint = "ends before its items do" if cut.unfinished else f"{len(problems)} items are no items" * bool(problems)
    version = _words(head.get("version")).rstrip("/").rpartition("/")[2]
    return ParsedFeed(
        format=f"json-{version}" if version in ("1", "1.0", "1.1") else "json",
        title=cut_to_bytes(title_to_text(_words(head.get("title"))), caps.MAX_TITLE_BYTES)[0],
        language=language,
        link=resolve_link(_words(head.get("home_page_url")), base),
        items=tuple(items),
        problems=tuple(problems),
        degraded=bool(complaint),
        complaint=complaint,
        items_over_cap=max(len(cut.items) - caps.MAX_ITEMS, 0),
    )


def _decoded(text: str) -> Any:
    try:
        return _WEAK.decode(text.strip())
    except (ValueError, RecursionError):
        return None


def _item(raw: dict[str, Any], print_: str, inherited: Inherited, now: datetime) -> FeedItem:
    guid = _words(raw.get("id")).strip()
    title, title_cut = cut_to_bytes(title_to_text(_words(raw.get("title"))), caps.MAX_TITLE_BYTES)
    text, text_cut = _text(raw)
    raw_date = _words(raw.get("date_published")) or _words(raw.get("date_modified"))
    published, clamped = read_date(raw_date, now)
    base = inherited.base
    link = resolve_link(_words(raw.get("url")), base) or resolve_link(_words(raw.get("external_url")), base)
    return FeedItem(
        fingerprint=print_,
        guid=shorten_identity(guid),
        url=link or resolve_link(guid, ""),
        title=title,
        text=text,
        authors=_authors(raw) or inherited.authors,
        language=read_language(_words(raw.get("language"))) or inherited.language,
        published_at=published,
        published_raw=clean_line(raw_date[: caps.MAX_DATE_CHARACTERS]),
        truncated=title_cut or text_cut,
        date_clamped=clamped,
    )


def _text(raw: dict[str, Any]) -> tuple[str, bool]:
    ways: tuple[tuple[str, Callable[[str], tuple[str, bool]]], ...] = (
        ("content_html", html_to_text),
        (
            "content_text",
            lambda words: (clean_text(words[: caps.MAX_MARKUP_CHARACTERS]), len(words) > caps.MAX_MARKUP_CHARACTERS),
        ),
        ("summary", html_to_text),
    )
    for key, read in ways:
        text, cut = read(_words(raw.get(key)))
        if text:
            kept, bytes_cut = cut_to_bytes(text, caps.MAX_TEXT_BYTES)
            return kept, cut or bytes_cut
    return "", False


def _authors(raw: dict[str, Any]) -> tuple[str, ...]:
    listed = raw.get("authors")
    people = listed if isinstance(listed, list) and listed else [listed or raw.get("author")]
    names = (
        _words(person.get("name") if isinstance(person, dict) else person) for person in people[: caps.MAX_AUTHORS]
    )
    return tuple(dict.fromkeys(clean_line(name)[: caps.MAX_AUTHOR_CHARACTERS] for name in names if name.strip()))


def _words(value: Any) -> str:
    """Give strings as they are and numbers as people write them; anything else says nothing."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
