"""Who polls which feed. Leases expire, and each carries a token that fences out a holder who slept through its end.

Called by the connectors. A lease is a promise about a feed, not about articles: ids make a repeated article harmless,
so the only thing that must never happen twice is that a feed's memory moves; `still_held` is asked in that transaction.
Times come from the callers' clocks: skew between machines moves the hour of a take-over, never breaks the fence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, Integer, String, Table, delete, func, or_, select, update

from wirewatch.store.tables import UtcTime, metadata
from wirewatch.store.upserting import upsert

feed_leases = Table(
    "feed_leases",
    metadata,
    Column("feed_id", String, primary_key=True),
    #: The process that polls the feed, or "" when nobody does.
    Column("owner", String, nullable=False, index=True),
    #: Counts up with every change of owner.
    Column("token", Integer, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)

pollers = Table(
    "pollers",
    metadata,
    Column("owner", String, primary_key=True),
    Column("expires_at", UtcTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Holding:
    """What one poller holds after it spoke up."""

    #: feed id → token.
    tokens: Mapping[str, int]
    #: Pollers alive, this one included.
    pollers: int


def speak_up(connection: Connection, owner: str, now: datetime, seconds: float) -> Holding:
    """Say that `owner` lives, prolong all its leases by `seconds`, and give what it holds."""
    until = now + timedelta(seconds=seconds)
    upsert(connection, pollers, [{"owner": owner, "expires_at": until}], key=("owner",), update=("expires_at",))
    # A poller that has been silent for long will not speak again under this name.
    connection.execute(delete(pollers).where(pollers.c.expires_at < now - timedelta(seconds=20 * seconds)))
    connection.execute(update(feed_leases).where(feed_leases.c.owner == owner).values(expires_at=until))
    rows = connection.execute(select(feed_leases.c.feed_id, feed_leases.c.token).where(feed_leases.c.owner == owner))
    tokens = {row.feed_id: row.token for row in rows}
    alive = connection.execute(
        select(func.count()).select_from(pollers).where(pollers.c.expires_at >= now)
    ).scalar_one()
    return Holding(tokens, int(alive))


def acquire(
    connection: Connection, owner: str, feed_ids: Collection[str], now: datetime, seconds: float, limit: int
) -> dict[str, int]:
    """Take up to `limit` of the feeds that nobody holds.

    Returns:
        feed id → token of what was taken.
    """
    if limit <= 0 or not feed_ids:
        return {}
    unknown = [
        {"feed_id": feed_id, "owner": "", "token": 0, "expires_at": now}
        for feed_id in sorted(set(feed_ids) - _known(connection))
    ]
    upsert(connection, feed_leases, unknown, key=("feed_id",))
    wanted = frozenset(feed_ids)
    free = (
        select(feed_leases.c.feed_id, feed_leases.c.token)
        .where(or_(feed_leases.c.owner == "", feed_leases.c.expires_at < now))
        .order_by(feed_leases.c.expires_at, feed_leases.c.feed_id)
        .with_for_update(skip_locked=True)  # PostgreSQL; SQLite has one writer anyway
    )
    taken = [row for row in connection.execute(free) if row.feed_id in wanted][:limit]
    for row in taken:
        connection.execute(
            update(feed_leases)
            .where(feed_leases.c.feed_id == row.feed_id)
            .values(owner=owner, token=row.token + 1, expires_at=now + timedelta(seconds=seconds))
        )
    return {row.feed_id: row.token + 1 for row in taken}


def take_over_all(connection: Connection, owner: str, now: datetime) -> None:
    """End every lease of others at once: for a store that only one process uses, which has just started."""
    connection.execute(
        update(feed_leases)
        .where(feed_leases.c.owner != owner)
        .values(owner="", token=feed_leases.c.token + 1, expires_at=now)
    )
    connection.execute(delete(pollers).where(pollers.c.owner != owner))


def release(connection: Connection, owner: str, feed_ids: Collection[str], now: datetime) -> None:
    """Give feeds back, so that another poller may take them at once."""
    for feed_id in feed_ids:
        connection.execute(
            update(feed_leases)
            .where(feed_leases.c.feed_id == feed_id, feed_leases.c.owner == owner)
            .values(owner="", expires_at=now)
        )


def leave(connection: Connection, owner: str, now: datetime) -> None:
    """Give everything back and be counted no more."""
    connection.execute(update(feed_leases).where(feed_leases.c.owner == owner).values(owner="", expires_at=now))
    connection.execute(delete(pollers).where(pollers.c.owner == owner))


def still_held(connection: Connection, owner: str, tokens: Mapping[str, int]) -> frozenset[str]:
    """Give which of these leases still stand, and keep them standing until the transaction ends."""
    rows = connection.execute(
        select(feed_leases.c.feed_id, feed_leases.c.token)
        .where(feed_leases.c.owner == owner, feed_leases.c.feed_id.in_(list(tokens)))
        .order_by(feed_leases.c.feed_id)
        .with_for_update()
    )
    return frozenset(row.feed_id for row in rows if tokens[row.feed_id] == row.token)


def _known(connection: Connection) -> set[str]:
    return set(connection.execute(select(feed_leases.c.feed_id)).scalars())
