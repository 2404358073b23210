"""Builds the Faust app of one process. There is no module-level app: nothing is read or opened at import."""

from __future__ import annotations

from functools import partial
from typing import Any

from yarl import URL

from wirewatch.agents import HoldsWorld, Raise, declare_agents, raise_together, sort_each, sort_isolated
from wirewatch.clock import Clock
from wirewatch.engine.application import NoTables, StreamApp
from wirewatch.engine.handling import Handler
from wirewatch.engine.sorting_step import Sorts
from wirewatch.engine.sqlite.files import log_path
from wirewatch.engine.topics_admin import group_name
from wirewatch.metrics import Metrics
from wirewatch.raising import raise_alerts as raise_in_one_transaction
from wirewatch.settings import Settings
from wirewatch.store.database import Database
from wirewatch.topics import MAX_DERIVED_BYTES

#: Records that Faust prefetches a stream; more is only memory.
BUFFERED_RECORDS = 1_024


def build_app(
    settings: Settings,
    *,
    sorter: Sorts,
    world: HoldsWorld[Any],
    database: Database,
    metrics: Metrics,
    clock: Clock,
    raise_alerts: Raise | None = None,
) -> StreamApp:
    """Build the stream: its engine by `settings.broker`, its two agents, nothing declared implicitly.

    Run it with `wirewatch.engine.running.StreamRunner`.
    """
    if raise_alerts is None:
        raise_alerts = partial(raise_in_one_transaction, metrics=metrics)
    app = bare_app(settings, metrics=metrics, clock=clock)
    sorting: Handler = sort_each(sorter)
    if settings.engine.sorting_processes:
        pool = sort_isolated(sorter, settings, metrics)
        app.helpers.append(pool)
        sorting = pool
    declare_agents(app, sorting=sorting, raising=raise_together(raise_alerts, database, world, clock))
    return app


def bare_app(settings: Settings, *, metrics: Metrics, clock: Clock) -> StreamApp:
    """Build the app without its agents; benchmarks and contract tests put their own into it."""
    return StreamApp(
        group_name(settings),
        settings=settings,
        clock=clock,
        metrics=metrics,
        broker=broker_urls(settings),
        datadir=settings.data_dir / "faust",
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        consumer_auto_offset_reset="earliest",
        broker_commit_interval=settings.engine.commit_interval_seconds,
        broker_session_timeout=settings.kafka.session_timeout_seconds,
        # Faust wants it to be the longer of the two.
        broker_request_timeout=max(90.0, settings.kafka.session_timeout_seconds + 10.0),
        broker_heartbeat_interval=min(1.0, settings.kafka.session_timeout_seconds / 3),
        producer_acks=-1,
        # A little more than a topic takes: the broker itself says no, once, to what is too large.
        producer_max_request_size=MAX_DERIVED_BYTES + 65_536,
        stream_buffer_maxsize=BUFFERED_RECORDS,
        stream_wait_empty=True,
        stream_recovery_delay=0.0,
        TableManager=NoTables,
    )


def broker_urls(settings: Settings) -> list[URL]:
    """Give Faust's broker URLs: the log's path, or one URL a Kafka host."""
    if settings.embedded:
        return [URL.build(scheme="sqlite", path=str(log_path(settings.broker, settings.data_dir)))]
    hosts = settings.broker.removeprefix("kafka://").split(",")
    return [URL(f"kafka://{host}") for host in hosts]
