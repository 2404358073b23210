"""What the clock owes: alerts that wait for a subscription's digest, and the daily lines that were planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Index, Integer, String, Table, func, select

from wirewatch.store.tables import UtcTime, metadata
from wirewatch.store.upserting import upsert

#: One message holds the alerts of many notices: what waits for a digest.
digest_items = Table(
    "digest_items",
    metadata,
    Column("subscription_id", String, primary_key=True),
    Column("alert_id", String, primary_key=True),
    Column("due_at", UtcTime, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("type", String, nullable=False),
    Index("digest_items_due", "due_at"),
)


heartbeats = Table(
    "heartbeats",
    metadata,
    Column("subscription_id", String, primary_key=True),
    #: The local day that the line closes, ISO.
    Column("day", String, primary_key=True),
    Column("planned_at", UtcTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class DigestItem:
    """An alert that waits for a subscription's next digest."""

    subscription_id: str
    alert_id: str
    due_at: datetime
    revision: int
    type: str


def put_digest_items(connection: Connection, items: Sequence[DigestItem]) -> None:
    """Let alerts wait for a digest; one that waits already keeps its time and takes the newer revision."""
    rows = [
        {
            "subscription_id": item.subscription_id,
            "alert_id": item.alert_id,
            "due_at": item.due_at,
            "revision": item.revision,
            "type": item.type,
        }
        for item in items
    ]
    upsert(connection, digest_items, rows, key=("subscription_id", "alert_id"), update=("revision",))


def take_due_items(connection: Connection, now: datetime, limit: int) -> tuple[DigestItem, ...]:
    """Give, and remove, what is due, at most `limit` items, the longest due first."""
    rows = connection.execute(
        select(digest_items)
        .where(digest_items.c.due_at <= now)
        .order_by(digest_items.c.due_at, digest_items.c.subscription_id, digest_items.c.alert_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        connection.execute(
            digest_items.delete().where(
                digest_items.c.subscription_id == row.subscription_id, digest_items.c.alert_id == row.alert_id
            )
        )
    return tuple(DigestItem(row.subscription_id, row.alert_id, row.due_at, row.revision, row.type) for row in rows)


def next_digest_at(connection: Connection) -> datetime | None:
    """Give when the next digest is due."""
    return connection.execute(select(func.min(digest_items.c.due_at))).scalar()


def was_heartbeat_sent(connection: Connection, subscription_id: str, day: str) -> bool:
    """Tell whether the line of a day was planned."""
    query = select(heartbeats.c.day).where(heartbeats.c.subscription_id == subscription_id, heartbeats.c.day == day)
    return connection.execute(query).first() is not None


def has_heartbeat(connection: Connection, subscription_id: str) -> bool:
    """Tell whether any line was ever due for a subscription."""
    query = select(heartbeats.c.day).where(heartbeats.c.subscription_id == subscription_id).limit(1)
    return connection.execute(query).first() is not None


def write_heartbeat(connection: Connection, subscription_id: str, day: str, now: datetime) -> None:
    """Remember that the line of a day is planned."""
    row = {"subscription_id": subscription_id, "day": day, "planned_at": now}
    upsert(connection, heartbeats, [row], key=("subscription_id", "day"))
