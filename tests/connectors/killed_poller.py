"""A poller that kills itself: run as a process by the tests of crashes. Not a test.

`python -m tests.connectors.killed_poller FOLDER PAIR FEEDS WHERE NUMBER` polls FEEDS feeds of PAIR once, publishes to a
file that is synced before `publish` returns, and sends itself SIGKILL at the NUMBER-th time it comes to WHERE:
`before-log`, `after-log`, `during-memory`, `after-memory`, or `never`. With `--lies` the file is written only at the
end; with `--stay URL` it polls several times a second for ever, with its memory in the store at URL.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.connectors.conftest import fetch_settings
from tests.connectors.desk import a_feed
from tests.connectors.room import InlineParser
from wirewatch import wire
from wirewatch.clock import SystemClock
from wirewatch.configuration import Problems
from wirewatch.connecting import ConnectorContext
from wirewatch.metrics import Metrics
from wirewatch.records import Article
from wirewatch.settings import load_settings
from wirewatch.store import feed_memory
from wirewatch.store.database import open_database
from wirewatch_connectors import remembering
from wirewatch_connectors.feeds import FeedList
from wirewatch_connectors.fetching import Fetcher
from wirewatch_connectors.leasing import Leases
from wirewatch_connectors.rounds import Poller


class Bomb:
    """Goes off at the n-th visit of one place."""

    def __init__(self, where: str, number: int) -> None:
        self.where = where
        self.left = number

    def visit(self, place: str) -> None:
        """Come to a place."""
        if place == self.where:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class FilePublisher:
    """A log in a file: durable when `publish` returns, unless it is told to lie."""

    def __init__(self, path: Path, bomb: Bomb, *, lies: bool) -> None:
        self.path = path
        self.bomb = bomb
        self.lies = lies
        self.unwritten: list[bytes] = []

    async def publish(self, articles: Sequence[Article]) -> None:
        """Append one line each, and sync."""
        self.bomb.visit("before-log")
        self.unwritten += [wire.encode(article) + b"\n" for article in articles]
        if not self.lies:
            self.flush()
        self.bomb.visit("after-log")

    def flush(self) -> None:
        """Write what was taken."""
        with self.path.open("ab") as file:
            file.write(b"".join(self.unwritten))
            file.flush()
            os.fsync(file.fileno())
        self.unwritten = []

    async def close(self) -> None:
        """Write what a liar still holds."""
        self.flush()


async def run(
    folder: Path, pair: str, feeds: int, where: str, number: int, *, lies: bool = False, stay_at: str = ""
) -> None:
    """Poll every feed once, or stay."""
    bomb = Bomb(where, number)
    save = feed_memory.save_moves

    def save_or_die(*args: Any) -> frozenset[str]:
        moved = save(*args)
        bomb.visit("during-memory")  # inside the transaction: nothing of it is committed
        return moved

    move = remembering.Rememberer.move

    async def move_and_die(rememberer: remembering.Rememberer, moved: feed_memory.Move) -> bool:
        held = await move(rememberer, moved)
        bomb.visit("after-memory")
        return held

    remembering.Rememberer.move = move_and_die  # type: ignore[assignment,method-assign]
    remembering.save_moves = save_or_die  # type: ignore[assignment,attr-defined]
    config = folder / "config"
    config.mkdir(exist_ok=True)
    for name in ("settings.toml", "feeds.toml"):
        (config / name).touch()
    settings = load_settings(config, folder / "var", {}, Problems())
    settings = replace(settings, fetch=fetch_settings(pair, total_timeout_seconds=30.0))
    clock, database = SystemClock(), open_database(stay_at or "sqlite://", folder / "var")
    publisher = FilePublisher(folder / "log.jsonl", bomb, lies=lies)
    context = ConnectorContext(settings, clock, database, Metrics(), publisher, lambda line: None)
    often = {"interval_seconds": 0.3, "min_interval_seconds": 0.3, "max_interval_seconds": 0.3} if stay_at else {}
    specs = tuple(a_feed(f"feed-{n}", url=f"http://{pair}/{n}", **often) for n in range(feeds))
    async with Fetcher(settings.fetch, clock) as fetcher:
        parser, leases = InlineParser(clock), Leases(database, clock)
        poller = Poller(context, FeedList(specs), fetcher=fetcher, parser=parser, leases=leases)
        await poller.run(asyncio.Event(), once=not stay_at)
    await publisher.close()
    database.close()


if __name__ == "__main__":
    words = sys.argv[1:]
    store = words[words.index("--stay") + 1] if "--stay" in words else ""
    lying = "--lies" in words
    asyncio.run(run(Path(words[0]), words[1], int(words[2]), words[3], int(words[4]), lies=lying, stay_at=store))
