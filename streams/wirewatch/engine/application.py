"""A Faust app that can say why it failed and can be told to stop waiting. Made by `wirewatch.app`, run by `running`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, Protocol

import faust
from faust.tables import TableManager
from faust.types import TP

from wirewatch.clock import Clock
from wirewatch.engine.handling import Output
from wirewatch.errors import EngineError
from wirewatch.metrics import Metrics
from wirewatch.settings import Settings


class NoTables(TableManager):
    """Faust's table manager for an app without tables: it does not wait a second for any to be declared."""

    async def on_start(self) -> None:
        """Start recovery, which is what resumes the flow of records."""
        await self._update_channels()
        await self.recovery.start()


class Helper(Protocol):
    """Something that an agent uses and that must be started and closed."""

    async def start(self) -> None:
        """Get ready."""
        ...

    async def close(self) -> None:
        """Let go."""
        ...


class StreamApp(faust.App):
    """The stream of one process."""

    def __init__(self, *args: Any, settings: Settings, clock: Clock, metrics: Metrics, **options: Any) -> None:
        super().__init__(*args, **options)
        self.settings = settings
        self.clock = clock
        self.metrics = metrics
        #: Topics that agents read, in the order in which records pass through them.
        self.reads: list[str] = []
        #: True once the group has let this process in, if only to say that there is nothing for it to do.
        self.admitted = False
        #: The oldest offset of each (topic, partition) that may still be read, as it was when last asked.
        self.first_offsets: dict[tuple[str, int], int] = {}
        #: Started before and closed after the agents that use them.
        self.helpers: list[Helper] = []
        self.failure: Exception | None = None
        #: Set when batches in hand shall be waited for no longer.
        self.giving_up = asyncio.Event()

    async def _on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        await super()._on_partitions_assigned(assigned, generation_id)
        self.admitted = True

    def fail(self, error: Exception) -> None:
        """Note why the process must end. The first reason counts."""
        if self.failure is None:
            self.failure = error
        self.giving_up.set()

    async def send_output(self, topic: str, output: Output) -> Awaitable[object]:
        """Queue one record; what is returned is done when it is durable."""
        return await self.producer.send(topic, output.key, output.value, None, None, output.headers)

    @property
    def reason_to_end(self) -> Exception | None:
        """Give why the process must end: what failed, or what crashed Faust."""
        if self.failure is not None:
            return self.failure
        crash = self.crash_reason
        if crash is None:
            return None
        return crash if isinstance(crash, EngineError) else EngineError(f"the stream crashed: {crash!r}")
