"""Says whether a process makes progress: what `/readyz` answers. An open port proves nothing, so it asks the parts.

Called by the pages at each request of `/readyz`. Looks at the store, at the stream of this process, and at what the
pollers last did. Starts nothing and mends nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from wirewatch.clock import Clock
from wirewatch.console.readiness import Readiness
from wirewatch.engine.running import StreamRunner
from wirewatch.records import DeliveryState
from wirewatch.store.database import Database
from wirewatch.store.feed_memory import FeedMemory, load_memories
from wirewatch.store.outbox import count_deliveries, oldest_due_at

#: No feed polled for so long means that nobody polls: the longest interval between polls is far below it.
POLL_SILENCE_SECONDS = 6 * 3600


class Progressing:
    """Looks at one process."""

    def __init__(self, database: Database, clock: Clock, *, runner: StreamRunner | None, polls: bool) -> None:
        self._database = database
        self._clock = clock
        self._runner = runner
        self._polls = polls

    async def readiness(self) -> Readiness:
        """Look now."""
        problems: list[str] = []
        figures: dict[str, float | str] = {}
        try:
            await self._ask_store(problems, figures)
        except Exception as error:  # noqa: BLE001 - whatever the store's driver raises, the answer is the same
            problems.append(f"the store does not answer: {type(error).__name__}")
        if self._runner is not None:
            self._ask_stream(self._runner, problems, figures)
        return Readiness(ready=not problems, problems=tuple(problems), figures=figures)

    async def _ask_store(self, problems: list[str], figures: dict[str, float | str]) -> None:
        now = self._clock.now()
        outbox = await self._database.run(count_deliveries)
        oldest = await self._database.run(oldest_due_at, now)
        figures["deliveries_pending"] = outbox.get(DeliveryState.PENDING, 0)
        figures["deliveries_failed"] = outbox.get(DeliveryState.FAILED, 0)
        figures["oldest_delivery_seconds"] = (now - oldest).total_seconds() if oldest else 0
        if self._polls:
            memories = await self._database.run(load_memories)
            self._ask_polls(memories.values(), now, problems, figures)

    def _ask_polls(
        self, memories: Collection[FeedMemory], now: datetime, problems: list[str], figures: dict[str, float | str]
    ) -> None:
        known = list(memories)
        polled = [memory.last_poll_at for memory in known if memory.last_poll_at]
        figures["feeds"] = len(known)
        figures["feeds_failing"] = sum(memory.failures > 0 for memory in known)
        if not polled:
            problems.append("no feed was polled yet")
            return
        silence = (now - max(polled)).total_seconds()
        figures["last_poll_seconds_ago"] = silence
        if silence > POLL_SILENCE_SECONDS:
            problems.append(f"no feed was polled for {silence / 3600:.0f} hours")

    def _ask_stream(self, runner: StreamRunner, problems: list[str], figures: dict[str, float | str]) -> None:
        progress = runner.progress
        figures["records_waiting"] = progress.lag
        figures["partitions"] = len(progress.lags)
        if runner.blocked_by:
            problems.append(f"the log cannot be written: {runner.blocked_by}")
        if not progress.assigned and (progress.moving or not runner.app.admitted):
            problems.append("the stream has no partitions yet")
        still = runner.still_seconds
        if progress.lag and still > runner.app.settings.engine.stall_timeout_seconds / 2:
            problems.append(f"{progress.lag} records wait and nothing was committed for {still:.0f} seconds")
