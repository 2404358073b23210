"""What polling costs: `python -m tests.bench.polling`.

First, polls that are answered 304, per CPU-second of the polling process, ours against `requests` with threads (a kept
session for each thread, and `requests.get`) and against aiohttp alone. Each contestant polls the same 200 feeds of the
same server equally often, in a process of its own, in turn in one run. Ours is the whole poll (schedule, lease, guarded
fetch, decision, next time, metrics, memory noted for the store); the peers ask, check for 304, and do nothing else.
Then 1,000 feeds of which 5 % change between polls: CPU and memory of the whole process, parser children included.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import aiohttp
import psutil
import requests

from tests.connectors.conftest import fetch_settings
from tests.connectors.desk import a_feed
from tests.fakes import FakePublisher
from tests.harness.misbehaving_server import Request, reply, rss, serve_misbehaving
from wirewatch.clock import SystemClock
from wirewatch.commands.memory import settle_memory
from wirewatch.configuration import Problems
from wirewatch.connecting import ConnectorContext
from wirewatch.metrics import Metrics
from wirewatch.settings import load_settings
from wirewatch.store.database import open_database
from wirewatch_connectors.feeds import FeedList, FeedSpec
from wirewatch_connectors.fetching import Fetcher
from wirewatch_connectors.leasing import Leases
from wirewatch_connectors.parsing.pool import ParserPool
from wirewatch_connectors.rounds import Poller

THREADS = 20
OURS, CEILING = "wirewatch, the whole poll", "aiohttp alone, one session"
KEPT, PLAIN = "requests.Session, 20 threads", "requests.get, 20 threads"
#: Feeds that never change.
SAME = 200
#: Polls before the measurement begins: they read the feeds, and start the parsers.
WARM_UP = 2000
FEEDS = 1000
ITEMS = 50


def main() -> None:
    """Print both tables, or be one of the processes that are measured."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--polls", type=int, default=6000, help="polls of each contestant in each round")
    arguments.add_argument("--rounds", type=int, default=5, help="alternations")
    arguments.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    arguments.add_argument("--contestant", nargs=2, metavar=("NAME", "ADDRESS"), help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.serve:
        asyncio.run(_serve())
        return
    if options.contestant:
        name, pair = options.contestant
        print(*CONTESTANTS[name](pair, options.polls))
        return
    with subprocess.Popen(
        [sys.executable, "-m", __spec__.name, "--serve"], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            pair = server.stdout.readline().strip()
            compare_unchanged(pair, options.polls, options.rounds)
            asyncio.run(measure_changing(pair, rounds=6))
        finally:
            server.terminate()


def compare_unchanged(pair: str, polls: int, rounds: int) -> None:
    """Alternate ours and the peers on feeds that never change."""
    cpu: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    wall: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    for _ in range(rounds):
        for name in CONTESTANTS:
            call = [sys.executable, "-m", __spec__.name, "--polls", str(polls), "--contestant", name, pair]
            said = subprocess.run(call, check=True, capture_output=True, text=True).stdout.split()
            cpu[name].append(polls / float(said[0]))
            wall[name].append(polls / float(said[1]))
    print(
        f"{polls:,} polls answered 304, {rounds} rounds   per CPU-second   per second   ours / theirs (median, range)"
    )
    for name in CONTESTANTS:
        ratios = sorted(ours / theirs for ours, theirs in zip(cpu[OURS], cpu[name], strict=True))
        spread = "" if name == OURS else f"{median(ratios):>8.1f}× ({ratios[0]:.1f}–{ratios[-1]:.1f})"
        print(f"  {name:<34} {median(cpu[name]):>14,.0f} {median(wall[name]):>12,.0f} {spread}")


def _poll(pair: str, polls: int) -> tuple[float, float]:
    return asyncio.run(_poll_as_a_process_does(pair, polls))


async def _poll_as_a_process_does(pair: str, polls: int) -> tuple[float, float]:
    feeds = [_feed(pair, f"/same/{number}", f"same-{number}", seconds=0.01) for number in range(SAME)]
    async with _poller(pair, feeds) as poller:
        settle_memory()  # as `wirewatch poll` does
        stop = asyncio.Event()
        task = asyncio.create_task(poller.run(stop, once=False))
        await _until_polled(poller, WARM_UP)
        before, cpu, wall = _polls(poller), process_time(), perf_counter()
        await _until_polled(poller, before + polls)
        share = polls / (_polls(poller) - before)  # a few more were polled when we looked
        cpu, wall = process_time() - cpu, perf_counter() - wall
        stop.set()
        await task
        return cpu * share, wall * share


def _ask(pair: str, polls: int) -> tuple[float, float]:
    """Ask with the library that we stand on, and do nothing else."""

    async def work(session: aiohttp.ClientSession, first: int) -> None:
        for number in range(first, polls, THREADS):
            url = f"http://{pair}/same/{number % SAME}"
            async with session.get(url, headers={"If-None-Match": '"same"'}) as answer:
                assert answer.status == 304

    async def run() -> tuple[float, float]:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False) as session:
            cpu, wall = process_time(), perf_counter()
            await asyncio.gather(*(work(session, number) for number in range(THREADS)))
            return process_time() - cpu, perf_counter() - wall

    return asyncio.run(run())


def _request(pair: str, polls: int, *, keep_session: bool) -> tuple[float, float]:
    headers = {"If-None-Match": '"same"', "Accept-Encoding": "gzip, deflate"}

    def work(first: int) -> None:
        with requests.Session() as session:
            get = session.get if keep_session else requests.get
            for number in range(first, polls, THREADS):
                answer = get(f"http://{pair}/same/{number % SAME}", headers=headers, timeout=30)
                assert answer.status_code == 304

    cpu, wall = process_time(), perf_counter()
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(THREADS)))
    return process_time() - cpu, perf_counter() - wall


