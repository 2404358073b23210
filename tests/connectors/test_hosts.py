"""How many requests one host gets at once, and how soon after one another."""

import asyncio

from tests.fakes import FakeClock
from wirewatch_connectors.hosts import Hosts


async def starts(hosts: Hosts, clock: FakeClock, host: str, requests: int) -> list[float]:
    """Ask a host so often at once; give the seconds after which each request began."""
    began = clock.monotonic()
    found = []

    async def ask() -> None:
        async with hosts.turn(host):
            found.append(clock.monotonic() - began)

    await asyncio.gather(*(ask() for _ in range(requests)))
    return found


async def test_requests_to_one_host_begin_apart_and_those_to_others_do_not_wait() -> None:
    """The spacing is the one that was set, for each host alone."""
    clock = FakeClock()
    hosts = Hosts(clock, at_once=1, spacing_seconds=3.0)
    assert await starts(hosts, clock, "courier.example", 3) == [0.0, 3.0, 6.0]
    assert await starts(hosts, clock, "herald.example", 1) == [0.0]


async def test_no_spacing_means_none_and_own_hosts_never_wait() -> None:
    """Zero is allowed; hosts that an operator opened by address are asked as often as configured."""
    clock = FakeClock()
    assert await starts(Hosts(clock, at_once=1, spacing_seconds=0.0), clock, "courier.example", 3) == [0.0] * 3
    own = Hosts(clock, at_once=1, spacing_seconds=3.0, exempt=frozenset({"127.0.0.1"}))
    assert await starts(own, clock, "127.0.0.1", 3) == [0.0] * 3
    assert own.exempts("127.0.0.1")
    assert not own.exempts("courier.example")


async def test_no_more_requests_at_once_than_set() -> None:
    """The next one begins when one has ended."""
    hosts = Hosts(FakeClock(), at_once=2, spacing_seconds=0.0)
    inside = most = 0
    go_on = asyncio.Event()

    async def ask() -> None:
        nonlocal inside, most
        async with hosts.turn("courier.example"):
            inside += 1
            most = max(most, inside)
            await go_on.wait()
            inside -= 1

    tasks = [asyncio.create_task(ask()) for _ in range(5)]
    for _ in range(5):
        await asyncio.sleep(0)
    assert inside == 2
    go_on.set()
    await asyncio.gather(*tasks)
    assert most == 2
