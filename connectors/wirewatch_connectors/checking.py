"""Fetches and reads feeds once, for a person who wants to know whether they work. Remembers and publishes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wirewatch.clock import SystemClock
from wirewatch.errors import FetchError, ParseError
from wirewatch.metrics import Metrics
from wirewatch.settings import Settings
from wirewatch_connectors.feeds import FeedSpec
from wirewatch_connectors.fetching import Fetcher
from wirewatch_connectors.hosts import Hosts
from wirewatch_connectors.parsing.pool import ParserPool
from wirewatch_connectors.shapes import ParsedFeed


@dataclass(frozen=True, slots=True)
class FeedCheck:
    """How one feed did."""

    feed_id: str
    #: "" when it can be read.
    problem: str
    #: What it is, in one line.
    summary: str = ""


async def check_feeds(settings: Settings, feeds: Sequence[FeedSpec], show: Callable[[FeedCheck], None]) -> None:
    """Try feeds, politely and many at once; `show` is told of each as it ends."""
    clock = SystemClock()
    hosts = Hosts(clock)
    parser = ParserPool(metrics=Metrics(), clock=clock)
    slots = asyncio.Semaphore(settings.fetch.max_connections)
    try:
        async with Fetcher(settings.fetch, clock) as fetcher:

            async def try_feed(feed: FeedSpec) -> None:
                async with hosts.turn(feed.host), slots:
                    show(await check_feed(feed, fetcher, parser))

            await asyncio.gather(*(try_feed(feed) for feed in feeds))
    finally:
        await parser.close()


async def check_feed(feed: FeedSpec, fetcher: Fetcher, parser: ParserPool) -> FeedCheck:
    """Try one feed."""
    try:
        fetched = await fetcher.fetch(feed.url, feed_id=feed.id, allow_downgrade=feed.allow_downgrade)
        parsed = await parser.parse(
            fetched.body,
            content_type=fetched.headers.get("content-type", ""),
            url=fetched.url,
            known=frozenset(),
            feed_id=feed.id,
        )
    except (FetchError, ParseError) as error:
        return FeedCheck(feed.id, str(error))
    moved = f"; it has moved to {fetched.moved_to}" if fetched.moved_to else ""
    return FeedCheck(feed.id, "", _summary(parsed) + moved)


def _summary(parsed: ParsedFeed) -> str:
    dates = [item.published_at for item in parsed.items if item.published_at]
    newest = f", newest {max(dates):%Y-%m-%d %H:%M}" if dates else ", no dates"
    broken = f", {len(parsed.problems)} unreadable" if parsed.problems else ""
    degraded = f", not well formed ({parsed.complaint})" if parsed.degraded else ""
    return f"{parsed.format}, {len(parsed.items)} items{newest}{broken}{degraded}"
