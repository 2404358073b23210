"""Looks names up in threads of its own, so that a slow name server holds up nobody else's work.

Called by `dialling`. Never decides what may be dialled: that is asked about the address that is dialled, not of a name.
"""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult

#: 32: as many lookups may hang at once; asyncio's own pool has 6 threads on a two-core machine and serves everybody.
LOOKUP_THREADS = 32


class ThreadResolver(AbstractResolver):
    """Asks the machine's resolver, with a deadline."""

    def __init__(self, timeout_seconds: float = 10.0) -> None:
        self._timeout_seconds = timeout_seconds
        self._threads = ThreadPoolExecutor(LOOKUP_THREADS, thread_name_prefix="lookup")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Give the addresses of a name.

        Raises:
            OSError: no such name, no name server, or no answer in time.
        """

        def look_up() -> list[ResolveResult]:
            found = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
            return [
                ResolveResult(
                    hostname=host,
                    host=str(address[0]),
                    port=port,
                    family=family_found,
                    proto=proto,
                    flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
                )
                for family_found, _, proto, _, address in found
            ]

        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        except TimeoutError as error:
            raise OSError(f"no answer from the name server within {self._timeout_seconds:g} s") from error
        except UnicodeError as error:
            raise OSError(f"not a host name: {host!r}") from error

    async def close(self) -> None:
        """Stop looking up."""
        self._threads.shutdown(wait=False, cancel_futures=True)
