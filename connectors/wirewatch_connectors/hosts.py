"""Politeness: how many requests one host gets at once, and how soon after one another.

Held by `polling`. A slow host holds up its own feeds only: who waits here holds no connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field

from wirewatch.clock import Clock


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    #: Monotonic time from which the next request may start.
    free_at: float = 0.0
    users: int = field(default=0)


class Hosts:
    """Every host that is being asked, or was a moment ago."""

    def __init__(
        self, clock: Clock, *, at_once: int, spacing_seconds: float, exempt: frozenset[str] = frozenset()
    ) -> None:
        self._clock = clock
        self._at_once = at_once
        self._spacing_seconds = spacing_seconds
        #: Hosts of our own that an operator opened by address: they are asked as often as configured.
        self._exempt = exempt
        self._hosts: dict[str, _Host] = {}

    def exempts(self, host: str) -> bool:
        """Tell whether nobody ever waits for a host."""
        return host in self._exempt

    def turn(self, host: str) -> AbstractAsyncContextManager[None]:
        """Wait for a turn with a host and keep it for the block."""
        return nullcontext() if host in self._exempt else self._turn(host)

    @asynccontextmanager
    async def _turn(self, host: str) -> AsyncIterator[None]:
        state = self._hosts.setdefault(host, _Host(asyncio.Semaphore(self._at_once)))
        state.users += 1
        try:
            async with state.slots:
                now = self._clock.monotonic()
                start = max(now, state.free_at)
                state.free_at = start + self._spacing_seconds
                if start > now:
                    await self._clock.sleep(start - now)
                yield
        finally:
            state.users -= 1
            if not state.users and self._clock.monotonic() >= state.free_at:
                self._hosts.pop(host, None)
            if len(self._hosts) > 10_000:  # hosts come from the configuration; this bounds reloads over years
                self._hosts = {name: kept for name, kept in self._hosts.items() if kept.users}
