"""An aiohttp connector that checks every socket address at the moment it is dialled.

Used by the fetcher and by webhooks. The check sits where the socket is made, behind name resolution, so that redirects,
rebinding names and odd spellings of addresses all meet it. Its users keep `trust_env` off: behind a proxy this hook
would see the proxy and not the target.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver

from wirewatch.guarding.addresses import Verdict, decide_address, parse_allowed
from wirewatch.guarding.resolving import ThreadResolver


class BlockedAddress(OSError):  # noqa: N818 - it says what happened to the address, and reads so where it is caught
    """An address was not dialled, because it is not public or its port is not open to us."""

    def __init__(self, ip: str, port: int, verdict: Verdict) -> None:
        self.ip = ip
        self.port = port
        self.verdict = verdict
        super().__init__(f"{verdict}: [{ip}]:{port}")


def guarded_connector(
    *,
    allowed: Iterable[str],
    ports: Iterable[int],
    limit: int = 64,
    limit_per_host: int = 0,
    resolver: AbstractResolver | None = None,
) -> aiohttp.TCPConnector:
    """Make a connector that dials public addresses on `ports`, and the `address:port` pairs of `allowed`.

    A refused dial surfaces as an aiohttp client error; `find_blocked` tells it from others.

    Args:
        allowed: literal `address:port` pairs, IPv6 in brackets.
        ports: ports that may be dialled on public addresses.
        limit: connections at once.
        limit_per_host: connections at once to one host and port; 0 does not limit.
        resolver: another way to look names up; for tests.
    """
    return aiohttp.TCPConnector(
        limit=limit,
        limit_per_host=limit_per_host,
        resolver=resolver or ThreadResolver(),
        socket_factory=_guarded_socket(parse_allowed(tuple(allowed)), frozenset(ports)),
    )


def find_blocked(error: BaseException) -> BlockedAddress | None:
    """Give the refusal behind a client error, or None when it failed for another reason."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, BlockedAddress):
            return seen
        seen = getattr(seen, "os_error", None) or seen.__cause__ or seen.__context__
    return None


def _guarded_socket(
    allowed: frozenset[tuple[str, int]], ports: frozenset[int]
) -> Callable[[tuple[Any, ...]], socket.socket]:
    def make_socket(address_info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = address_info
        ip, port = str(address[0]), int(address[1])
        verdict = decide_address(ip, port, allowed=allowed, ports=ports)
        if verdict is not Verdict.ALLOWED:
            raise BlockedAddress(ip, port, verdict)
        return socket.socket(family, kind, protocol)

    return make_socket
