"""How each feed is: polled and well, quiet, failing, gone, or waiting for its first poll.

Pollers write which feeds they follow (the configuration may lie on another machine than the console); pages, readiness
and `wirewatch feeds list` read it. Never changes what pollers do.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Column, Connection, Float, String, Table, delete, select

from wirewatch.store.feed_items import count_since
from wirewatch.store.feed_memory import FeedMemory, load_memories
from wirewatch.store.leases import feed_leases
from wirewatch.store.tables import metadata
from wirewatch.store.upserting import upsert

#: A week: a promise of so many articles a day is kept or broken over seven days, weekends included.
RHYTHM_WINDOW = timedelta(days=7)

followed_feeds = Table(
    "followed_feeds",
    metadata,
    Column("feed_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("url", String, nullable=False),
    Column("tier", String, nullable=False),
    Column("min_articles_per_day", Float, nullable=False),
    Column("max_age_hours", Float, nullable=False),
)


class FeedState(StrEnum):
    """How a feed is."""

    WAITING = "waiting"
    UP = "up"
    QUIET = "quiet"
    FAILING = "failing"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class FollowedFeed:
    """One feed of the configuration, with what it promises; 0 promises nothing."""

    feed_id: str
    name: str
    url: str
    tier: str
    min_articles_per_day: float
    max_age_hours: float


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """How one feed is, for pages and the command line."""

    feed_id: str
    name: str
    url: str
    tier: str
    state: FeedState
    #: The outcome of the last poll: `changed`, `not_modified`, or the reason of a failure.
    outcome: str
    #: One sentence for a person; "" when all is well.
    problem: str
    last_poll_at: datetime | None
    last_success_at: datetime | None
    last_article_at: datetime | None
    next_poll_at: datetime | None
    articles_last_week: int
    #: Set when the feed has moved for good.
    moved_to: str
    #: The process that polls it, or "".
    poller: str


_COLUMNS = tuple(field.name for field in fields(FollowedFeed))


def keep_followed(connection: Connection, feeds: Collection[FollowedFeed]) -> None:
    """Write which feeds are followed; others are followed no more. What is remembered of them stays."""
    ids = [feed.feed_id for feed in feeds]
    connection.execute(delete(followed_feeds).where(followed_feeds.c.feed_id.not_in(ids)))
    upsert(
        connection,
        followed_feeds,
        [asdict(feed) for feed in feeds],
        key=("feed_id",),
        update=_COLUMNS[1:],
    )


def feed_health(
    connection: Connection, now: datetime, feeds: Collection[FollowedFeed] | None = None
) -> tuple[FeedHealth, ...]:
    """Give how feeds are, those that need a person first, then by id; every feed that pollers follow by default."""
    followed = feeds
    if followed is None:
        followed = [FollowedFeed(**row) for row in connection.execute(select(followed_feeds)).mappings()]
    memories = load_memories(connection)
    counts = count_since(connection, now - RHYTHM_WINDOW)
    leases = select(feed_leases.c.feed_id, feed_leases.c.owner).where(feed_leases.c.expires_at >= now)
    pollers = {row.feed_id: row.owner for row in connection.execute(leases)}
    found = [
        judge_health(feed, memories.get(feed.feed_id), counts.get(feed.feed_id, 0), pollers.get(feed.feed_id, ""), now)
        for feed in followed
    ]
    order = (FeedState.GONE, FeedState.FAILING, FeedState.QUIET, FeedState.WAITING, FeedState.UP)
    return tuple(sorted(found, key=lambda health: (order.index(health.state), health.feed_id)))


def judge_health(
    feed: FollowedFeed, memory: FeedMemory | None, articles_last_week: int, poller: str, now: datetime
) -> FeedHealth:
    """Judge one feed from what is remembered of it."""
    memory = memory or FeedMemory(feed.feed_id, feed.url)
    state, problem = _judge(feed, memory, articles_last_week, now)
    return FeedHealth(
        feed_id=feed.feed_id,
        name=feed.name,
        url=feed.url,
        tier=feed.tier,
        state=state,
        outcome=memory.outcome,
        problem=problem,
        last_poll_at=memory.last_poll_at,
        last_success_at=memory.last_success_at,
        last_article_at=memory.last_article_at,
        next_poll_at=memory.next_poll_at,
        articles_last_week=articles_last_week,
        moved_to=memory.moved_to,
        poller=poller,
    )


def _judge(feed: FollowedFeed, memory: FeedMemory, articles: int, now: datetime) -> tuple[FeedState, str]:
    if memory.last_poll_at is None:
        return FeedState.WAITING, ""
    if memory.gone:
        return FeedState.GONE, "its host says that it is gone for good; find its new address or remove it"
    if memory.error:
        return FeedState.FAILING, memory.error
    # A feed that never had an article is as old as our first look at it.
    newest = memory.last_article_at or memory.first_success_at
    if feed.max_age_hours and newest:
        hours = (now - newest).total_seconds() / 3600
        if hours > feed.max_age_hours:
            return FeedState.QUIET, f"newest article is {hours:.0f} h old, expected at most {feed.max_age_hours:g} h"
    watched = now - (memory.first_success_at or now)
    per_day = articles / (RHYTHM_WINDOW / timedelta(days=1))
    if feed.min_articles_per_day and watched >= RHYTHM_WINDOW and per_day < feed.min_articles_per_day:
        expected = feed.min_articles_per_day
        return FeedState.QUIET, f"{per_day:.2g} articles a day over a week, expected at least {expected:g}"
    return FeedState.UP, ""
