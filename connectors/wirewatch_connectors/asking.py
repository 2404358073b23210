"""One GET on a connection of aiohttp's pool. Called by `fetching`, for every hop.

aiohttp dials (through the guard), speaks TLS, keeps connections and reads answers; its session is left out, because the
request and response objects that it makes for each GET cost more than all of that. Follows no redirect, undoes no
encoding, keeps no cookie, knows no proxy; deadline and caps are its caller's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

import aiohttp
from aiohttp.connector import Connection
from multidict import CIMultiDictProxy
from yarl import URL

#: Deadlines are the caller's; they cover more than one request.
_NO_TIMEOUT = aiohttp.ClientTimeout(total=None)


class Answer:
    """The head of an answer, and the stream of its body. Release it, or close it, when done."""

    __slots__ = ("_connection", "content", "headers", "status")

    def __init__(
        self,
        status: int,
        headers: CIMultiDictProxy[str],
        content: aiohttp.StreamReader,
        connection: Connection,
    ) -> None:
        self.status: Final = status
        self.headers: Final = headers
        #: As it comes over the wire, only chunks undone.
        self.content: Final = content
        self._connection = connection

    def release(self) -> None:
        """Give the connection back for the next request; one whose body was not read to its end is closed."""
        self._connection.release()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class Asker:
    """Sends GETs over a connector; the connector stays its maker's."""

    def __init__(self, connector: aiohttp.BaseConnector, headers: Mapping[str, str]) -> None:
        """Take a connector, and headers that every request carries.

        Raises:
            ValueError: a header cannot be sent.
        """
        self._connector = connector
        self._loop = asyncio.get_running_loop()
        self._every_request = _written(headers)
        #: What tells the connector where to dial; it depends on the origin alone.
        self._targets: dict[URL, aiohttp.ClientRequest] = {}

    async def ask(self, url: URL, headers: Mapping[str, str]) -> Answer:
        """Send a GET and wait for the head of its answer.

        A kept connection may have been closed by its host a moment ago: such a request is sent once more.

        Args:
            url: an http(s) address with a host.
            headers: of this request, besides those of every request.

        Raises:
            ValueError: a header cannot be sent.
            aiohttp.ClientError: no connection, or it broke.
            aiohttp.http.HttpProcessingError: what came back is not HTTP.
        """
        request = (
            f"GET {url.raw_path_qs} HTTP/1.1\r\nHost: {url.host_port_subcomponent}\r\n"
            f"{self._every_request}{_written(headers)}\r\n"
        ).encode("ascii")
        try:
            return await self._send(url, request)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, ConnectionResetError) as error:
            if isinstance(error, aiohttp.ClientConnectorError):
                raise  # it was not even dialled
            return await self._send(url, request)

    async def _send(self, url: URL, request: bytes) -> Answer:
        connection = await self._connector.connect(self._target_of(url), traces=[], timeout=_NO_TIMEOUT)
        try:
            return await _exchange(connection, request)
        except BaseException:
            connection.close()
            raise

    def _target_of(self, url: URL) -> aiohttp.ClientRequest:
        origin = url.origin()
        target = self._targets.get(origin)
        if target is None:
            if len(self._targets) >= 10_000:  # hosts come from the configuration; this bounds redirects over years
                self._targets.clear()
            target = self._targets[origin] = aiohttp.ClientRequest("GET", origin, loop=self._loop)
        return target


async def _exchange(connection: Connection, request: bytes) -> Answer:
    protocol, transport = connection.protocol, connection.transport
    if protocol is None or transport is None or transport.is_closing():
        raise aiohttp.ClientConnectionResetError("closed as soon as it was opened")
    protocol.set_response_params(read_until_eof=True, auto_decompress=False)
    transport.write(request)
    message, content = await protocol.read()
    while message.code < 200 and message.code != 101:  # the host says that it is still there
        message, content = await protocol.read()
    return Answer(message.code, message.headers, content, connection)


def _written(headers: Mapping[str, str]) -> str:
    lines = ""
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable()):  # so that nothing in it can end the header
            raise ValueError(f"expected a {name} of printable ASCII, got {value[:100]!r}")
        lines += f"{name}: {value}\r\n"
    return lines
