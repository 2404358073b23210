"""The oracle of the kill tests sees what it must: the negative controls of `tests.harness.oracle`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from tests.fakes import FakeClock
from tests.harness.listings import ListingSorter, article_of, world_of
from tests.harness.oracle import judge, trace
from tests.stories.scenery import default_settings
from wirewatch.raising import raise_alerts
from wirewatch.records import SortedArticle
from wirewatch.store.database import Database, open_database

ARTICLES = 520
SORTED = [ListingSorter().sort(article_of(number)) for number in range(ARTICLES)]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give a store that keeps traces."""
    opened = open_database("sqlite://", tmp_path)
    trace(opened)
    yield opened
    opened.close()


def take(database: Database, items: Sequence[SortedArticle]) -> None:
    """Raise articles in batches."""
    world, clock = world_of(default_settings()), FakeClock()
    for start in range(0, len(items), 100):
        with database.transaction() as connection:
            raise_alerts(connection, items[start : start + 100], world, clock.now())


def test_everything_once_is_right_and_everything_again_is_no_more_than_a_repeat(database: Database) -> None:
    """The same articles twice: as many repeats, and nothing wrong; two organisations have two sources."""
    take(database, SORTED)
    first = judge(database, ARTICLES)
    take(database, SORTED)
    second = judge(database, ARTICLES)
    assert (first.wrong, first.lost, first.repeats, first.alerts, first.notices) == ((), 0, 0, 50, 52)
    assert (second.wrong, second.repeats, second.notices) == ((), ARTICLES, 52)


def test_a_lost_report_is_seen(database: Database) -> None:
    """The oracle names the article, and the alert that lacks a source."""
    take(database, [item for item in SORTED if item.article.title != "article 510"])
    outcome = judge(database, ARTICLES)
    assert outcome.lost == 1
    assert outcome.wrong == ("article 510 is lost", "gulls-1 has 1 sources of 2")


def _tell_again(connection: Connection) -> None:
    connection.execute(
        text(
            "INSERT INTO deliveries SELECT NULL, delivery_id || '-again', alert_id, alert_revision, lane,"
            " subscription_id, road, type, body, state, attempts, created_at, due_at, next_attempt_at, last_error,"
            " delivered_at"
            " FROM deliveries WHERE sequence = 1"
        )
    )


def _never_tell(connection: Connection) -> None:
    connection.execute(text("DELETE FROM deliveries WHERE sequence = 1"))


def _open_again(connection: Connection) -> None:
    columns = [row[1] for row in connection.execute(text("PRAGMA table_info(alerts)"))]
    chosen = ", ".join(f"{name} || '-x'" if name in ("event_key", "alert_id") else name for name in columns)
    connection.execute(text(f"INSERT INTO alerts SELECT {chosen} FROM alerts LIMIT 1"))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_tell_again, "was opened 2 times"),
        (_never_tell, "was opened 0 times"),
        (_open_again, "has 2 alerts"),
    ],
)
def test_a_second_notice_no_notice_and_a_second_alert_are_seen(
    database: Database, spoil: Callable[[Connection], None], words: str
) -> None:
    """Each is spoiled by hand in a store that was right."""
    take(database, SORTED[:100])
    assert judge(database, 100).wrong == ()
    with database.transaction() as connection:
        spoil(connection)
    assert any(words in wrong for wrong in judge(database, 100).wrong)
