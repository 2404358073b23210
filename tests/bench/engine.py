"""What the engine can carry, each rate beside a bare Faust pass-through on the same engine in the same run.

`python -m tests.bench.engine [--articles N] [--rounds N] [--no-kafka]`; `make bench` runs it.
The chain is the real one but for the sorter, which is a stub, so that the engine is measured and not the rules.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.builders import an_article
from tests.harness.kafka_nodes import ROOT, Cluster, NoKafkaError
from tests.harness.streams import Engine, PlainSorter, StillWorld
from wirewatch.app import bare_app, build_app
from wirewatch.clock import SystemClock
from wirewatch.engine.replaying import write_records
from wirewatch.engine.running import StreamRunner
from wirewatch.engine.sorting_step import Sorts
from wirewatch.engine.sqlite.records import NewRecord
from wirewatch.engine.sqlite.sharing import acquire, release
from wirewatch.engine.topics_admin import describe_topics, topic_name
from wirewatch.metrics import Metrics
from wirewatch.settings import Settings
from wirewatch.store.database import open_database
from wirewatch.topics import ARTICLES, SORTED
from wirewatch.wire import encode

#: Characters of an article's text: the median of a news summary with some body.
TEXT = "Officials in the harbour town said on Tuesday that the quay would reopen. " * 12


#: What sorting an article takes, about, with the rules; with none, what limits two workers is the machine.
SORT_SECONDS = 0.004

#: Seconds after the last worker was let in, for the rebalance to end.
JOIN_SECONDS = 5.0


def none_raised(*_: Any) -> tuple[()]:
    """Stand where raising stands; the store's transaction is still made."""
    return ()


async def fill(settings: Settings, count: int) -> None:
    """Put articles into the first topic."""
    articles = [an_article(f"article {number}", text=TEXT) for number in range(count)]
    topic = topic_name(settings, ARTICLES)
    records = [(topic, article.id.encode(), encode(article)) for article in articles]
    for start in range(0, count, 1_000):
        await write_records(settings, records[start : start + 1_000], SystemClock())


def chain_app(settings: Settings, sorter: Sorts | None = None) -> Any:
    """Build the product's stream with a stub for its sorter and for raising."""
    database = open_database(settings.store, settings.data_dir)
    return build_app(
        settings, sorter=sorter or PlainSorter(), world=StillWorld(), database=database, metrics=Metrics(),
        clock=SystemClock(), raise_alerts=none_raised,
    )  # fmt: skip


def isolated_chain_app(settings: Settings) -> Any:
    """Build the same with one sorting process, as it is by default."""
    return chain_app(replace(settings, engine=replace(settings.engine, sorting_processes=1)))


def bare_chain(settings: Settings) -> Any:
    """Build what Faust's manual shows: two agents that pass each value on, acks and all as Faust does them."""
    app = bare_app(settings, metrics=Metrics(), clock=SystemClock())
    raw: dict[str, Any] = {"key_type": bytes, "value_type": bytes, "key_serializer": "raw", "value_serializer": "raw"}
    first, second = (app.topic(topic_name(settings, topic), **raw) for topic in (ARTICLES, SORTED))
    app.reads += [topic_name(settings, ARTICLES), topic_name(settings, SORTED)]

    async def forward(stream: Any) -> None:
        async for event in stream.events():
            await second.send(key=event.key, value=event.value)

    async def end(stream: Any) -> None:
        async for _ in stream:
            pass

    app.agent(first, name="forward")(forward)
    app.agent(second, name="end")(end)
    return app


async def drain(settings: Settings, build: Callable[[Settings], Any], count: int) -> float:
    """Start an app, publish, and take the seconds until everything was handled and committed."""
    runner = StreamRunner(build(settings), on_stuck=lambda: None)
    await runner.start()
    started = time.perf_counter()
    await fill(settings, count)
    # Both topics hold every article once. Being sure of idleness costs seconds on Kafka, and is not what is measured.
    while sum((await runner.look()).committed.values()) < 2 * count:  # noqa: ASYNC110 - there is nothing to be told by
        await asyncio.sleep(0.02)
    seconds = time.perf_counter() - started
    await runner.stop()
    return seconds


async def append_rate(settings: Settings, count: int, at_a_time: int) -> float:
    """Append records durably, so many in one go."""
    log = acquire(settings.data_dir / "append.sqlite", SystemClock())
    await log.create_topic("t", 8)
    value = encode(an_article("article", text=TEXT))
    started = time.perf_counter()
    for start in range(0, count, at_a_time):
        await log.append(
            [NewRecord("t", number % 8, b"%d" % number, value) for number in range(start, start + at_a_time)]
        )
    rate = count / (time.perf_counter() - started)
    await release(log)
    return rate


