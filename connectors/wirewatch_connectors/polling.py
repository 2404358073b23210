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
from wirewatch_connectors.full_text import FullText
from wirewatch_connectors.leasing import Leases
from wirewatch_connectors.parsing.pool import ParserPool
from wirewatch_connectors.robots import RobotsRules
from wirewatch_connectors.rounds import Poller


class RssConnector:
    """Feeds in, articles out."""

    name = "rss"

    def check(self, settings: Settings, problems: Problems) -> frozenset[str]:
        """Note every problem of `feeds.toml`; gives the ids of its feeds."""
        return frozenset(feed.id for feed in load_feeds(settings, problems).feeds)

    async def run(self, context: ConnectorContext, stop: asyncio.Event, *, once: bool) -> None:
        """Poll until `stop` is set; with `once`, poll every feed once and return when all is durable.

        Raises:
            ConfigError: `feeds.toml` is wrong.
        """
        problems = Problems()
        settings, clock, metrics = context.settings, context.clock, context.metrics
        feed_list = load_feeds(settings, problems)
        problems.raise_if_any()
        parser = ParserPool(metrics=metrics, clock=clock)
        try:
            async with Fetcher(settings.fetch, clock, allowed=feed_list.allow_addresses) as fetcher:
                robots = RobotsRules(clock, settings.fetch.user_agent)
                poller = Poller(
                    context,
                    feed_list,
                    fetcher=fetcher,
                    parser=parser,
                    leases=Leases(context.database, clock),
                    full_text=FullText(fetcher.fetch, parser.extract_page, robots, clock, metrics),
                )
                await poller.run(stop, once=once)
        finally:
            await parser.close()


connector = RssConnector()
