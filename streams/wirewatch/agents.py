"""The walk of one article through the stream, top to bottom: `articles.v1` → sort → `sorted.v1` → raise → `alerts.v1`.

Declared on an app by `wirewatch.app`. What is done is in the rooms; that nothing is lost is in `engine.batches`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from wirewatch import wire
from wirewatch.clock import Clock
from wirewatch.engine.application import StreamApp
from wirewatch.engine.batches import BatchLoop, take_batches
from wirewatch.engine.dead_letters import DeadLetterLimit
from wirewatch.engine.handling import Handler, Output, each, together
from wirewatch.engine.topics_admin import topic_name
from wirewatch.metrics import Stage
from wirewatch.records import Alert, Article, SortedArticle
from wirewatch.store.database import PASSING_ERRORS, Database
from wirewatch.topics import ALERTS, ARTICLES, DEAD_LETTERS, SORTED, Topic

WorldSeen = TypeVar("WorldSeen", covariant=True)


class Sorts(Protocol):
    """Sorts one article from its text alone."""

    def sort(self, article: Article) -> SortedArticle:
        """Say what the article mentions and what it says happened."""
        ...


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
    source = ARTICLES.name

    def sort(value: bytes | None) -> Output:
        article = wire.decode(Article, value, topic=source)
        return Output(article.id.encode(), wire.encode(sorter.sort(article)))

    return each(sort)


def raise_together(raise_alerts: Raise, database: Database, world: HoldsWorld[Any], clock: Clock) -> Handler:
    """Raise the alerts of a batch in one transaction, decided by the world as it was when the batch began."""

    async def work(batch: Sequence[SortedArticle]) -> Sequence[Alert]:
        return await database.run(raise_alerts, batch, world.current, clock.now())

    return together(
        lambda value: wire.decode(SortedArticle, value, topic=SORTED.name),
        work,
        lambda alert: Output(alert.event_key.encode(), wire.encode(alert)),
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
