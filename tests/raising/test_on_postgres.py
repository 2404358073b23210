"""The same stories on PostgreSQL, and two workers that raise the same event at the same moment."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from tests.raising.test_batches import gulls, oracle
from tests.stories import listings
from tests.stories.acting import Push, Stage, moment, says, sorted_of
from tests.stories.scenery import a_subscription, a_world
from tests.stories.test_stories import STORIES
from wirewatch.raising import raise_alerts
from wirewatch.raising.tending import tend
from wirewatch.records import Delivery, NoticeType
from wirewatch.store.database import Database, open_database
from wirewatch.store.tables import metadata
from wirewatch.subscribers import Rhythm

pytestmark = pytest.mark.services


def test_every_story_comes_out_the_same(postgres_url: str) -> None:
    """What is written as a story holds on PostgreSQL as it does on SQLite, digests and gauges included."""
    database = open_database(postgres_url, Path("unused"))
    try:
        for story in STORIES:
            empty(database)
            stage = Stage(database, story.world)
            stage.play(story.steps)
            with database.transaction() as connection:
                tend(connection, story.world, stage.now)
    finally:
        database.close()


def test_two_workers_that_raise_one_event_make_one_alert(postgres_url: str) -> None:
    """Reports of the same events in two transactions at once end in one alert an event, with every source."""
    database = open_database(postgres_url, Path("unused"))
    world = a_world()
    feeds = ("meridian-wire", "harbour-courier", "gulf-dispatch", "indus-ledger")
    start = threading.Barrier(len(feeds))
    failures: list[BaseException] = []

    def work(feed: str) -> None:
        try:
            start.wait(timeout=30)
            for push in gulls(20):
                report = Push(push.at, feed, f"{push.title}, writes {feed}", push.sayings, text=f"{feed} {push.title}")
                with database.transaction() as connection:
                    raise_alerts(connection, [sorted_of(report)], world, moment("2025-03-03T12:00"))
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=(feed,)) for feed in feeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        assert failures == []
        stage = Stage(database, world)
        alerts = stage.alerts()
        assert oracle(alerts) == []
        assert len(alerts) == 20
        assert {len(alert.sources) for alert in alerts} == {len(feeds)}
        assert len([one for one in stage.deliveries() if one.type == "alert.opened"]) == 20
    finally:
        database.close()


def test_two_processes_that_tend_compose_each_digest_once(postgres_url: str) -> None:
    """What waits for a digest is taken by one process only, and a heartbeat is planned once."""
    database = open_database(postgres_url, Path("unused"))
    world = a_world(a_subscription(rhythm=Rhythm.HOURLY, heartbeat=True))
    stage = Stage(database, world)
    stage.push(*gulls(250))
    with database.transaction() as connection:
        tend(connection, world, moment("2025-03-03T10:30"))
    start = threading.Barrier(3)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            start.wait(timeout=30)
            for minute in range(5):
                with database.transaction() as connection:
                    tend(connection, world, moment(f"2025-03-04T07:0{minute}"))
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        assert failures == []
        deliveries = stage.deliveries()
        told = [alert["id"] for one in deliveries if one.type == "alert.digest" for alert in _alerts_in(one)]
        assert (len(told), len(set(told))) == (250, 250)
        assert [one.type for one in deliveries].count(NoticeType.HEARTBEAT) == 1
    finally:
        database.close()


def test_keys_with_odd_characters_are_found_again(postgres_url: str) -> None:
    """Keys with every kind of character are found again, whatever the database's collation."""
    database = open_database(postgres_url, Path("unused"))
    try:
        stage = Stage(database, a_world())
        odd = Push(
            "2025-03-03T10:00",
            "meridian-wire",
            "US lists 100%_Gull\\Front",
            (says("designation/new", "100%_Gull\\Front", by="united-states", programme="FTO"),),
        )
        stage.push(odd)
        stage.push(odd)
        stage.push(listings.WIRE)
        assert len(stage.alerts()) == 2
    finally:
        database.close()


def _alerts_in(delivery: Delivery) -> list[dict[str, str]]:
    alerts: list[dict[str, str]] = json.loads(delivery.body)["data"]["alerts"]
    return alerts


def empty(database: Database) -> None:
    """Empty every table."""
    with database.transaction() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name != "schema_version":
                connection.execute(table.delete())
