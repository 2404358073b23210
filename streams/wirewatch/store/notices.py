"""The notification log: what each subscription was told of each alert, at which revision, and why or why not.

Kept apart from the outbox: the log says what was decided, the outbox what became of it on the road.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Index, Integer, Row, String, Table, func, select

from wirewatch.records import AlertState
from wirewatch.store.alerts import alerts
from wirewatch.store.tables import UtcTime, metadata
from wirewatch.store.upserting import upsert

notices = Table(
    "notices",
    metadata,
    Column("subscription_id", String, primary_key=True),
    Column("alert_id", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("state", String, nullable=False),
    Column("independent_sources", Integer, nullable=False),
    #: A `Decision` of `alerting.deciding`.
    Column("reason", String, nullable=False),
    Column("told", Boolean, nullable=False),
    #: `now`, in a digest, or after quiet hours: "" when not told.
    Column("manner", String, nullable=False),
    Column("decided_at", UtcTime, nullable=False),
    Index("notices_by_time", "subscription_id", "decided_at"),
    Index("notices_by_alert", "alert_id"),
)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One decision about one subscription and one revision of an alert."""

    subscription_id: str
    alert_id: str
    revision: int
    state: AlertState
    independent_sources: int
    reason: str
    told: bool
    manner: str
    decided_at: datetime


def write_notices(connection: Connection, rows: Sequence[NoticeRow]) -> None:
    """Write decisions; the same revision decided again replaces what was decided."""
    upsert(
        connection,
        notices,
        [
            {
                "subscription_id": row.subscription_id,
                "alert_id": row.alert_id,
                "revision": row.revision,
                "state": row.state.value,
                "independent_sources": row.independent_sources,
                "reason": row.reason,
                "told": row.told,
                "manner": row.manner,
                "decided_at": row.decided_at,
            }
            for row in rows
        ],
        key=("subscription_id", "alert_id", "revision"),
        update=("state", "independent_sources", "reason", "told", "manner", "decided_at"),
    )


def load_last_told(connection: Connection, alert_ids: Sequence[str]) -> dict[tuple[str, str], NoticeRow]:
    """Give what was last told, by (subscription, alert)."""
    if not alert_ids:
        return {}
    rows = connection.execute(
        select(notices)
        .where(notices.c.alert_id.in_(sorted(set(alert_ids))), notices.c.told)
        .order_by(notices.c.revision)
    )
    return {(row.subscription_id, row.alert_id): _notice_of(row) for row in rows}


def list_notices(
    connection: Connection, *, alert_id: str | None = None, subscription_id: str | None = None, limit: int = 1000
) -> tuple[NoticeRow, ...]:
    """Give decisions, the oldest first."""
    query = select(notices).order_by(notices.c.decided_at, notices.c.revision, notices.c.subscription_id).limit(limit)
    if alert_id is not None:
        query = query.where(notices.c.alert_id == alert_id)
    if subscription_id is not None:
        query = query.where(notices.c.subscription_id == subscription_id)
    return tuple(_notice_of(row) for row in connection.execute(query))


def told_events(connection: Connection) -> frozenset[tuple[str, str]]:
    """Give every (subscription, event key) that was ever told."""
    joined = notices.join(alerts, alerts.c.alert_id == notices.c.alert_id)
    rows = connection.execute(
        select(notices.c.subscription_id, alerts.c.event_key).select_from(joined).where(notices.c.told).distinct()
    )
    return frozenset((row[0], row[1]) for row in rows)


def count_told_since(connection: Connection, since: datetime, manner: str = "now") -> dict[str, int]:
    """Count what each subscription was told in one way after a moment."""
    rows = connection.execute(
        select(notices.c.subscription_id, func.count())
        .where(notices.c.decided_at > since, notices.c.told, notices.c.manner == manner)
        .group_by(notices.c.subscription_id)
    )
    return {row[0]: row[1] for row in rows}


def count_told_between(connection: Connection, subscription_id: str, since: datetime, until: datetime) -> int:
    """Count the notices that a subscription was told from `since` up to `until`."""
    query = select(func.count()).where(
        notices.c.subscription_id == subscription_id,
        notices.c.told,
        notices.c.decided_at >= since,
        notices.c.decided_at < until,
    )
    return int(connection.execute(query).scalar_one())


def _notice_of(row: Row[Any]) -> NoticeRow:
    return NoticeRow(
        subscription_id=row.subscription_id,
        alert_id=row.alert_id,
        revision=row.revision,
        state=AlertState(row.state),
        independent_sources=row.independent_sources,
        reason=row.reason,
        told=row.told,
        manner=row.manner,
        decided_at=row.decided_at,
    )
