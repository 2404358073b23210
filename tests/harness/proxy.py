"""A TCP proxy on loopback that can be slow, silent, or reset its connections: what a bad network does to a client."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: A slow proxy passes on a little so often.
BEAT_SECONDS = 0.1


class Proxy:
    """Passes bytes between its port and another one of 127.0.0.1. Its manner may be changed at any time."""

    def __init__(self, port: int, target: int) -> None:
        self._port, self._target = port, target
        #: In each direction of each connection; None: as fast as it goes.
        self.bytes_per_second: float | None = None
        #: Accepts and takes, and passes nothing on.
        self.silent = False
        #: Resets every connection so often; None: never.
        self.reset_every_seconds: float | None = None
        self.resets = 0
        self._writers: set[asyncio.StreamWriter] = set()

    def behave(self) -> None:
        """Be a good network again."""
        self.bytes_per_second, self.silent, self.reset_every_seconds = None, False, None

    async def serve(self, started: threading.Event, stop: asyncio.Event) -> None:
        """Run until told to stop."""
        server = await asyncio.start_server(self._join, "127.0.0.1", self._port)
        resetting = asyncio.create_task(self._reset())
        started.set()
        await stop.wait()
        resetting.cancel()
        server.close()
        self._cut()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, far_writer}
        self._writers |= both
        with contextlib.suppress(OSError):
            passing = [asyncio.create_task(self._pass(*pair)) for pair in ((reader, far_writer), (far_reader, writer))]
            _, other = await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
            for task in other:
                task.cancel()
            await asyncio.gather(*passing, return_exceptions=True)
        self._writers -= both
        for one in both:
            one.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            while data:
                while self.silent:  # noqa: ASYNC110 - a test changes it from another thread
                    await asyncio.sleep(BEAT_SECONDS)
                rate = self.bytes_per_second
                size = len(data) if rate is None else max(1, int(rate * BEAT_SECONDS))
                writer.write(data[:size])
                await writer.drain()
                data = data[size:]
                if rate is not None:
                    await asyncio.sleep(BEAT_SECONDS)

    async def _reset(self) -> None:
        while True:
            every = self.reset_every_seconds
            await asyncio.sleep(BEAT_SECONDS if every is None else every)
            if every is not None and self.reset_every_seconds is not None:
                self._cut()

    def _cut(self) -> None:
        for writer in list(self._writers):
            wire = writer.get_extra_info("socket")
            if wire is not None:
                # Lingering for no time makes the end of a connection a reset.
                with contextlib.suppress(OSError):
                    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            self.resets += 1


@contextmanager
def proxy(port: int, target: int) -> Iterator[Proxy]:
    """Run a proxy, in a thread, until the block ends."""
    one, started, loop = Proxy(port, target), threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(one.serve(started, stop)), daemon=True)
    thread.start()
    try:
        assert started.wait(10), "the proxy did not start"
        yield one
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
