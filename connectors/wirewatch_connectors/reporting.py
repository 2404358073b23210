"""What a poller says: metrics of every feed, log lines when a feed's state changes, one line of progress at a time.

Held by `rounds`. Normal operation is quiet: a feed that fails is named when it begins to fail and when it is back.
Feeds that begin to fail together in the same way, as without a network, share a line.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from functools import cache

from wirewatch.metrics import Metrics
from wirewatch.store.feed_health import FeedHealth, FeedState
from wirewatch_connectors.feeds import FeedSpec
from wirewatch_connectors.taking import Taken

log = logging.getLogger(__name__)

#: Feeds that begin to fail within so many seconds are looked at together: the longest that one fetch may take.
TOGETHER_SECONDS = 30.0
#: Feeds that a line names; the others it counts.
NAMED = 3


class Reporter:
    """Remembers which feeds are up, and what was said."""

    def __init__(self, metrics: Metrics, report: Callable[[str], None]) -> None:
        self._metrics = metrics
        self._report = report
        self._up: dict[str, bool] = {}
        #: Feeds that began to fail and were not named yet.
        self._failing: dict[str, Taken] = {}
        self._quiet: set[str] = set()
        self._polls = 0
        self._articles = 0
        # Kept, because every poll passes here, and looking a series up costs more than counting.
        self._polls_of = cache(metrics.feed_polls.labels)
        self._next_poll_of = cache(metrics.feed_next_poll_seconds.labels)

    def begin(self, feeds: Iterable[FeedSpec]) -> None:
        """Start every feed's series at 0, so that a dashboard shows a feed before it is polled."""
        count = 0
        for feed in feeds:
            count += 1
            self._metrics.feed_articles.labels(feed.id)
            self._metrics.feed_bytes.labels(feed.id)
            self._metrics.feed_gaps.labels(feed.id)
            self._metrics.feed_quiet.labels(feed.id)
        self._report(f"Watching {count} feeds.")

    def polled(self, feed: FeedSpec, taken: Taken) -> None:
        """Note how a poll ended."""
        memory = taken.memory
        self._polls += 1
        self._articles += taken.published
        self._polls_of(feed.id, memory.outcome).inc()
        if memory.next_poll_at is not None:
            self._next_poll_of(feed.id).set(memory.next_poll_at.timestamp())
        if taken.published and memory.last_article_at is not None:
            self._metrics.feed_last_article_seconds.labels(feed.id).set(memory.last_article_at.timestamp())
        self._note_state(feed, taken)
        if taken.published:
            self._report(f"{feed.name}: {taken.published} new.")

    def judged(self, found: Collection[FeedHealth]) -> None:
        """Note which feeds keep their promises."""
        for health in found:
            quiet = health.state is FeedState.QUIET
            self._metrics.feed_quiet.labels(health.feed_id).set(1 if quiet else 0)
            if health.last_article_at is not None:
                series = self._metrics.feed_last_article_seconds.labels(health.feed_id)
                series.set(health.last_article_at.timestamp())
            if quiet and health.feed_id not in self._quiet:
                log.warning("The feed is quiet: %s", health.problem, extra={"feed_id": health.feed_id})
            (self._quiet.add if quiet else self._quiet.discard)(health.feed_id)
        counts = Counter(health.state for health in found)
        for state in FeedState:
            self._metrics.feeds.labels(state).set(counts[state])

    def name_failing(self) -> None:
        """Name the feeds that began to fail since the last call: alone with its reason, or many in a line."""
        failing, self._failing = self._failing, {}
        alike: dict[str, list[str]] = {}
        for feed_id, taken in failing.items():
            alike.setdefault(taken.memory.outcome, []).append(feed_id)
        for outcome, feed_ids in alike.items():
            if len(feed_ids) > NAMED:
                named = ", ".join(sorted(feed_ids)[:NAMED])
                log.warning(
                    "%d feeds cannot be read (%s): %s and %d more; see /feeds or `wirewatch feeds list`.",
                    len(feed_ids), outcome, named, len(feed_ids) - NAMED,
                )  # fmt: skip
                continue
            for feed_id in feed_ids:
                log.warning(
                    "The feed cannot be read: %s", failing[feed_id].memory.error, extra=_about(failing[feed_id])
                )

    def end(self) -> None:
        """Say what was done."""
        self.name_failing()
        self._report(f"Polled {self._polls} times, {self._articles} articles.")

    def _note_state(self, feed: FeedSpec, taken: Taken) -> None:
        was_up, is_up = self._up.get(feed.id), not taken.failed
        if is_up == was_up:
            return
        self._up[feed.id] = is_up
        self._metrics.feed_up.labels(feed.id).set(1 if is_up else 0)
        if not is_up:
            self._failing[feed.id] = taken
        elif self._failing.pop(feed.id, None) is None and was_up is False:
            log.info("The feed is back.", extra=_about(taken))


def _about(taken: Taken) -> dict[str, str]:
    memory = taken.memory
    return {"feed_id": memory.feed_id, "outcome": memory.outcome, "next_poll_at": str(memory.next_poll_at)}
