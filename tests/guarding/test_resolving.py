"""Lookups of names: in time, or not at all."""

import asyncio
import socket
import threading

import pytest

from wirewatch.guarding import resolving
from wirewatch.guarding.resolving import LOOKUPS_AT_ONCE, ThreadResolver


async def test_this_machines_names_are_found() -> None:
    """`localhost` gives loopback addresses with the port that was asked for."""
    found = await ThreadResolver().resolve("localhost", 8080)
    assert {entry["host"] for entry in found} <= {"127.0.0.1", "::1"}
    assert all(entry["port"] == 8080 for entry in found)


@pytest.mark.parametrize("host", ["nosuch.invalid", "a" * 300, "a..b", "\udc80.example"])
async def test_what_is_no_name_fails_as_an_os_error(host: str) -> None:
    """Unknown and impossible names end in one kind of error."""
    with pytest.raises(OSError, match=r".+"):
        await ThreadResolver().resolve(host, 80)


async def test_a_name_server_that_hangs_is_given_up_and_others_are_asked_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Hanging lookups fail at the deadline and keep only their own slots; when they end, the slots are free again."""
    release = threading.Event()
    asked: list[str] = []

    def look_up(host: str, port: int, family: socket.AddressFamily) -> list[object]:
        asked.append(host)
        if host.startswith("slow"):
            release.wait(10)
        return []

    monkeypatch.setattr(resolving, "look_up", look_up)
    resolver = ThreadResolver(timeout_seconds=0.2)
    slow = [asyncio.create_task(resolver.resolve(f"slow{n}.example")) for n in range(LOOKUPS_AT_ONCE - 1)]
    await asyncio.sleep(0)
    assert await resolver.resolve("quick.example") == []
    results = await asyncio.gather(*slow, return_exceptions=True)
    assert all(isinstance(result, OSError) for result in results)
    # One slot is left; with it taken too, the next waits for a slot until its deadline.
    with pytest.raises(OSError, match="no answer"):
        await resolver.resolve("slow-last.example")
    with pytest.raises(OSError, match="no answer"):
        await resolver.resolve("quick-again.example")
    assert "quick-again.example" not in asked
    release.set()
    async with asyncio.timeout(10), resolver._slots:
        pass  # a slot came free
    assert await resolver.resolve("quick-again.example") == []
