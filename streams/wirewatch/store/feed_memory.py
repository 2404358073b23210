"""What the connectors remember of each feed: validators, failures, rhythm, and when it is polled again.

Moved only after what a poll brought is durable in the log, in a transaction that asks the lease first. What is
remembered of a feed's items lies in `feed_items`. Never decides; `wirewatch_connectors.scheduling` does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Float, Integer, String, Table, select

from wirewatch.store.feed_items import SeenItem, forget_old, keep_items, mark_present
from wirewatch.store.leases import still_held
from wirewatch.store.quarantine import quarantine_items
from wirewatch.store.tables import UtcTime, metadata
from wirewatch.store.upserting import upsert

feed_memory = Table(
    "feed_memory",
    metadata,
    Column("feed_id", String, primary_key=True),
    Column("url", String, nullable=False),
    Column("etag", String, nullable=False),
    Column("last_modified", String, nullable=False),
    Column("body_hash", String, nullable=False),
    Column("moved_to", String, nullable=False),
    Column("moved_count", Integer, nullable=False),
    Column("polls", Integer, nullable=False),
    Column("last_poll_at", UtcTime),
    Column("first_success_at", UtcTime),
    Column("last_success_at", UtcTime),
    Column("last_article_at", UtcTime),
    Column("next_poll_at", UtcTime),
    Column("failures", Float, nullable=False),
    Column("outcome", String, nullable=False),
    Column("error", String, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("rhythm_seconds", Float),
    Column("ttl_seconds", Integer),
)


@dataclass(frozen=True, slots=True)
class FeedMemory:
    """What is remembered of one feed. A feed that was never polled has the defaults."""

    feed_id: str
    #: The URL of the configuration at the last poll; another one makes validators and moves worthless.
    url: str
    etag: str = ""
    last_modified: str = ""
    #: Hash of the last body that was read.
    body_hash: str = ""
    #: Where permanent redirects lead, and how many polls in a row they led there.
    moved_to: str = ""
    moved_count: int = 0
    polls: int = 0
    last_poll_at: datetime | None = None
    #: None until a poll succeeded: the next one is the first, and brings history.
    first_success_at: datetime | None = None
    last_success_at: datetime | None = None
    #: When the newest article came.
    last_article_at: datetime | None = None
    next_poll_at: datetime | None = None
    #: Weighted failures in a row; 0 after a success.
    failures: float = 0.0
    #: `changed`, `unchanged`, `not_modified`, or the reason of a failure; "" before the first poll.
    outcome: str = ""
    #: What went wrong at the last poll, for a person; "" after a success.
    error: str = ""
    #: True when the host said 410: asked again rarely.
    gone: bool = False
    #: Typical seconds between new articles; None while unknown.
    rhythm_seconds: float | None = None
    #: What the feed or its host asked for.
    ttl_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One feed's memory after a poll, with the items that it brought or confirmed."""

    memory: FeedMemory
    items: Sequence[SeenItem] = ()
    #: Article ids of items that are still in the feed and were not marked for a while.
    present: Collection[str] = ()
    #: True when items that left the feed long ago may be forgotten.
    tidy: bool = False
    #: Items that could not be read, each as (reason, raw bytes).
    quarantined: Sequence[tuple[str, bytes]] = ()


_COLUMNS = tuple(field.name for field in fields(FeedMemory))


def load_memories(connection: Connection, feed_ids: Collection[str] | None = None) -> dict[str, FeedMemory]:
    """Give what is remembered, by feed id; of all feeds when none are named."""
    query = select(feed_memory)
    if feed_ids is not None:
        query = query.where(feed_memory.c.feed_id.in_(list(feed_ids)))
    return {row["feed_id"]: FeedMemory(**row) for row in connection.execute(query).mappings()}


def save_moves(
    connection: Connection, owner: str, tokens: Mapping[str, int], moves: Sequence[Move], now: datetime
) -> frozenset[str]:
    """Move the memories of feeds whose lease still stands.

    Returns:
        Ids of the feeds whose memory moved; what is missing belongs to another poller by now.
    """
    held = still_held(connection, owner, {move.memory.feed_id: tokens.get(move.memory.feed_id, -1) for move in moves})
    standing = [move for move in moves if move.memory.feed_id in held]
    rows: list[dict[str, Any]] = [asdict(move.memory) for move in standing]
    upsert(connection, feed_memory, rows, key=("feed_id",), update=_COLUMNS[1:])
    for move in standing:
        keep_items(connection, move.items)
        mark_present(connection, move.memory.feed_id, move.present, now)
        quarantine_items(connection, move.memory.feed_id, move.quarantined, now)
        if move.tidy:
            forget_old(connection, move.memory.feed_id, now)
    return held
