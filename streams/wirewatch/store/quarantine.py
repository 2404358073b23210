"""Items of feeds that could not be read, whole, so that a person can see why and nothing disappears.

Written with the feed's memory, one row per item however often it is seen. Bounded per feed; what falls out is counted
by the poll that dropped it, as all are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, LargeBinary, String, Table, delete, select

from wirewatch.store.tables import UtcTime, metadata
from wirewatch.store.upserting import upsert

#: 64 KiB of an item show what is wrong with it; 200 items of a feed show what is wrong with the feed.
MAX_RAW_BYTES = 64 * 1024
MAX_ITEMS_PER_FEED = 200

quarantined_items = Table(
    "quarantined_items",
    metadata,
    Column("feed_id", String, primary_key=True),
    Column("item_hash", String, primary_key=True),
    Column("reason", String, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    #: Length before it was cut to `MAX_RAW_BYTES`.
    Column("raw_bytes", Integer, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class QuarantinedItem:
    """One item that could not be read."""

    feed_id: str
    #: Names the item: a hash of its bytes.
    item_hash: str
    reason: str
    raw: bytes
    raw_bytes: int
    last_seen_at: datetime


def quarantine_items(connection: Connection, feed_id: str, items: Sequence[tuple[str, bytes]], now: datetime) -> None:
    """Keep items of a feed, each as (reason, raw bytes)."""
    if not items:
        return
    rows = [
        {
            "feed_id": feed_id,
            "item_hash": hashlib.blake2b(raw, digest_size=8).hexdigest(),
            "reason": reason,
            "raw": raw[:MAX_RAW_BYTES],
            "raw_bytes": len(raw),
            "last_seen_at": now,
        }
        for reason, raw in items[:MAX_ITEMS_PER_FEED]
    ]
    upsert(connection, quarantined_items, rows, key=("feed_id", "item_hash"), update=("reason", "last_seen_at"))
    too_many = (
        select(quarantined_items.c.item_hash)
        .where(quarantined_items.c.feed_id == feed_id)
        .order_by(quarantined_items.c.last_seen_at.desc(), quarantined_items.c.item_hash)
        .offset(MAX_ITEMS_PER_FEED)
        .limit(10_000)  # SQLite wants a limit beside an offset
    )
    connection.execute(
        delete(quarantined_items).where(
            quarantined_items.c.feed_id == feed_id, quarantined_items.c.item_hash.in_(too_many)
        )
    )


def list_quarantined(connection: Connection, feed_id: str | None = None) -> tuple[QuarantinedItem, ...]:
    """Give the items in quarantine, of one feed or of all, the latest first."""
    query = select(quarantined_items).order_by(quarantined_items.c.last_seen_at.desc(), quarantined_items.c.item_hash)
    if feed_id is not None:
        query = query.where(quarantined_items.c.feed_id == feed_id)
    return tuple(QuarantinedItem(**row) for row in connection.execute(query).mappings())
