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
from typing import Any, Protocol

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
from wirewatch_connectors.header_words import max_age_seconds
from wirewatch_connectors.leasing import Leases
from wirewatch_connectors.reasons import FetchReason, Weight, weigh
from wirewatch_connectors.remembering import Rememberer
from wirewatch_connectors.scheduling import (
    FAILURE_POINTS,
    first_rhythm,
    observe_rhythm,
    seconds_until_next,
    seconds_until_retry,
)
from wirewatch_connectors.shapes import FetchedBody, ParsedFeed

log = logging.getLogger(__name__)

#: 3 days: items that left a feed longer ago are read again should they return; it costs their cleaning, no more.
_RECENT = timedelta(days=3)
#: 3: one maintenance redirect must not move a feed for good.
MOVES_BEFORE_TRUST = 3
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
        memory = remembered if remembered.url == feed.url else _forget_address(remembered, feed)
        now = self._clock.now()
        token = self._leases.tokens.get(feed.id)
        self._metrics.received("fetch")
        try:
            fetched = await self._fetch(feed, memory)
        except FetchError as error:
            self._metrics.dropped("fetch", "fetch_failed")
            return await self._failed(feed, memory, error, weigh(error.reason), now, error.retry_after_seconds)
        self._metrics.fetch_seconds.observe(fetched.seconds)
        self._metrics.feed_bytes.labels(feed.id).inc(len(fetched.body))
        memory = _learn_move(memory, feed, fetched.moved_to)
        body_hash = _hash_body(fetched.body) if fetched.status != 304 else memory.body_hash
        if fetched.status == 304 or body_hash == memory.body_hash:
            self._metrics.dropped("fetch", "unchanged")
            return await self._unchanged(feed, memory, fetched, now)
        self._metrics.sent("fetch")
        known = await self._database.run(load_recent, feed.id, now - _RECENT)
        try:
            parsed = await self._parse(feed, fetched, known)
        except ParseError as error:
            weight = weigh(error.reason, from_parser=True)
            return await self._failed(feed, memory, error, weight, now)
        decision = await self._decide(feed, memory, parsed, known, now)
        articles = decision.articles
        if feed.full_text and self._full_text is not None:
            articles = await self._full_text.complete(articles)
        if self._leases.tokens.get(feed.id) != token or not self._leases.fresh:
            # This process slept, or gave the feed away: whoever holds it now takes the same articles.
            self._metrics.received("publish", len(articles))
            self._metrics.dropped("publish", "stopped", len(articles))
            return Taken(remembered, 0, _NOT_OURS_SECONDS, held=False)
        self.committing.add(feed.id)
        try:
            await self._publish(feed, articles)
            return await self._changed(feed, memory, fetched, body_hash, parsed, decision, now)
        finally:
            self.committing.discard(feed.id)

    async def _fetch(self, feed: FeedSpec, memory: FeedMemory) -> FetchedBody:
        learned = memory.moved_count >= MOVES_BEFORE_TRUST
        return await self._fetcher.fetch(
            memory.moved_to if learned else feed.url,
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

    async def _changed(
        self,
        feed: FeedSpec,
        memory: FeedMemory,
        fetched: FetchedBody,
        body_hash: str,
        parsed: ParsedFeed,
        decision: Decision,
        now: datetime,
    ) -> Taken:
        # What may differ at the next look is asked for whole: an item that flaps, a document that was cut short.
        again = decision.flapping or (parsed.degraded and memory.body_hash != f"degraded {body_hash}")
        gap = not decision.overlaps
        if gap:
            self._metrics.feed_gaps.labels(feed.id).inc()
            log.warning("No item of the feed was in it at the last poll.", extra={"feed_id": feed.id})
        rhythm, newest = observe_rhythm(memory, decision.new, now), memory.last_article_at
        if memory.first_success_at is None and decision.articles:
            rhythm, newest = first_rhythm((article.published_at for article in decision.articles), now)
        elif decision.articles:
            newest = now
        moved = replace(
            memory,
            etag="" if again else fetched.headers.get("etag", ""),
            last_modified="" if again else fetched.headers.get("last-modified", ""),
            body_hash=(f"degraded {body_hash}" if parsed.degraded else "") if again else body_hash,
            first_success_at=memory.first_success_at or now,
            rhythm_seconds=rhythm,
            last_article_at=newest,
            ttl_seconds=parsed.ttl_seconds,
        )
        wait = seconds_until_next(feed, moved, now=now, asked_seconds=max_age_seconds(fetched.headers), gap=gap)
        moved = replace(moved, **_success("changed", memory.polls + 1, now, wait))
        tidy = moved.polls % _TIDY_EVERY == 0
        quarantined = tuple((problem.reason, problem.raw) for problem in parsed.problems)
        held = await self._rememberer.move(Move(moved, decision.items, decision.present, tidy, quarantined))
        return Taken(moved, len(decision.articles), wait, held)

    async def _unchanged(self, feed: FeedSpec, memory: FeedMemory, fetched: FetchedBody, now: datetime) -> Taken:
        wait = seconds_until_next(feed, memory, now=now, asked_seconds=max_age_seconds(fetched.headers))
        same = fetched.status == 304
        moved = replace(
            memory,
            **_success("not_modified" if same else "unchanged", memory.polls + 1, now, wait),
            etag=memory.etag if same else fetched.headers.get("etag", ""),
            last_modified=memory.last_modified if same else fetched.headers.get("last-modified", ""),
        )
        self._rememberer.note(Move(moved))
        return Taken(moved, 0, wait)

    async def _failed(
        self,
        feed: FeedSpec,
        memory: FeedMemory,
        error: FetchError | ParseError,
        weight: Weight,
        now: datetime,
        retry_after_seconds: float | None = None,
    ) -> Taken:
        moved = replace(
            memory,
            polls=memory.polls + 1,
            last_poll_at=now,
            failures=memory.failures + FAILURE_POINTS[weight],
            outcome=str(error.reason),
            error=str(error),
            gone=error.reason == FetchReason.GONE,
            # A host that breaks the protocol when it is asked conditionally is asked plainly next.
            etag="" if error.reason == FetchReason.BAD_RESPONSE else memory.etag,
            last_modified="" if error.reason == FetchReason.BAD_RESPONSE else memory.last_modified,
            # A learned address that fails is forgotten: the configured one is asked next.
            moved_to="",
            moved_count=0,
        )
        wait = seconds_until_retry(feed, moved, weight, retry_after_seconds=retry_after_seconds)
        moved = replace(moved, next_poll_at=now + timedelta(seconds=round(wait)))
        held = await self._rememberer.move(Move(moved))
        return Taken(moved, 0, wait, held)


def _success(outcome: str, polls: int, now: datetime, wait_seconds: float) -> dict[str, Any]:
    """Give what every success changes in a memory."""
    return {
        "polls": polls,
        "last_poll_at": now,
        "last_success_at": now,
        "next_poll_at": now + timedelta(seconds=round(wait_seconds)),
        "failures": 0.0,
        "outcome": outcome,
        "error": "",
        "gone": False,
    }


def _forget_address(memory: FeedMemory, feed: FeedSpec) -> FeedMemory:
    """Drop what belonged to another URL; what was seen stays, for the feed is the same."""
    return replace(
        memory,
        url=feed.url,
        etag="",
        last_modified="",
        body_hash="",
        moved_to="",
        moved_count=0,
        failures=0.0,
        gone=False,
    )


def _learn_move(memory: FeedMemory, feed: FeedSpec, moved_to: str | None) -> FeedMemory:
    if memory.moved_count >= MOVES_BEFORE_TRUST and moved_to is None:
        return memory  # asked at the learned address, answered there
    if moved_to is None or moved_to == feed.url:
        return memory if not memory.moved_count else replace(memory, moved_to="", moved_count=0)
    count = memory.moved_count + 1 if moved_to == memory.moved_to else 1
    if count == MOVES_BEFORE_TRUST:
        log.warning("The feed has moved for good; edit its URL.", extra={"feed_id": feed.id, "url": moved_to})
    return replace(memory, moved_to=moved_to, moved_count=count)


def _hash_body(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()
