"""What a feed's memory becomes after a poll: changed, nothing new, or failed; and when it is polled again. Pure.

Called by `taking`. Validators, hashes and learned addresses are moved here and nowhere else.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from wirewatch.errors import FetchError, ParseError
from wirewatch.store.feed_memory import FeedMemory
from wirewatch_connectors.deciding import Decision
from wirewatch_connectors.feeds import FeedSpec
from wirewatch_connectors.header_words import max_age_seconds
from wirewatch_connectors.reasons import FetchReason, Weight
from wirewatch_connectors.scheduling import (
    FAILURE_POINTS,
    first_rhythm,
    observe_rhythm,
    seconds_until_next,
    seconds_until_retry,
)
from wirewatch_connectors.shapes import FetchedBody, ParsedFeed

log = logging.getLogger(__name__)

#: 3: one maintenance redirect must not move a feed for good.
MOVES_BEFORE_TRUST = 3


@dataclass(frozen=True, slots=True)
class Afterwards:
    """A feed's memory after a poll."""

    memory: FeedMemory
    #: Seconds until the next poll.
    wait_seconds: float


def after_change(
    feed: FeedSpec,
    memory: FeedMemory,
    fetched: FetchedBody,
    body_hash: str,
    parsed: ParsedFeed,
    decision: Decision,
    now: datetime,
) -> Afterwards:
    """Move a memory after a document that was read."""
    # What may differ at the next look is asked for whole: an item that flaps, a document that was cut short.
    again = decision.flapping or (parsed.degraded and memory.body_hash != f"degraded {body_hash}")
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
    asked = max_age_seconds(fetched.headers)
    wait = seconds_until_next(feed, moved, now=now, asked_seconds=asked, gap=not decision.overlaps)
    return Afterwards(replace(moved, **_success("changed", memory, now, wait)), wait)


def after_nothing(feed: FeedSpec, memory: FeedMemory, fetched: FetchedBody, now: datetime) -> Afterwards:
    """Move a memory after a 304, or after the same body as before."""
    wait = seconds_until_next(feed, memory, now=now, asked_seconds=max_age_seconds(fetched.headers))
    same = fetched.status == 304
    # Most polls end here, and `replace` takes twice as long; a test sees to it that no field is forgotten.
    moved = FeedMemory(
        feed_id=memory.feed_id,
        url=memory.url,
        etag=memory.etag if same else fetched.headers.get("etag", ""),
        last_modified=memory.last_modified if same else fetched.headers.get("last-modified", ""),
        body_hash=memory.body_hash,
        moved_to=memory.moved_to,
        moved_count=memory.moved_count,
        polls=memory.polls + 1,
        last_poll_at=now,
        first_success_at=memory.first_success_at,
        last_success_at=now,
        last_article_at=memory.last_article_at,
        next_poll_at=now + timedelta(seconds=round(wait)),
        failures=0.0,
        outcome="not_modified" if same else "unchanged",
        error="",
        gone=False,
        rhythm_seconds=memory.rhythm_seconds,
        ttl_seconds=memory.ttl_seconds,
    )
    return Afterwards(moved, wait)


def after_failure(
    feed: FeedSpec, memory: FeedMemory, error: FetchError | ParseError, weight: Weight, now: datetime
) -> Afterwards:
    """Move a memory after a poll that failed: what was seen stays, the next try is set."""
    # A host that breaks the protocol when it is asked conditionally is asked plainly next.
    plainly = error.reason == FetchReason.BAD_RESPONSE
    moved = replace(
        memory,
        polls=memory.polls + 1,
        last_poll_at=now,
        failures=memory.failures + FAILURE_POINTS[weight],
        outcome=str(error.reason),
        error=str(error),
        gone=error.reason == FetchReason.GONE,
        etag="" if plainly else memory.etag,
        last_modified="" if plainly else memory.last_modified,
        # A learned address that fails is forgotten: the configured one is asked next.
        moved_to="",
        moved_count=0,
    )
    asked = error.retry_after_seconds if isinstance(error, FetchError) else None
    wait = seconds_until_retry(feed, moved, weight, retry_after_seconds=asked)
    return Afterwards(replace(moved, next_poll_at=now + timedelta(seconds=round(wait))), wait)


def forget_address(memory: FeedMemory, feed: FeedSpec) -> FeedMemory:
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


def learn_move(memory: FeedMemory, feed: FeedSpec, moved_to: str | None) -> FeedMemory:
    """Count permanent redirects to one place; another place, or none, begins anew."""
    if memory.moved_count >= MOVES_BEFORE_TRUST and moved_to is None:
        return memory  # asked at the learned address, answered there
    if moved_to is None or moved_to == feed.url:
        return memory if not memory.moved_count else replace(memory, moved_to="", moved_count=0)
    count = memory.moved_count + 1 if moved_to == memory.moved_to else 1
    if count == MOVES_BEFORE_TRUST:
        log.warning("The feed has moved for good; edit its URL.", extra={"feed_id": feed.id, "url": moved_to})
    return replace(memory, moved_to=moved_to, moved_count=count)


def address_of(memory: FeedMemory, feed: FeedSpec) -> str:
    """Give the address to ask: the configured one, until the feed has proved that it moved."""
    return memory.moved_to if memory.moved_count >= MOVES_BEFORE_TRUST else feed.url


def _success(outcome: str, memory: FeedMemory, now: datetime, wait_seconds: float) -> dict[str, Any]:
    """Give what every success changes in a memory."""
    return {
        "polls": memory.polls + 1,
        "last_poll_at": now,
        "last_success_at": now,
        "next_poll_at": now + timedelta(seconds=round(wait_seconds)),
        "failures": 0.0,
        "outcome": outcome,
        "error": "",
        "gone": False,
    }
