"""When and how notices leave: quiet hours, digests, rate limits, bodies and ids."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.stories.scenery import a_subscription
from tests.watching.test_matching import ALERT
from wirewatch.delivering.planning import DIGEST_SIZE, plan_digest, plan_heartbeat, plan_notice
from wirewatch.delivering.rhythm import earliest_leaving, last_local_time, next_digest, next_local_time
from wirewatch.records import DeliveryState, NoticeType
from wirewatch.subscribers import QuietHours, Rhythm, Road, RoadKind


def at(text: str) -> datetime:
    """Read a UTC time."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NIGHT = QuietHours(time(22), time(6, 30))
NOON_REST = QuietHours(time(12), time(14))


@pytest.mark.parametrize(
    ("quiet", "zone", "now", "leaves"),
    [
        (None, "UTC", "2025-08-12T23:00", "2025-08-12T23:00"),
        (NIGHT, "UTC", "2025-08-12T21:59", "2025-08-12T21:59"),
        (NIGHT, "UTC", "2025-08-12T22:00", "2025-08-13T06:30"),
        (NIGHT, "UTC", "2025-08-13T03:00", "2025-08-13T06:30"),
        (NIGHT, "UTC", "2025-08-13T06:30", "2025-08-13T06:30"),
        (NOON_REST, "UTC", "2025-08-13T13:00", "2025-08-13T14:00"),
        (NIGHT, "Asia/Karachi", "2025-08-12T18:00", "2025-08-13T01:30"),
        # The night in which Paris loses an hour, and the one in which it gains one.
        (NIGHT, "Europe/Paris", "2025-03-29T23:00", "2025-03-30T04:30"),
        (NIGHT, "Europe/Paris", "2025-10-25T23:00", "2025-10-26T05:30"),
        (QuietHours(time(7), time(7)), "UTC", "2025-08-12T07:00", "2025-08-12T07:00"),
    ],
)
def test_quiet_hours_end_in_local_time(quiet: QuietHours | None, zone: str, now: str, leaves: str) -> None:
    """What is planned inside quiet hours leaves at their end, as clocks in the subscription's zone show it."""
    subscription = a_subscription(quiet_hours=quiet, zone=zone)
    assert earliest_leaving(subscription, at(now)) == at(leaves)


@pytest.mark.parametrize(
    ("wish", "now", "due"),
    [
        ({"rhythm": Rhythm.HOURLY}, "2025-08-12T09:10", "2025-08-12T10:00"),
        ({"rhythm": Rhythm.HOURLY}, "2025-08-12T10:00", "2025-08-12T11:00"),
        ({"rhythm": Rhythm.DAILY}, "2025-08-12T06:59", "2025-08-12T07:00"),
        ({"rhythm": Rhythm.DAILY}, "2025-08-12T07:00", "2025-08-13T07:00"),
        ({"rhythm": Rhythm.DAILY, "zone": "America/New_York"}, "2025-08-12T10:59", "2025-08-12T11:00"),
        ({"rhythm": Rhythm.HOURLY, "quiet_hours": NIGHT}, "2025-08-12T22:10", "2025-08-13T06:30"),
        ({}, "2025-08-12T09:10:30", "2025-08-12T09:11"),
    ],
)
def test_digests_leave_on_the_hour_of_the_zone(wish: dict[str, Any], now: str, due: str) -> None:
    """Hourly on the full hour, daily at the local time asked for, the rest at the next minute; never in quiet hours."""
    assert next_digest(a_subscription(**wish), at(now)) == at(due)


def test_a_local_time_that_a_clock_change_skips_still_comes() -> None:
    """02:30 does not exist in Paris on 30 March 2025; the digest leaves once all the same."""
    paris = ZoneInfo("Europe/Paris")
    moment = next_local_time(time(2, 30), paris, at("2025-03-29T12:00"))
    assert at("2025-03-30T00:00") < moment < at("2025-03-30T02:01")
    assert last_local_time(time(2, 30), paris, moment) == moment


def test_a_notice_has_one_delivery_a_road_and_none_for_a_feed() -> None:
    """Roads that send get a delivery of their own with an id of its own; a feed is fetched."""
    roads = (Road(RoadKind.WEBHOOK, "http://w.example"), Road(RoadKind.FEED), Road(RoadKind.LOG))
    plan = plan_notice(ALERT, NoticeType.OPENED, a_subscription(roads=roads), at("2025-08-12T09:00"))
    assert [delivery.road for delivery in plan.deliveries] == ["webhook-0", "log-2"]
    assert len({delivery.id for delivery in plan.deliveries}) == 2
    assert all(delivery.state is DeliveryState.PENDING for delivery in plan.deliveries)
    assert plan.manner == "now"


def test_the_same_notice_planned_again_has_the_same_id() -> None:
    """Ids come from the alert, its revision, the subscription and the road, never from the clock."""
    first = plan_notice(ALERT, NoticeType.OPENED, a_subscription(), at("2025-08-12T09:00"))
    later = plan_notice(ALERT, NoticeType.OPENED, a_subscription(), at("2031-01-01T00:00"))
    assert [d.id for d in first.deliveries] == [d.id for d in later.deliveries]


def test_the_body_is_the_contracts() -> None:
    """A webhook's body holds type, timestamp and the alert, and says that it was told."""
    (delivery,) = plan_notice(ALERT, NoticeType.OPENED, a_subscription(), at("2025-08-12T09:00")).deliveries
    body = json.loads(delivery.body)
    assert set(body) == {"type", "timestamp", "data"}
    assert body["type"] == "alert.opened"
    assert body["timestamp"] == "2025-08-12T09:00:00Z"
    assert body["data"]["id"] == "alr-1"
    assert body["data"]["told"] is True
    assert body["data"]["organisation"] == {"id": "bla", "name": "Balochistan Liberation Army"}


def test_what_exceeds_the_rate_waits_for_one_message() -> None:
    """At the limit the next notice goes into the digest of the next minute."""
    subscription = a_subscription(max_per_minute=2)
    now = at("2025-08-12T09:00:10")
    assert plan_notice(ALERT, NoticeType.OPENED, subscription, now, told_this_minute=1).manner == "now"
    over = plan_notice(ALERT, NoticeType.OPENED, subscription, now, told_this_minute=2)
    assert (over.manner, over.deliveries, over.digest_due_at) == ("rate_limited", (), at("2025-08-12T09:01"))


def test_a_large_digest_is_cut_into_messages_that_hold_everything() -> None:
    """No alert is left out and none is in two messages."""
    waiting = [(ALERT, NoticeType.OPENED)] * (2 * DIGEST_SIZE + 1)
    planned = plan_digest(a_subscription(), waiting, at("2025-08-12T09:00"))
    bodies = [json.loads(delivery.body) for delivery in planned]
    assert [body["data"]["count"] for body in bodies] == [DIGEST_SIZE, DIGEST_SIZE, 1]
    assert {body["data"]["total"] for body in bodies} == {len(waiting)}
    assert {body["type"] for body in bodies} == {"alert.digest"}


def test_a_heartbeat_says_what_was_read_and_told() -> None:
    """Its id is the day's: planned twice, it is sent once."""
    figures = {"articles_read": 0, "alerts_told": 0}
    (first,) = plan_heartbeat(a_subscription(), "2025-08-12", figures, at("2025-08-12T07:00"))
    (again,) = plan_heartbeat(a_subscription(), "2025-08-12", figures, at("2025-08-12T07:10"))
    assert first.id == again.id
    assert json.loads(first.body)["data"] == {"subscription": "listings", "day": "2025-08-12", **figures}
