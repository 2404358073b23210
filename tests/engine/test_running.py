"""The watch over a stream: it ends non-zero rather than stand still, and it says why."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from kafka import TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec

from tests.builders import an_article
from tests.fakes import FakeClock
from tests.harness.streams import Engine, PlainSorter, RunningStream, Witness, running_stream
from wirewatch.clock import SystemClock
from wirewatch.engine.progress import Progress
from wirewatch.engine.replaying import write_records
from wirewatch.engine.sqlite.files import log_path
from wirewatch.engine.sqlite.sharing import acquire, release
from wirewatch.engine.topics_admin import topic_name
from wirewatch.errors import EngineError
from wirewatch.records import Article, SortedArticle
from wirewatch.settings import Settings
from wirewatch.topics import ARTICLES
from wirewatch.wire import encode


async def test_a_stream_that_stands_still_says_so(engine: Engine) -> None:
    """Records wait, nothing is committed, time passes: the watch raises, so that the process ends and is restarted."""
    settings = engine.settings()
    await engine.prepare(settings)
    released = threading.Event()

    def hang(*_: Any) -> Sequence[Any]:
        released.wait(60)
        return ()

    async with running_stream(settings, raise_alerts=hang) as stream:
        try:
            await stream.publish(an_article("held"))
            clock = FakeClock()
            stream.runner._clock, stream.runner._moved_at = clock, clock.monotonic()
            await stream.runner.watch(asyncio.Event(), until=partial(_waits_at_the_second_stage, stream))
            clock.move(settings.engine.stall_timeout_seconds - 1)
            await stream.runner.look()
            clock.move(2)
            with pytest.raises(EngineError, match="the stream stands still: 1 records wait"):
                await stream.runner.look()
        finally:
            released.set()


def _waits_at_the_second_stage(stream: RunningStream, progress: Progress) -> bool:
    first, second = stream.runner.app.reads
    waiting = {
        topic: sum(lag for place, lag in progress.lags.items() if place[0] == topic) for topic in (first, second)
    }
    return waiting == {first: 0, second: 1}


async def test_a_limit_that_is_passed_ends_the_stream_and_loses_nothing(engine: Engine) -> None:
    """The watch raises what stopped the stage; after the cause is mended everything is handled."""
    settings = engine.settings()
    await engine.prepare(settings)
    titles = [f"article {number}" for number in range(150)]
    with pytest.raises(EngineError, match="stage sort stops: 100 records in a row"):
        await _run_to_the_end(settings, PlainSorter(titles), titles)
    witness = Witness()
    async with running_stream(settings, raise_alerts=witness) as stream:
        await stream.idle()
        dead = await stream.dead_letters()
    assert len(set(witness.seen)) + len({letter.value for letter in dead}) >= 150


async def _run_to_the_end(settings: Settings, sorter: PlainSorter, titles: Sequence[str]) -> None:
    async with running_stream(settings, sorter=sorter) as stream:
        await stream.publish(*map(an_article, titles))
        await stream.idle()


class TellingSorter(PlainSorter):
    """Says when it was first called."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = asyncio.Event()

    def sort(self, article: Article) -> SortedArticle:
        """Say so and sort."""
        self.begun.set()
        return super().sort(article)


async def test_a_stop_waits_for_the_batch_in_hand(engine: Engine) -> None:
    """What was begun before the stop is ended and committed; nothing of it is handled again after the next start."""
    settings = engine.settings()
    await engine.prepare(settings)
    sorter, first, second = TellingSorter(), Witness(), Witness()
    titles = [f"article {number}" for number in range(300)]
    async with running_stream(settings, sorter=sorter, raise_alerts=first) as stream:
        await stream.publish(*map(an_article, titles))
        await asyncio.wait_for(sorter.begun.wait(), 20)
    async with running_stream(settings, raise_alerts=second) as stream:
        await stream.idle()
    assert set(first.seen) | set(second.seen) == set(titles)
    assert not set(first.seen) & set(second.seen)


async def test_records_that_retention_took_unread_are_told_aloud(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """Downtime longer than retention is an error in the log and a counter, and the stream goes on with what is left."""
    settings = engine.settings()
    await engine.prepare(settings)
    topic = topic_name(settings, ARTICLES)
    before = [(topic, b"one key", encode(an_article(f"before {number}"))) for number in range(5)]
    unread = [(topic, b"one key", encode(an_article(f"unread {number}"))) for number in range(5)]
    await write_records(settings, before, SystemClock())
    async with running_stream(settings) as stream:
        await stream.idle()
    await write_records(settings, unread, SystemClock())
    await _expire(settings, topic, up_to=8)
    witness = Witness()
    async with running_stream(settings, raise_alerts=witness) as stream:
        await stream.idle()
        assert stream.counted("records_expired_total", topic=topic) == 3
    assert sorted(witness.seen) == ["unread 3", "unread 4"]
    assert "Records were deleted before they were read" in caplog.text


async def _expire(settings: Settings, topic: str, *, up_to: int) -> None:
    """Delete what lies below an offset in every partition, as retention would."""
    if settings.embedded:
        log = acquire(log_path(settings.broker, settings.data_dir), SystemClock())
        known = log.topics[topic]
        for partition in range(known.partitions):
            bounds = (known.first_place(partition), known.first_place(partition, up_to))
            await log.alone(partial(_delete, bounds))
        await release(log)
    else:
        await asyncio.to_thread(_expire_on_kafka, settings, topic, up_to)


def _delete(bounds: tuple[int, int], connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM record WHERE place >= ? AND place < ?", bounds)


def _expire_on_kafka(settings: Settings, topic: str, up_to: int) -> None:
    admin = KafkaAdminClient(bootstrap_servers=settings.broker.removeprefix("kafka://"))
    places = [TopicPartition(topic, number) for number in range(settings.kafka.partitions)]
    ends = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
    admin.delete_records({place: up_to for place in places if ends[place].offset >= up_to})
    admin.close()
