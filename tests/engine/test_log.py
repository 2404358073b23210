"""The embedded log by itself: what is appended is durable, in order, and stays until it may go."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from pathlib import Path

import pytest
from aiokafka.partitioner import DefaultPartitioner

from tests.engine.logs import a_log, append, values_in
from tests.fakes import FakeClock
from wirewatch.engine.sqlite.files import LogBlockedError, log_path, own
from wirewatch.engine.sqlite.log import RecordTooLargeError
from wirewatch.engine.sqlite.records import NewRecord
from wirewatch.errors import EngineError

DAY = 86_400


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the place of a new log."""
    return tmp_path / "log.sqlite"


async def test_offsets_count_up_in_each_partition(path: Path) -> None:
    """Every partition begins at 0 and has no holes."""
    async with a_log(path) as log:
        await log.create_topic("t", 2)
        assert await append(log, "t", b"a", b"b") == [0, 1]
        assert await append(log, "t", b"c", partition=1) == [0]
        assert await append(log, "t", b"d") == [2]
        assert log.next_offset("t", 0) == 3
        assert await values_in(log, "t") == [b"a", b"b", b"d"]


async def test_appends_of_many_tasks_share_a_transaction_and_keep_their_order(path: Path) -> None:
    """Group commit: each task's records stay together and in order, and every future is told its own offsets."""
    async with a_log(path) as log:
        await log.create_topic("t", 1)
        told = await asyncio.gather(*[append(log, "t", b"%d-0" % n, b"%d-1" % n) for n in range(200)])
        stored = await values_in(log, "t")
        assert len(stored) == 400
        for number, offsets in enumerate(told):
            assert [stored[offset] for offset in offsets] == [b"%d-0" % number, b"%d-1" % number]


async def test_a_reopened_log_has_all_it_had(path: Path) -> None:
    """Records, topics and committed offsets survive; new records go on where the old ones ended."""
    async with a_log(path) as log:
        await log.create_topic("t", 1)
        await append(log, "t", b"a", b"b")
        await log.commit("group", {("t", 0): 1})
    async with a_log(path) as log:
        assert await values_in(log, "t") == [b"a", b"b"]
        assert log.committed("group") == {("t", 0): 1}
        assert await append(log, "t", b"c") == [2]


async def test_a_record_over_the_limit_of_its_topic_is_refused(path: Path) -> None:
    """Nothing of the batch is written, and the error says what was expected."""
    async with a_log(path) as log:
        await log.create_topic("t", 1, max_message_bytes=10)
        with pytest.raises(RecordTooLargeError, match="at most 10 bytes, got 12: t"):
            await log.append([NewRecord("t", 0, b"k", b"fits"), NewRecord("t", 0, b"k", b"x" * 11)])
        assert log.next_offset("t", 0) == 0


async def test_an_unknown_topic_is_refused(path: Path) -> None:
    """Nothing is declared implicitly."""
    async with a_log(path) as log:
        with pytest.raises(EngineError, match="no such topic: nowhere"):
            await append(log, "nowhere", b"a")


@pytest.mark.parametrize("partitions", [1, 3, 8, 12])
async def test_keys_go_where_kafka_puts_them(path: Path, partitions: int) -> None:
    """The partition of a key is the one that Kafka's own clients choose."""
    keys = random.Random(partitions)
    async with a_log(path) as log:
        await log.create_topic("t", partitions)
        numbers = list(range(partitions))
        for _ in range(200):
            key = keys.randbytes(keys.randrange(40))
            assert log.partition_for("t", key) == DefaultPartitioner()(key, numbers, numbers)


async def test_retention_lets_old_records_go(path: Path) -> None:
    """What is older than the topic allows is deleted; offsets go on, also when nothing is left and after a restart."""
    clock = FakeClock()
    async with a_log(path, clock) as log:
        await log.create_topic("t", 1, retention_seconds=DAY)
        await append(log, "t", b"old", b"older")
        clock.move(2 * DAY)
        assert await log.clean() == 2
        assert await values_in(log, "t") == []
        assert log.first_offset("t", 0) == 2
    async with a_log(path, clock) as log:
        assert await append(log, "t", b"new") == [2]


