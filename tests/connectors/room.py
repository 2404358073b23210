"""A polling room for tests: real fetcher, store and decisions, a parser in this process, a publisher that remembers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.connectors.conftest import fetch_settings
from tests.fakes import FakeClock, FakePublisher
from tests.harness.misbehaving_server import MisbehavingServer
from wirewatch.clock import Clock, SystemClock
from wirewatch.configuration import Problems
from wirewatch.connecting import ConnectorContext
from wirewatch.metrics import Metrics
from wirewatch.settings import Settings, load_settings
from wirewatch.store.database import Database, open_database
from wirewatch.store.feed_memory import FeedMemory, load_memories
from wirewatch_connectors.feeds import FeedList, FeedSpec
from wirewatch_connectors.fetching import Fetcher
from wirewatch_connectors.full_text import FullText
from wirewatch_connectors.leasing import Leases
from wirewatch_connectors.parsing.reading import read_feed
from wirewatch_connectors.remembering import Rememberer
from wirewatch_connectors.rounds import Poller
from wirewatch_connectors.shapes import ParsedFeed
from wirewatch_connectors.taking import Taken, Taker


class InlineParser:
    """Reads feeds in this process: what the child processes run, without them."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.parsed = 0
        #: Feeds in which the parser has a bug.
        self.bugs: set[str] = set()

    async def parse(
        self, body: bytes, *, content_type: str, url: str, known: frozenset[str], feed_id: str = ""
    ) -> ParsedFeed:
        """Read a feed, or fail as no parser should."""
        self.parsed += 1
        if feed_id in self.bugs:
            raise RuntimeError("a bug")
        return read_feed(body, content_type=content_type, url=url, known=known, now=self.clock.now())

    async def close(self) -> None:
        """Do nothing."""


@dataclass(slots=True)
class Room:
    """Everything that polling needs, in one place."""

    settings: Settings
    clock: FakeClock | SystemClock
    database: Database
    fetcher: Fetcher
    parser: InlineParser
    publisher: FakePublisher = field(default_factory=FakePublisher)
    metrics: Metrics = field(default_factory=Metrics)
    said: list[str] = field(default_factory=list)
    reload: asyncio.Event = field(default_factory=asyncio.Event)
    full_text: FullText | None = None
    #: Whether nobody but the connector acts on `reload`.
    alone: bool = False

    @property
    def context(self) -> ConnectorContext:
        """Give what a connector is given."""
        return ConnectorContext(
            self.settings,
            self.clock,
            self.database,
            self.metrics,
            self.publisher,
            self.said.append,
            self.reload,
            self.alone,
        )

    async def poll(self, feed: FeedSpec, *, minutes: float = 15) -> Taken:
        """Let time pass and poll one feed once, as a process that has just started would."""
        if isinstance(self.clock, FakeClock):
            self.clock.move(minutes * 60)
        leases = Leases(self.database, self.clock)
        await leases.begin()
        await leases.beat([feed.id], alone=True)
        rememberer = Rememberer(self.database, self.clock, leases.owner, leases.tokens)
        taker = Taker(
            fetcher=self.fetcher,
            parser=self.parser,
            publisher=self.publisher,
            database=self.database,
            rememberer=rememberer,
            leases=leases,
            full_text=self.full_text,
            metrics=self.metrics,
            clock=self.clock,
        )
        try:
            taken = await taker.take(feed, await self.memory(feed.id) or FeedMemory(feed.id, feed.url))
            await rememberer.flush()
            return taken
        finally:
            await leases.end()

    async def memory(self, feed_id: str) -> FeedMemory | None:
        """Give what the store remembers of a feed."""
        return (await self.database.run(load_memories, [feed_id])).get(feed_id)

    def poller(self, feeds: Iterable[FeedSpec]) -> Poller:
        """Make a whole poller."""
        feed_list = FeedList(tuple(feeds))
        leases = Leases(self.database, self.clock)
        return Poller(self.context, feed_list, fetcher=self.fetcher, parser=self.parser, leases=leases)

    def titles(self) -> list[str]:
        """Give the titles of all that was published."""
        return [article.title for article in self.publisher.published]

    def count(self, name: str, **labels: str) -> float:
        """Read a counter."""
        return self.metrics.registry.get_sample_value(f"wirewatch_{name}_total", labels) or 0.0


@asynccontextmanager
async def open_room(
    tmp_path: Path, *servers: MisbehavingServer, clock: FakeClock | SystemClock | None = None, store: str = "sqlite://"
) -> AsyncIterator[Room]:
    """Open a room whose fetcher reaches the servers."""
    clock = clock or FakeClock()
    config = tmp_path / "config"
    config.mkdir(parents=True, exist_ok=True)
    for name in ("settings.toml", "feeds.toml"):
        (config / name).touch()
    problems = Problems()
    settings = load_settings(config, tmp_path / "var", {}, problems)
    problems.raise_if_any()
    settings = replace(settings, fetch=fetch_settings(*(server.allowed for server in servers)))
    database = open_database(store, tmp_path / "var")
    try:
        async with Fetcher(settings.fetch, clock) as fetcher:
            yield Room(settings, clock, database, fetcher, InlineParser(clock))
    finally:
        database.close()
