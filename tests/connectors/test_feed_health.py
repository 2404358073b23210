"""How feeds are: what a person is told of them."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.connectors.desk import NOON, Desk, an_item
from wirewatch.store.database import open_database
from wirewatch.store.feed_health import FeedState, FollowedFeed, feed_health, judge_health, keep_followed
from wirewatch.store.feed_items import keep_items
from wirewatch.store.feed_memory import FeedMemory, Move, save_moves
from wirewatch.store.leases import acquire

FOLLOWED = FollowedFeed("courier", "Courier", "https://courier.example/rss", "outlet", 0.0, 0.0)
WELL = FeedMemory(
    "courier",
    FOLLOWED.url,
    last_poll_at=NOON,
    last_success_at=NOON,
    first_success_at=NOON - timedelta(days=30),
    last_article_at=NOON - timedelta(hours=30),
)


@pytest.mark.parametrize(
    ("promise", "memory", "articles", "state", "problem"),
    [
        (FOLLOWED, None, 0, FeedState.WAITING, ""),
        (FOLLOWED, WELL, 0, FeedState.UP, ""),
        (FOLLOWED, replace(WELL, error="dns: no such name", failures=0.25), 9, FeedState.FAILING, "no such name"),
        (FOLLOWED, replace(WELL, error="answered 410", gone=True), 9, FeedState.GONE, "new address"),
        (replace(FOLLOWED, max_age_hours=24), WELL, 9, FeedState.QUIET, "30 h old, expected at most 24 h"),
        (replace(FOLLOWED, max_age_hours=48), WELL, 9, FeedState.UP, ""),
        (replace(FOLLOWED, min_articles_per_day=2), WELL, 7, FeedState.QUIET, "1 articles a day"),
        (replace(FOLLOWED, min_articles_per_day=1), WELL, 7, FeedState.UP, ""),
        # Not yet watched for a week: no promise can be broken.
        (
            replace(FOLLOWED, min_articles_per_day=2),
            replace(WELL, first_success_at=NOON - timedelta(days=2)),
            0,
            FeedState.UP,
            "",
        ),
    ],
)
def test_a_feed_is_judged_by_what_it_promises_and_what_it_did(
    promise: FollowedFeed, memory: FeedMemory | None, articles: int, state: FeedState, problem: str
) -> None:
    """Waiting, up, quiet, failing or gone, with one sentence for a person."""
    health = judge_health(promise, memory, articles, "", NOON)
    assert health.state is state
    assert problem in health.problem
    assert bool(problem) == bool(health.problem)


def test_health_is_read_from_what_pollers_wrote(tmp_path: Path) -> None:
    """Those that need a person come first; new articles are counted without history; the poller is named."""
    database = open_database("sqlite://", tmp_path)
    followed = [replace(FOLLOWED, feed_id=feed_id) for feed_id in ("a-well", "b-failing", "c-waiting")]
    desk = Desk(now=NOON - timedelta(days=1))
    desk.feed = replace(desk.feed, id="a-well")
    desk.poll(*(an_item(f"Old {number}", guid=f"o{number}") for number in range(5)))
    desk.poll(*(an_item(f"New {number}", guid=f"n{number}") for number in range(3)))
    with database.transaction() as connection:
        keep_followed(connection, followed)
        tokens = acquire(connection, "poller-1", ["a-well", "b-failing"], NOON, 30, 2)
        keep_items(connection, list(desk.rows.values()))
        moves = [
            Move(replace(WELL, feed_id="a-well")),
            Move(replace(WELL, feed_id="b-failing", error="tls: expired", outcome="tls")),
        ]
        save_moves(connection, "poller-1", tokens, moves, NOON)
    with database.transaction() as connection:
        found = feed_health(connection, NOON)
        keep_followed(connection, followed[:1])
        assert [health.feed_id for health in feed_health(connection, NOON)] == ["a-well"]
    database.close()
    assert [(health.feed_id, health.state) for health in found] == [
        ("b-failing", FeedState.FAILING),
        ("c-waiting", FeedState.WAITING),
        ("a-well", FeedState.UP),
    ]
    assert [health.articles_last_week for health in found] == [0, 0, 3]
    assert [health.poller for health in found] == ["poller-1", "", "poller-1"]


def test_items_are_forgotten_long_after_they_left_and_not_before(tmp_path: Path) -> None:
    """What is still in its feed is marked; what has been away for more than a year is let go."""
    database = open_database("sqlite://", tmp_path)
    desk = Desk()
    desk.poll(an_item("Gone", guid="gone"), an_item("Present", guid="present"))
    rows = {row.guid_key: row for row in desk.rows.values()}
    present = next(row for row in rows.values() if row.title_key != "" and row.article_id == desk.log[1].id)
    later: datetime = NOON + timedelta(days=401)
    with database.transaction() as connection:
        tokens = acquire(connection, "me", [desk.feed.id], NOON, 30, 1)
        memory = FeedMemory(desk.feed.id, desk.feed.url)
        save_moves(connection, "me", tokens, [Move(memory, list(desk.rows.values()))], NOON)
        save_moves(connection, "me", tokens, [Move(memory, present=[present.article_id], tidy=True)], later)
        left = connection.exec_driver_sql("SELECT article_id FROM feed_items").scalars().all()
    database.close()
    assert left == [present.article_id]
