"""The items that each feed has ever shown us, and as which article: the memory that keeps an old item from being news.

An item is forgotten only when it has been out of its feed for `RETENTION`, so the memory is never smaller than the feed
and never shorter than what the log keeps. Never decides what is the same; `wirewatch_connectors.identity` does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Boolean, Column, Connection, Index, Integer, String, Table, delete, func, select, update

from wirewatch.store.tables import UtcTime, metadata
from wirewatch.store.upserting import upsert

#: 400 days: longer than any topic's retention, and than the yearly return of anniversary pieces.
RETENTION = timedelta(days=400)

#: 500: well below SQLite's and PostgreSQL's limits of variables in one statement.
_CHUNK = 500

feed_items = Table(
    "feed_items",
    metadata,
    Column("feed_id", String, primary_key=True),
    Column("article_id", String, primary_key=True),
    Column("guid_key", String, nullable=False),
    Column("link_key", String, nullable=False),
    Column("title_key", String, nullable=False),
    Column("content_hash", String, nullable=False),
    Column("shown_hash", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("streak", Integer, nullable=False),
    Column("history", Boolean, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Index("feed_items_by_guid", "feed_id", "guid_key"),
    Index("feed_items_by_link", "feed_id", "link_key"),
    Index("feed_items_by_time", "feed_id", "last_seen_at"),
)


@dataclass(frozen=True, slots=True)
class SeenItem:
    """One item of a feed as we know it. Keys are hashes; "" where the item has no such part."""

    feed_id: str
    article_id: str
    guid_key: str
    link_key: str
    title_key: str
    #: Hash of what a reader sees in the revision that was published last.
    content_hash: str
    #: The same of what the feed showed last; differs while an item flaps.
    shown_hash: str
    #: Hash of the raw bytes that need not be read again; "" when they must be.
    fingerprint: str
    revision: int
    #: Changes in a row, without a poll that showed it unchanged.
    streak: int
    #: True when it came with the feed's first poll.
    history: bool
    first_seen_at: datetime
    last_seen_at: datetime


_COLUMNS = tuple(field.name for field in fields(SeenItem))
_KEY = ("feed_id", "article_id")
_KEPT = frozenset({*_KEY, "first_seen_at", "history"})


def load_recent(connection: Connection, feed_id: str, since: datetime, limit: int = 10_000) -> dict[str, SeenItem]:
    """Give the items that were in the feed since then, the latest first, by fingerprint."""
    query = (
        select(feed_items)
        .where(feed_items.c.feed_id == feed_id, feed_items.c.last_seen_at >= since, feed_items.c.fingerprint != "")
        .order_by(feed_items.c.last_seen_at.desc())
        .limit(limit)
    )
    return {row["fingerprint"]: SeenItem(**row) for row in connection.execute(query).mappings()}


def load_matching(
    connection: Connection, feed_id: str, guid_keys: Collection[str], link_keys: Collection[str], ids: Collection[str]
) -> tuple[SeenItem, ...]:
    """Give every item of the feed that shares a guid, a link or an article id with these; of any age."""
    found: dict[str, SeenItem] = {}
    for column, keys in (
        (feed_items.c.guid_key, guid_keys),
        (feed_items.c.link_key, link_keys),
        (feed_items.c.article_id, ids),
    ):
        for chunk in _chunks(sorted(set(keys) - {""})):
            query = select(feed_items).where(feed_items.c.feed_id == feed_id, column.in_(chunk))
            found.update((row["article_id"], SeenItem(**row)) for row in connection.execute(query).mappings())
    return tuple(found.values())


def has_items(connection: Connection, feed_id: str) -> bool:
    """Tell whether anything is remembered of a feed's items."""
    return (
        connection.execute(select(feed_items.c.feed_id).where(feed_items.c.feed_id == feed_id).limit(1)).first()
        is not None
    )


def keep_items(connection: Connection, items: Sequence[SeenItem]) -> None:
    """Keep items, one row per article of a feed."""
    changing = [column for column in _COLUMNS if column not in _KEPT]
    upsert(connection, feed_items, [asdict(item) for item in items], key=_KEY, update=changing)


def mark_present(connection: Connection, feed_id: str, article_ids: Collection[str], now: datetime) -> None:
    """Note that these items were in the feed at `now`."""
    for chunk in _chunks(sorted(article_ids)):
        connection.execute(
            update(feed_items)
            .where(feed_items.c.feed_id == feed_id, feed_items.c.article_id.in_(chunk))
            .values(last_seen_at=now)
        )


def count_since(connection: Connection, since: datetime) -> dict[str, int]:
    """Count each feed's new articles since then, history apart."""
    query = (
        select(feed_items.c.feed_id, func.count())
        .where(feed_items.c.first_seen_at >= since, feed_items.c.history.is_(False))
        .group_by(feed_items.c.feed_id)
    )
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def forget_old(connection: Connection, feed_id: str, now: datetime) -> int:
    """Forget items that have been out of this feed for `RETENTION`; gives how many.

    Call it after a poll that marked what is present: a feed that stood still for years must not be forgotten.
    """
    return connection.execute(
        delete(feed_items).where(feed_items.c.feed_id == feed_id, feed_items.c.last_seen_at < now - RETENTION)
    ).rowcount


def _chunks(keys: Sequence[str]) -> Iterator[list[str]]:
    iterator = iter(keys)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk
