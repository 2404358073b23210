"""A server on loopback that speaks HTTP as badly as it is told to; it writes raw bytes and remembers what was asked.

A behaviour is a coroutine over the request and the connection. Used by tests of fetching and polling, and by benches.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Behaviour = Callable[["Request", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked."""

    path: str
    #: Lower-case names.
    headers: Mapping[str, str]


@dataclass(slots=True)
class MisbehavingServer:
    """The running server."""

    port: int = 0
    host: str = "127.0.0.1"
    scheme: str = "http"
    routes: dict[str, Behaviour] = field(default_factory=dict)
    hits: list[Request] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    #: False when only `counts` are kept: for benches.
    remembers: bool = True

    def url(self, path: str) -> str:
        """Give the address of a path."""
        return f"{self.scheme}://{self.host}:{self.port}{path}"

    @property
    def allowed(self) -> str:
        """Give the pair by which the guard lets requests through."""
        return f"{self.host}:{self.port}"

    def on(self, path: str, behaviour: Behaviour) -> str:
        """Behave so at a path; gives its address."""
        self.routes[path] = behaviour
        return self.url(path)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                lines = head.decode("latin-1").split("\r\n")
                path = lines[0].split(" ")[1]
                headers = dict(_header(line) for line in lines[1:] if ":" in line)
                request = Request(path, headers)
                self.counts[path] += 1
                if self.remembers:
                    self.hits.append(request)
                behaviour = self.routes.get(path.partition("?")[0], reply(404))
                await behaviour(request, writer)
                await writer.drain()
                if writer.is_closing() or headers.get("connection", "").lower() == "close":
                    return
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
            return
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, OSError, asyncio.CancelledError):
                await writer.wait_closed()


@asynccontextmanager
async def serve_misbehaving(
    *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[MisbehavingServer]:
    """Serve until the block ends; open connections are then cut."""
    server = MisbehavingServer(host=host, scheme="https" if tls else "http")
    connections: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(server.handle(reader, writer))
        connections.add(task)
        task.add_done_callback(connections.discard)

    listening = await asyncio.start_server(accept, host, port, ssl=tls, backlog=2048)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in list(connections):
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


def reply(
    status: int = 200, body: bytes = b"", headers: Mapping[str, str] | None = None, *, length: int | None = None
) -> Behaviour:
    """Answer properly; `length` lies about the length."""
    head = f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(body) if length is None else length}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    return raw(head.encode("latin-1") + b"\r\n" + body)


def raw(answer: bytes, *, close: bool = False) -> Behaviour:
    """Write bytes, and close the connection or not."""

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        if close:
            writer.close()

    return behave


def conditional(body: bytes, *, etag: str) -> Behaviour:
    """Answer 304 to a request that brings the ETag, 200 to others."""
    whole, same = reply(200, body, {"ETag": etag}), reply(304, b"", {"ETag": etag})

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        await (same if request.headers.get("if-none-match") == etag else whole)(request, writer)

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Behave differently at each request; the last behaviour stays."""
    asked = 0

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await behaviours[min(asked, len(behaviours)) - 1](request, writer)

    return behave


def redirect(location: str | None, status: int = 302) -> Behaviour:
    """Send elsewhere, or nowhere."""
    return reply(status, b"", {} if location is None else {"Location": location})


def drip(answer: bytes, *, seconds: float = 0.05) -> Behaviour:
    """Write one byte at a time."""

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        for byte in answer:
            writer.write(bytes((byte,)))
            await writer.drain()
            await asyncio.sleep(seconds)

    return behave


def silent(seconds: float = 3600.0) -> Behaviour:
    """Take the request and say nothing."""

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds)

    return behave


def endless(piece: bytes = b"<item><title>more</title></item>" * 1000) -> Behaviour:
    """Begin a body that never ends."""

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n\r\n<rss><channel>")
        while True:
            writer.write(piece)
            await writer.drain()

    return behave


def reset(before: bytes = b"") -> Behaviour:
    """Write some bytes, then reset the connection."""

    async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(before)
        await writer.drain()
        sock: socket.socket = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return behave


def rss(*items: tuple[str, str], channel: str = "") -> bytes:
    """Write an RSS 2.0 document; each item is (guid, title), its link is made of the guid."""
    body = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title>"
        f"<link>https://news.example/{guid}</link><description>{title}.</description></item>"
        for guid, title in items
    )
    return f"<rss version='2.0'><channel><title>News</title>{channel}{body}</channel></rss>".encode()


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()