#: Each polls so often and gives the seconds of CPU and of the clock that it took.
CONTESTANTS: dict[str, Callable[[str, int], tuple[float, float]]] = {
    OURS: _poll,
    CEILING: _ask,
    KEPT: partial(_request, keep_session=True),
    PLAIN: partial(_request, keep_session=False),
}


async def measure_changing(pair: str, rounds: int) -> None:
    """Poll a thousand feeds again and again while 5 % of them change between polls."""
    feeds = [_feed(pair, f"/news/{number}", f"news-{number}", seconds=3600) for number in range(FEEDS)]
    async with _poller(pair, feeds) as poller:
        stop = asyncio.Event()
        publisher = poller._context.publisher
        assert isinstance(publisher, FakePublisher)
        task = asyncio.create_task(poller.run(stop, once=False))
        await _until_polled(poller, FEEDS)
        await asyncio.sleep(1)
        first = len(publisher.published)
        print(f"\n{FEEDS:,} feeds of {ITEMS} items, 5 % with one new item at each poll")
        print(f"  first poll: {first:,} articles, {_megabytes():.0f} MB with parser children")
        for number in range(rounds):
            cpu, wall, before = _cpu_seconds(), perf_counter(), len(publisher.published)
            async with asyncio.timeout(120):
                polled = _polls(poller)
                for feed in feeds:
                    poller._due.plan(feed.id, 0.0)
                poller._wake.set()
                await _until_polled(poller, polled + FEEDS)
            used = _cpu_seconds() - cpu
            print(
                f"  round {number + 1}: {len(publisher.published) - before:>3} new, {used:.2f} CPU-seconds"
                f" ({1000 * used / FEEDS:.2f} ms a poll), {perf_counter() - wall:.2f} s, {_megabytes():.0f} MB"
            )
        stop.set()
        await task


async def _until_polled(poller: Poller, polls: int) -> None:
    while _polls(poller) < polls:  # noqa: ASYNC110 - a counter has no event
        await asyncio.sleep(0.02)


@asynccontextmanager
async def _poller(pair: str, feeds: list[FeedSpec]) -> AsyncIterator[Poller]:
    with tempfile.TemporaryDirectory(prefix="wirewatch-bench-") as folder:
        config, data = Path(folder) / "config", Path(folder) / "var"
        config.mkdir()
        for name in ("settings.toml", "feeds.toml"):
            (config / name).touch()
        settings = load_settings(config, data, {}, Problems())
        settings = replace(settings, fetch=fetch_settings(pair, total_timeout_seconds=30.0))
        clock, database = SystemClock(), open_database("sqlite://", data)
        metrics = Metrics()
        context = ConnectorContext(settings, clock, database, metrics, FakePublisher(), lambda line: None)
        parser = ParserPool(metrics=metrics, clock=clock)
        try:
            async with Fetcher(settings.fetch, clock) as fetcher:
                leases = Leases(database, clock)
                yield Poller(context, FeedList(tuple(feeds)), fetcher=fetcher, parser=parser, leases=leases)
        finally:
            await parser.close()
            database.close()


def _feed(pair: str, path: str, feed_id: str, *, seconds: float) -> FeedSpec:
    return replace(
        a_feed(feed_id),
        url=f"http://{pair}{path}",
        interval_seconds=seconds,
        min_interval_seconds=seconds,
        max_interval_seconds=seconds,
    )


def _polls(poller: Poller) -> int:
    return poller._reporter._polls


def _cpu_seconds() -> float:
    own = psutil.Process()
    return sum(sum(process.cpu_times()[:2]) for process in (own, *own.children(recursive=True)) if _is_ours(process))


def _megabytes() -> float:
    own = psutil.Process()
    used = [process.memory_info().rss for process in (own, *own.children(recursive=True)) if _is_ours(process)]
    return sum(used) / 1e6


def _is_ours(process: psutil.Process) -> bool:
    """Leave the server out."""
    return process.pid == os.getpid() or "--serve" not in process.cmdline()


async def _serve() -> None:
    """Serve feeds that never change under /same, and under /news feeds of which 5 % change at each poll."""
    unchanged = rss(*((str(item), f"News {item}") for item in range(ITEMS)))
    asked: dict[str, int] = {}
    same, whole = reply(304, b"", {"ETag": '"same"'}), reply(200, unchanged, {"ETag": '"same"'})

    async def serve_same(request: Request, writer: asyncio.StreamWriter) -> None:
        await (same if request.headers.get("if-none-match") == '"same"' else whole)(request, writer)

    async def serve_news(request: Request, writer: asyncio.StreamWriter) -> None:
        number = int(request.path.rpartition("/")[2])
        polls = asked[request.path] = asked.get(request.path, -1) + 1
        version = sum(1 for poll in range(1, polls + 1) if (number + poll) % 20 == 0)
        etag = f'"v{version}"'
        if request.headers.get("if-none-match") == etag:
            await reply(304, b"", {"ETag": etag})(request, writer)
            return
        items = [(f"{number}-{item}", f"News {item} of {number}") for item in range(version + ITEMS, version, -1)]
        await reply(200, rss(*items), {"ETag": etag})(request, writer)

    async with serve_misbehaving() as server:
        server.remembers = False
        for number in range(SAME):
            server.on(f"/same/{number}", serve_same)
        for number in range(FEEDS):
            server.on(f"/news/{number}", serve_news)
        print(server.allowed, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    main()
