"""The schedule of one polling process: which feed is due, how many at once, what pauses everything.

Made by `polling`, which opens what it needs. Durations run on the monotonic clock, so that a step of the wall clock
neither storms nor stops; `next_poll_at` is wall time, for people and for the next process.
"""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from wirewatch.configuration import Problems
from wirewatch.connecting import ConnectorContext
from wirewatch.errors import PublishError
from wirewatch.store.feed_health import feed_health, keep_followed
from wirewatch.store.feed_memory import FeedMemory, load_memories
from wirewatch_connectors.connections import Connections
from wirewatch_connectors.due import DueFeeds
from wirewatch_connectors.feeds import FeedList, FeedSpec, followed_feed, load_feeds
from wirewatch_connectors.fetching import Fetcher
from wirewatch_connectors.full_text import FullText
from wirewatch_connectors.hosts import Hosts
from wirewatch_connectors.leasing import HEARTBEAT_SECONDS, LEASE_SECONDS, Leases
from wirewatch_connectors.moving import address_of
from wirewatch_connectors.reasons import Weight
from wirewatch_connectors.remembering import Rememberer
from wirewatch_connectors.reporting import TOGETHER_SECONDS, Reporter
from wirewatch_connectors.scheduling import MAX_BACKOFF_SECONDS
from wirewatch_connectors.taking import FeedParser, Taken, Taker
from wirewatch_connectors.urls import host_of

log = logging.getLogger(__name__)

#: The longest that the schedule sleeps: new leases and new feeds are looked at after this long at the latest.
_MAX_NAP_SECONDS = 5.0
#: A hundred rounds a second are plenty: what ends or falls due meanwhile is looked at together.
_ROUND_SECONDS = 0.01
#: How long polling pauses when the log or the store fails: doubled from the first to the last.
_FIRST_PAUSE_SECONDS = 1.0
_LAST_PAUSE_SECONDS = 60.0
#: A bug in one feed's poll is retried after an hour: it must not storm the log, nor stop the others.
_BUG_PAUSE_SECONDS = 3600.0
#: How often feeds are held to their promises.
_HEALTH_SECONDS = 60.0
#: What a log that does not answer may cost a stop: supervisors send SIGKILL after ten seconds.
_DRAIN_SECONDS = 8.0


