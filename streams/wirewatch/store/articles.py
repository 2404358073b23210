"""The articles that went through, and which alerts each of them fed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Boolean, Column, Connection, Index, Integer, LargeBinary, String, Table, func, select

from wirewatch import wire
from wirewatch.records import SortedArticle
from wirewatch.store.tables import UtcTime, metadata
from wirewatch.store.upserting import upsert

articles = Table(
    "articles",
    metadata,
    Column("article_id", String, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("feed_id", String, nullable=False),
    Column("url", String, nullable=False),
    Column("title", String, nullable=False),
    Column("published_at", UtcTime),
    Column("fetched_at", UtcTime),
    Column("history", Boolean, nullable=False),
    Column("sample", Boolean, nullable=False),
    #: The whole SortedArticle, as `wire` writes it.
    Column("sorted", LargeBinary, nullable=False),
    Index("articles_by_time", "published_at"),
    Index("articles_by_fetch", "fetched_at"),
    Index("articles_by_url", "url"),
)

_COLUMNS = ("revision", "feed_id", "url", "title", "published_at", "fetched_at", "history", "sample", "sorted")


def save_articles(connection: Connection, sorted_articles: Iterable[SortedArticle]) -> None:
    """Keep sorted articles, one row per article id; the latest revision wins, whatever order they come in."""
    newest: dict[str, SortedArticle] = {}
    for item in sorted_articles:
        held = newest.get(item.article.id)
        if held is None or item.article.revision >= held.article.revision:
            newest[item.article.id] = item
    # Sorted, so that two workers that save the same articles lock their rows in the same order.
    ordered = (newest[article_id] for article_id in sorted(newest))
    rows = [
        {
            "article_id": item.article.id,
            "revision": item.article.revision,
            "feed_id": item.article.feed_id,
            "url": item.article.url,
            "title": item.article.title,
            "published_at": item.article.published_at,
            "fetched_at": item.article.fetched_at,
            "history": item.article.history,
            "sample": item.article.sample,
            "sorted": wire.encode(item),
        }
        for item in ordered
    ]
    upsert(connection, articles, rows, key=("article_id",), update=_COLUMNS, newer="revision")


def load_revisions(connection: Connection, article_ids: Sequence[str]) -> dict[str, int]:
    """Give the stored revision of each of these articles that is stored."""
    if not article_ids:
        return {}
    rows = connection.execute(
        select(articles.c.article_id, articles.c.revision).where(articles.c.article_id.in_(article_ids))
    )
    return {row.article_id: row.revision for row in rows}


def load_articles(connection: Connection, article_ids: Sequence[str]) -> dict[str, SortedArticle]:
    """Give stored articles by id; unknown ids are missing from the answer."""
    rows = connection.execute(
        select(articles.c.article_id, articles.c.sorted).where(articles.c.article_id.in_(article_ids))
    )
    return {row.article_id: wire.decode(SortedArticle, row.sorted, topic="store") for row in rows}


def find_by_url(connection: Connection, url: str) -> SortedArticle | None:
    """Give the stored article with this address, the latest when there are several."""
    raw = connection.execute(
        select(articles.c.sorted).where(articles.c.url == url).order_by(articles.c.fetched_at.desc()).limit(1)
    ).scalar()
    return None if raw is None else wire.decode(SortedArticle, raw, topic="store")


def count_articles(connection: Connection) -> int:
    """Count stored articles."""
    return int(connection.execute(select(func.count()).select_from(articles)).scalar_one())


def count_fetched(connection: Connection, since: datetime, until: datetime) -> tuple[int, datetime | None]:
    """Count the articles fetched from `since` up to `until`, and give when the newest of them was fetched."""
    row = connection.execute(
        select(func.count(), func.max(articles.c.fetched_at)).where(
            articles.c.fetched_at >= since, articles.c.fetched_at < until
        )
    ).one()
    return int(row[0]), row[1]


def article_ids_by_time(connection: Connection, since: datetime | None = None) -> tuple[str, ...]:
    """Give the ids of stored articles in the order of their time: published, else fetched."""
    at = func.coalesce(articles.c.published_at, articles.c.fetched_at)
    query = select(articles.c.article_id).where(at.is_not(None)).order_by(at, articles.c.article_id)
    if since is not None:
        query = query.where(at >= since)
    return tuple(connection.execute(query).scalars())
