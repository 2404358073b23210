"""How long a healthy receiver waits while others hang, and how fast an outbox empties.

`python -m tests.bench.delivering`.

Hanging receivers are a hundred addresses of loopback, so each is a host of its own; a second run puts them all on one.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import psutil

from tests.delivering.building import PostOffice, a_delivery, a_subscription, a_webhook, open_post
from wirewatch.clock import SystemClock
from wirewatch.delivering.sending import Sender
from wirewatch.records import DeliveryState
from wirewatch.store import outbox

HANGING = 100
ROUNDS = 20


class Ports:
    """Listens on every address of loopback; what is posted to a hanging address is never answered."""

    def __init__(self) -> None:
        self.port = 0
        self._arrivals: dict[str, asyncio.Future[float]] = {}
        self.posts = 0

    def arrival(self, identity: str) -> asyncio.Future[float]:
        """Give what will hold the time at which a notice arrived."""
        if identity not in self._arrivals:
            self._arrivals[identity] = asyncio.get_running_loop().create_future()
        return self._arrivals[identity]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read requests of one connection; answer those that are not to hang."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
                await reader.readexactly(int(headers["content-length"]))
                if "hanging" in lines[0]:
                    await asyncio.sleep(3600)
                self.posts += 1
                self.arrival(headers["webhook-id"]).set_result(time.monotonic())
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[Ports]:
    """Listen until the block ends."""
    ports = Ports()
    server = await asyncio.start_server(ports.answer, "0.0.0.0", 0)
    ports.port = server.sockets[0].getsockname()[1]
    try:
        yield ports
    finally:
        server.close()


async def measure_delays(folder: Path, hanging_hosts: int) -> tuple[float, float, float]:
    """Give median and maximum seconds from planning to arrival at the healthy one, and the most CPU of one wait.

    On a machine that does other work the CPU is the truer figure: it is what the wait costs where nobody else works.
    """
    async with listening() as ports:
        hosts = [f"127.0.0.{2 + number % max(hanging_hosts, 1)}" for number in range(HANGING)]
        allowed = tuple({f"{host}:{ports.port}" for host in hosts} | {f"127.0.0.200:{ports.port}"})
        post = open_post(folder, allow=allowed)
        hanging = [
            a_subscription(f"hanging-{number}", a_webhook(folder, f"http://{host}:{ports.port}/hanging"))
            for number, host in enumerate(hosts if hanging_hosts else [])
        ]
        healthy = a_subscription("healthy", a_webhook(folder, f"http://127.0.0.200:{ports.port}/hook"))
        post.subscribe(healthy, *hanging)
        clock, stop = SystemClock(), asyncio.Event()
        sender = Sender(post.database, post.world_box, post.settings, post.metrics, clock)
        most_cpu = 0.0
        running = asyncio.create_task(sender.run(stop))
        delays = []
        for number in range(ROUNDS):
            planned = [a_delivery(number, subscription=one.id, at=clock.now()) for one in (healthy, *hanging)]
            began, cpu = time.monotonic(), time.process_time()
            await post.database.run(outbox.insert_deliveries, planned)
            delays.append(await ports.arrival(planned[0].id) - began)
            most_cpu = max(most_cpu, time.process_time() - cpu)
            await asyncio.sleep(0.1 + number % 7 / 10)
        stop.set()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return statistics.median(delays), max(delays), most_cpu


async def measure_rate(folder: Path, lanes: int, count: int) -> tuple[float, float]:
    """Give deliveries a second through webhooks that answer at once, and how far memory grew, in megabytes."""
    async with listening() as ports:
        hosts = [f"127.0.0.{2 + number}" for number in range(lanes)]
        post: PostOffice = open_post(folder, allow=tuple(f"{host}:{ports.port}" for host in hosts))
        post.subscribe(
            *(
                a_subscription(f"lane-{number}", a_webhook(folder, f"http://{host}:{ports.port}/hook"))
                for number, host in enumerate(hosts)
            )
        )
        for start in range(0, count, 1000):
            planned = [a_delivery(n, subscription=f"lane-{n % lanes}") for n in range(start, start + 1000)]
            await post.database.run(outbox.insert_deliveries, planned)
        settings = replace(post.settings, delivery=replace(post.settings.delivery, timeout_seconds=30))
        sender = Sender(post.database, post.world_box, settings, post.metrics, SystemClock())
        before = psutil.Process().memory_info().rss
        began = time.monotonic()
        await sender.drain()
        seconds = time.monotonic() - began
        grown = (psutil.Process().memory_info().rss - before) / 1e6
        await sender.close()
        counted = await post.database.run(outbox.count_deliveries)
        assert counted[DeliveryState.DELIVERED] == ports.posts == count, "something was lost or sent twice"
        post.database.close()
        return count / seconds, grown


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    count = parser.parse_args().count
    logging.disable(logging.WARNING)  # hanging receivers are what is measured
    print(f"{'a healthy webhook while':<34}{'median s':>10}{'max s':>10}{'max CPU s':>11}")
    for words, hosts in (
        ("nobody hangs", 0),
        (f"{HANGING} hang, each a host", HANGING),
        (f"{HANGING} hang, one host", 1),
    ):
        with tempfile.TemporaryDirectory() as folder:
            median, most, used = asyncio.run(measure_delays(Path(folder), hosts))
        print(f"{words:<34}{median:>10.2f}{most:>10.2f}{used:>11.2f}")
    print(f"\n{count} notices{'':<20}{'notices/s':>12}{'memory +MB':>12}")
    for number in (1, 8):
        with tempfile.TemporaryDirectory() as folder:
            rate, grown = asyncio.run(measure_rate(Path(folder), number, count))
        print(f"{f'through {number} lane(s)':<33}{rate:>12.0f}{grown:>12.1f}")


if __name__ == "__main__":
    main()
