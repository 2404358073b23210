"""What `/readyz` answers: whether a process gets on, not whether its port is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert

from tests.delivering.building import a_delivery
from tests.fakes import FakeClock
from wirewatch.engine.progress import Progress
from wirewatch.progressing import POLL_SILENCE_SECONDS, Progressing
from wirewatch.store import outbox
from wirewatch.store.database import Database, open_database
from wirewatch.store.feed_memory import FeedMemory, feed_memory


@dataclass
class Runner:
    """Stands where `engine.running.StreamRunner` stands."""

    progress: Progress = field(default_factory=lambda: Progress(assigned=True))
    still_seconds: float = 0.0
    admitted: bool = True
    blocked_by: str = ""

    @property
    def app(self) -> Any:
        """Give what is asked of the app."""
        engine = SimpleNamespace(stall_timeout_seconds=120.0)
        return SimpleNamespace(settings=SimpleNamespace(engine=engine), admitted=self.admitted)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give an empty store."""
    opened = open_database("sqlite://", tmp_path)
    yield opened
    opened.close()


def polled(database: Database, clock: FakeClock, **changes: Any) -> None:
    """Remember a poll of now."""
    memory = FeedMemory("courier", "https://courier.example/rss", last_poll_at=clock.now(), last_success_at=clock.now())
    with database.transaction() as connection:
        connection.execute(insert(feed_memory), [asdict(replace(memory, **changes))])


async def problems(
    database: Database, clock: FakeClock, runner: Runner | None, *, polls: bool = True
) -> tuple[str, ...]:
    """Ask, and give what is wrong."""
    found = await Progressing(database, clock, runner=runner, polls=polls).readiness()  # type: ignore[arg-type]
    assert found.ready == (not found.problems)
    return found.problems


async def test_a_process_that_gets_on_is_ready(database: Database) -> None:
    """Polled a moment ago, nothing waits; the figures say so."""
    clock = FakeClock()
    polled(database, clock, failures=2.0)
    found = await Progressing(database, clock, runner=Runner(), polls=True).readiness()  # type: ignore[arg-type]
    assert found.problems == ()
    assert found.figures["feeds_failing"] == 1
    assert found.figures["records_waiting"] == 0
    assert found.figures["last_poll_seconds_ago"] == 0


async def test_before_the_first_poll_it_is_not_ready(database: Database) -> None:
    """A process that has just started is not there yet."""
    assert await problems(database, FakeClock(), Runner()) == ("no feed was polled yet",)
    assert await problems(database, FakeClock(), Runner(), polls=False) == ()


async def test_polls_that_stopped_are_noticed(database: Database) -> None:
    """When nobody polls any more, the port is still open, and the answer is no."""
    clock = FakeClock()
    polled(database, clock)
    clock.move(POLL_SILENCE_SECONDS + 60)
    assert await problems(database, clock, Runner()) == ("no feed was polled for 6 hours",)


@pytest.mark.parametrize(
    ("runner", "expected"),
    [
        (Runner(Progress()), ()),
        (Runner(Progress(), admitted=False), ("the stream has no partitions yet",)),
        (Runner(Progress(moving=True)), ("the stream has no partitions yet",)),
        (Runner(Progress(assigned=True, lags={("a", 0): 7}), 5.0), ()),
        (Runner(Progress(assigned=True), 900.0), ()),
        (
            Runner(Progress(assigned=True), blocked_by="database or disk is full"),
            ("the log cannot be written: database or disk is full",),
        ),
        (
            Runner(Progress(assigned=True, lags={("a", 0): 7}), 61.0),
            ("7 records wait and nothing was committed for 61 seconds",),
        ),
    ],
)
async def test_a_stream_that_stands_still_is_noticed(
    database: Database, runner: Runner, expected: tuple[str, ...]
) -> None:
    """Only with work to do and nothing done is it wrong; a worker in reserve has no partitions and is well."""
    assert await problems(database, FakeClock(), runner, polls=False) == expected


async def test_a_store_that_does_not_answer_is_noticed(database: Database) -> None:
    """The answer comes all the same, with the reason."""
    with database.transaction() as connection:
        connection.exec_driver_sql("DROP TABLE feed_memory")
    [problem] = await problems(database, FakeClock(), None)
    assert problem == "the store does not answer: OperationalError"


async def test_notices_that_wait_are_counted(database: Database) -> None:
    """How many are to leave, and for how long the oldest has waited."""
    clock = FakeClock()
    with database.transaction() as connection:
        outbox.insert_deliveries(connection, [a_delivery(1, at=clock.now())])
    clock.move(90)
    found = await Progressing(database, clock, runner=None, polls=False).readiness()
    assert found.figures["deliveries_pending"] == 1
    assert found.figures["oldest_delivery_seconds"] == 90
