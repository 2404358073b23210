"""Takes one feed through one poll: fetch, parse, decide, publish, and only then remember.

Called by `rounds` for a feed whose lease this process holds. Whatever the feed does ends in an outcome and a next try;
nothing that one feed does reaches another. The order is the promise: a crash anywhere leaves the memory where it was,
so that the next poll brings the same articles under the same ids.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from wirewatch.clock import Clock
from wirewatch.connecting import Publisher
from wirewatch.errors import FetchError, ParseError
from wirewatch.metrics import Metrics
from wirewatch.records import Article
from wirewatch.store.database import Database
from wirewatch.store.feed_items import SeenItem, has_items, load_matching, load_recent
from wirewatch.store.feed_memory import FeedMemory, Move
from wirewatch_connectors.deciding import Decision, decide_items, keys_to_look_up
from wirewatch_connectors.feeds import FeedSpec
from wirewatch_connectors.fetching import Fetcher
from wirewatch_connectors.full_text import FullText
from wirewatch_connectors.leasing import Leases
from wirewatch_connectors.moving import (
    Afterwards,
    address_of,
    after_change,
    after_failure,
    after_nothing,
    forget_address,
    learn_move,
)
from wirewatch_connectors.reasons import weigh
from wirewatch_connectors.remembering import Rememberer
from wirewatch_connectors.shapes import FetchedBody, ParsedFeed

log = logging.getLogger(__name__)

#: 3 days: items that left a feed longer ago are read again should they return; it costs their cleaning, no more.
_RECENT = timedelta(days=3)
#: A feed that may be another's is looked at again when the leases have been asked.
_NOT_OURS_SECONDS = 10.0
#: Every 50th read is enough to forget what left a feed more than a year ago.
_TIDY_EVERY = 50


class FeedParser(Protocol):
    """What turns a body into items; `parsing.pool.ParserPool` is one."""

    async def parse(
        self, body: bytes, *, content_type: str, url: str, known: frozenset[str], feed_id: str = ""
    ) -> ParsedFeed:
        """Read a feed document.

        Raises:
            ParseError: not a feed, or it cost too much.
        """
        ...

    async def close(self) -> None:
        """Stop."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """How one poll ended."""

    memory: FeedMemory
    #: Articles that are durable in the log now.
    published: int
    #: Seconds until the next poll.
    wait_seconds: float
    #: False when another poller holds the feed by now.
    held: bool = True

    @property
    def failed(self) -> bool:
        """Tell whether the feed could not be read."""
        return bool(self.memory.error)


class Taker:
    """Holds what a poll needs; keeps nothing between polls."""

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        parser: FeedParser,
        publisher: Publisher,
        database: Database,
        rememberer: Rememberer,
        leases: Leases,
        full_text: FullText | None = None,
        metrics: Metrics,
        clock: Clock,
    ) -> None:
        self._fetcher = fetcher
        self._parser = parser
        self._publisher = publisher
        self._database = database
        self._rememberer = rememberer
        self._leases = leases
        self._full_text = full_text
        #: Feeds between the log and their memory: a stop lets these end, so that nothing is written twice.
        self.committing: set[str] = set()
        self._metrics = metrics
        self._clock = clock

    async def take(self, feed: FeedSpec, remembered: FeedMemory) -> Taken:
        """Poll one feed once.

        Raises:
            PublishError: the log is out of reach; the memory has not moved.
            SQLAlchemyError: the store cannot write; the memory has not moved.
        """
        memory = remembered if remembered.url == feed.url else forget_address(remembered, feed)
        now = self._clock.now()
        token = self._leases.tokens.get(feed.id)
        self._metrics.received("fetch")
        try:
            fetched = await self._fetch(feed, memory)
        except FetchError as error:
            self._metrics.dropped("fetch", "fetch_failed")
            return await self._remember(after_failure(feed, memory, error, weigh(error.reason), now))
        self._metrics.fetch_seconds.observe(fetched.seconds)
        if fetched.body:
            self._metrics.feed_bytes.labels(feed.id).inc(len(fetched.body))
        memory = learn_move(memory, feed, fetched.moved_to)
        body_hash = _hash_body(fetched.body) if fetched.status != 304 else memory.body_hash
        if fetched.status == 304 or body_hash == memory.body_hash:
            self._metrics.dropped("fetch", "unchanged")
            after = after_nothing(feed, memory, fetched, now)
            self._rememberer.note(Move(after.memory))
            return Taken(after.memory, 0, after.wait_seconds)
        self._metrics.sent("fetch")
        known = await self._database.run(load_recent, feed.id, now - _RECENT)
        try:
            parsed = await self._parse(feed, fetched, known)
        except ParseError as error:
            return await self._remember(after_failure(feed, memory, error, weigh(error.reason, from_parser=True), now))
        decision = await self._decide(feed, memory, parsed, known, now)
        articles = decision.articles
        if feed.full_text and self._full_text is not None:
            articles = await self._full_text.complete(articles)
        if self._leases.tokens.get(feed.id) != token or not self._leases.fresh:
            # This process slept, or gave the feed away: whoever holds it now takes the same articles.
            self._metrics.received("publish", len(articles))
            self._metrics.dropped("publish", "stopped", len(articles))
            return Taken(remembered, 0, _NOT_OURS_SECONDS, held=False)
        if not decision.overlaps:
            self._metrics.feed_gaps.labels(feed.id).inc()
            log.warning("No item of the feed was in it at the last poll.", extra={"feed_id": feed.id})
        after = after_change(feed, memory, fetched, body_hash, parsed, decision, now)
        self.committing.add(feed.id)
        try:
            await self._publish(feed, articles)
            return await self._remember(after, decision, parsed)
        finally:
            self.committing.discard(feed.id)

    async def _remember(
        self, after: Afterwards, decision: Decision | None = None, parsed: ParsedFeed | None = None
    ) -> Taken:
        """Move the memory; only now may the feed's next poll build on this one."""
        quarantined = tuple((problem.reason, problem.raw) for problem in parsed.problems) if parsed else ()
        move = Move(
            after.memory,
            decision.items if decision else (),
            decision.present if decision else (),
            tidy=decision is not None and after.memory.polls % _TIDY_EVERY == 0,
            quarantined=quarantined,
        )
        held = await self._rememberer.move(move)
        return Taken(after.memory, len(decision.articles) if decision else 0, after.wait_seconds, held)

    async def _fetch(self, feed: FeedSpec, memory: FeedMemory) -> FetchedBody:
        return await self._fetcher.fetch(
            address_of(memory, feed),
            feed_id=feed.id,
            etag=memory.etag,
            last_modified=memory.last_modified,
            allow_downgrade=feed.allow_downgrade,
        )

    async def _parse(self, feed: FeedSpec, fetched: FetchedBody, known: Mapping[str, SeenItem]) -> ParsedFeed:
        started = self._clock.monotonic()
        try:
            parsed = await self._parser.parse(
                fetched.body,
                content_type=fetched.headers.get("content-type", ""),
                url=fetched.url,
                known=frozenset(known),
                feed_id=feed.id,
            )
        except ParseError:
            self._metrics.received("parse")
            self._metrics.dropped("parse", "not_a_feed")
            raise
        finally:
            self._metrics.stage_seconds.labels("parse").observe(self._clock.monotonic() - started)
        self._metrics.received("parse", len(parsed.items) + len(parsed.problems) + parsed.items_over_cap)
        self._metrics.dropped("parse", "item_quarantined", len(parsed.problems))
        self._metrics.dropped("parse", "items_over_cap", parsed.items_over_cap)
        self._metrics.sent("parse", len(parsed.items))
        self._metrics.items_truncated.inc(parsed.items_over_cap)
        self._metrics.dates_clamped.inc(sum(item.date_clamped for item in parsed.items))
        return parsed

    async def _decide(
        self, feed: FeedSpec, memory: FeedMemory, parsed: ParsedFeed, known: Mapping[str, SeenItem], now: datetime
    ) -> Decision:
        keys, ids = keys_to_look_up(feed.id, parsed)
        guids, links = {key.guid for key in keys.values()}, {key.link for key in keys.values()}
        seen = await self._database.run(load_matching, feed.id, guids, links, ids) if keys else ()
        first_poll = memory.first_success_at is None
        was_empty = False
        if not first_poll and not known and not seen and not await self._database.run(has_items, feed.id):
            # The first items of a feed that was empty are news. But a memory that lost its items (a restored backup, a
            # table dropped) must not tell old news as new.
            was_empty = memory.last_article_at is None
            first_poll = not was_empty
        decision = decide_items(feed, parsed, known=known, seen=seen, first_poll=first_poll, now=now)
        if was_empty:
            decision = replace(decision, overlaps=True)
        self._metrics.received("decide", len(parsed.items))
        self._metrics.sent("decide", len(decision.articles))
        for reason, count in decision.dropped.items():
            self._metrics.dropped("decide", reason, count)
        return decision

    async def _publish(self, feed: FeedSpec, articles: Sequence[Article]) -> None:
        if not articles:
            return
        count = len(articles)
        started = self._clock.monotonic()
        self._metrics.received("publish", count)
        try:
            await self._publisher.publish(articles)
        except BaseException:
            self._metrics.dropped("publish", "publish_failed", count)
            raise
        self._metrics.sent("publish", count)
        self._metrics.stage_seconds.labels("publish").observe(self._clock.monotonic() - started)
        self._metrics.feed_articles.labels(feed.id).inc(count)


def _hash_body(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()
