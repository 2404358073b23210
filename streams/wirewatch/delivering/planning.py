"""Turns the decision to tell into deliveries: what leaves, by which road, when, and with which body. Pure.

The body is fixed here, once, so that every attempt of a notice says the same under the same id. Called by `raising`
inside the transaction that writes the alert's revision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from wirewatch import ids, wire
from wirewatch.delivering.rhythm import earliest_leaving, next_digest
from wirewatch.records import Alert, Delivery, DeliveryState, NoticeType
from wirewatch.subscribers import Rhythm, RoadKind, Subscription

#: Alerts in one digest message: a page that a person still reads; a hundred alerts stay well below a megabyte.
DIGEST_SIZE = 100
#: Quotes and sources of an alert inside a digest; the console holds the rest.
DIGEST_DETAIL = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """How one subscription is told of one revision."""

    #: `now`, `after_quiet_hours`, `digest`, `rate_limited`.
    manner: str
    deliveries: tuple[Delivery, ...] = ()
    #: When the digest is due that the alert waits for.
    digest_due_at: datetime | None = None


def plan_notice(
    alert: Alert, notice: NoticeType, subscription: Subscription, now: datetime, *, told_this_minute: int = 0
) -> Plan:
    """Plan one notice for one subscription.

    Args:
        alert: The revision that is told.
        notice: Why.
        subscription: To whom.
        now: The moment of planning.
        told_this_minute: Notices that this subscription was told one by one in the last 60 seconds.
    """
    if subscription.rhythm is not Rhythm.IMMEDIATE:
        return Plan("digest", digest_due_at=next_digest(subscription, now))
    if told_this_minute >= subscription.max_per_minute:
        return Plan("rate_limited", digest_due_at=next_digest(subscription, now))
    leaves_at = earliest_leaving(subscription, now)
    body = notice_body(notice, now, wire.as_json(replace(alert, told=True)))
    deliveries = tuple(
        _delivery(alert.id, alert.revision, subscription, road, notice, body, now, leaves_at)
        for road in road_names(subscription)
    )
    return Plan("now" if leaves_at <= now else "after_quiet_hours", deliveries)


def plan_deliveries(
    alert: Alert, notice: NoticeType, subscriptions: Sequence[Subscription], now: datetime
) -> tuple[Delivery, ...]:
    """Plan one notice for several subscriptions, without regard to what else they were told this minute."""
    return tuple(
        delivery
        for subscription in subscriptions
        for delivery in plan_notice(alert, notice, subscription, now).deliveries
    )


def plan_digest(
    subscription: Subscription, alerts: Sequence[tuple[Alert, NoticeType]], now: datetime
) -> tuple[Delivery, ...]:
    """Put alerts that waited into as few messages as hold them, `DIGEST_SIZE` in each, told once each."""
    planned: list[Delivery] = []
    for start in range(0, len(alerts), DIGEST_SIZE):
        part = alerts[start : start + DIGEST_SIZE]
        # Named by what it holds: composing the same digest again gives the same id.
        name = ids.derive_id("dig", subscription.id, *(f"{alert.id}:{alert.revision}" for alert, _ in part))
        content = {
            "subscription": subscription.id,
            "count": len(part),
            "total": len(alerts),
            "alerts": [{**_in_brief(alert), "notice": notice.value} for alert, notice in part],
        }
        body = notice_body(NoticeType.DIGEST, now, content)
        planned.extend(
            _delivery(name, 1, subscription, road, NoticeType.DIGEST, body, now, now)
            for road in road_names(subscription)
        )
    return tuple(planned)


def plan_heartbeat(
    subscription: Subscription, day: str, figures: Mapping[str, Any], now: datetime
) -> tuple[Delivery, ...]:
    """Plan the daily line that says what was read and told, even when it is nothing. `day` is the day it closes."""
    content = {"subscription": subscription.id, "day": day, **figures}
    body = notice_body(NoticeType.HEARTBEAT, now, content)
    return tuple(
        _delivery(f"heartbeat-{day}", 1, subscription, road, NoticeType.HEARTBEAT, body, now, now)
        for road in road_names(subscription)
    )


def notice_body(notice: NoticeType, now: datetime, content: Mapping[str, Any]) -> bytes:
    """Give the JSON body that every road carries or renders."""
    return wire.encode_body({"type": notice.value, "timestamp": now, "data": dict(content)})


def road_names(subscription: Subscription) -> tuple[str, ...]:
    """Name the roads that something is sent on: kind and position. A feed is fetched, so nothing leaves on it."""
    return tuple(
        f"{road.kind.value}-{position}"
        for position, road in enumerate(subscription.roads)
        if road.kind is not RoadKind.FEED
    )


def _in_brief(alert: Alert) -> dict[str, Any]:
    brief = replace(alert, told=True, evidence=alert.evidence[:DIGEST_DETAIL], sources=alert.sources[:DIGEST_DETAIL])
    return wire.as_json(brief)


def _delivery(
    about: str,
    revision: int,
    subscription: Subscription,
    road: str,
    notice: NoticeType,
    body: bytes,
    now: datetime,
    leaves_at: datetime,
) -> Delivery:
    return Delivery(
        id=ids.delivery_id(about, revision, subscription.id, road),
        alert_id=about,
        alert_revision=revision,
        subscription_id=subscription.id,
        road=road,
        type=notice,
        body=body,
        state=DeliveryState.PENDING,
        attempts=0,
        created_at=now,
        next_attempt_at=leaves_at,
    )
