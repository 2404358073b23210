"""The embedded log: topics of partitions of records in one SQLite file, with committed offsets per group.

One process owns it; in that process one `Log` a path is shared by Faust's transport and by the connectors' publisher.
Appends are durable when their future is done. Never knows what records mean.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from aiokafka.partitioner import DefaultPartitioner

from wirewatch.clock import Clock
from wirewatch.engine.sqlite import files, retention
from wirewatch.engine.sqlite.files import MAX_OFFSET, OFFSET_BITS, PARTITION_BITS
from wirewatch.engine.sqlite.records import LogRecord, LogTopic, NewRecord, Place
from wirewatch.engine.sqlite.writing import Task, Writer
from wirewatch.errors import EngineError
from wirewatch.topics import MAX_MESSAGE_BYTES

log = logging.getLogger(__name__)

#: Records that may wait for the writer before producers wait too.
MAX_WAITING_RECORDS = 20_000


class RecordTooLargeError(EngineError):
    """A record is larger than its topic allows; sending it again can never help."""


class Log:
    """The open log of this process. Make it with `wirewatch.engine.sqlite.sharing.acquire`."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock
        self._ownership = files.own(path)
        try:
            connection = files.open_for_writing(path)
        except BaseException:
            self._ownership.release()
            raise
        self.topics = load_topics(connection)
        self._committed = load_committed(connection)
        self._first_offsets = load_first_offsets(connection, self.topics)
        self._listeners: list[Callable[[], None]] = []
        self._partitioner = DefaultPartitioner()
        self._reading = files.open_for_reading(path)
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="log-reader")
        self._writer = Writer(connection, self.topics, load_next_offsets(connection, self.topics), clock, self._notify)

    @property
    def blocked_by(self) -> str:
        """Why the last write failed (disk full, …); "" when it did not."""
        return self._writer.blocked_by

    async def room(self) -> None:
        """Wait while so many records are queued that producers had better pause."""
        if self._writer.waiting_records > MAX_WAITING_RECORDS:
            await self.alone(lambda _connection: None)

    async def create_topic(
        self,
        name: str,
        partitions: int,
        *,
        retention_seconds: int | None = None,
        compacted: bool = False,
        max_message_bytes: int = MAX_MESSAGE_BYTES,
    ) -> LogTopic:
        """Make a topic, or take over its new retention; the number of partitions of an existing one stays."""
        if not 0 < partitions < 1 << PARTITION_BITS:
            raise EngineError(f"expected 1 to {(1 << PARTITION_BITS) - 1} partitions, got {partitions}: {name}")

        def make(connection: sqlite3.Connection) -> LogTopic:
            connection.execute(
                "INSERT INTO topic (name, partitions, retention_seconds, compacted, max_message_bytes)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
                " retention_seconds=excluded.retention_seconds, compacted=excluded.compacted,"
                " max_message_bytes=excluded.max_message_bytes",
                (name, partitions, retention_seconds, compacted, max_message_bytes),
            )
            return load_topics(connection)[name]

        topic: LogTopic = await self.alone(make)
        self.topics[name] = topic
        return topic

    def partition_for(self, topic: str, key: bytes | None) -> int:
        """Choose the partition of a key as Kafka's own clients do (murmur2), or a random one without a key."""
        partitions = list(range(self._topic(topic).partitions))
        chosen: int = self._partitioner(key, partitions, partitions)
        return chosen

    def append(self, records: Sequence[NewRecord]) -> asyncio.Future[list[int]]:
        """Queue records; the future gives their offsets when all of them are on the disk.

        Raises:
            RecordTooLargeError: one is larger than its topic allows; nothing was queued.
        """
        for record in records:
            allowed = self._topic(record.topic).max_message_bytes
            size = len(record.key or b"") + len(record.value or b"")
            if size > allowed:
                raise RecordTooLargeError(f"expected a record of at most {allowed} bytes, got {size}: {record.topic}")
        future: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()
        self._writer.submit(Task(future, records=records))
        return future

    async def commit(self, group: str, offsets: Mapping[Place, int]) -> None:
        """Remember the next offset that a group wants of each partition, durably."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._writer.submit(Task(future, group=group, offsets=offsets))
        await future
        self._committed.setdefault(group, {}).update(offsets)

    async def alone(self, function: Callable[[sqlite3.Connection], Any]) -> Any:
        """Run a function in a transaction of its own on the writer thread."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._writer.submit(Task(future, alone=function))
        return await future

    async def read(self, wants: Mapping[Place, tuple[int, int]]) -> dict[Place, list[LogRecord]]:
        """Read from each place `(from_offset, at_most)` records; a place with none is left out."""

        def work() -> dict[Place, list[LogRecord]]:
            found = {}
            for place, (offset, at_most) in wants.items():
                records = read_partition(self._reading, self._topic(place[0]), place[1], offset, at_most)
                if records:
                    found[place] = records
            return found

        try:
            return await asyncio.get_running_loop().run_in_executor(self._readers, work)
        except sqlite3.DatabaseError as error:
            raise EngineError(f"the log cannot be read: {self.path}: {error}") from error

    def committed(self, group: str) -> Mapping[Place, int]:
        """Give the next offset that a group wants of each partition."""
        return self._committed.get(group, {})

    def next_offset(self, topic: str, partition: int) -> int:
        """Give the offset that the next record will have; everything below it is durable."""
        return self._writer.next_offsets.get((topic, partition), 0)

    def first_offset(self, topic: str, partition: int) -> int:
        """Give the oldest offset that may still be read."""
        return self._first_offsets.get((topic, partition), 0)

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` from the writer thread whenever something became durable."""
        self._listeners.append(listener)

    def forget(self, listener: Callable[[], None]) -> None:
        """Stop calling a listener."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    async def clean(self) -> int:
        """Delete what retention and compaction let go; never what a group has yet to read.

        Returns:
            The number of records deleted.
        """
        now_ms = int(self._clock.now().timestamp() * 1000)
        # Before anything goes: a partition that is emptied must not start again at 0.
        noted = dict(self._writer.next_offsets)
        await self.alone(retention.note_next_offsets(self.topics, noted))
        deleted = 0
        for topic, partition in tuple(_partitions(tuple(self.topics.values()))):
            place = (topic.name, partition)
            plan = retention.Plan(topic, partition, min(noted.get(place, 0), self._safe_limit(*place)), now_ms)
            while removed := await self.alone(plan.delete_some):
                deleted += removed
            self._first_offsets[place] = await self.alone(plan.first_offset)
        if deleted:
            await self.alone(retention.give_back_space)
        return deleted

    def close(self) -> None:
        """Write what waits and let the file go. Blocks until done."""
        self._readers.shutdown(wait=True)
        # Before the writer: the last connection to close moves the write-ahead log into the file, if it may write.
        self._reading.close()
        self._writer.close()
        self._ownership.release()

    def _safe_limit(self, topic: str, partition: int) -> int:
        """Give the offset below which every group that reads this topic has committed."""
        wanted = [
            offsets.get((topic, partition), 0)
            for offsets in self._committed.values()
            if any(read == topic for read, _ in offsets)
        ]
        return min([self.next_offset(topic, partition), *wanted])

    def _topic(self, name: str) -> LogTopic:
        try:
            return self.topics[name]
        except KeyError:
            raise EngineError(f"there is no such topic: {name}; `wirewatch topics create` makes it") from None

    def _notify(self) -> None:
        for listener in tuple(self._listeners):
            listener()


def load_topics(connection: sqlite3.Connection) -> dict[str, LogTopic]:
    """Read the topics of a log."""
    rows = connection.execute("SELECT id, name, partitions, retention_seconds, compacted, max_message_bytes FROM topic")
    return {row[1]: LogTopic(row[0], row[1], row[2], row[3], bool(row[4]), row[5]) for row in rows}


def load_committed(connection: sqlite3.Connection) -> dict[str, dict[Place, int]]:
    """Read what each group has committed."""
    committed: dict[str, dict[Place, int]] = {}
    for group, topic, partition, offset in connection.execute("SELECT consumer, topic, partition, next FROM committed"):
        committed.setdefault(group, {})[topic, partition] = offset
    return committed


def load_next_offsets(connection: sqlite3.Connection, topics: Mapping[str, LogTopic]) -> dict[Place, int]:
    """Read where each partition goes on, also when retention has emptied it."""
    noted = {
        (row[0], row[1]): row[2] for row in connection.execute("SELECT topic_id, partition, next FROM next_offset")
    }
    found = {}
    for topic, partition in _partitions(topics.values()):
        last = _edge(connection, topic, partition, "MAX")
        after_last = 0 if last is None else last + 1
        found[topic.name, partition] = max(after_last, noted.get((topic.id, partition), 0))
    return found


def load_first_offsets(connection: sqlite3.Connection, topics: Mapping[str, LogTopic]) -> dict[Place, int]:
    """Read the oldest offset of each partition."""
    edges = {
        (topic.name, partition): _edge(connection, topic, partition, "MIN")
        for topic, partition in _partitions(topics.values())
    }
    return {place: first for place, first in edges.items() if first is not None}


def read_partition(
    connection: sqlite3.Connection, topic: LogTopic, partition: int, offset: int, at_most: int
) -> list[LogRecord]:
    """Read records of one partition in order, from an offset."""
    rows = connection.execute(
        f"SELECT place & {MAX_OFFSET}, written_ms, key, value, headers FROM record"  # noqa: S608 - a constant
        " WHERE place >= ? AND place < ? ORDER BY place LIMIT ?",
        (topic.first_place(partition, offset), topic.first_place(partition + 1), at_most),
    )
    return [LogRecord(*row) for row in rows]


def _partitions(topics: Iterable[LogTopic]) -> Iterable[tuple[LogTopic, int]]:
    return ((topic, partition) for topic in topics for partition in range(topic.partitions))


def _edge(connection: sqlite3.Connection, topic: LogTopic, partition: int, which: str) -> int | None:
    place = connection.execute(
        f"SELECT {which}(place) FROM record WHERE place >= ? AND place < ?",  # noqa: S608 - MIN or MAX
        (topic.first_place(partition), topic.first_place(partition + 1)),
    ).fetchone()[0]
    return None if place is None else place & ((1 << OFFSET_BITS) - 1)
