"""The alerts that one subscription was told of, for its own feed."""

from __future__ import annotations

from sqlalchemy import Connection, exists, select

from wirewatch import wire
from wirewatch.records import Alert
from wirewatch.store.alerts import alerts
from wirewatch.store.notices import notices


def list_told_alerts(connection: Connection, subscription_id: str, *, limit: int) -> tuple[Alert, ...]:
    """Give the alerts that a subscription was told of, as they stand now, the latest changed first."""
    told = exists().where(
        notices.c.subscription_id == subscription_id, notices.c.alert_id == alerts.c.alert_id, notices.c.told
    )
    query = select(alerts.c.record).where(told).order_by(alerts.c.updated_at.desc(), alerts.c.event_key).limit(limit)
    return tuple(wire.decode(Alert, row.record, topic="store") for row in connection.execute(query))
