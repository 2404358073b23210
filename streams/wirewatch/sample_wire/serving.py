"""Serves the sample wire on a free loopback port and tells the connector where, by a file in the data folder.

With `at_once` the whole story is there from the start; otherwise its items appear over twenty seconds, counted from the
first time that anybody asks, so that one sees it unfold however long the rest takes to start.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from wirewatch.clock import Clock
from wirewatch.sample_wire.rendering import render
from wirewatch.sample_wire.story import FEEDS, STORY_SECONDS, SampleArticle, SampleFeed, load_story, told_by

#: The connector reads it beside `feeds.toml` when the sample wire is on.
FEEDS_FILE = "sample-feeds.toml"


@asynccontextmanager
async def serve_sample_wire(data_dir: Path, clock: Clock, *, at_once: bool) -> AsyncIterator[str]:
    """Serve until the block ends; gives the address, `http://127.0.0.1:PORT`."""
    story = load_story()
    started: float | None = None

    def elapsed_seconds() -> float:
        nonlocal started
        if started is None:
            started = clock.monotonic()
        return STORY_SECONDS if at_once else clock.monotonic() - started

    app = web.Application()
    for feed in FEEDS:
        app.router.add_get(f"/{feed.file}", _handler(feed, story, elapsed_seconds))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        announce_feeds(data_dir, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()
        (data_dir / FEEDS_FILE).unlink(missing_ok=True)


def announce_feeds(data_dir: Path, port: int) -> None:
    """Write the file by which the connector finds the sample wire."""
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / FEEDS_FILE).write_text(describe_feeds(port), encoding="utf-8")


def describe_feeds(port: int) -> str:
    """Write the feeds as the connector's configuration reads them."""
    blocks = [f'allow_addresses = ["127.0.0.1:{port}"]\n']
    blocks += [
        f'[[feed]]\nid = "{feed.id}"\nurl = "http://127.0.0.1:{port}/{feed.file}"\nname = "{feed.name}"\n'
        f'tier = "{feed.tier}"\nlanguage = "en"\nhistory = "tell"\ninterval_seconds = 1\nsample = true\n'
        for feed in FEEDS
    ]
    return "\n".join(blocks)


def _handler(
    feed: SampleFeed, story: tuple[SampleArticle, ...], elapsed_seconds: Callable[[], float]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        body, content_type = render(feed, told_by(story, feed.id, elapsed_seconds()))
        etag = hashlib.sha256(body).hexdigest()[:16]
        if request.headers.get("If-None-Match") == f'"{etag}"':
            return web.Response(status=304)
        return web.Response(body=body, content_type=content_type, charset="utf-8", headers={"ETag": f'"{etag}"'})

    return answer
