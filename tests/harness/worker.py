"""A stream worker as a process of its own, to be killed: `python -m tests.harness.worker CONFIG DATA …`.

It is the product's stream, with the real raising and store; only the sorter is a stub (`tests.harness.listings`).
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.harness.listings import ListingSorter, article_of, world_of
from wirewatch.app import build_app
from wirewatch.clock import SystemClock
from wirewatch.configuration import Problems
from wirewatch.connecting import Publisher
from wirewatch.engine.batches import BatchLoop
from wirewatch.engine.running import StreamRunner
from wirewatch.errors import EngineError, PublishError
from wirewatch.metrics import Metrics
from wirewatch.raising import WorldBox
from wirewatch.records import Article
from wirewatch.settings import Settings, load_settings
from wirewatch.store.database import open_database
from wirewatch_connectors.publishing import open_publisher

#: Articles published in one go.
PUBLISHED_AT_A_TIME = 25


async def publish(settings: Settings, count: int, rate: float = 0.0) -> None:
    """Publish articles one batch after the other, going on after the last one that was acked before we died."""
    done = settings.data_dir / "published"
    publisher = open_publisher(settings, SystemClock(), Metrics())
    begin = int(done.read_text() or 0) if done.exists() else 0
    started = time.monotonic()
    for number in range(begin, count, PUBLISHED_AT_A_TIME):
        if rate:
            await asyncio.sleep(max(0.0, started + (number - begin) / rate - time.monotonic()))
        articles = [article_of(one) for one in range(number, min(count, number + PUBLISHED_AT_A_TIME))]
        await publish_patiently(publisher, articles)
        part = done.with_suffix(".part")
        part.write_text(str(number + PUBLISHED_AT_A_TIME))
        part.rename(done)
    await publisher.close()


async def publish_patiently(publisher: Publisher, articles: Sequence[Article]) -> None:
    """Publish, again after a failure, as the next poll would."""
    while True:
        try:
            await publisher.publish(articles)
        except PublishError as error:
            print(f"publisher: {error}", file=sys.stderr)
            await asyncio.sleep(0.5)
        else:
            return


async def work(settings: Settings, publish_count: int, seconds: float) -> None:
    """Run until told to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    database = open_database(settings.store, settings.data_dir)
    app = build_app(
        settings,
        sorter=ListingSorter(seconds),
        world=WorldBox(world_of(settings)),
        database=database,
        metrics=Metrics(),
        clock=SystemClock(),
    )
    runner = StreamRunner(app)
    await runner.start(stop)
    publishing = asyncio.create_task(publish(settings, publish_count)) if publish_count else None
    try:
        await runner.watch(stop)
    finally:
        if publishing is not None:
            await publishing
        await runner.stop()
        database.close()


def ack_before_handling() -> None:
    """Break the worker on purpose: the mistake that the oracle must catch."""
    careful = BatchLoop.take

    async def careless(self: BatchLoop, events: Sequence[Any]) -> None:
        for event in events:
            event.ack()
        await events[0].app.consumer.commit()
        await careful(self, events)

    BatchLoop.take = careless  # type: ignore[method-assign]


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("config", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--publish", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0.001)
    parser.add_argument("--ack-first", action="store_true")
    parser.add_argument("--only-publish", action="store_true")
    parser.add_argument("--rate", type=float, default=0.0, help="articles a second to publish; 0: as fast as it goes")
    chosen = parser.parse_args()
    if chosen.ack_first:
        ack_before_handling()
    problems = Problems()
    settings = load_settings(chosen.config, chosen.data, os.environ, problems)
    problems.raise_if_any()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        if chosen.only_publish:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
            asyncio.run(publish(settings, chosen.publish, chosen.rate))
        else:
            asyncio.run(work(settings, chosen.publish, chosen.seconds))
    except EngineError as error:
        print(f"worker: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
