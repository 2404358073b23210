"""A thousand feeds, a third of them bad in every way: the healthy ones keep their rhythm."""

import asyncio
import gzip
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.connectors.desk import a_feed
from tests.connectors.room import open_room
from tests.harness.misbehaving_server import (
    Behaviour,
    Request,
    conditional,
    drip,
    endless,
    raw,
    redirect,
    reply,
    reset,
    rss,
    serve_misbehaving,
    silent,
)
from wirewatch.clock import SystemClock
from wirewatch.store.feed_health import FeedState, feed_health

FEEDS = 1000
#: The proportions of life, a minute for a second: a fetch may take a thirtieth of the interval.
INTERVAL_SECONDS = 20.0
ROUNDS = 3

BAD: tuple[Behaviour, ...] = (
    silent(),
    drip(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + bytes(5000)),
    drip(b"HTTP/1.1 200 OK\r\nX: " + bytes(5000)),
    endless(),
    reply(500),
    reply(503, b"", {"Retry-After": "5"}),
    reply(404),
    reply(410),
    redirect("/elsewhere"),
    redirect("http://10.0.0.1/"),
    reset(),
    reset(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<rss>"),
    raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nshort", close=True),
    raw(b"SSH-2.0-OpenSSH\r\n", close=True),
    reply(200, gzip.compress(bytes(4_000_000)), {"Content-Encoding": "gzip"}),
    reply(200, b"<html>Please log in</html>"),
)


@pytest.mark.slow
async def test_healthy_feeds_are_polled_within_twice_their_interval(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Of 1,000 feeds every third is bad; no healthy one waits longer than two intervals; each article comes once."""
    asked: defaultdict[str, list[float]] = defaultdict(list)
    clock = SystemClock()
    async with serve_misbehaving() as server:
        server.remembers = False
        server.on("/elsewhere", redirect("/elsewhere"))

        def timed(path: str, behaviour: Behaviour) -> Behaviour:
            async def behave(request: Request, writer: asyncio.StreamWriter) -> None:
                asked[path].append(clock.monotonic())
                await behaviour(request, writer)

            return behave

        healthy = []
        for number in range(FEEDS):
            path = f"/{number}"
            bad = number % 3 == 0
            if not bad:
                healthy.append(path)
            body = conditional(rss((str(number), f"News {number}")), etag=f'"{number}"')
            server.on(path, timed(path, BAD[number // 3 % len(BAD)] if bad else body))
        feeds = [
            a_feed(
                f"feed-{number}",
                url=server.url(f"/{number}"),
                interval_seconds=INTERVAL_SECONDS,
                min_interval_seconds=INTERVAL_SECONDS,
                max_interval_seconds=INTERVAL_SECONDS,
            )
            for number in range(FEEDS)
        ]
        async with open_room(tmp_path, server, clock=clock) as room:
            stop = asyncio.Event()
            started = clock.monotonic()
            task = asyncio.create_task(room.poller(feeds).run(stop, once=False))
            await asyncio.wait({task}, timeout=ROUNDS * INTERVAL_SECONDS)
            ended = clock.monotonic()
            assert not task.done()
            health = await room.database.run(feed_health, clock.now())
            stop.set()
            await task
    gaps = [later - earlier for path in healthy for earlier, later in pairwise([started, *asked[path], ended])]
    record_property("longest_gap_in_intervals", round(max(gaps) / INTERVAL_SECONDS, 2))
    assert max(gaps) <= 2 * INTERVAL_SECONDS
    assert sorted(room.titles()) == sorted(f"News {path[1:]}" for path in healthy)
    failing = {found.feed_id for found in health if found.state in (FeedState.FAILING, FeedState.GONE)}
    assert failing == {f"feed-{number}" for number in range(0, FEEDS, 3)}
    assert all(found.problem and found.next_poll_at for found in health if found.feed_id in failing)