async def one_round(engine: Engine, count: int, build: Callable[[Settings], Any]) -> float:
    """Fill fresh topics while they are drained; give articles a second."""
    settings = engine.settings()
    await engine.prepare(settings)
    return count / await drain(settings, build, count)


def workers_rate(broker: str, count: int, workers: int, sort_seconds: float = 0.0) -> tuple[float, float]:
    """Let worker processes join, then publish; give articles a second until all are committed, and published."""
    with tempfile.TemporaryDirectory() as directory:
        engine = Engine("kafka", broker, Path(directory), partitions=8)
        settings = engine.settings()
        asyncio.run(engine.prepare(settings))
        command = [sys.executable, "-m", "tests.bench.engine_worker", str(settings.config_dir)]
        running = [
            subprocess.Popen(
                [*command, f"{directory}/worker-{number}", str(sort_seconds)], cwd=ROOT, stdout=subprocess.PIPE
            )
            for number in range(workers)
        ]
        try:
            for process in running:
                assert process.stdout is not None
                process.stdout.readline()
            time.sleep(JOIN_SECONDS)
            started = time.perf_counter()
            asyncio.run(fill(settings, count))
            published = time.perf_counter() - started
            while committed(settings) < count:
                time.sleep(0.2)
            return count / (time.perf_counter() - started), count / published
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(30)


def committed(settings: Settings) -> int:
    """Give how many articles the group has handled to the end."""
    states = asyncio.run(describe_topics(settings))
    found = [state for state in states if state.key == "article_id"]
    if any(state.lag is None for state in found):
        return 0
    return min(state.records - (state.lag or 0) for state in found)


async def measure(
    fresh: Callable[[], Engine], count: int, rounds: int, *builds: Callable[[Settings], Any]
) -> list[float]:
    """Take turns, so that a busy minute of the machine is shared by all; give the median of each."""
    rates: list[list[float]] = [[] for _ in builds]
    for _ in range(rounds):
        for found, build in zip(rates, builds, strict=True):
            found.append(await one_round(fresh(), count, build))
    return [statistics.median(found) for found in rates]


def report(name: str, chain: float, bare: float) -> None:
    """Print a line."""
    print(f"{name:<34} {chain:>9,.0f}/s {bare:>9,.0f}/s {chain / bare:>7.2f}")


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.engine")
    parser.add_argument("--articles", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-kafka", action="store_true", help="the embedded engine only")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        base = Path(directory)
        settings = Engine("sqlite", "sqlite://", base).settings()
        for at_a_time in (1, 100):
            count = 300 * at_a_time if at_a_time == 1 else 20_000
            rate = asyncio.run(append_rate(settings, count, at_a_time))
            print(f"log append, {at_a_time:>3} a commit             {rate:>9,.0f}/s")
            (settings.data_dir / "append.sqlite").unlink()
        print(f"{'':<34} {'wirewatch':>11} {'bare Faust':>11} {'ratio':>7}")

        def fresh() -> Engine:
            return Engine("sqlite", "sqlite://", Path(tempfile.mkdtemp(dir=base)))

        rates = measure(fresh, chosen.articles, chosen.rounds, bare_chain, chain_app, isolated_chain_app)
        bare, inside, isolated = asyncio.run(rates)
        report("whole chain, sqlite://", inside, bare)
        report("  with a sorting process", isolated, bare)
        if not chosen.no_kafka:
            _on_kafka(base, chosen.articles, chosen.rounds)


def _on_kafka(base: Path, articles: int, rounds: int) -> None:
    cluster = Cluster(base / "kafka")
    try:
        cluster.start()
    except NoKafkaError as error:
        print(f"no Kafka: {error}")
        return
    broker = f"kafka://{cluster.bootstrap}"

    def fresh() -> Engine:
        return Engine("kafka", broker, Path(tempfile.mkdtemp(dir=base)), partitions=8)

    try:
        bare, inside = asyncio.run(measure(fresh, articles, rounds, bare_chain, chain_app))
        report("whole chain, kafka://", inside, bare)
        compare_workers(broker, articles * 2, rounds, 0.0)
        compare_workers(broker, articles // 2, rounds, SORT_SECONDS)
    finally:
        cluster.stop()


def compare_workers(broker: str, count: int, rounds: int, sort_seconds: float) -> None:
    """Take turns with one worker and with two, and print a line."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    publishing: list[float] = []
    for _ in range(rounds):
        for workers, found in rates.items():
            rate, published = workers_rate(broker, count, workers, sort_seconds)
            found.append(rate)
            publishing.append(published)
    one, two = (statistics.median(found) for found in rates.values())
    print(
        f"sorting {sort_seconds * 1000:.0f} ms: one worker {one:,.0f}/s, two {two:,.0f}/s, {two / one:.2f} times one;"
        f" published at {statistics.median(publishing):,.0f}/s beside it"
    )


if __name__ == "__main__":
    main()
