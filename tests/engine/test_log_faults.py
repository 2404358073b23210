"""What happens to the disk under the embedded log: power goes, space ends. Nothing that was acked is lost."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.builders import an_article
from tests.engine.logs import a_log, append, values_in
from tests.harness.streams import Engine, Witness, running_stream
from wirewatch.engine.sqlite.files import LogBlockedError
from wirewatch.engine.sqlite.log import Log
from wirewatch.engine.sqlite.sharing import held
from wirewatch.errors import PublishError


async def _recorded_run(path: Path, directory: Path) -> list[tuple[int, int]]:
    """Append record by record and note, at each ack, how long the write-ahead log was. Copies the files at the end."""
    acks = []
    wal = path.with_name(path.name + "-wal")
    async with a_log(path) as log:
        await log.create_topic("t", 1)
        await log.alone(lambda connection: None)
        for number in range(60):
            await append(log, "t", b"%d" % number + b"x" * 300)
            acks.append((number + 1, wal.stat().st_size))
        shutil.copy(path, directory / "log.sqlite")
        shutil.copy(wal, directory / "log.sqlite-wal")
    return acks


@pytest.mark.parametrize("power_cuts", [12, pytest.param(400, marks=pytest.mark.slow)])
async def test_a_power_cut_loses_nothing_that_was_acked(tmp_path: Path, power_cuts: int) -> None:
    """Cut at any byte: the log opens, holds a prefix of what was written, and all that was acked before the cut."""
    saved = tmp_path / "saved"
    saved.mkdir()
    acks = await _recorded_run(tmp_path / "log.sqlite", saved)
    whole = (saved / "log.sqlite-wal").read_bytes()
    cuts = random.Random(12)
    for number in range(power_cuts):
        cut = cuts.randrange(len(whole) + 1)
        torn = bytearray(whole[:cut])
        if number % 2 and torn:
            torn[-1] ^= 0xFF  # the last sector held garbage
        place = tmp_path / f"cut-{number}"
        place.mkdir()
        shutil.copy(saved / "log.sqlite", place / "log.sqlite")
        (place / "log.sqlite-wal").write_bytes(torn)
        async with a_log(place / "log.sqlite") as log:
            found = [] if "t" not in log.topics else await values_in(log, "t")
        acked = max((count for count, size in acks if size < cut), default=0)
        assert len(found) >= acked
        assert found == [b"%d" % n + b"x" * 300 for n in range(len(found))]
        shutil.rmtree(place)


async def test_without_full_synchronisation_the_oracle_would_notice(tmp_path: Path) -> None:
    """The negative control: when acks come before the bytes are in the log, the same oracle finds a loss."""
    saved = tmp_path / "saved"
    saved.mkdir()
    acks = await _recorded_run(tmp_path / "log.sqlite", saved)
    early = [(count + 1, size) for count, size in acks]
    whole = (saved / "log.sqlite-wal").read_bytes()
    lost = 0
    for number, (_, size) in enumerate(acks[5:15]):
        place = tmp_path / f"cut-{number}"
        place.mkdir()
        shutil.copy(saved / "log.sqlite", place / "log.sqlite")
        (place / "log.sqlite-wal").write_bytes(whole[: size + 1])
        async with a_log(place / "log.sqlite") as log:
            found = len(await values_in(log, "t"))
        lost += max(count for count, at in early if at < size + 1) > found
    assert lost > 0


async def test_a_commit_is_on_the_disk_when_it_returns(tmp_path: Path) -> None:
    """The connection that writes keeps SQLite's strictest promise."""
    async with a_log(tmp_path / "log.sqlite") as log:
        synchronous = await log.alone(lambda connection: connection.execute("PRAGMA synchronous").fetchone()[0])
        journal = await log.alone(lambda connection: connection.execute("PRAGMA journal_mode").fetchone()[0])
    assert (synchronous, journal) == (2, "wal")


async def _fill(log: Log) -> int:
    """Append until the log says that it is full; give how many were acked."""
    for acked in range(1_000):
        try:
            await append(log, "t", b"%d" % acked + b"x" * 2_000)
        except LogBlockedError:
            return acked
    return 1_000


def _allow_pages(pages: int, connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA max_page_count={pages}")


async def test_a_full_disk_refuses_writes_and_keeps_what_was_acked(tmp_path: Path) -> None:
    """SQLITE_FULL is told as `blocked`, reading goes on, and writing too once there is room, without reopening."""
    async with a_log(tmp_path / "log.sqlite") as log:
        await log.create_topic("t", 1)
        await log.alone(lambda connection: _allow_pages(40, connection))
        acked = await _fill(log)
        assert 0 < acked < 1_000
        assert "SQLITE_FULL" in log.blocked_by
        assert len(await values_in(log, "t")) == acked
        await log.alone(lambda connection: _allow_pages(10_000, connection))
        assert await append(log, "t", b"after") == [acked]
        assert log.blocked_by == ""


async def test_a_full_disk_stops_the_stream_for_a_while_and_loses_nothing(tmp_path: Path) -> None:
    """Publishing fails, what is in hand waits, and everything passes once there is room, without a restart."""
    settings = Engine("sqlite", "sqlite://", tmp_path).settings()
    witness = Witness()
    titles = [f"article {number}" for number in range(40)]
    async with running_stream(settings, raise_alerts=witness) as stream:
        log = held(tmp_path / "data" / "log.sqlite")
        await stream.publish(*[an_article(title, text="x" * 500) for title in titles])
        await log.alone(lambda connection: _allow_pages(1, connection))
        with pytest.raises(PublishError, match="could not be written to the log"):
            await stream.publish(*[an_article(f"refused {number}", text="x" * 20_000) for number in range(100)])
        assert stream.runner.blocked_by != ""
        await asyncio.sleep(0.3)
        await log.alone(lambda connection: _allow_pages(100_000, connection))
        await stream.idle()
    assert set(titles) <= set(witness.seen)
