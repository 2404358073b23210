"""Killed at random moments, and whatever is done twice or in other batches: one alert an event, one notice for it."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.raising.test_batches import gulls, oracle
from tests.stories import events, listings
from tests.stories.acting import Push, Stage, a_store, moment, sorted_of
from tests.stories.scenery import a_world
from wirewatch.raising import raise_alerts, telling
from wirewatch.records import Alert
from wirewatch.store.database import open_database
from wirewatch.store.outbox import insert_deliveries

SEED = 7104
#: Kills at random moments, beside six at named points.
ROUNDS = 8
BATCH = 5
#: Two reports of each of so many events.
EVENTS = 60


def reports() -> list[Push]:
    """Give two reports of each event, from two feeds."""
    first = gulls(EVENTS)
    second = [replace(push, feed="harbour-courier", title=f"{push.title}, too") for push in first]
    return [push for pair in zip(first, second, strict=True) for push in pair]


def work(directory: Path, acknowledged: Path, crash: tuple[str, int], *, apart: bool) -> None:
    """Raise batch after batch from where the last acknowledgement stands, as an agent does, until all is done.

    Kills itself at a named point of the n-th batch: `inside` the transaction, or `after` it, before it acknowledges.
    With `apart` the deliveries are written in a transaction of their own after the alerts: the mistake that one
    transaction exists to prevent.
    """
    database = open_database("sqlite://", directory)
    point, at_batch = crash
    held: list[Any] = []

    def insert(connection: Any, planned: Any) -> None:
        if apart:
            held.extend(planned)
        else:
            insert_deliveries(connection, planned)
        if point == "inside" and batch == at_batch:
            os.kill(os.getpid(), signal.SIGKILL)

    # In the child only.
    vars(telling)["insert_deliveries"] = insert
    items = [sorted_of(push) for push in reports()]
    world = a_world()
    batch = 0
    while (position := int(acknowledged.read_text())) < len(items):
        batch += 1
        with database.transaction() as connection:
            raise_alerts(connection, items[position : position + BATCH], world, moment("2025-03-03T12:00"))
        if point == "after" and batch == at_batch:
            os.kill(os.getpid(), signal.SIGKILL)
        with database.transaction() as connection:
            insert_deliveries(connection, held)
        held.clear()
        temporary = acknowledged.with_suffix(".new")
        temporary.write_text(str(position + BATCH))
        temporary.rename(acknowledged)
    database.close()


def killed_often(directory: Path, *, apart: bool = False) -> list[str]:
    """Run the work, kill it at named points and at random moments, let it end, and give what is wrong then."""
    acknowledged = directory / "acknowledged"
    acknowledged.write_text("0")
    open_database("sqlite://", directory).close()
    chance = random.Random(SEED)
    fork = multiprocessing.get_context("fork")

    def start(crash: tuple[str, int]) -> Any:
        child = fork.Process(target=work, args=(directory, acknowledged, crash), kwargs={"apart": apart})
        child.start()
        return child

    for point in ("inside", "after") * 3:
        child = start((point, chance.randint(1, 3)))
        child.join(60)
        assert child.exitcode == -signal.SIGKILL, f"seed {SEED}"
    for _ in range(ROUNDS):
        child = start(("never", 0))
        child.join(chance.uniform(0.02, 0.12))
        if child.is_alive():
            os.kill(child.pid, signal.SIGKILL)
        child.join()
    last = start(("never", 0))
    last.join(60)
    assert last.exitcode == 0, f"seed {SEED}"
    return look(directory)


def look(directory: Path) -> list[str]:
    """Give what the oracle finds wrong: each event has one alert with both sources, told once."""
    database = open_database("sqlite://", directory)
    stage = Stage(database, a_world())
    alerts, deliveries = stage.alerts(), stage.deliveries()
    database.close()
    wrong = oracle(alerts)
    wrong += [f"{alert.event_key} has {len(alert.sources)} sources" for alert in alerts if len(alert.sources) != 2]
    if len(alerts) != EVENTS:
        wrong.append(f"{len(alerts)} alerts of {EVENTS} events")
    opened = Counter(one.alert_id for one in deliveries if one.type == "alert.opened")
    wrong += [f"{alert.event_key} was told {opened[alert.id]} times" for alert in alerts if opened[alert.id] != 1]
    return wrong


@pytest.mark.slow
def test_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """After fourteen kill -9s every event has its one alert with both sources, and its one notice."""
    assert killed_often(tmp_path) == []


@pytest.mark.slow
def test_planning_apart_from_the_alert_loses_notices(tmp_path: Path) -> None:
    """Negative control: with two transactions the same kills leave alerts that nobody is told of."""
    assert any("was told 0 times" in wrong for wrong in killed_often(tmp_path, apart=True))


POOL = (
    listings.WIRE,
    listings.COPY,
    listings.CREDITED,
    listings.NOTICE,
    listings.OWN,
    listings.DENIAL,
    listings.PUBLICATION,
    events.BOMBING,
    events.CLAIM,
    events.OTHER_PLACE,
)
#: When and in how many steps it came about is the only thing that batches may change.
_STEPS = ("revision", "first_seen_at", "updated_at")


def content(alerts: tuple[Alert, ...]) -> list[list[tuple[str, Any]]]:
    """Give what alerts say, without how they came about."""
    return [[(name, getattr(alert, name)) for name in alert.__slots__ if name not in _STEPS] for alert in alerts]


@cache
def one_by_one() -> tuple[list[list[tuple[str, Any]]], frozenset[str]]:
    """Give what alerts say, and which were opened, when each article comes by itself and nothing fails."""
    with a_store() as database:
        stage = Stage(database, a_world())
        for push in POOL:
            stage.push(push)
        told = frozenset(one.alert_id for one in stage.deliveries() if one.type == "alert.opened")
        return content(stage.alerts()), told


def once(action: Callable[[], object]) -> None:
    """Do something that is killed before its end."""
    with pytest.raises(RuntimeError):
        action()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["go", "crash", "again"])), min_size=1, max_size=12))
def test_batches_crashes_and_repeats_do_not_change_the_end(steps: list[tuple[int, str]]) -> None:
    """However articles are batched, whatever fails and is tried again, alerts and openings come out the same."""
    expected, opened = one_by_one()
    with a_store() as database, pytest.MonkeyPatch.context() as patch:
        stage = Stage(database, a_world())
        position = 0
        for size, what in [*steps, (len(POOL), "go")]:
            batch = POOL[position : position + size]
            if not batch:
                break
            if what == "crash":
                with patch.context() as broken:
                    broken.setattr(telling.Teller, "write", _killed)
                    once(lambda batch=batch: stage.push(*batch))  # type: ignore[misc]
                continue
            stage.push(*batch)
            if what == "go":
                position += size
        assert content(stage.alerts()) == expected
        told = Counter(one.alert_id for one in stage.deliveries() if one.type == "alert.opened")
        assert told == dict.fromkeys(opened, 1)


def _killed(*_: object) -> None:
    raise RuntimeError("killed")
