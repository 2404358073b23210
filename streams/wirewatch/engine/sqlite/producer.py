"""Faust's producer on the embedded log. Starts first and stops last of all services, so it holds the log open."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Mapping
from typing import Any

from faust.transport import base
from faust.types import TP, HeadersArg, RecordMetadata

from wirewatch.clock import SystemClock
from wirewatch.engine.sqlite.log import Log
from wirewatch.engine.sqlite.records import NewRecord
from wirewatch.engine.sqlite.sharing import acquire, release


class Producer(base.Producer):
    """Appends what agents send."""

    transport: Any
    log_: Log

    def __post_init__(self) -> None:
        self._unsettled: set[asyncio.Future[list[int]]] = set()

    async def on_start(self) -> None:
        """Hold the log."""
        self.log_ = acquire(self.transport.path, SystemClock())
        await super().on_start()

    async def on_stop(self) -> None:
        """Wait for what was sent and let the log go."""
        await super().on_stop()
        await self.flush()
        await release(self.log_)

    async def create_topic(self, topic: str, partitions: int, replication: int, **options: Any) -> None:
        """Make a topic; Faust asks for its own internal ones only."""
        if topic not in self.log_.topics:
            await self.log_.create_topic(topic, partitions)

    async def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        timestamp: float | None,
        headers: HeadersArg | None,
        *,
        transactional_id: str | None = None,
    ) -> Awaitable[RecordMetadata]:
        """Queue one record; what is returned is done when it is on the disk. Waits while too much is queued."""
        await self.log_.room()
        chosen = self.log_.partition_for(topic, key) if partition is None else partition
        appended = self.log_.append([NewRecord(topic, chosen, key, value, encode_headers(headers))])
        self._unsettled.add(appended)
        appended.add_done_callback(self._unsettled.discard)
        sent: asyncio.Future[RecordMetadata] = appended.get_loop().create_future()

        def tell(done: asyncio.Future[list[int]]) -> None:
            if sent.done():
                return
            if (error := done.exception()) is not None:
                sent.set_exception(error)
            else:
                sent.set_result(RecordMetadata(topic, chosen, TP(topic, chosen), done.result()[0]))

        appended.add_done_callback(tell)
        return sent

    async def send_and_wait(self, *args: Any, **options: Any) -> RecordMetadata:
        """Append one record and wait until it is on the disk."""
        return await (await self.send(*args, **options))

    async def flush(self) -> None:
        """Wait for what is queued now. Never for what is queued meanwhile: a busy log would keep us for ever."""
        await self.buffer.flush()
        if self._unsettled:
            await asyncio.wait(tuple(self._unsettled))

    def key_partition(self, topic: str, key: bytes) -> TP:
        """Say where a key goes."""
        return TP(topic, self.log_.partition_for(topic, key))

    def supports_headers(self) -> bool:
        """Records have headers."""
        return True


def encode_headers(headers: HeadersArg | None) -> bytes | None:
    """Write headers as JSON, their bytes as Latin-1."""
    if not headers:
        return None
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return json.dumps([[name, value.decode("latin-1")] for name, value in pairs]).encode()


def decode_headers(raw: bytes | None) -> list[tuple[str, bytes]]:
    """Read headers."""
    return [] if raw is None else [(name, value.encode("latin-1")) for name, value in json.loads(raw)]
