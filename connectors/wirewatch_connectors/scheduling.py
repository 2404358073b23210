"""When a feed is polled again. Pure; the jitter comes from the feed's id, not from a die.

Called by `taking` after every poll. A failing feed is never given up: its next try is always set, and visible.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from zlib import crc32

from wirewatch.store.feed_memory import FeedMemory
from wirewatch_connectors.feeds import FeedSpec
from wirewatch_connectors.reasons import Weight

#: How much one failure adds; the wait doubles with every whole point. (Media Cloud weighs soft failures a quarter.)
FAILURE_POINTS = {Weight.TEMPORARY: 0.25, Weight.SOFT: 0.5, Weight.HARD: 1.0, Weight.GONE: 1.0}

#: The longest wait by weight: a host that was down all weekend is back within the hour, a page that was removed is
#: looked for once a day, one that was declared gone once a week.
MAX_BACKOFF_SECONDS = {
    Weight.TEMPORARY: 3_600.0,
    Weight.SOFT: 6 * 3_600.0,
    Weight.HARD: 86_400.0,
    Weight.GONE: 7 * 86_400.0,
}

#: A tenth: enough to keep a thousand feeds with the same interval from waking together.
JITTER = 0.1

#: How much the newest observation of a feed's rhythm counts.
_RHYTHM_GAIN = 0.3

#: Four gaps are the fewest whose median is not an accident.
_GAPS_TO_GO_BY = 4

#: Two polls between two articles of an average feed: half the delay for twice the requests.
_POLLS_PER_ARTICLE = 2.0


def seconds_until_next(
    feed: FeedSpec, memory: FeedMemory, *, now: datetime, asked_seconds: float | None = None, gap: bool = False
) -> float:
    """Give the seconds to wait after a poll that succeeded.

    Args:
        feed: its interval and bounds.
        memory: after the poll; its rhythm and ttl.
        now: the time of the poll.
        asked_seconds: what the host's Cache-Control asked for, or None.
        gap: True when items may have passed unseen: poll as often as we may.
    """
    if gap:
        wanted = feed.min_interval_seconds
    elif memory.rhythm_seconds is None:
        wanted = feed.interval_seconds
    else:
        # A feed that has been quiet for long is quieter than its average says.
        silence = (now - memory.last_article_at).total_seconds() if memory.last_article_at else 0.0
        wanted = max(memory.rhythm_seconds, silence) / _POLLS_PER_ARTICLE
    wanted = max(wanted, memory.ttl_seconds or 0.0, asked_seconds or 0.0)
    wanted = min(max(wanted, feed.min_interval_seconds), feed.max_interval_seconds)
    return jittered(wanted, feed.id, memory.polls)


def seconds_until_retry(
    feed: FeedSpec, memory: FeedMemory, weight: Weight, *, retry_after_seconds: float | None = None
) -> float:
    """Give the seconds to wait after a poll that failed; `memory.failures` counts it already."""
    longest = MAX_BACKOFF_SECONDS[weight]
    if weight is Weight.GONE:
        wanted = longest
    else:
        # 20: 2 ** 20 intervals are past every cap, and the float stays sane.
        wanted = min(feed.interval_seconds * 2 ** min(memory.failures, 20.0), max(longest, feed.interval_seconds))
    wanted = jittered(wanted, feed.id, memory.polls)
    return max(wanted, retry_after_seconds or 0.0)


def jittered(seconds: float, feed_id: str, polls: int) -> float:
    """Move a wait by up to a tenth, later only: the lower bound is a promise to the host."""
    return seconds * (1 + JITTER * crc32(f"{feed_id} {polls}".encode()) / 2**32)


def first_rhythm(published: Iterable[datetime | None], now: datetime) -> tuple[float | None, datetime]:
    """Read a feed's rhythm from the dates of its first poll.

    Returns:
        The median gap in seconds (None with fewer than five dates to go by), and when the newest article came.
    """
    times = sorted({at for at in published if at is not None and at <= now})
    gaps = sorted((later - earlier).total_seconds() for earlier, later in pairwise(times))
    return (gaps[len(gaps) // 2] if len(gaps) >= _GAPS_TO_GO_BY else None), (times[-1] if times else now)


def observe_rhythm(memory: FeedMemory, new_articles: int, now: datetime) -> float | None:
    """Give the typical seconds between articles after a poll that brought `new_articles`."""
    if not new_articles or memory.last_article_at is None:
        return memory.rhythm_seconds
    observed = max((now - memory.last_article_at).total_seconds(), 0.0) / new_articles
    if memory.rhythm_seconds is None:
        return observed
    return (1 - _RHYTHM_GAIN) * memory.rhythm_seconds + _RHYTHM_GAIN * observed
