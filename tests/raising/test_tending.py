"""What the clock owes: digests, heartbeats, gauges."""

from __future__ import annotations

import json
from datetime import timedelta

from tests.raising.test_batches import gulls
from tests.stories import listings
from tests.stories.acting import Stage, a_store, moment
from tests.stories.scenery import a_subscription, a_world
from wirewatch.metrics import Metrics
from wirewatch.raising.tending import tend
from wirewatch.store.verdicts import Verdict, give_verdict
from wirewatch.subscribers import Rhythm


def test_a_daily_digest_tells_each_alert_once_as_it_stands_then() -> None:
    """Alerts of a day leave together at the hour asked for, in their newest revision, and never again."""
    world = a_world(a_subscription(rhythm=Rhythm.DAILY))
    with a_store() as database:
        stage = Stage(database, world)
        stage.push(listings.WIRE)
        stage.push(listings.NOTICE)
        stage.push(*gulls(2))
        assert stage.deliveries() == ()
        with database.transaction() as connection:
            assert tend(connection, world, moment("2025-03-04T06:59")) == 0
            assert tend(connection, world, moment("2025-03-04T07:00")) == 1
            assert tend(connection, world, moment("2025-03-04T07:01")) == 0
        (delivery,) = stage.deliveries()
        content = json.loads(delivery.body)["data"]
        assert content["count"] == 3
        states = {alert["organisation"]["name"]: alert["state"] for alert in content["alerts"]}
        assert states["Tide Front"] == "confirmed"


def test_a_digest_of_a_subscription_that_went_is_counted_not_sent() -> None:
    """Who was taken out of the configuration is sent nothing more, and the count says so."""
    world = a_world(a_subscription(rhythm=Rhythm.HOURLY))
    metrics = Metrics()
    with a_store() as database:
        Stage(database, world).push(listings.WIRE)
        with database.transaction() as connection:
            assert tend(connection, a_world(a_subscription("other")), moment("2025-03-03T11:00"), metrics) == 0
    labels = {"subscription": "listings", "reason": "subscription_removed"}
    assert metrics.registry.get_sample_value("wirewatch_notice_decisions_total", labels) == 1


def test_a_heartbeat_comes_once_a_day_even_when_nothing_happened() -> None:
    """It says what the day before it brought; a second process plans no second one; the first closes a whole day."""
    world = a_world(a_subscription(heartbeat=True))
    with a_store() as database:
        stage = Stage(database, world)
        with database.transaction() as connection:
            assert tend(connection, world, moment("2025-03-03T09:00")) == 0
        stage.push(listings.WIRE)
        with database.transaction() as connection:
            assert tend(connection, world, moment("2025-03-04T06:59")) == 0
            assert tend(connection, world, moment("2025-03-04T07:00")) == 1
            assert tend(connection, world, moment("2025-03-04T12:00")) == 0
            assert tend(connection, world, moment("2025-03-05T07:00")) == 1
        beats = [json.loads(one.body)["data"] for one in stage.deliveries() if one.type == "heartbeat"]
    assert all({"feeds", "deliveries", "oldest_delivery_due_at", "newest_article_at"} <= set(beat) for beat in beats)
    by_day = {beat["day"]: (beat["articles_read"], beat["alerts_told"]) for beat in beats}
    assert by_day == {"2025-03-04": (1, 1), "2025-03-05": (0, 0)}


def test_verdicts_become_precision_and_the_register_its_gauges() -> None:
    """Two right of three judged is two thirds, per rule and per subscription; unsure is not judged."""
    world = a_world(a_subscription())
    metrics = Metrics()
    with a_store() as database:
        stage = Stage(database, world)
        stage.push(*gulls(4))
        verdicts = (Verdict.TRUE, Verdict.TRUE, Verdict.FALSE, Verdict.UNSURE)
        judged = list(zip(stage.alerts(), verdicts, strict=True))
        with database.transaction() as connection:
            for alert, verdict in judged:
                give_verdict(connection, alert.id, verdict, stage.now, rules=("story.designation",))
            tend(connection, world, stage.now + timedelta(hours=1), metrics)
    value = metrics.registry.get_sample_value
    assert value("wirewatch_rule_precision_ratio", {"rule": "story.designation"}) == 2 / 3
    assert value("wirewatch_subscription_precision_ratio", {"subscription": "listings"}) == 2 / 3
    assert value("wirewatch_register_entries", {"list": "united-kingdom-uk"}) == 1
    assert value("wirewatch_register_age_seconds", {"list": "united-kingdom-uk"}) == 3600


def test_a_second_verdict_of_a_reader_replaces_the_first() -> None:
    """Precision follows what a reader thinks now."""
    world = a_world(a_subscription())
    metrics = Metrics()
    with a_store() as database:
        stage = Stage(database, world)
        (alert,) = stage.push(listings.WIRE)
        with database.transaction() as connection:
            for verdict in (Verdict.TRUE, Verdict.DUPLICATE):
                give_verdict(connection, alert.id, verdict, stage.now, reader="desk", rules=("r",))
            tend(connection, world, stage.now, metrics)
    assert metrics.registry.get_sample_value("wirewatch_rule_precision_ratio", {"rule": "r"}) == 0
