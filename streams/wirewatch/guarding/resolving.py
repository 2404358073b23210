"""Looks names up in threads of its own, so that a slow name server holds up nobody else's work.

Called by `dialling`. Never decides what may be dialled: that is asked about the address that is dialled, not of a name.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

from aiohttp.abc import AbstractResolver, ResolveResult

#: 32: as many lookups may hang at once; asyncio's own pool has 6 threads on a two-core machine and serves everybody.
LOOKUPS_AT_ONCE = 32
#: 10 s: a name server that has not answered by then has failed, whatever the machine's resolver still hopes for.
LOOKUP_TIMEOUT_SECONDS = 10.0


class ThreadResolver(AbstractResolver):
    """Asks the machine's resolver, with a deadline. A lookup that hangs keeps its thread, and never the process."""

    def __init__(self, timeout_seconds: float = LOOKUP_TIMEOUT_SECONDS) -> None:
        self._timeout_seconds = timeout_seconds
        self._slots = asyncio.Semaphore(LOOKUPS_AT_ONCE)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Give the addresses of a name.

        Raises:
            OSError: no such name, no name server, or no answer in time.
        """
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await self._slots.acquire()
                return await self._start(host, port, family)
        except TimeoutError as error:
            raise OSError(f"no answer from the name server within {self._timeout_seconds:g} s") from error

    def _start(self, host: str, port: int, family: socket.AddressFamily) -> asyncio.Future[list[ResolveResult]]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[ResolveResult]] = loop.create_future()

        def tell(found: list[ResolveResult] | None, error: OSError | None) -> None:
            self._slots.release()
            if answer.done():
                return  # nobody waits any more
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(found or [])

        def work() -> None:
            found, failure = None, None
            try:
                found = look_up(host, port, family)
            except OSError as error:
                failure = error
            except UnicodeError as error:
                failure = OSError(f"not a host name: {host!r}: {error}")
            with contextlib.suppress(RuntimeError):  # the loop has ended, and with it whoever asked
                loop.call_soon_threadsafe(tell, found, failure)

        # A daemon: a lookup that hangs must not keep a process from ending.
        threading.Thread(target=work, name=f"look up {host[:40]}", daemon=True).start()
        return answer

    async def close(self) -> None:
        """Do nothing: threads end with their lookups."""


def look_up(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    """Ask the machine's resolver; blocks.

    Raises:
        OSError: no such name, or no name server.
    """
    found = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return [
        ResolveResult(
            hostname=host,
            host=str(address[0]),
            port=port,
            family=family_found,
            proto=protocol,
            flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
        )
        for family_found, _, protocol, _, address in found
    ]
