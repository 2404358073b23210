"""The only reader of the clock. Processes hold a `Clock`; pure functions take `now` as an argument."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time for records, monotonic time for durations, and the only way to wait."""

    def now(self) -> datetime:
        """Give the time, aware UTC, whole seconds."""
        ...

    def monotonic(self) -> float:
        """Give seconds that never step."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Give the time, aware UTC, whole seconds."""
        return datetime.fromtimestamp(int(time.time()), UTC)

    def monotonic(self) -> float:
        """Give seconds that never step."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
