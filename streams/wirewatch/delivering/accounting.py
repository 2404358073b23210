"""What the sender owes its operator: every attempt counted, every failure told, the outbox measured."""

from __future__ import annotations

import logging
from datetime import datetime

from wirewatch.errors import DeliveryError
from wirewatch.metrics import Metrics
from wirewatch.records import DeliveryState
from wirewatch.store import outbox
from wirewatch.store.database import Database
from wirewatch.store.lanes import Claim, Lane

log = logging.getLogger(__name__)


def count_attempt(metrics: Metrics, claim: Claim, road: str, state: DeliveryState, now: datetime) -> None:
    """Count how an attempt ended; a notice that waits for another attempt is neither sent nor dropped yet."""
    metrics.deliveries.labels(road, state).inc()
    if state is DeliveryState.DELIVERED:
        metrics.sent("deliver")
        waited = (now - claim.delivery.created_at).total_seconds()
        metrics.alert_to_delivery_seconds.labels(road).observe(max(waited, 0.0))
    elif state in (DeliveryState.FAILED, DeliveryState.DISABLED):
        metrics.dropped("deliver", "delivery_failed")


def tell_operator(lane: Lane, claim: Claim, state: DeliveryState, error: DeliveryError) -> None:
    """Log a failure: ERROR when a person should act, WARNING while we go on trying."""
    fields = {"lane": lane.name, "delivery_id": claim.delivery.id, "attempt": claim.delivery.attempts + 1}
    if state is DeliveryState.DISABLED:
        log.error("A receiver is gone; its lane is closed until its address changes or it is replayed.", extra=fields)
    elif state is DeliveryState.FAILED:
        log.error("A notice could not be delivered: %s.", error, extra=fields)
    else:
        log.warning("A notice could not be delivered yet: %s.", error, extra=fields)


async def measure_outbox(database: Database, metrics: Metrics, now: datetime) -> None:
    """Set the gauges of what waits and for how long."""
    for state, count in (await database.run(outbox.count_deliveries)).items():
        metrics.outbox_depth.labels(state).set(count)
    oldest = await database.run(outbox.oldest_due_at, now)
    metrics.outbox_oldest_seconds.set((now - oldest).total_seconds() if oldest else 0)
