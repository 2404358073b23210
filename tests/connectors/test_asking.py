"""One GET on a kept connection: what is sent, what is tried again, and when a connection may be used again."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.connector import Connection
from aiohttp.http import HttpProcessingError
from yarl import URL

from tests.harness.misbehaving_server import MisbehavingServer, Request, in_turn, raw, reply, reset, rss
from wirewatch.guarding.dialling import guarded_connector
from wirewatch_connectors.asking import Asker

FEED = rss(("1", "Harbour reopens"))


@pytest.fixture
async def connector(server: MisbehavingServer) -> AsyncIterator[aiohttp.TCPConnector]:
    """A connector that reaches the server."""
    opened = guarded_connector(allowed=[server.allowed], ports=[80])
    yield opened
    await opened.close()


@pytest.fixture
async def asker(connector: aiohttp.TCPConnector) -> Asker:
    """An asker with a name."""
    return Asker(connector, {"User-Agent": "Wirewatch/test"})


async def body_of(asker: Asker, url: str, **headers: str) -> tuple[int, bytes]:
    """Ask, read all, and give the connection back."""
    answer = await asker.ask(URL(url), headers)
    try:
        return answer.status, await answer.content.read()
    finally:
        answer.release()


async def test_the_request_is_what_the_address_and_the_headers_say(server: MisbehavingServer, asker: Asker) -> None:
    """Path and query go encoded, Host names the port, the fragment stays here, and nothing is sent unasked."""
    url = server.on("/n%C3%A4he", reply(200, FEED))
    assert await body_of(asker, f"{url}?a=1&b=%20#top", Accept="text/xml") == (200, FEED)
    assert server.hits == [
        Request(
            "/n%C3%A4he?a=1&b=%20",
            {"host": server.allowed, "user-agent": "Wirewatch/test", "accept": "text/xml"},
        )
    ]


async def test_a_connection_is_used_again_after_its_body_was_read(server: MisbehavingServer, asker: Asker) -> None:
    """Two requests, one dial; a body that nobody read to its end costs its connection."""
    dialled_from: list[object] = []
    whole = reply(200, FEED * 10_000)

    async def noting(request: Request, writer: asyncio.StreamWriter) -> None:
        dialled_from.append(writer.get_extra_info("peername"))
        await whole(request, writer)

    url = server.on("/rss", noting)
    await body_of(asker, url)
    await body_of(asker, url)
    assert len(set(dialled_from)) == 1
    answer = await asker.ask(URL(url), {})
    answer.release()
    await body_of(asker, url)
    assert len(dialled_from) == 4
    assert len(set(dialled_from)) == 2


async def test_a_kept_connection_that_its_host_closed_is_dialled_anew(server: MisbehavingServer, asker: Asker) -> None:
    """A request that met a closing connection is sent once more, and no more often."""
    url = server.on("/rss", in_turn(reply(200, FEED), reset(), reply(200, FEED)))
    assert [await body_of(asker, url), await body_of(asker, url)] == [(200, FEED)] * 2
    assert server.counts["/rss"] == 3
    gone = server.on("/gone", reset())
    with pytest.raises((aiohttp.ClientError, ConnectionResetError)):
        await body_of(asker, gone)
    assert server.counts["/gone"] == 2


async def test_interim_answers_are_passed_over(server: MisbehavingServer, asker: Asker) -> None:
    """Early hints come before the answer; they are not the answer."""
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    url = server.on("/rss", raw(hints * 2 + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"))
    assert await body_of(asker, url) == (200, b"hi")


async def test_what_is_not_http_is_an_error_and_costs_the_connection(server: MisbehavingServer, asker: Asker) -> None:
    """After nonsense the next request begins on a fresh connection."""
    url = server.on("/rss", in_turn(raw(b"SSH-2.0-OpenSSH\r\n"), reply(200, FEED)))
    with pytest.raises(HttpProcessingError):
        await body_of(asker, url)
    assert await body_of(asker, url) == (200, FEED)


@pytest.mark.parametrize("value", ['"a"\r\nX-Evil: 1', "a\nb", "a\rb", "a\0b", "é", "a\x7fb"])
async def test_no_header_can_end_the_header(server: MisbehavingServer, asker: Asker, value: str) -> None:
    """Line ends, control characters and what is not ASCII are refused before anything is sent."""
    url = server.on("/rss", reply(200, FEED))
    with pytest.raises(ValueError, match="printable ASCII"):
        await asker.ask(URL(url), {"If-None-Match": value})
    assert server.hits == []
    async with aiohttp.TCPConnector() as connector:
        with pytest.raises(ValueError, match="User-Agent"):
            Asker(connector, {"User-Agent": value})


async def test_a_request_that_is_given_up_costs_its_connection(server: MisbehavingServer, asker: Asker) -> None:
    """A late answer to a request that was cancelled is never taken for the answer to the next one."""
    go_on = asyncio.Event()

    async def late(request: Request, writer: asyncio.StreamWriter) -> None:
        await go_on.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate")

    first, second = server.on("/late", late), server.on("/rss", reply(200, FEED))
    asked = asyncio.create_task(body_of(asker, first))
    while not server.hits:  # noqa: ASYNC110 - the server has no event
        await asyncio.sleep(0)
    asked.cancel()
    await asyncio.wait({asked})
    go_on.set()
    assert await body_of(asker, second) == (200, FEED)


async def test_a_connection_that_is_gone_when_it_is_to_be_used_is_an_error_and_no_bug(
    server: MisbehavingServer, asker: Asker, connector: aiohttp.TCPConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host may accept and hang up before the request is written; it is dialled once more."""
    url = server.on("/rss", reply(200, FEED))
    dial, dials = connector.connect, 0

    async def hang_up(*arguments: object, **options: object) -> Connection:
        nonlocal dials
        dials += 1
        connection: Connection = await dial(*arguments, **options)  # type: ignore[arg-type]
        assert connection.transport is not None
        connection.transport.abort()
        return connection

    monkeypatch.setattr(connector, "connect", hang_up)
    with pytest.raises(aiohttp.ClientConnectionResetError):
        await body_of(asker, url)
    assert dials == 2
    assert server.hits == []