async def test_retention_never_takes_what_a_group_has_yet_to_read(path: Path) -> None:
    """A stream that was down for longer than the retention finds everything it had not committed."""
    clock = FakeClock()
    async with a_log(path, clock) as log:
        await log.create_topic("t", 1, retention_seconds=DAY)
        await append(log, "t", b"read", b"unread")
        await log.commit("group", {("t", 0): 1})
        clock.move(30 * DAY)
        assert await log.clean() == 1
        assert await values_in(log, "t") == [b"unread"]


async def test_compaction_keeps_the_newest_of_each_key(path: Path) -> None:
    """A compacted topic keeps one record a key, in order, with its own offset."""
    async with a_log(path) as log:
        await log.create_topic("t", 1, compacted=True)
        for key, value in ((b"a", b"1"), (b"b", b"2"), (b"a", b"3"), (b"a", b"4")):
            await append(log, "t", value, key=key)
        assert await log.clean() == 2
        found = await log.read({("t", 0): (0, 100)})
        assert [(record.offset, record.value) for record in found["t", 0]] == [(1, b"2"), (3, b"4")]


async def test_a_second_owner_is_told_who_the_first_one_is(path: Path) -> None:
    """The file has one owner; the message names the process and says what to do."""
    held = own(path)
    with pytest.raises(EngineError, match=r"owned by process \d+; stop it first, or use a kafka:// broker"):
        async with a_log(path):
            pass
    held.release()
    async with a_log(path) as log:
        assert log.topics == {}


async def test_a_place_that_cannot_be_written_is_a_persons_mistake(path: Path) -> None:
    """No traceback: the message names the place and the reason."""
    _write(path, b"a file where a folder should be")
    with pytest.raises(EngineError, match=r"cannot open the log: .*: (Not a directory|File exists)"):
        async with a_log(path / "log.sqlite"):
            pass


async def test_a_log_that_another_program_locks_is_waited_for(path: Path) -> None:
    """A write that finds the file locked fails for now, loses nothing, and passes once the lock is gone."""
    async with a_log(path) as log:
        await log.create_topic("t", 1)
        await log.alone(lambda connection: connection.execute("PRAGMA busy_timeout=20"))
        intruder = sqlite3.connect(path, isolation_level=None)
        intruder.execute("BEGIN IMMEDIATE")
        with pytest.raises(LogBlockedError, match="locked"):
            await append(log, "t", b"a")
        intruder.execute("ROLLBACK")
        intruder.close()
        assert await append(log, "t", b"a") == [0]


async def test_a_damaged_log_is_refused_and_never_made_anew(path: Path) -> None:
    """Flipped bytes stop the start with a hint; the file stays as it is."""
    async with a_log(path) as log:
        await log.create_topic("t", 1)
        await append(log, "t", *[b"x" * 2_000] * 50)
    damaged = _flip(path)
    with pytest.raises(EngineError, match="restore it from a backup"):
        async with a_log(path):
            pass
    assert _bytes_of(path) == damaged


async def test_a_file_that_is_no_log_is_refused(path: Path) -> None:
    """Another program's file is not touched."""
    _write(path, b"just some text, long enough to be looked at as a header of a file" * 100)
    with pytest.raises(EngineError, match="cannot open the log"):
        async with a_log(path):
            pass


async def test_a_log_of_a_newer_program_is_refused(path: Path) -> None:
    """The message names both versions."""
    async with a_log(path) as log:
        await log.alone(lambda connection: connection.execute("PRAGMA user_version=99"))
    with pytest.raises(EngineError, match="expected a log of version 1 or older, got 99"):
        async with a_log(path):
            pass


def test_the_broker_names_the_file(tmp_path: Path) -> None:
    """`sqlite://` lies in the data folder, a path stands for itself."""
    assert log_path("sqlite://", tmp_path) == tmp_path / "log.sqlite"
    assert log_path("sqlite:///somewhere/else.sqlite", tmp_path) == Path("/somewhere/else.sqlite")


def _flip(path: Path) -> bytes:
    damaged = bytearray(path.read_bytes())
    damaged[4096 * 3 : 4096 * 3 + 64] = b"\xff" * 64
    path.write_bytes(damaged)
    return bytes(damaged)


def _bytes_of(path: Path) -> bytes:
    return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
