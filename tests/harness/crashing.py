"""Starts workers, kills them at random moments, and says in the end what was lost and what was done twice."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.harness.kafka_nodes import ROOT
from tests.harness.oracle import Outcome, judge, trace
from wirewatch.configuration import Problems
from wirewatch.engine.replaying import list_dead_letters
from wirewatch.settings import Settings, load_settings
from wirewatch.store.database import open_database

#: A worker that makes no progress for so long is broken.
PATIENCE_SECONDS = 90

#: One that acks before it handles may have acked everything, and then makes none ever again.
CARELESS_PATIENCE_SECONDS = 20


#: Every workplace of this session, so that none leaves a worker behind when its test fails.
_workplaces: list[Field] = []


def kill_leftovers() -> None:
    """Kill what still runs."""
    for workplace in _workplaces:
        for worker in workplace.workers:
            if worker.runs:
                worker.kill()
    _workplaces.clear()


@dataclass
class Field:
    """Where workers run: one configuration, one store, a data folder for each worker."""

    config: Path
    base: Path
    articles: int
    seconds: float = 0.001
    ack_first: bool = False
    publish: bool = True
    workers: list[Worker] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the store, with traces."""
        _workplaces.append(self)
        self.base.mkdir(parents=True, exist_ok=True)
        database = open_database(self.settings().store, self.base)
        trace(database)
        database.close()

    @property
    def store(self) -> Path:
        """The store that all workers share."""
        return self.base / "store.sqlite"

    def settings(self) -> Settings:
        """Read the configuration that workers get, with the data folder of the first."""
        problems = Problems()
        settings = load_settings(self.config, self.base / "a", {}, problems)
        problems.raise_if_any()
        return settings

    def worker(self, name: str = "a") -> Worker:
        """Start a worker."""
        words = ["--seconds", str(self.seconds)]
        words += ["--publish", str(self.articles)] if self.publish else []
        words += ["--ack-first"] if self.ack_first else []
        return self._start(name, words)

    def publisher(self, rate: float = 0.0) -> Worker:
        """Start a process that publishes all articles, at `rate` a second, and ends."""
        return self._start("publisher", ["--only-publish", "--publish", str(self.articles), "--rate", str(rate)])

    def _start(self, name: str, words: Sequence[str]) -> Worker:
        command = [sys.executable, "-m", "tests.harness.worker", str(self.config), str(self.base / name), *words]
        (self.base / name).mkdir(exist_ok=True)
        output = (self.base / f"{name}.log").open("ab")
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        started = Worker(name, process, self)
        self.workers.append(started)
        return started

    def count(self) -> tuple[int, int]:
        """Give how many articles were handled, and how many times in all."""
        connection = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=30)
        try:
            distinct, rows = connection.execute(
                "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM handled)"
            ).fetchone()
        finally:
            connection.close()
        return distinct, rows

    def wait(self, reached: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> float:
        """Wait until something is so; give how long it took.

        Raises:
            TimeoutError: it is not so in time; with the end of every worker's log.
        """
        started = time.monotonic()
        while not reached():
            if time.monotonic() - started > seconds:
                raise TimeoutError(f"{self.count()} of {self.articles}\n{self.logs()}")
            time.sleep(0.05)
        return time.monotonic() - started

    def wait_all(self, seconds: float = PATIENCE_SECONDS) -> float:
        """Wait until every article was handled."""
        return self.wait(lambda: self.count()[0] >= self.articles, seconds)

    def longest_pause(self, seconds: float = PATIENCE_SECONDS) -> float:
        """Wait until every article was handled; give the longest time in which none was."""
        longest, last, last_at = 0.0, self.count()[0], time.monotonic()
        begun = last_at
        while last < self.articles:
            time.sleep(0.05)
            now, handled = time.monotonic(), self.count()[0]
            if handled > last:
                longest, last, last_at = max(longest, now - last_at), handled, now
            if now - begun > seconds:
                raise TimeoutError(f"{self.count()} of {self.articles}\n{self.logs()}")
        return longest

    def outcome(self) -> Outcome:
        """Ask the oracle, and the engine for dead letters, which are wrong too."""
        database = open_database(self.settings().store, self.base)
        outcome = judge(database, self.articles)
        database.close()
        dead = asyncio.run(list_dead_letters(self.settings()))
        return replace(outcome, wrong=(*outcome.wrong, *(f"dead letter: {listed.letter.error}" for listed in dead)))

    def logs(self) -> str:
        """Give the end of every worker's log."""
        return "\n".join(
            f"--- {path.name}\n{path.read_text(errors='replace')[-1500:]}" for path in sorted(self.base.glob("*.log"))
        )

    def stop(self) -> list[int]:
        """Ask every worker to stop; give their exit codes."""
        return [worker.stop() for worker in self.workers if worker.runs]


@dataclass
class Worker:
    """One worker process."""

    name: str
    process: subprocess.Popen[bytes]
    field: Field

    @property
    def runs(self) -> bool:
        """Tell whether it runs."""
        return self.process.poll() is None

    def kill(self) -> None:
        """Kill -9."""
        self.process.kill()
        self.process.wait(30)

    def stop(self) -> int:
        """Ask it to stop; give its exit code."""
        self.process.terminate()
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9


def monotonic() -> float:
    """Give seconds that never step."""
    return time.monotonic()


def pause(seconds: float) -> None:
    """Let real processes run."""
    time.sleep(seconds)


def kill_again_and_again(workplace: Field, kills: int, seed: int, longest_seconds: float = 1.5) -> int:
    """Start a worker, let it get on, kill it at a random moment; so many times, or until all is handled."""
    moments = random.Random(seed)
    done = 0
    for _ in range(kills):
        before = workplace.count()[1]
        worker = workplace.worker()
        try:
            workplace.wait(
                lambda worker=worker, before=before: not worker.runs or workplace.count()[1] > before,  # type: ignore[misc]
                CARELESS_PATIENCE_SECONDS if workplace.ack_first else PATIENCE_SECONDS,
            )
        except TimeoutError:
            if not workplace.ack_first:
                raise
            break  # all was acked, and what was not handled by then is lost for good
        time.sleep(moments.uniform(0.0, longest_seconds))
        worker.kill()
        done += 1
        if workplace.count()[0] >= workplace.articles:
            break
    return done


def finish(workplace: Field, names: Sequence[str] = ("a",), seconds: float = PATIENCE_SECONDS) -> Outcome:
    """Let fresh workers end the work, stop them, and ask the oracle."""
    for name in names:
        workplace.worker(name)
    with contextlib.suppress(TimeoutError):  # the oracle says what is missing
        workplace.wait_all(seconds)
    time.sleep(1.0)
    workplace.stop()
    return workplace.outcome()
