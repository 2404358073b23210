"""Dossiers and their alerts: one row an event under a unique key, one row for each article that speaks of it.

Filled by `raising` only, in the transaction that also plans the deliveries; read by the console and the commands.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    func,
    select,
)

from wirewatch import wire
from wirewatch.records import Alert, AlertKind, AlertState
from wirewatch.store.tables import UtcTime, metadata

alerts = Table(
    "alerts",
    metadata,
    Column("event_key", String, primary_key=True),
    Column("alert_id", String, nullable=False, unique=True),
    Column("topic", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("event_type", String, nullable=False),
    Column("organisation_id", String, nullable=False),
    Column("organisation_name", String, nullable=False),
    Column("organisation_key", String, nullable=False),
    Column("authority_key", String, nullable=False),
    Column("programme", String),
    Column("also", String, nullable=False),
    Column("headline", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("independent_sources", Integer, nullable=False),
    Column("history", Boolean, nullable=False),
    Column("sample", Boolean, nullable=False),
    Column("told", Boolean, nullable=False),
    Column("first_at", UtcTime, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("listed_since", Date),
    Column("listed_announced", Date),
    Column("family", String, nullable=False),
    Column("place", String),
    Column("occurred_on", Date),
    Column("more_sources", Integer, nullable=False),
    #: The whole Alert, as `wire` writes it.
    Column("record", LargeBinary, nullable=False),
    Index("alerts_by_organisation", "organisation_key", "last_at"),
    Index("alerts_by_time", "updated_at"),
)

alert_sources = Table(
    "alert_sources",
    metadata,
    Column("event_key", String, primary_key=True),
    Column("article_id", String, primary_key=True),
    Column("revision", Integer, nullable=False),
    #: The whole Contribution.
    Column("record", LargeBinary, nullable=False),
    Index("alert_sources_by_article", "article_id"),
)


def list_alerts(
    connection: Connection,
    *,
    limit: int | None = None,
    since: datetime | None = None,
    kinds: Sequence[AlertKind] = (),
    states: Sequence[AlertState] = (),
    organisation_id: str | None = None,
) -> tuple[Alert, ...]:
    """Give alerts, the latest changed first."""
    query = select(alerts.c.record).order_by(alerts.c.updated_at.desc(), alerts.c.last_at.desc(), alerts.c.event_key)
    if since is not None:
        query = query.where(alerts.c.updated_at >= since)
    if kinds:
        query = query.where(alerts.c.kind.in_([kind.value for kind in kinds]))
    if states:
        query = query.where(alerts.c.state.in_([state.value for state in states]))
    if organisation_id is not None:
        query = query.where(alerts.c.organisation_id == organisation_id)
    if limit is not None:
        query = query.limit(limit)
    return tuple(alert_of(row.record) for row in connection.execute(query))


def find_alert(connection: Connection, alert_id: str) -> Alert | None:
    """Give one alert by id or event key."""
    raw = connection.execute(
        select(alerts.c.record).where((alerts.c.alert_id == alert_id) | (alerts.c.event_key == alert_id))
    ).scalar()
    return None if raw is None else alert_of(raw)


def find_alerts(connection: Connection, alert_ids: Sequence[str]) -> dict[str, Alert]:
    """Give alerts by id; unknown ids are missing from the answer."""
    if not alert_ids:
        return {}
    rows = connection.execute(
        select(alerts.c.alert_id, alerts.c.record).where(alerts.c.alert_id.in_(sorted(set(alert_ids))))
    )
    return {row.alert_id: alert_of(row.record) for row in rows}


def alerts_of_article(connection: Connection, article_id: str) -> tuple[Alert, ...]:
    """Give the alerts that an article feeds."""
    keys = select(alert_sources.c.event_key).where(alert_sources.c.article_id == article_id)
    rows = connection.execute(select(alerts.c.record).where(alerts.c.event_key.in_(keys)).order_by(alerts.c.event_key))
    return tuple(alert_of(row.record) for row in rows)


def count_alerts(connection: Connection) -> int:
    """Count alert records."""
    return int(connection.execute(select(func.count()).select_from(alerts)).scalar_one())


def alert_of(raw: bytes) -> Alert:
    """Read an alert as the store keeps it."""
    return wire.decode(Alert, raw, topic="store")
