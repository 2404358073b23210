"""A stream that really runs, in this process, on either engine: publish, wait until it is idle, look at what came out.

Story tests are written against this and run on both engines.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from wirewatch import wire
from wirewatch.app import build_app
from wirewatch.clock import SystemClock
from wirewatch.configuration import Problems
from wirewatch.connecting import Publisher
from wirewatch.engine.reading import StoredRecord, read_topic
from wirewatch.engine.replaying import list_dead_letters
from wirewatch.engine.running import StreamRunner
from wirewatch.engine.topics_admin import create_topics, topic_name
from wirewatch.metrics import Metrics
from wirewatch.records import Alert, Article, DeadLetter, SortedArticle
from wirewatch.settings import Settings, load_settings
from wirewatch.store.database import Database, open_database
from wirewatch.topics import Topic
from wirewatch_connectors.publishing import open_publisher

#: Longer than any story; a hang shows as a failure with a stack, not as a silent suite.
STORY_TIMEOUT_SECONDS = 60

QUICK_ENGINE = "[engine]\nbatch_wait_seconds = 0.02\ncommit_interval_seconds = 0.05\nsorting_processes = 0\n"


@dataclass(frozen=True)
class Engine:
    """Where a story runs."""

    name: str
    broker: str
    directory: Path
    #: Few, because making them takes time; enough for keys to be spread.
    partitions: int = 3
    #: Every story has topics and a group of its own.
    prefix: str = field(default_factory=lambda: f"t{uuid.uuid4().hex[:10]}.")

    def settings(self, extra: str = "") -> Settings:
        """Give settings for this engine; `extra` is TOML that is put at the end."""
        config = self.directory / "config"
        config.mkdir(exist_ok=True)
        lines = [f'broker = "{self.broker}"', QUICK_ENGINE]
        if self.name == "kafka":
            lines.append(f'[kafka]\ntopic_prefix = "{self.prefix}"\npartitions = {self.partitions}\n')
            lines.append("session_timeout_seconds = 6\n")
        (config / "settings.toml").write_text("\n".join([*lines, extra]), encoding="utf-8")
        problems = Problems()
        settings = load_settings(config, self.directory / "data", {}, problems)
        problems.raise_if_any()
        return settings

    async def prepare(self, settings: Settings) -> None:
        """Make the topics."""
        await create_topics(settings, SystemClock())


class PlainSorter:
    """Finds nothing; raises on an article whose title is in `poison`."""

    version = "plain"

    def __init__(self, poison: Sequence[str] = ()) -> None:
        self.poison = set(poison)

    def sort(self, article: Article) -> SortedArticle:
        """Sort."""
        if article.title in self.poison:
            raise ValueError(f"poison: {article.title}")
        return SortedArticle(article, article.language, (), (), self.version)


class Witness:
    """Stands where `raising.raise_alerts` stands and remembers every article that arrives, with repeats."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.batches = 0

    def __call__(self, connection: Any, batch: Sequence[SortedArticle], world: Any, now: datetime) -> Sequence[Alert]:
        """Remember."""
        self.batches += 1
        self.seen += [sorted_article.article.title for sorted_article in batch]
        return ()


@dataclass
class StillWorld:
    """A world that never changes."""

    current: str = "world"


@dataclass
class RunningStream:
    """A started stream and all that a test asks of it."""

    settings: Settings
    runner: StreamRunner
    publisher: Publisher
    database: Database
    metrics: Metrics

    async def publish(self, *articles: Article) -> None:
        """Publish as a connector does."""
        await self.publisher.publish(articles)

    async def idle(self) -> None:
        """Wait until everything published was handled and committed."""
        await asyncio.wait_for(self.runner.wait_idle(), STORY_TIMEOUT_SECONDS)

    async def records(self, topic: Topic) -> list[StoredRecord]:
        """Read a topic."""
        return [record async for record in read_topic(self.settings, topic_name(self.settings, topic))]

    async def articles_in(self, topic: Topic) -> list[str]:
        """Read the titles of a topic of sorted articles."""
        decoded = [wire.decode(SortedArticle, record.value, topic=topic.name) for record in await self.records(topic)]
        return [sorted_article.article.title for sorted_article in decoded]

    async def dead_letters(self) -> list[DeadLetter]:
        """Read the dead letters that were not replayed."""
        return [listed.letter for listed in await list_dead_letters(self.settings) if not listed.replayed]

    def counted(self, name: str, **labels: str) -> float:
        """Give the value of a metric."""
        return self.metrics.registry.get_sample_value(f"wirewatch_{name}", labels) or 0.0


@asynccontextmanager
async def running_stream(
    settings: Settings,
    *,
    sorter: Any = None,
    raise_alerts: Any = None,
    world: Any = None,
) -> AsyncIterator[RunningStream]:
    """Run a stream until the block ends; topics must exist on Kafka."""
    clock, metrics = SystemClock(), Metrics()
    database = open_database(settings.store, settings.data_dir)
    app = build_app(
        settings,
        sorter=sorter or PlainSorter(),
        world=world or StillWorld(),
        database=database,
        metrics=metrics,
        clock=clock,
        raise_alerts=raise_alerts or Witness(),
    )
    runner = StreamRunner(app, on_stuck=lambda: None)
    publisher = open_publisher(settings, clock, metrics)
    await runner.start()
    try:
        yield RunningStream(settings, runner, publisher, database, metrics)
    finally:
        await runner.stop()
        await publisher.close()
        database.close()
