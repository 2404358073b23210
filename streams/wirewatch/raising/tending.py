"""What is owed by the clock and not by an article: digests that are due, daily heartbeats, gauges of what is known.

Called every few seconds by whoever runs a process with a store; several processes may, each item is taken once.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from wirewatch.delivering.planning import plan_digest, plan_heartbeat
from wirewatch.delivering.rhythm import last_local_time
from wirewatch.metrics import Metrics
from wirewatch.raising.world import World
from wirewatch.records import Alert, NoticeType
from wirewatch.store import digests as digests_store
from wirewatch.store import notices as notices_store
from wirewatch.store import verdicts as verdicts_store
from wirewatch.store.alerts import find_alerts
from wirewatch.store.articles import count_fetched
from wirewatch.store.feed_health import feed_health
from wirewatch.store.outbox import count_deliveries, insert_deliveries, oldest_due_at
from wirewatch.store.register import count_in_force
from wirewatch.subscribers import Subscription
from wirewatch.watching.authorities import canonical_authority

#: Items that one call takes: a burst is told in several messages over several calls, and memory stays bounded.
MAX_ITEMS = 1_000


def tend(connection: Connection, world: World, now: datetime, metrics: Metrics | None = None) -> int:
    """Compose what is due and set the gauges. Gives how many deliveries were planned."""
    planned = compose_digests(connection, world, now, metrics)
    planned += compose_heartbeats(connection, world, now, metrics)
    if metrics is not None:
        measure(connection, world, now, metrics)
    return planned


def compose_digests(connection: Connection, world: World, now: datetime, metrics: Metrics | None = None) -> int:
    """Put alerts that waited for a digest into deliveries, each as it stands now; nothing waits in two places."""
    subscriptions = {subscription.id: subscription for subscription in world.subscriptions}
    items = digests_store.take_due_items(connection, now, MAX_ITEMS)
    alerts = find_alerts(connection, [item.alert_id for item in items])
    waiting: dict[str, list[tuple[Alert, NoticeType]]] = {}
    for item in items:
        if item.alert_id in alerts:
            waiting.setdefault(item.subscription_id, []).append((alerts[item.alert_id], NoticeType(item.type)))
    planned = 0
    for subscription_id, told in sorted(waiting.items()):
        subscription = subscriptions.get(subscription_id)
        if subscription is not None:
            planned += insert_deliveries(connection, plan_digest(subscription, told, now))
        elif metrics is not None:
            # Who was taken out of the configuration has no road any more.
            metrics.notice_decisions.labels(subscription_id, "subscription_removed").inc(len(told))
    return planned


def compose_heartbeats(connection: Connection, world: World, now: datetime, metrics: Metrics | None = None) -> int:
    """Plan the daily line of each subscription that wants one and whose hour has come. Once a day, by the id."""
    planned = 0
    for subscription in world.subscriptions:
        if not subscription.heartbeat:
            continue
        zone = ZoneInfo(subscription.zone)
        due = last_local_time(subscription.digest_at, zone, now)
        day = due.astimezone(zone).date().isoformat()
        if digests_store.was_heartbeat_sent(connection, subscription.id, day):
            continue
        is_first = not digests_store.has_heartbeat(connection, subscription.id)
        digests_store.write_heartbeat(connection, subscription.id, day, now)
        if is_first:
            # The day before the first start was nobody's to watch: the first line closes the first whole day.
            continue
        figures = heartbeat_figures(connection, subscription, due - timedelta(days=1), due)
        if metrics is not None:
            figures["records_waiting"] = _records_waiting(metrics)
        planned += insert_deliveries(connection, plan_heartbeat(subscription, day, figures, now))
    return planned


def heartbeat_figures(
    connection: Connection, subscription: Subscription, since: datetime, until: datetime
) -> dict[str, Any]:
    """Count what a day brought and how things stand at its end, for the line that says that nothing was missed."""
    told = notices_store.count_told_between(connection, subscription.id, since, until)
    read, newest = count_fetched(connection, since, until)
    return {
        "since": since,
        "until": until,
        "articles_read": read,
        "newest_article_at": newest,
        "alerts_told": told,
        "feeds": dict(sorted(Counter(feed.state.value for feed in feed_health(connection, until)).items())),
        "deliveries": {state.value: count for state, count in count_deliveries(connection).items()},
        "oldest_delivery_due_at": oldest_due_at(connection, until),
    }


def _records_waiting(metrics: Metrics) -> int:
    """Count the records of the log that wait for this process."""
    return int(sum(sample.value for metric in metrics.consumer_lag.collect() for sample in metric.samples))


def measure(connection: Connection, world: World, now: datetime, metrics: Metrics) -> None:
    """Set the gauges of the register and of precision by verdicts."""
    lists: dict[str, tuple[int, datetime]] = {}
    for (authority, programme), (count, written_at) in count_in_force(connection, now.date()).items():
        # A department's entries are its state's: one list, one name.
        name = f"{canonical_authority(authority, world.knowledge)}-{programme}".lower()
        counted, newest = lists.get(name, (0, written_at))
        lists[name] = (counted + count, max(newest, written_at))
    for name, (count, newest) in lists.items():
        metrics.register_entries.labels(name).set(count)
        metrics.register_age_seconds.labels(name).set(max(0.0, (now - newest).total_seconds()))
    for rule, (right, judged) in verdicts_store.precision_by_rule(connection).items():
        metrics.rule_precision.labels(rule).set(right / judged)
    for subscription_id, (right, judged) in verdicts_store.precision_by_subscription(connection).items():
        metrics.subscription_precision.labels(subscription_id).set(right / judged)
