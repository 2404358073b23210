"""The writer thread of the embedded log: everything that waits goes into one transaction, then one fsync.

Called by `log` only. Offsets are given out inside the transaction, so that a failed write leaves no hole.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wirewatch.clock import Clock
from wirewatch.engine.sqlite.files import LogBlockedError, is_passing
from wirewatch.engine.sqlite.records import LogTopic, NewRecord, Place
from wirewatch.errors import EngineError

#: Records of one transaction: enough to make an fsync cheap, few enough that nobody waits long for it.
MAX_RECORDS_PER_COMMIT = 5_000

_INSERT = "INSERT INTO record VALUES (?, ?, ?, ?, ?)"
_COMMIT_OFFSET = (
    "INSERT INTO committed VALUES (?, ?, ?, ?)"
    " ON CONFLICT (consumer, topic, partition) DO UPDATE SET next=excluded.next"
)


@dataclass(slots=True)
class Task:
    """One thing to do and the future that waits for it: records, offsets of a group, or a function alone."""

    future: asyncio.Future[Any]
    records: Sequence[NewRecord] = ()
    group: str = ""
    offsets: Mapping[Place, int] | None = None
    alone: Callable[[sqlite3.Connection], Any] | None = None


class Writer:
    """Owns the writing connection. `next_offsets` is what is durable; readers never look beyond it."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        topics: Mapping[str, LogTopic],
        next_offsets: dict[Place, int],
        clock: Clock,
        on_durable: Callable[[], None],
    ) -> None:
        self.next_offsets = next_offsets
        #: Why the last write failed; "" when it did not.
        self.blocked_by = ""
        self.waiting_records = 0
        self._connection = connection
        self._topics = topics
        self._clock = clock
        self._on_durable = on_durable
        self._tasks: list[Task] = []
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="log-writer", daemon=True)
        self._thread.start()

    def submit(self, task: Task) -> None:
        """Queue a task; its future is set on the loop that made it."""
        with self._wake:
            if self._closed:
                raise EngineError("the log is closed")
            self._tasks.append(task)
            self.waiting_records += len(task.records)
            self._wake.notify()

    def close(self) -> None:
        """Do what is queued, then end the thread and the connection."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._tasks and not self._closed:
                    self._wake.wait()
                batch = self._take()
            if not batch:
                return
            self._do(batch)

    def _take(self) -> list[Task]:
        if self._tasks and self._tasks[0].alone is not None:
            return [self._tasks.pop(0)]
        batch: list[Task] = []
        records = 0
        while self._tasks and self._tasks[0].alone is None and records < MAX_RECORDS_PER_COMMIT:
            task = self._tasks.pop(0)
            records += len(task.records)
            batch.append(task)
        self.waiting_records -= records
        return batch

    def _do(self, batch: list[Task]) -> None:
        try:
            results = self._in_transaction(batch)
        except sqlite3.Error as error:
            if is_passing(error):
                self.blocked_by = f"{error} ({error.sqlite_errorname})"
                failure: EngineError = LogBlockedError(f"the log cannot be written: {self.blocked_by}")
            else:
                failure = EngineError(f"the log cannot be written: {error}")
            failure.__cause__ = error
            _settle([(task, failure) for task in batch])
        except EngineError as error:
            _settle([(task, error) for task in batch])
        else:
            self.blocked_by = ""
            _settle(list(zip(batch, results, strict=True)))
            self._on_durable()

    def _in_transaction(self, batch: list[Task]) -> list[Any]:
        advanced = dict[Place, int]()
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            results = [self._apply(task, advanced) for task in batch]
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        self.next_offsets.update(advanced)
        return results

    def _apply(self, task: Task, advanced: dict[Place, int]) -> Any:
        if task.alone is not None:
            return task.alone(self._connection)
        if task.offsets is not None:
            rows = [(task.group, topic, partition, offset) for (topic, partition), offset in task.offsets.items()]
            self._connection.executemany(_COMMIT_OFFSET, rows)
            return True
        written_ms = int(self._clock.now().timestamp() * 1000)
        offsets = []
        inserts = []
        for record in task.records:
            place = (record.topic, record.partition)
            offset = advanced.get(place, self.next_offsets.get(place, 0))
            advanced[place] = offset + 1
            offsets.append(offset)
            position = self._topics[record.topic].first_place(record.partition, offset)
            inserts.append((position, written_ms, record.key, record.value, record.headers))
        self._connection.executemany(_INSERT, inserts)
        return offsets


def _settle(outcomes: list[tuple[Task, Any]]) -> None:
    """Hand every result to the loop that waits for it, one call a loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Task, Any]]] = {}
    for task, outcome in outcomes:
        by_loop.setdefault(task.future.get_loop(), []).append((task, outcome))
    for loop, settled in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, settled)


def _resolve(settled: list[tuple[Task, Any]]) -> None:
    for task, outcome in settled:
        if task.future.done():
            continue
        if isinstance(outcome, Exception):
            task.future.set_exception(outcome)
        else:
            task.future.set_result(outcome)
