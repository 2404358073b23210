"""What the tests of parsing share: a feed read with everything but the point of the test left at its default."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from wirewatch_connectors.parsing.reading import read_feed
from wirewatch_connectors.shapes import FeedItem, ParsedFeed

FEEDS = Path(__file__).parent / "feeds"
NOW = datetime(2025, 8, 12, 12, 0, tzinfo=UTC)
URL = "https://outlet.example/feed.xml"


def read(
    body: bytes | str, *, known: frozenset[str] = frozenset(), url: str = URL, content_type: str = ""
) -> ParsedFeed:
    """Read a body at noon on 12 August 2025."""
    raw = body.encode() if isinstance(body, str) else body
    return read_feed(raw, content_type=content_type, url=url, known=known, now=NOW)


def read_file(name: str, *, url: str = URL) -> ParsedFeed:
    """Read one of the feeds that lie beside these tests."""
    return read((FEEDS / name).read_bytes(), url=url)


def an_item(inside: str, *, attributes: str = "") -> str:
    """Write an RSS feed of one item."""
    return a_feed(f"<item>{inside}</item>", attributes=attributes)


def a_feed(items: str, *, attributes: str = "") -> str:
    """Write an RSS feed."""
    return f'<?xml version="1.0"?><rss version="2.0"{attributes}><channel><title>Outlet</title>{items}</channel></rss>'


def only(feed: ParsedFeed) -> FeedItem:
    """Give the one item of a feed."""
    (item,) = feed.items
    return item