class Poller:
    """Polls what is due, until told to stop."""

    def __init__(
        self,
        context: ConnectorContext,
        feed_list: FeedList,
        *,
        fetcher: Fetcher,
        parser: FeedParser,
        leases: Leases,
        full_text: FullText | None = None,
    ) -> None:
        self._context = context
        self._clock = context.clock
        self._feeds = {feed.id: feed for feed in feed_list.feeds}
        self._leases = leases
        self._rememberer = Rememberer(context.database, context.clock, leases.owner, leases.tokens)
        self._taker = Taker(
            fetcher=fetcher,
            parser=parser,
            publisher=context.publisher,
            database=context.database,
            rememberer=self._rememberer,
            leases=leases,
            full_text=full_text,
            metrics=context.metrics,
            clock=context.clock,
        )
        self._reporter = Reporter(context.metrics, context.report)
        fetch = context.settings.fetch
        hosts = Hosts(
            context.clock,
            at_once=fetch.max_concurrent_per_host,
            spacing_seconds=fetch.host_spacing_seconds,
            exempt=_own_hosts(context, feed_list),
        )
        self._wake = asyncio.Event()
        self._connections = Connections(hosts, fetch.max_connections, self._wake.set)
        self._memories: dict[str, FeedMemory] = {}
        #: Feeds that are ours and whose memory has not been read yet: they are not polled before.
        self._unread: frozenset[str] = frozenset()
        self._due = DueFeeds()
        #: Feeds in hand, each with its task; a task takes one feed after another.
        self._running: dict[str, asyncio.Task[None]] = {}
        self._once = False
        self._stop = asyncio.Event()
        self._polled: set[str] = set()
        self._paused_until = float("-inf")
        self._looked_at = self._beat_at = self._named_at = float("-inf")
        self._pause_seconds = 0.0

    async def run(self, stop: asyncio.Event, *, once: bool) -> None:
        """Poll until `stop` is set; with `once`, until every feed was polled once and all is durable."""
        self._stop, self._once = stop, once
        self._reporter.begin(self._feeds.values())
        await self._leases.begin()
        await self._look_after_health()
        started = self._clock.monotonic()
        wakers = [asyncio.create_task(self._wake_when(event)) for event in (stop, self._context.reload) if event]
        try:
            while not stop.is_set():
                now = self._clock.monotonic()
                self._reload_if_asked()
                if now >= self._beat_at:
                    await self._beat(once=once)
                    if now - self._looked_at >= _HEALTH_SECONDS:
                        await self._look_after_health()
                    self._beat_at = now + (1.0 if once else HEARTBEAT_SECONDS)
                self._start_due()
                self._name_failing(now)
                if once and self._is_done_once(now - started):
                    break
                due_at = max(self._due.next_at, self._paused_until) if self._has_room() else float("inf")
                await self._nap(min(self._beat_at, due_at))
            await self._drain(stop)
        finally:
            for waker in wakers:
                waker.cancel()
            await self._end()

    def _start_due(self) -> None:
        """Begin as many polls as there are connections for."""
        while (feed := self._next_due()) is not None:
            task = asyncio.create_task(self._poll_on(feed), name="poll")
            self._running[feed.id] = task

    def _next_due(self) -> FeedSpec | None:
        """Take the next feed that is due and ours off the schedule, when polls may begin and a connection is free."""
        now = self._clock.monotonic()
        if now < self._paused_until or self._stop.is_set() or not self._has_room():
            return None
        while (feed_id := self._due.pop(now)) is not None:
            feed = self._feeds.get(feed_id)
            is_ours = feed_id in self._leases.tokens and feed_id not in self._unread
            waits = feed_id in self._running or (self._once and feed_id in self._polled)
            if feed is not None and is_ours and not waits:
                return feed
        return None

    def _has_room(self) -> bool:
        return self._connections.has_room(len(self._running))

    def _name_failing(self, now: float) -> None:
        """Name feeds that began to fail when no poll is under way, or when the first of them has waited long enough."""
        if not self._running or now - self._named_at >= TOGETHER_SECONDS:
            self._reporter.name_failing()
            self._named_at = now

    async def _poll_on(self, first: FeedSpec) -> None:
        """Poll a feed, and then whatever is due by then: where much is due, a task is made once and not for each."""
        feed: FeedSpec | None = first
        task = self._running[first.id]
        try:
            while feed is not None:
                self._running[feed.id] = task
                await self._poll(feed)
                feed = self._next_due()
        finally:
            self._wake.set()

    async def _poll(self, feed: FeedSpec) -> None:
        try:
            wait = await self._poll_for_wait(feed)
        finally:
            self._running.pop(feed.id, None)
        self._due.plan(feed.id, self._clock.monotonic() + wait)

    async def _poll_for_wait(self, feed: FeedSpec) -> float:
        """Poll a feed; give the seconds until its next poll."""
        memory = self._memories.get(feed.id) or FeedMemory(feed.id, feed.url)
        try:
            async with self._connections.hold(host_of(address_of(memory, feed)), failing=memory.failures > 0):
                taken = await self._taker.take(feed, memory)
            self._settle(feed, taken)
            return taken.wait_seconds
        except (PublishError, SQLAlchemyError) as error:
            return self._pause(feed, error)
        except Exception:
            log.exception("A poll ended in a bug.", extra={"feed_id": feed.id})
            self._context.metrics.feed_polls.labels(feed.id, "bug").inc()
            self._polled.add(feed.id)
            return _BUG_PAUSE_SECONDS

    def _settle(self, feed: FeedSpec, taken: Taken) -> None:
        if self._pause_seconds:
            self._pause_seconds = 0.0
            self._context.report("The log takes articles again; polling goes on.")
        if not taken.held:
            # Nothing has moved. The next heartbeat says whether the feed is still ours, and loads what is new of it.
            log.warning("The feed may belong to another poller by now.", extra={"feed_id": feed.id})
            return
        self._memories[feed.id] = taken.memory
        self._polled.add(feed.id)
        self._reporter.polled(feed, taken)

    def _pause(self, feed: FeedSpec, error: Exception) -> float:
        """Stop starting polls for a while, for all feeds; gives the wait of this one."""
        first = not self._pause_seconds
        now = self._clock.monotonic()
        if now >= self._paused_until:  # polls that fail together make one pause
            self._pause_seconds = min(max(2 * self._pause_seconds, _FIRST_PAUSE_SECONDS), _LAST_PAUSE_SECONDS)
            self._paused_until = now + self._pause_seconds
        self._context.metrics.feed_polls.labels(feed.id, "not_kept").inc()
        if first:
            cause = " ".join(str(error).split())[:200]
            log.error("Polling pauses, because articles cannot be kept: %s", cause, extra={"feed_id": feed.id})
            self._context.report(f"Polling pauses, because articles cannot be kept: {cause}")
        return self._pause_seconds

    async def _beat(self, *, once: bool) -> None:
        try:
            change = await self._leases.beat(self._feeds, self._running, alone=once)
            for feed_id in change.lost:
                self._memories.pop(feed_id, None)
            self._unread = (self._unread | change.gained) & set(self._leases.tokens)
            if self._unread:
                self._memories.update(await self._context.database.run(load_memories, self._unread))
                self._schedule({feed_id for feed_id in self._unread if feed_id in self._feeds})
                self._unread = frozenset()
            await self._rememberer.flush()
        except SQLAlchemyError as error:
            log.error("The store does not answer; leases are not prolonged: %s", error)  # noqa: TRY400 - expected

    async def _look_after_health(self) -> None:
        """Write which feeds are followed, and hold them to their promises."""
        self._looked_at = self._clock.monotonic()
        followed = [followed_feed(feed) for feed in self._feeds.values()]
        try:
            await self._context.database.run(keep_followed, followed)
            found = await self._context.database.run(feed_health, self._clock.now(), followed)
        except SQLAlchemyError as error:
            log.error("The store does not answer; the feeds' health is unknown: %s", error)  # noqa: TRY400 - expected
        else:
            self._reporter.judged(found)

    def _schedule(self, feed_ids: set[str]) -> None:
        """Put feeds on the schedule, where their memory says; at once when it says nothing."""
        wall, now = self._clock.now(), self._clock.monotonic()
        for feed_id in feed_ids:
            memory, feed = self._memories.get(feed_id), self._feeds[feed_id]
            wait = 0.0  # with `once` every feed is due, whatever its memory says
            if not self._once and memory is not None and memory.url == feed.url and memory.next_poll_at is not None:
                wait = (memory.next_poll_at - wall).total_seconds()
                # A clock that was wrong when it was written must not silence a feed.
                longest = MAX_BACKOFF_SECONDS[Weight.HARD] if memory.failures else feed.max_interval_seconds
                wait = min(max(wait, 0.0), longest)
            self._due.plan(feed_id, now + wait)

    def _reload_if_asked(self) -> None:
        reload = self._context.reload
        if reload is None or not reload.is_set():
            return
        reload.clear()
        problems = Problems()
        feed_list = load_feeds(self._context.settings, problems)
        if problems.found:
            self._context.metrics.configuration_reloads.labels("refused").inc()
            self._context.report("feeds.toml is wrong; the last good one stays:\n" + "\n".join(problems.found))
            return
        before, self._feeds = self._feeds, {feed.id: feed for feed in feed_list.feeds}
        changed = {feed.id for feed in feed_list.feeds if before.get(feed.id) != feed}
        self._schedule({feed_id for feed_id in changed if feed_id in self._leases.tokens})
        self._reporter.begin(self._feeds.values())
        self._beat_at = self._looked_at = float("-inf")
        if self._context.alone:
            self._context.metrics.configuration_reloads.labels("adopted").inc()
        self._context.report(f"Read feeds.toml again: {len(self._feeds)} feeds.")

    def _is_done_once(self, elapsed_seconds: float) -> bool:
        if self._running or set(self._feeds) - self._polled:
            left = set(self._feeds) - self._polled - set(self._leases.tokens)
            others_hold_the_rest = not self._running and left and left == set(self._feeds) - self._polled
            if not (others_hold_the_rest and elapsed_seconds > LEASE_SECONDS + HEARTBEAT_SECONDS):
                return False
            self._context.report(f"{len(left)} feeds are polled by another process.")
        return True

    async def _nap(self, until: float) -> None:
        """Wait until a poll ends, something is due, or somebody wakes us; never less than a moment."""
        await asyncio.sleep(_ROUND_SECONDS)
        seconds = until - self._clock.monotonic()
        if seconds <= 0:
            return
        try:
            async with asyncio.timeout(min(seconds, _MAX_NAP_SECONDS)):
                await self._wake.wait()
        except TimeoutError:
            return
        self._wake.clear()

    async def _wake_when(self, event: asyncio.Event) -> None:
        while True:
            await event.wait()
            self._wake.set()
            await asyncio.sleep(0.05)  # whoever acts on the event clears it

    async def _drain(self, stop: asyncio.Event) -> None:
        """End the polls in hand: what goes to the log is finished, the rest is given up; with `once` nothing is."""
        if stop.is_set():
            for feed_id, task in self._running.items():
                if feed_id not in self._taker.committing:
                    task.cancel()
        if self._running:
            await asyncio.wait(self._running.values(), timeout=_DRAIN_SECONDS if stop.is_set() else None)

    async def _end(self) -> None:
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            await self._rememberer.flush()
            await self._leases.end()
        except SQLAlchemyError as error:
            log.error("The store does not answer; leases end by themselves: %s", error)  # noqa: TRY400 - expected
        self._reporter.end()


def _own_hosts(context: ConnectorContext, feed_list: FeedList) -> frozenset[str]:
    pairs = (*context.settings.fetch.allow_addresses, *feed_list.allow_addresses)
    return frozenset(pair.rpartition(":")[0].strip("[]") for pair in pairs)
