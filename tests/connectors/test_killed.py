"""A poller that is killed with SIGKILL at every place that matters loses nothing and forges nothing."""

import asyncio
import json
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import psycopg
import pytest

from tests.harness.misbehaving_server import MisbehavingServer, conditional, rss, serve_misbehaving
from wirewatch.store.database import open_database

FEEDS = 6
ITEMS = 10
PLACES = ("before-log", "after-log", "during-memory", "after-memory")


def serve_feeds(server: MisbehavingServer, version: int = 1) -> set[str]:
    """Serve feeds with ETags; gives the titles of all their items."""
    titles = set()
    for number in range(FEEDS):
        names = [f"News {number}.{item}" for item in range(version * ITEMS)]
        titles.update(names)
        body = rss(*((f"{number}-{name.rpartition('.')[2]}", name) for name in reversed(names)))
        server.on(f"/{number}", conditional(body, etag=f'"v{version}"'))
    return titles


async def poll(folder: Path, server: MisbehavingServer, where: str, number: int, *more: str) -> int:
    """Run a poller until it ends or dies; gives its exit code."""
    words = [str(folder), server.allowed, str(FEEDS), where, str(number), *more]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.connectors.killed_poller", *words)
    return await process.wait()


def read_log(folder: Path) -> list[dict[str, object]]:
    """Give every article of the log; a torn last line is no article."""
    path = folder / "log.jsonl"
    lines: Iterable[bytes] = path.read_bytes().split(b"\n")[:-1] if path.exists() else ()
    return [json.loads(line) for line in lines]


def assert_whole(folder: Path, titles: set[str]) -> None:
    """The oracle: every item is there, under one id, and no id means two items."""
    log = read_log(folder)
    assert {article["title"] for article in log} == titles
    assert len({article["id"] for article in log}) == len(titles)
    assert {article["revision"] for article in log} == {1}


@pytest.mark.slow
async def test_killed_at_every_place_nothing_is_lost(tmp_path: Path) -> None:
    """Killed before the log, after it, inside the memory's transaction and after it, again and again."""
    die = random.Random(20251124)
    async with serve_misbehaving() as server:
        for version in range(1, 5):
            titles = serve_feeds(server, version)
            for place in PLACES:
                code = await poll(tmp_path, server, place, die.randint(1, 2))
                assert code in (-signal.SIGKILL, 0), place
            assert await poll(tmp_path, server, "never", 0) == 0
            assert_whole(tmp_path, titles)


@pytest.mark.services
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
async def test_feeds_of_a_poller_that_dies_or_sleeps_are_taken_over_within_a_minute(
    tmp_path: Path, postgres_url: str, end: signal.Signals
) -> None:
    """Two pollers share the feeds; one ends, the other brings all news; a sleeper that wakes adds none."""
    open_database(postgres_url, tmp_path).close()
    folders = [tmp_path / name for name in ("one", "two")]
    async with serve_misbehaving() as server:
        titles = serve_feeds(server, 1)
        pollers = []
        for folder in folders:
            folder.mkdir()
            words = [str(folder), server.allowed, str(FEEDS), "never", "0", "--stay", postgres_url]
            pollers.append(
                await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.connectors.killed_poller", *words)
            )
        try:
            await until(lambda: len(_holders(postgres_url)) == 2)
            await until(lambda: _titles(folders) == titles)
            pollers[0].send_signal(end)
            titles = serve_feeds(server, 2)
            await until(lambda: _titles(folders) == titles)
            if end is signal.SIGSTOP:
                pollers[0].send_signal(signal.SIGCONT)
                polled = sum(server.counts.values())
                await until(lambda: sum(server.counts.values()) >= polled + 20 * FEEDS)
        finally:
            for poller in pollers:
                if poller.returncode is None:
                    poller.kill()
            await asyncio.gather(*(poller.wait() for poller in pollers))
    log = [article for folder in folders for article in read_log(folder)]
    assert len({article["id"] for article in log}) == len(titles)
    assert len(log) == len(titles), "an article came twice"


async def until(condition: Callable[[], bool]) -> None:
    """Wait for other processes to bring something about, a minute at most."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - other processes set no event
            await asyncio.sleep(0.5)


def _titles(folders: Iterable[Path]) -> set[object]:
    return {article["title"] for folder in folders for article in read_log(folder)}


def _holders(url: str) -> Counter[str]:
    """Count the feeds that each poller holds."""
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT owner FROM feed_leases WHERE expires_at > now() AND owner <> ''").fetchall()
    return Counter(str(row[0]) for row in rows)


@pytest.mark.slow
async def test_the_oracle_sees_a_log_that_is_not_durable(tmp_path: Path) -> None:
    """Negative control: a publisher that returns before it has written loses articles to the same kill."""
    async with serve_misbehaving() as server:
        titles = serve_feeds(server)
        assert await poll(tmp_path, server, "after-memory", 1, "--lies") == -signal.SIGKILL
        assert await poll(tmp_path, server, "never", 0) == 0
        with pytest.raises(AssertionError):
            assert_whole(tmp_path, titles)
