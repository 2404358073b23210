"""Who polls which feed, on one machine and on many."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wirewatch.store.database import Database, open_database
from wirewatch.store.feed_memory import FeedMemory, Move, load_memories, save_moves
from wirewatch.store.leases import acquire, leave, release, speak_up, still_held, take_over_all

NOON = datetime(2025, 8, 12, 12, 0, tzinfo=UTC)
FEEDS = tuple(f"feed-{number}" for number in range(10))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty store of either kind."""
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    opened = open_database(url, tmp_path)
    yield opened
    opened.close()


def after(seconds: float) -> datetime:
    """Give noon and some seconds."""
    return NOON + timedelta(seconds=seconds)


def test_no_feed_is_leased_to_two_pollers(database: Database) -> None:
    """What one poller took, another cannot take while the lease stands."""
    with database.transaction() as connection:
        first = acquire(connection, "a", FEEDS, NOON, 30, limit=6)
        second = acquire(connection, "b", FEEDS, NOON, 30, limit=6)
    assert len(first) == 6
    assert len(second) == 4
    assert not set(first) & set(second)


def test_leases_of_a_silent_poller_are_taken_over_after_they_end(database: Database) -> None:
    """A poller that speaks keeps its feeds; one that is silent for the lease's length loses them, under a new token."""
    with database.transaction() as connection:
        before = acquire(connection, "a", FEEDS, NOON, 30, limit=10)
        speak_up(connection, "a", after(20), 30)
        assert acquire(connection, "b", FEEDS, after(40), 30, limit=10) == {}
        taken = acquire(connection, "b", FEEDS, after(51), 30, limit=10)
        assert set(taken) == set(before)
        assert all(taken[feed_id] == before[feed_id] + 1 for feed_id in FEEDS)
        assert speak_up(connection, "a", after(52), 30).tokens == {}


def test_a_holder_that_slept_is_fenced_out(database: Database) -> None:
    """A paused poller's memory does not move once another has the feed; the other's does."""
    with database.transaction() as connection:
        old = acquire(connection, "a", ["feed-1"], NOON, 30, limit=1)
        new = acquire(connection, "b", ["feed-1"], after(31), 30, limit=1)
    memory = FeedMemory("feed-1", "https://news.example/rss", etag='"old"')
    with database.transaction() as connection:
        assert save_moves(connection, "a", old, [Move(memory)], after(40)) == frozenset()
        assert load_memories(connection) == {}
        assert save_moves(connection, "b", new, [Move(replace(memory, etag='"new"'))], after(40)) == {"feed-1"}
        assert load_memories(connection)["feed-1"].etag == '"new"'


def test_a_feed_that_came_back_to_its_first_holder_is_fenced_by_the_token(database: Database) -> None:
    """The owner's name is not enough: a poll begun under an older token of the same poller moves nothing."""
    with database.transaction() as connection:
        first = acquire(connection, "a", ["feed-1"], NOON, 30, limit=1)
        acquire(connection, "b", ["feed-1"], after(31), 30, limit=1)
        again = acquire(connection, "a", ["feed-1"], after(62), 30, limit=1)
        assert still_held(connection, "a", first) == frozenset()
        assert still_held(connection, "a", again) == {"feed-1"}


def test_released_feeds_are_free_at_once(database: Database) -> None:
    """A poller that leaves, or gives feeds back, does not make others wait for the end of its leases."""
    with database.transaction() as connection:
        acquire(connection, "a", FEEDS, NOON, 30, limit=10)
        release(connection, "a", FEEDS[:3], after(1))
        assert set(acquire(connection, "b", FEEDS, after(2), 30, limit=10)) == set(FEEDS[:3])
        leave(connection, "a", after(3))
        assert set(acquire(connection, "b", FEEDS, after(4), 30, limit=10)) == set(FEEDS[3:])


def test_pollers_that_speak_are_counted(database: Database) -> None:
    """The fair share is reckoned from those that spoke lately."""
    with database.transaction() as connection:
        speak_up(connection, "a", NOON, 30)
        assert speak_up(connection, "b", NOON, 30).pollers == 2
        assert speak_up(connection, "b", after(31), 30).pollers == 1


def test_a_restarted_single_process_does_not_wait_for_its_predecessor(database: Database) -> None:
    """On a store that one process uses, a start ends every lease of the one that was killed."""
    with database.transaction() as connection:
        old = acquire(connection, "killed", FEEDS, NOON, 30, limit=10)
        take_over_all(connection, "new", after(1))
        assert len(acquire(connection, "new", FEEDS, after(1), 30, limit=10)) == 10
        assert still_held(connection, "killed", old) == frozenset()
