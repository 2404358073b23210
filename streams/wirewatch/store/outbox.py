"""The outbox: every notice that was planned, where it stands, and what became of each attempt.

Filled in the transaction that writes the alert's revision, emptied by `delivering.sending` through `store.lanes`.
A lane is one road of one subscription; its open notices leave in the order of their planning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    delete,
    func,
    select,
    text,
    update,
)

from wirewatch.records import Delivery, DeliveryState, NoticeType
from wirewatch.store.tables import UtcTime, metadata
from wirewatch.store.upserting import upsert

#: A notice in one of these states still has to leave.
OPEN_STATES = (DeliveryState.PENDING, DeliveryState.SENDING)
#: Ids in one question; databases limit how many one may name.
_CHUNK = 1000
_OPEN = text("state IN ('pending', 'sending')")
#: The same as a condition. Spelled out and not bound: only so can a planner see that the index of open notices serves.
IS_OPEN = text("deliveries.state IN ('pending', 'sending')")

deliveries = Table(
    "deliveries",
    metadata,
    #: The order of planning.
    Column("sequence", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("delivery_id", String, nullable=False, unique=True),
    Column("alert_id", String, nullable=False),
    Column("alert_revision", Integer, nullable=False),
    Column("lane", String, nullable=False),
    Column("subscription_id", String, nullable=False),
    Column("road", String, nullable=False),
    Column("type", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    #: When it was first meant to leave: the clock of giving up starts here.
    Column("due_at", UtcTime, nullable=False),
    Column("next_attempt_at", UtcTime, nullable=False),
    Column("last_error", String, nullable=False),
    Column("delivered_at", UtcTime),
    Index("deliveries_open", "lane", "sequence", sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("deliveries_of_alert", "alert_id"),
    Index("deliveries_by_state", "state", "created_at"),
    sqlite_autoincrement=True,
)

lanes = Table(
    "delivery_lanes",
    metadata,
    Column("lane", String, primary_key=True),
    Column("subscription_id", String, nullable=False),
    Column("road", String, nullable=False),
    #: Who serves the lane, until when.
    Column("owner", String),
    Column("lease_until", UtcTime),
    Column("last_attempt_at", UtcTime),
    #: Failures in a row.
    Column("failures", Integer, nullable=False),
    #: The receiver is left alone until then …
    Column("blocked_until", UtcTime),
    #: … but a notice that is planned meanwhile may try the lane again from here on.
    Column("probe_from", UtcTime),
    Column("disabled_at", UtcTime),
    #: Hash of the address that answered "gone": another address opens the lane again.
    Column("disabled_target", String),
)

attempts = Table(
    "delivery_attempts",
    metadata,
    Column("delivery_id", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("finished_at", UtcTime, nullable=False),
    Column("state", String, nullable=False),
    Column("error", String, nullable=False),
    Index("delivery_attempts_by_time", "finished_at"),
)


def lane_name(subscription_id: str, road: str) -> str:
    """Name the lane of one road of one subscription."""
    return f"{subscription_id}/{road}"


def insert_deliveries(connection: Connection, planned: Iterable[Delivery]) -> int:
    """Keep planned notices; one that is already there stays as it is.

    A notice for a disabled lane is kept as disabled, so that it can be replayed when the lane is opened again.

    Returns:
        How many were new.
    """
    rows = [_row_of(delivery) for delivery in planned]
    named = {row["lane"]: row for row in rows}
    # Sorted: two processes that create the same lanes must do so in the same order, or they could wait for each other.
    for name in sorted(named):
        lane = {"lane": name, "subscription_id": named[name]["subscription_id"], "road": named[name]["road"]}
        upsert(connection, lanes, [{**lane, "failures": 0}], key=("lane",))
    closed = set(
        connection.execute(select(lanes.c.lane).where(lanes.c.lane.in_(named), lanes.c.disabled_at.is_not(None)))
        .scalars()
        .all()
    )
    for row in rows:
        if row["lane"] in closed and row["state"] in OPEN_STATES:
            row["state"] = DeliveryState.DISABLED
            row["last_error"] = "the receiver had said that it is gone"
    ids = [row["delivery_id"] for row in rows]
    known = set(connection.execute(select(deliveries.c.delivery_id).where(deliveries.c.delivery_id.in_(ids))).scalars())
    upsert(connection, deliveries, rows, key=("delivery_id",))
    return len(set(ids) - known)


def find_delivery(connection: Connection, delivery_id: str) -> Delivery | None:
    """Give one notice, or None."""
    row = connection.execute(select(deliveries).where(deliveries.c.delivery_id == delivery_id)).one_or_none()
    return None if row is None else delivery_of(row)


def list_deliveries(
    connection: Connection,
    *,
    states: Sequence[DeliveryState] = (),
    subscription_id: str | None = None,
    alert_id: str | None = None,
    limit: int = 100,
) -> tuple[Delivery, ...]:
    """Give notices, the newest first; an argument that is not given does not restrict."""
    query = select(deliveries).order_by(deliveries.c.sequence.desc()).limit(limit)
    if states:
        query = query.where(deliveries.c.state.in_(states))
    if subscription_id is not None:
        query = query.where(deliveries.c.subscription_id == subscription_id)
    if alert_id is not None:
        query = query.where(deliveries.c.alert_id == alert_id)
    return tuple(delivery_of(row) for row in connection.execute(query))


def list_attempts(connection: Connection, delivery_id: str) -> tuple[tuple[int, datetime, str, str], ...]:
    """Give the attempts of one notice in order: number, time, how it ended, error."""
    query = select(attempts).where(attempts.c.delivery_id == delivery_id).order_by(attempts.c.number)
    return tuple((row.number, row.finished_at, row.state, row.error) for row in connection.execute(query))


def count_deliveries(connection: Connection) -> dict[DeliveryState, int]:
    """Count notices by state; every state is named."""
    query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
    counted: dict[str, int] = dict(list(connection.execute(query)))
    return {state: counted.get(state.value, 0) for state in DeliveryState}


def oldest_due_at(connection: Connection, now: datetime) -> datetime | None:
    """Give the time since which the oldest open notice that is due has waited, or None."""
    query = select(func.min(deliveries.c.due_at)).where(IS_OPEN, deliveries.c.next_attempt_at <= now)
    oldest: datetime | None = connection.execute(query).scalar()
    return oldest


def replay_deliveries(connection: Connection, delivery_ids: Sequence[str], now: datetime) -> int:
    """Plan notices again, whatever became of them, with the same ids and bodies, and open their lanes.

    Returns:
        How many there were to plan.
    """
    count = 0
    planned = {"state": DeliveryState.PENDING, "attempts": 0, "due_at": now, "next_attempt_at": now}
    for start in range(0, len(delivery_ids), _CHUNK):
        chosen = deliveries.c.delivery_id.in_(delivery_ids[start : start + _CHUNK])
        open_lanes(connection, connection.execute(select(deliveries.c.lane).where(chosen).distinct()).scalars().all())
        afresh = update(deliveries).where(chosen).values(**planned, last_error="", delivered_at=None)
        count += connection.execute(afresh).rowcount
    return count


def open_lanes(connection: Connection, names: Sequence[str]) -> None:
    """Forget that lanes were failing or disabled."""
    fresh = {"failures": 0, "blocked_until": None, "probe_from": None, "disabled_at": None, "disabled_target": None}
    connection.execute(update(lanes).where(lanes.c.lane.in_(names)).values(**fresh))


def purge_deliveries(connection: Connection, before: datetime) -> int:
    """Forget what was planned before a time and is no longer open; gives how many."""
    connection.execute(delete(attempts).where(attempts.c.finished_at < before))
    gone = delete(deliveries).where(deliveries.c.created_at < before, deliveries.c.state.not_in(OPEN_STATES))
    return connection.execute(gone).rowcount


def _row_of(delivery: Delivery) -> dict[str, Any]:
    return {
        "delivery_id": delivery.id,
        "alert_id": delivery.alert_id,
        "alert_revision": delivery.alert_revision,
        "lane": lane_name(delivery.subscription_id, delivery.road),
        "subscription_id": delivery.subscription_id,
        "road": delivery.road,
        "type": delivery.type,
        "body": delivery.body,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "created_at": delivery.created_at,
        "due_at": delivery.next_attempt_at,
        "next_attempt_at": delivery.next_attempt_at,
        "last_error": delivery.last_error,
        "delivered_at": delivery.delivered_at,
    }


def delivery_of(row: Row[Any]) -> Delivery:
    """Give a row of the table as a record."""
    return Delivery(
        id=row.delivery_id,
        alert_id=row.alert_id,
        alert_revision=row.alert_revision,
        subscription_id=row.subscription_id,
        road=row.road,
        type=NoticeType(row.type),
        body=row.body,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        last_error=row.last_error,
        delivered_at=row.delivered_at,
    )
