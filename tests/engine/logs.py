"""Opens embedded logs for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fakes import FakeClock
from wirewatch.clock import Clock
from wirewatch.engine.sqlite.log import Log
from wirewatch.engine.sqlite.records import NewRecord
from wirewatch.engine.sqlite.sharing import acquire, release


@asynccontextmanager
async def a_log(path: Path, clock: Clock | None = None) -> AsyncIterator[Log]:
    """Open the log of a path for the time of the block."""
    log = acquire(path, clock or FakeClock())
    try:
        yield log
    finally:
        await release(log)


async def append(log: Log, topic: str, *values: bytes, partition: int = 0, key: bytes | None = b"k") -> list[int]:
    """Append values to one partition, durably."""
    return await log.append([NewRecord(topic, partition, key, value) for value in values])


async def values_in(log: Log, topic: str, partition: int = 0) -> list[bytes | None]:
    """Read the values of one partition."""
    found = await log.read({(topic, partition): (0, 1_000_000)})
    return [record.value for record in found.get((topic, partition), [])]
