"""What the connectors' tests share: settings, a fetcher, a misbehaving server."""

from collections.abc import AsyncIterator

import pytest

from tests.harness.misbehaving_server import MisbehavingServer, serve_misbehaving
from wirewatch.clock import SystemClock
from wirewatch.settings import FetchSettings
from wirewatch_connectors.fetching import Fetcher

#: Seconds after which a fetch of these tests gives up: far longer than loopback needs, short enough to wait for.
DEADLINE_SECONDS = 0.6


def fetch_settings(*allowed: str, **changes: object) -> FetchSettings:
    """Build settings that reach the allowed pairs and give up soon."""
    values: dict[str, object] = {
        "allow_addresses": allowed,
        "user_agent": "Wirewatch/test",
        "total_timeout_seconds": DEADLINE_SECONDS,
        "max_body_bytes": 1024 * 1024,
        "max_connections": 64,
        "ports": (80, 443, 8080, 8443),
    }
    return FetchSettings(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
async def server() -> AsyncIterator[MisbehavingServer]:
    """A server that does what the test tells it to."""
    async with serve_misbehaving() as running:
        yield running


@pytest.fixture
async def fetcher(server: MisbehavingServer) -> AsyncIterator[Fetcher]:
    """A fetcher that may reach the server, and nothing else on this machine."""
    async with Fetcher(fetch_settings(server.allowed), SystemClock()) as opened:
        yield opened
