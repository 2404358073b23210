"""Which feed may have a connection, and which waits without one. Held by `rounds`.

A feed waits for a turn with its host, and in the lane of failing feeds when it failed last time; others have the
connections meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from wirewatch_connectors.hosts import Hosts

#: Feeds that failed last time get a quarter of the connections at most: hosts that hang hold up one another only.
_FAILING_SHARE = 4
_NO_LANE = nullcontext()


class Connections:
    """The connections of one polling process, counted."""

    def __init__(self, hosts: Hosts, at_once: int, on_room: Callable[[], None]) -> None:
        """Take how many connections there are, and what to call when a feed begins to wait without one."""
        self._hosts = hosts
        self._at_once = at_once
        self._on_room = on_room
        self._slots = asyncio.Semaphore(at_once)
        self._failing_slots = asyncio.Semaphore(max(at_once // _FAILING_SHARE, 1))
        self._queueing = 0

    def has_room(self, in_hand: int) -> bool:
        """Tell whether another feed may be taken in hand beside so many, those that wait here among them."""
        return in_hand - self._queueing < self._at_once

    def hold(self, host: str, *, failing: bool) -> AbstractAsyncContextManager[None]:
        """Wait until a feed of `host` may have a connection, and keep it for the block."""
        return self._slots if not failing and self._hosts.exempts(host) else self._queue(host, failing)

    @asynccontextmanager
    async def _queue(self, host: str, failing: bool) -> AsyncIterator[None]:
        self._queueing += 1
        self._on_room()
        waits = True
        try:
            async with self._hosts.turn(host), self._failing_slots if failing else _NO_LANE:
                self._queueing -= 1
                waits = False
                async with self._slots:
                    yield
        finally:
            if waits:
                self._queueing -= 1
