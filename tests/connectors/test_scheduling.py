"""When a feed is polled again."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.connectors.desk import NOON, a_feed
from wirewatch.store.feed_memory import FeedMemory
from wirewatch_connectors.reasons import FetchReason, Weight, weigh
from wirewatch_connectors.scheduling import (
    JITTER,
    MAX_BACKOFF_SECONDS,
    first_rhythm,
    jittered,
    observe_rhythm,
    seconds_until_next,
    seconds_until_retry,
)

FEED = replace(a_feed(), interval_seconds=900.0, min_interval_seconds=300.0, max_interval_seconds=3600.0)
MEMORY = FeedMemory(FEED.id, FEED.url, last_article_at=NOON)


@pytest.mark.parametrize(
    ("rhythm", "silence_minutes", "ttl", "asked", "gap", "expected"),
    [
        (None, 0, None, None, False, 900),  # nothing known: what the operator wants
        (60.0, 0, None, None, False, 300),  # an article a minute: as often as we may
        (2000.0, 0, None, None, False, 1000),  # twice an article
        (86_400.0, 0, None, None, False, 3600),  # an article a day: as seldom as we may
        (60.0, 60, None, None, False, 1800),  # busy once, silent for an hour
        (60.0, 0, 1200, None, False, 1200),  # the feed asks for twenty minutes
        (60.0, 0, 86_400, None, False, 3600),  # … for a day, which is too long for us
        (60.0, 0, None, 600, False, 600),  # the host says that it is fresh for ten minutes
        (2000.0, 0, None, None, True, 300),  # something may have passed unseen
    ],
)
def test_a_healthy_feed_is_polled_by_its_rhythm_within_bounds(
    rhythm: float | None, silence_minutes: float, ttl: int | None, asked: float | None, gap: bool, expected: float
) -> None:
    """Rhythm, silence, ttl and Cache-Control stretch the wait; the operator's bounds hold."""
    memory = replace(MEMORY, rhythm_seconds=rhythm, ttl_seconds=ttl)
    now = NOON + timedelta(minutes=silence_minutes)
    wait = seconds_until_next(FEED, memory, now=now, asked_seconds=asked, gap=gap)
    assert expected <= wait <= expected * (1 + JITTER)


def test_an_authority_keeps_its_interval_when_it_is_quiet() -> None:
    """With the bounds at the interval, neither silence nor ttl moves the next poll."""
    feed = replace(FEED, min_interval_seconds=900.0, max_interval_seconds=900.0)
    memory = replace(MEMORY, rhythm_seconds=864_000.0, ttl_seconds=86_400)
    assert seconds_until_next(feed, memory, now=NOON) <= 900 * (1 + JITTER)


@pytest.mark.parametrize(
    ("reason", "weight"),
    [
        (FetchReason.TIMEOUT, Weight.TEMPORARY),
        (FetchReason.DNS, Weight.TEMPORARY),
        (FetchReason.UNAVAILABLE, Weight.TEMPORARY),
        (FetchReason.SERVER_ERROR, Weight.SOFT),
        (FetchReason.BAD_ENCODING, Weight.SOFT),
        (FetchReason.NOT_FOUND, Weight.HARD),
        (FetchReason.BLOCKED_ADDRESS, Weight.HARD),
        (FetchReason.TLS, Weight.HARD),
        (FetchReason.GONE, Weight.GONE),
        ("something else", Weight.SOFT),
    ],
)
def test_reasons_weigh_by_what_they_say_of_the_feed(reason: str, weight: Weight) -> None:
    """A bad moment weighs less than a removed page."""
    assert weigh(reason) is weight


def test_a_parser_that_had_to_be_killed_weighs_more_than_a_login_page() -> None:
    """What costs seconds of CPU is not tried every few minutes."""
    assert weigh("parser_timeout", from_parser=True) is Weight.HARD
    assert weigh("not_a_feed", from_parser=True) is Weight.SOFT


@pytest.mark.parametrize("weight", list(Weight))
def test_failures_back_off_to_a_limit_and_never_stop(weight: Weight) -> None:
    """The wait grows with failures, stays under the limit of its weight, and is always finite."""
    waits = [seconds_until_retry(FEED, replace(MEMORY, failures=count), weight) for count in range(0, 200, 10)]
    assert all(later >= earlier * 0.9 for earlier, later in pairwise(waits))
    assert max(waits) <= MAX_BACKOFF_SECONDS[weight] * (1 + JITTER)
    assert waits[-1] >= MAX_BACKOFF_SECONDS[weight]


def test_a_feed_with_a_long_interval_is_not_retried_sooner_than_that() -> None:
    """A temporary failure of a feed that is polled every six hours is no reason to hurry."""
    feed = replace(FEED, interval_seconds=6 * 3600.0, max_interval_seconds=6 * 3600.0)
    assert seconds_until_retry(feed, replace(MEMORY, failures=8.0), Weight.TEMPORARY) >= 6 * 3600


@given(st.floats(0.01, 1e6), st.text("abcdef-", min_size=1, max_size=20), st.integers(0, 10**6))
def test_jitter_is_the_same_every_time_and_never_early(seconds: float, feed_id: str, polls: int) -> None:
    """No die: the same feed and poll give the same wait, between the wait and a tenth more."""
    wait = jittered(seconds, feed_id, polls)
    assert wait == jittered(seconds, feed_id, polls)
    assert seconds <= wait <= seconds * (1 + JITTER)


def test_jitter_spreads_feeds_with_the_same_interval() -> None:
    """A thousand feeds do not wake together."""
    waits = sorted(jittered(900, f"feed-{number}", 1) for number in range(1000))
    assert waits[-1] - waits[0] > 0.9 * 90
    assert max(later - earlier for earlier, later in pairwise(waits)) < 3


def test_the_rhythm_follows_what_comes() -> None:
    """Three articles in half an hour move a slow average towards ten minutes."""
    now = NOON + timedelta(minutes=30)
    assert observe_rhythm(MEMORY, 3, now) == 600
    assert 600 < (observe_rhythm(replace(MEMORY, rhythm_seconds=6000.0), 3, now) or 0) < 6000
    assert observe_rhythm(replace(MEMORY, rhythm_seconds=6000.0), 0, now) == 6000


def test_a_first_poll_reads_the_rhythm_from_dates() -> None:
    """The median gap of the dates; too few dates, or dates to come, say nothing."""
    hourly = [NOON - timedelta(hours=count) for count in range(10)]
    assert first_rhythm([*hourly, None, NOON + timedelta(days=900)], NOON) == (3600, NOON)
    assert first_rhythm(hourly[:3], NOON) == (None, NOON)
    assert first_rhythm([None], NOON) == (None, NOON)
