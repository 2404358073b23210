"""What polling costs: `python -m tests.bench.polling`.

First, polls that are answered 304, per CPU-second of the polling process, ours against `requests` with threads (as
`requests.get`, and with a kept session per thread) and against aiohttp alone, alternated in one run. Then 1,000 feeds
of which 5 % change between polls: CPU and memory of the whole process, parser children included. The server runs in a
process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
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
FEEDS = 1000
ITEMS = 50


def main() -> None:
    """Print both tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=4.0, help="length of each measurement")
    arguments.add_argument("--rounds", type=int, default=3, help="alternations")
    arguments.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.serve:
        asyncio.run(_serve())
        return
    with subprocess.Popen(
        [sys.executable, "-m", __spec__.name, "--serve"], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            pair = server.stdout.readline().strip()
            compare_unchanged(pair, options.seconds, options.rounds)
            asyncio.run(measure_changing(pair, rounds=6))
        finally:
            server.terminate()


def compare_unchanged(pair: str, seconds: float, rounds: int) -> None:
    """Alternate ours and the peers on feeds that never change."""
    peers: dict[str, Callable[[str, float], tuple[int, float, float]]] = {
        "wirewatch": lambda pair, seconds: asyncio.run(_poll_for(pair, seconds)),
        "aiohttp alone, one session": lambda pair, seconds: asyncio.run(_ask_for(pair, seconds)),
        "requests.get, 20 threads": lambda pair, seconds: _request_for(pair, seconds, keep_session=False),
        "requests.Session, 20 threads": lambda pair, seconds: _request_for(pair, seconds, keep_session=True),
    }
    rates: dict[str, list[float]] = {name: [] for name in peers}
    walls: dict[str, list[float]] = {name: [] for name in peers}
    for _ in range(rounds):
        for name, run in peers.items():
            polls, cpu, wall = run(pair, seconds)
            rates[name].append(polls / cpu)
            walls[name].append(polls / wall)
    ours = median(rates["wirewatch"])
    print(f"304 polls (median of {rounds})             per CPU-second   per second   ours / theirs")
    for name in peers:
        rate = median(rates[name])
        print(f"  {name:<38} {rate:>14,.0f} {median(walls[name]):>12,.0f} {ours / rate:>14.1f}×")


async def _poll_for(pair: str, seconds: float) -> tuple[int, float, float]:
    feeds = [_feed(pair, f"/same/{number}", f"same-{number}", seconds=0.01) for number in range(200)]
    async with _poller(pair, feeds) as (poller, context):
        stop = asyncio.Event()
        task = asyncio.create_task(poller.run(stop, once=False))
        await _until_polled(context, 4000)  # the first polls read the feeds, and start the parsers
        before, cpu, wall = _polls(context.metrics), process_time(), perf_counter()
        await asyncio.sleep(seconds)
        polls, cpu, wall = _polls(context.metrics) - before, process_time() - cpu, perf_counter() - wall
        stop.set()
        await task
        return polls, cpu, wall


async def _ask_for(pair: str, seconds: float) -> tuple[int, float, float]:
    """Ask with the library that we stand on, and do nothing else: the ceiling of what polling can reach on it."""
    polls, end = 0, perf_counter() + seconds

    async def work(session: aiohttp.ClientSession, number: int) -> None:
        nonlocal polls
        while perf_counter() < end:
            async with session.get(f"http://{pair}/same/{number}", headers={"If-None-Match": '"same"'}) as answer:
                assert answer.status == 304
            polls += 1

    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False) as session:
        cpu, wall = process_time(), perf_counter()
        await asyncio.gather(*(work(session, number) for number in range(THREADS)))
        return polls, process_time() - cpu, perf_counter() - wall


def _request_for(pair: str, seconds: float, *, keep_session: bool) -> tuple[int, float, float]:
    local = threading.local()
    end = perf_counter() + seconds
    headers = {"If-None-Match": '"same"', "Accept-Encoding": "gzip, deflate"}

    def work(number: int) -> int:
        polls = 0
        while perf_counter() < end:
            url = f"http://{pair}/same/{(number + polls * THREADS) % 200}"
            if keep_session:
                if not hasattr(local, "session"):
                    local.session = requests.Session()
                answer = local.session.get(url, headers=headers, timeout=30)
            else:
                answer = requests.get(url, headers=headers, timeout=30)
            assert answer.status_code == 304
            polls += 1
        return polls

    cpu, wall = process_time(), perf_counter()
    with ThreadPoolExecutor(THREADS) as threads:
        polls = sum(threads.map(work, range(THREADS)))
    return polls, process_time() - cpu, perf_counter() - wall


async def measure_changing(pair: str, rounds: int) -> None:
    """Poll a thousand feeds again and again while 5 % of them change between polls."""
    feeds = [_feed(pair, f"/news/{number}", f"news-{number}", seconds=3600) for number in range(FEEDS)]
    async with _poller(pair, feeds) as (poller, context):
        stop = asyncio.Event()
        publisher = context.publisher
        assert isinstance(publisher, FakePublisher)
        task = asyncio.create_task(poller.run(stop, once=False))
        await _until_polled(context, FEEDS)
        await asyncio.sleep(1)
        first = len(publisher.published)
        print(f"\n{FEEDS:,} feeds of {ITEMS} items, 5 % with one new item at each poll")
        print(f"  first poll: {first:,} articles, {_megabytes():.0f} MB with parser children")
        for number in range(rounds):
            cpu, wall, before = _cpu_seconds(), perf_counter(), len(publisher.published)
            async with asyncio.timeout(120):
                polled = _polls(context.metrics)
                for feed in feeds:
                    poller._due.plan(feed.id, 0.0)
                poller._wake.set()
                await _until_polled(context, polled + FEEDS)
            used = _cpu_seconds() - cpu
            print(
                f"  round {number + 1}: {len(publisher.published) - before:>3} new, {used:.2f} CPU-seconds"
                f" ({1000 * used / FEEDS:.2f} ms a poll), {perf_counter() - wall:.2f} s, {_megabytes():.0f} MB"
            )
        stop.set()
        await task


async def _until_polled(context: ConnectorContext, polls: int) -> None:
    while _polls(context.metrics) < polls:  # noqa: ASYNC110 - a counter has no event
        await asyncio.sleep(0.1)


@asynccontextmanager
async def _poller(pair: str, feeds: list[FeedSpec]) -> AsyncIterator[tuple[Poller, ConnectorContext]]:
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
                yield Poller(context, FeedList(tuple(feeds)), fetcher=fetcher, parser=parser, leases=leases), context
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


def _polls(metrics: Metrics) -> int:
    return int(
        sum(
            sample.value
            for metric in metrics.feed_polls.collect()
            for sample in metric.samples
            if sample.name.endswith("_total")
        )
    )


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
        for number in range(200):
            server.on(f"/same/{number}", serve_same)
        for number in range(FEEDS):
            server.on(f"/news/{number}", serve_news)
        print(server.allowed, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    main()
