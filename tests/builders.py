"""Builders of records with sane defaults; a test names only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from wirewatch.ids import article_id
from wirewatch.records import Article, Tier

NOON = datetime(2025, 8, 12, 12, 0, tzinfo=UTC)


def an_article(title: str = "Harbour reopens after storm", text: str = "", **changes: Any) -> Article:
    """Build an article of the Harbour Courier, published at noon on 12 August 2025."""
    guid = changes.pop("guid", title)
    feed_id = changes.pop("feed_id", "harbour-courier")
    article = Article(
        id=article_id(feed_id, guid),
        feed_id=feed_id,
        guid=guid,
        url=f"https://{feed_id}.example/{article_id(feed_id, guid)[4:12]}",
        title=title,
        text=text,
        language="en",
        published_at=NOON,
        published_raw="Tue, 12 Aug 2025 12:00:00 GMT",
        fetched_at=NOON,
        feed_name="Harbour Courier",
        tier=Tier.OUTLET,
    )
    return replace(article, **changes)
