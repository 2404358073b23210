"""What a feed's memory becomes after a poll that brought nothing."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from tests.connectors.desk import NOON, a_feed
from wirewatch.store.feed_memory import FeedMemory
from wirewatch_connectors.moving import after_nothing
from wirewatch_connectors.shapes import FetchedBody

FEED = a_feed()
#: No field has its default.
FULL = FeedMemory(
    feed_id=FEED.id,
    url=FEED.url,
    etag='"1"',
    last_modified="Tue, 12 Aug 2025 12:00:00 GMT",
    body_hash="abc",
    moved_to="https://moved.example/rss",
    moved_count=2,
    polls=7,
    last_poll_at=NOON - timedelta(hours=1),
    first_success_at=NOON - timedelta(days=3),
    last_success_at=NOON - timedelta(hours=2),
    last_article_at=NOON - timedelta(days=2),
    next_poll_at=NOON - timedelta(minutes=1),
    failures=1.5,
    outcome="timeout",
    error="no whole answer within 30 s",
    gone=True,
    rhythm_seconds=900.0,
    ttl_seconds=600,
)


@pytest.mark.parametrize(
    ("fetched", "outcome", "validators"),
    [
        (FetchedBody(304, b"", FEED.url, {"etag": '"x"'}), "not_modified", (FULL.etag, FULL.last_modified)),
        (FetchedBody(200, b"<rss/>", FEED.url, {"etag": '"2"'}), "unchanged", ('"2"', "")),
    ],
)
def test_a_poll_that_brought_nothing_keeps_all_but_what_it_says(
    fetched: FetchedBody, outcome: str, validators: tuple[str, str]
) -> None:
    """Failures are forgotten, times move on, a 304 keeps the validators; every other field stays."""
    after = after_nothing(FEED, FULL, fetched, NOON)
    assert after.memory == replace(
        FULL,
        etag=validators[0],
        last_modified=validators[1],
        polls=8,
        last_poll_at=NOON,
        last_success_at=NOON,
        next_poll_at=NOON + timedelta(seconds=round(after.wait_seconds)),
        failures=0.0,
        outcome=outcome,
        error="",
        gone=False,
    )


def test_no_field_of_the_full_memory_has_its_default() -> None:
    """Otherwise a field that the next memory forgets would go unseen."""
    defaults = FeedMemory("", "")
    assert not [field.name for field in fields(FULL) if getattr(FULL, field.name) == getattr(defaults, field.name)]
