"""The RSS connector: polls every feed that this process holds, when it is due.

Found by the stream through the entry point `wirewatch.connectors`. `rounds` owns the schedule; `leasing` says which
feeds are ours, `hosts` how politely, `taking` does one poll. A poll that fails is that feed's affair; a log or a store
that fails pauses all polling, because what cannot be kept must not be fetched.
"""

from __future__ import annotations

import asyncio

from wirewatch.configuration import Problems
from wirewatch.connecting import ConnectorContext
from wirewatch.settings import Settings
from wirewatch_connectors.feeds import load_feeds
from wirewatch_connectors.fetching import Fetcher
from wirewatch_connectors.leasing import Leases
from wirewatch_connectors.rounds import Poller
from wirewatch_connectors.taking import FeedParser


class RssConnector:
    """Feeds in, articles out."""

    name = "rss"

    def check(self, settings: Settings, problems: Problems) -> None:
        """Note every problem of `feeds.toml`."""
        load_feeds(settings, problems)

    async def run(self, context: ConnectorContext, stop: asyncio.Event, *, once: bool) -> None:
        """Poll until `stop` is set; with `once`, poll every feed once and return when all is durable.

        Raises:
            ConfigError: `feeds.toml` is wrong.
        """
        parser = open_parser(context)
        try:
            await self.run_with(parser, context, stop, once=once)
        finally:
            await parser.close()

    async def run_with(self, parser: FeedParser, context: ConnectorContext, stop: asyncio.Event, *, once: bool) -> None:
        """Do the same with a parser of the caller's."""
        problems = Problems()
        feed_list = load_feeds(context.settings, problems)
        problems.raise_if_any()
        leases = Leases(context.database, context.clock)
        async with Fetcher(context.settings.fetch, context.clock, allowed=feed_list.allow_addresses) as fetcher:
            poller = Poller(context, feed_list, fetcher=fetcher, parser=parser, leases=leases)
            await poller.run(stop, once=once)


def open_parser(context: ConnectorContext) -> FeedParser:
    """Start the pool of parsing processes."""
    from wirewatch_connectors.parsing.pool import ParserPool

    return ParserPool(metrics=context.metrics, clock=context.clock)


connector = RssConnector()
