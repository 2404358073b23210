"""The walk of one article through the stream, top to bottom: `articles.v1` → sort → `sorted.v1` → raise → `alerts.v1`.

Declared on an app by `wirewatch.app`. What is done is in the rooms; that nothing is lost is in `engine.batches`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar

from wirewatch import wire
from wirewatch.clock import Clock
from wirewatch.delivering.cloud_events import headers_for
from wirewatch.engine.application import StreamApp
from wirewatch.engine.batches import BatchLoop, take_batches
from wirewatch.engine.dead_letters import DeadLetterLimit
from wirewatch.engine.handling import Handler, Output, each, together
from wirewatch.engine.isolating import IsolatedPool, IsolatedWorker, Work
from wirewatch.engine.sorting_step import Sorts, sort_value
from wirewatch.engine.topics_admin import topic_name
from wirewatch.metrics import Metrics, Stage
from wirewatch.records import Alert, SortedArticle
from wirewatch.settings import Settings
from wirewatch.store.database import PASSING_ERRORS, Database
from wirewatch.topics import ALERTS, ARTICLES, DEAD_LETTERS, SORTED, Topic

WorldSeen = TypeVar("WorldSeen", covariant=True)


class HoldsWorld(Protocol[WorldSeen]):
    """Holds the configuration that decides, replaced whole on a reload."""

    @property
    def current(self) -> WorldSeen:
        """The configuration of now."""
        ...


#: `raising.raise_alerts`: one transaction over a batch of sorted articles.
Raise = Callable[[Any, Sequence[SortedArticle], Any, datetime], Sequence[Alert]]


def sort_each(sorter: Sorts) -> Handler:
    """Sort articles one by one, on the event loop."""
    return each(partial(sort_value, sorter))


def sort_isolated(sorter: Sorts, settings: Settings, metrics: Metrics) -> IsolatedPool:
    """Sort articles in processes of their own, with the sorter that `sorter` is, or holds as `current`, at the time."""
    held: list[tuple[Sorts, Work]] = []

    def work() -> Work:
        current: Sorts = getattr(sorter, "current", sorter)
        if not held or held[0][0] is not current:
            held[:] = [(current, partial(sort_value, current))]
        return held[0][1]

    engine = settings.engine
    return IsolatedPool(
        [
            IsolatedWorker(
                work,
                settings.data_dir / f"sorting-{number}.begun",
                timeout_seconds=engine.article_timeout_seconds,
                max_bytes=engine.sorting_max_bytes,
                metrics=metrics,
            )
            for number in range(engine.sorting_processes)
        ]
    )


def raise_together(raise_alerts: Raise, database: Database, world: HoldsWorld[Any], clock: Clock) -> Handler:
    """Raise the alerts of a batch in one transaction, decided by the world as it was when the batch began."""

    async def work(batch: Sequence[SortedArticle]) -> Sequence[Alert]:
        return await database.run(raise_alerts, batch, world.current, clock.now())

    return together(
        lambda value: wire.decode(SortedArticle, value, topic=SORTED.name),
        work,
        lambda alert: Output(alert.event_key.encode(), wire.encode(alert), headers=headers_for(alert)),
        passing=PASSING_ERRORS,
    )


def declare_agents(app: StreamApp, *, sorting: Handler, raising: Handler) -> None:
    """Give the app its two agents."""
    _declare(app, "sort_articles", "sort", ARTICLES, SORTED, sorting)
    _declare(app, "raise_alerts", "alert", SORTED, ALERTS, raising)


def _declare(app: StreamApp, name: str, stage: Stage, source: Topic, target: Topic, handle: Handler) -> None:
    engine = app.settings.engine
    loop = BatchLoop(
        stage,
        handle,
        target=topic_name(app.settings, target),
        dead_letters=topic_name(app.settings, DEAD_LETTERS),
        send=app.send_output,
        limit=DeadLetterLimit(in_a_row=engine.dead_letters_in_a_row, ratio=engine.dead_letters_ratio),
        metrics=app.metrics,
        clock=app.clock,
    )

    async def agent(stream: Any) -> None:
        await take_batches(
            loop, stream, batch_size=engine.batch_size, batch_wait_seconds=engine.batch_wait_seconds, fail=app.fail
        )

    read = topic_name(app.settings, source)
    app.reads.append(read)
    channel = app.topic(read, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
    # One at a time: with more, Faust acks out of order and a rebalance has more to wait for.
    app.agent(channel, name=name, concurrency=1)(agent)
