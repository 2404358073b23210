"""A notice that tries a road: about an invented alert, marked as a sample, planned nowhere."""

from __future__ import annotations

from datetime import datetime

from wirewatch import ids, wire
from wirewatch.delivering.planning import notice_body
from wirewatch.records import (
    Alert,
    AlertKind,
    AlertState,
    Delivery,
    DeliveryState,
    Evidence,
    Name,
    NoticeType,
    Source,
    Status,
)

_QUOTE = "This is a test. If you read it, the road to you is open."


def make_test_delivery(subscription_id: str, road: str, now: datetime) -> Delivery:
    """Make a notice for one road; every call makes another one, so that no receiver takes it for a repeat."""
    alert = a_test_alert(subscription_id, now)
    return Delivery(
        id=ids.derive_id("msg", "test", subscription_id, road, now.isoformat()),
        alert_id=alert.id,
        alert_revision=alert.revision,
        subscription_id=subscription_id,
        road=road,
        type=NoticeType.OPENED,
        body=notice_body(NoticeType.OPENED, now, wire.as_json(alert)),
        state=DeliveryState.PENDING,
        attempts=0,
        created_at=now,
        next_attempt_at=now,
    )


def a_test_alert(subscription_id: str, now: datetime) -> Alert:
    """Make the alert that a test notice is about."""
    return Alert(
        id=ids.alert_id(f"test/{subscription_id}"),
        event_key=f"test/{subscription_id}",
        revision=1,
        state=AlertState.UNCONFIRMED,
        kind=AlertKind.EVENT,
        event_type="statement",
        status=Status.NEW,
        organisation=Name("test", "Wirewatch test"),
        authority=None,
        programme=None,
        headline="A test of this road",
        evidence=(Evidence(_QUOTE, "art-test", "", 0, len(_QUOTE)),),
        sources=(Source("test", "", "A test of this road", now, None, "art-test", "Wirewatch"),),
        independent_sources=1,
        first_seen_at=now,
        updated_at=now,
        subscriptions=(subscription_id,),
        sample=True,
        told=True,
    )
