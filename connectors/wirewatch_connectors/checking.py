"""Fetches and reads feeds once, for a person who wants to know whether they work. Remembers and publishes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wirewatch.clock import SystemClock
from wirewatch.errors import FetchError, ParseError
from wirewatch.metrics import Metrics
from wirewatch.settings import Settings
from wirewatch_connectors.discovering import FoundFeed, find_feeds, guess_feeds
from wirewatch_connectors.feeds import FeedSpec
from wirewatch_connectors.fetching import Fetcher
from wirewatch_connectors.hosts import Hosts
from wirewatch_connectors.opml import clean_name, free_id
from wirewatch_connectors.parsing.pool import ParserPool
from wirewatch_connectors.shapes import ParsedFeed
from wirewatch_connectors.urls import host_of

_PAGE_TYPES = "text/html, application/xhtml+xml, */*;q=0.5"


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
    hosts = Hosts(
        clock, at_once=settings.fetch.max_concurrent_per_host, spacing_seconds=settings.fetch.host_spacing_seconds
    )
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


async def discover_feeds(settings: Settings, url: str) -> tuple[FeedSpec, ...]:
    """Find the feeds of a site: the address itself, what its page names, else where feeds usually are.

    Only those that can be read are given.

    Raises:
        FetchError: the page cannot be had.
    """
    clock = SystemClock()
    parser = ParserPool(metrics=Metrics(), clock=clock)
    try:
        async with Fetcher(settings.fetch, clock) as fetcher:
            page = await fetcher.fetch(url, feed_id="discover", accept=_PAGE_TYPES)
            content_type = page.headers.get("content-type", "")
            if "html" not in content_type:
                itself = await _readable((FoundFeed(page.url, "", "itself"),), fetcher, parser)
                if itself:
                    return itself
            named = find_feeds(page.body, content_type=content_type, url=page.url)
            found = await _readable(named, fetcher, parser)
            return found or await _readable(guess_feeds(page.url), fetcher, parser)
    finally:
        await parser.close()


async def _readable(candidates: Sequence[FoundFeed], fetcher: Fetcher, parser: ParserPool) -> tuple[FeedSpec, ...]:
    """Try candidates one after another: they are on one host; give those that can be read."""
    specs: dict[str, FeedSpec] = {}
    taken: set[str] = set()
    for candidate in candidates:
        name = clean_name(candidate.title) or host_of(candidate.url)
        spec = FeedSpec(free_id(name, candidate.url, taken), candidate.url, name)
        if candidate.url not in specs and not (await check_feed(spec, fetcher, parser)).problem:
            specs[candidate.url] = spec
            taken.add(spec.id)
    return tuple(specs.values())


def _summary(parsed: ParsedFeed) -> str:
    dates = [item.published_at for item in parsed.items if item.published_at]
    newest = f", newest {max(dates):%Y-%m-%d %H:%M}" if dates else ", no dates"
    broken = f", {len(parsed.problems)} unreadable" if parsed.problems else ""
    degraded = f", not well formed ({parsed.complaint})" if parsed.degraded else ""
    return f"{parsed.format}, {len(parsed.items)} items{newest}{broken}{degraded}"
