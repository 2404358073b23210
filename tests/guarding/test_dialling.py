"""The guard at the socket: what is dialled, not what was asked for."""

import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from wirewatch.guarding.addresses import Verdict
from wirewatch.guarding.dialling import find_blocked, guarded_connector


class ScriptedResolver(AbstractResolver):
    """Answers lookups from a script, one answer a call, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Give the next answer."""
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [
            ResolveResult(hostname=host, host=ip, port=port, family=socket.AF_INET, proto=0, flags=0) for ip in answer
        ]

    async def close(self) -> None:
        """Do nothing."""


@pytest.fixture
async def canary() -> AsyncIterator[tuple[int, list[str]]]:
    """Serve on every loopback address; gives the port and the paths that were asked for."""
    hits: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        hits.append(request.path)
        return web.Response(text="canary")

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "0.0.0.0", 0)
    await site.start()
    yield runner.addresses[0][1], hits
    await runner.cleanup()


async def verdict_of(url: str, connector: aiohttp.TCPConnector) -> Verdict | None:
    """Ask for a URL; give the guard's verdict when it refused."""
    async with aiohttp.ClientSession(connector=connector, trust_env=False) as session:
        try:
            async with session.get(url) as response:
                await response.read()
        except (aiohttp.ClientError, ValueError) as error:
            blocked = find_blocked(error)
            return blocked.verdict if blocked else None
    return Verdict.ALLOWED


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "127.0.0.2", "0.0.0.0"])
async def test_loopback_is_refused_before_a_socket_is_made(host: str, canary: tuple[int, list[str]]) -> None:
    """Every name of this machine is refused, and nothing reaches the server that listens there."""
    port, hits = canary
    connector = guarded_connector(allowed=(), ports=(port,))
    assert await verdict_of(f"http://{host}:{port}/", connector) is Verdict.BLOCKED_ADDRESS
    assert hits == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0", "127.0.0.1", "127。0。0。1"])
async def test_odd_spellings_of_loopback_never_connect(host: str, canary: tuple[int, list[str]]) -> None:
    """Numbers, hexadecimal, octal, short forms and full-width digits do not get through either."""
    port, hits = canary
    connector = guarded_connector(allowed=(), ports=(port,))
    assert await verdict_of(f"http://{host}:{port}/", connector) is not Verdict.ALLOWED
    assert hits == []


async def test_a_name_with_public_and_private_addresses_never_reaches_the_private_one(
    canary: tuple[int, list[str]],
) -> None:
    """Of a name's addresses only those that may be dialled are; here none can be reached, so the request fails."""
    port, hits = canary
    resolver = ScriptedResolver(["127.0.0.3", "127.0.0.2"])
    connector = guarded_connector(allowed=["127.0.0.2:1"], ports=(port,), resolver=resolver)
    assert await verdict_of(f"http://news.example:{port}/", connector) is Verdict.BLOCKED_ADDRESS
    assert hits == []


async def test_the_allowed_one_of_two_addresses_is_dialled(canary: tuple[int, list[str]]) -> None:
    """A refused address does not cost the request: the next one is tried."""
    port, hits = canary
    resolver = ScriptedResolver(["127.0.0.2", "127.0.0.1"])
    connector = guarded_connector(allowed=[f"127.0.0.1:{port}"], ports=(), resolver=resolver)
    assert await verdict_of(f"http://news.example:{port}/", connector) is Verdict.ALLOWED
    assert hits == ["/"]


async def test_a_rebinding_name_is_refused_at_its_second_answer(canary: tuple[int, list[str]]) -> None:
    """A name that first resolves to an allowed address and then to another is judged anew at every dial."""
    port, hits = canary
    resolver = ScriptedResolver(["127.0.0.1"], ["127.0.0.2"])
    connector = guarded_connector(allowed=[f"127.0.0.1:{port}"], ports=(), resolver=resolver)
    connector._use_dns_cache = False
    async with aiohttp.ClientSession(connector=connector) as session:
        async with session.get(f"http://news.example:{port}/1", headers={"Connection": "close"}) as response:
            await response.read()
        with pytest.raises(aiohttp.ClientConnectorError) as refused:
            await session.get(f"http://news.example:{port}/2")
    assert find_blocked(refused.value)
    assert hits == ["/1"]


async def test_a_port_that_is_not_open_is_named_as_the_reason() -> None:
    """A public address with a closed port is refused by its port; nothing is dialled."""
    connector = guarded_connector(allowed=(), ports=(80, 443))
    assert await verdict_of("http://8.8.8.8:6379/", connector) is Verdict.BLOCKED_PORT


async def test_other_failures_are_not_taken_for_refusals() -> None:
    """A connection that nobody answers is a failure, not a refusal of ours."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    connector = guarded_connector(allowed=[f"127.0.0.1:{port}"], ports=())
    assert await verdict_of(f"http://127.0.0.1:{port}/", connector) is None
