"""What the engine takes for granted of Faust and its friends, so that an upgrade which changes it is noticed here."""

from __future__ import annotations

import asyncio
import inspect
import tomllib
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from faust.streams import Stream
from faust.tables import TableManager
from faust.transport import base, drivers
from faust.transport.drivers import aiokafka
from faust.types import TP
from mode.threads import ServiceThread, WorkerThread

from tests.fakes import FakeClock
from tests.harness.streams import Engine, running_stream
from wirewatch.app import bare_app, broker_urls
from wirewatch.engine import kafka, sqlite
from wirewatch.engine.offsets import SafeOffsets
from wirewatch.metrics import Metrics
from wirewatch.topics import TOPICS

PINNED = ("faust-streaming", "mode-streaming", "aiokafka")


def test_the_pinned_versions_are_those_that_run() -> None:
    """The three are one unit; a different one is a different contract."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = dict(line.split("==") for line in project["dependencies"] if line.split("==")[0] in PINNED)
    assert {name: version(name) for name in PINNED} == pins


@pytest.mark.parametrize(("scheme", "transport"), [("sqlite", sqlite.Transport), ("kafka", kafka.Transport)])
def test_faust_finds_our_transports(scheme: str, transport: type) -> None:
    """The entry points win over Faust's own drivers."""
    assert drivers.by_name(scheme) is transport


@pytest.mark.parametrize("name", ["Consumer", "Producer"])
def test_nothing_that_faust_asks_of_a_driver_is_left_abstract(name: str) -> None:
    """Every abstract method of the base class has an implementation."""
    assert not inspect.isabstract(getattr(sqlite.Transport, name))


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (base.Consumer, "_new_offset"),
        (base.Consumer, "_add_gap"),
        (base.Consumer, "perform_seek"),
        (base.Consumer, "wait_empty"),
        (base.Consumer, "commit_and_end_transactions"),
        (base.Consumer, "maybe_wait_for_commit_to_finish"),
        (base.Consumer, "_wait_next_records"),
        (base.Consumer, "_get_active_partitions"),
        (base.Consumer, "resume_partitions"),
        (aiokafka.Consumer, "_new_consumer_thread"),
        (Stream, "noack_take"),
        (TableManager, "_update_channels"),
        (WorkerThread, "stop"),
    ],
)
def test_what_we_override_or_call_is_still_there(owner: type, name: str) -> None:
    """A renamed method would be overridden by nobody, in silence."""
    assert callable(getattr(owner, name))


def test_a_consumer_thread_still_has_what_makes_its_stop_end() -> None:
    """Both attributes are read from the class."""
    assert ServiceThread.Worker is WorkerThread
    assert kafka.ConsumerThread.Worker is kafka.DaemonThread
    assert ServiceThread.shutdown_timeout > kafka.ConsumerThread.shutdown_timeout


def test_our_offsets_come_before_fausts() -> None:
    """The mixin is in front in both consumers."""
    consumers: tuple[Any, ...] = (sqlite.Transport.Consumer, kafka.Consumer)
    for consumer in consumers:
        order = consumer.__mro__
        assert order.index(SafeOffsets) < order.index(base.Consumer)
        assert consumer._new_offset is SafeOffsets._new_offset


async def test_the_app_declares_nothing_by_itself(engine: Engine) -> None:
    """After a run there are the topics of the table and no others."""
    settings = engine.settings()
    await engine.prepare(settings)
    async with running_stream(settings) as stream:
        await stream.idle()
        names = set(stream.runner.app.consumer.assignment())
    assert {tp.topic for tp in names} == {settings.kafka.topic_prefix + topic.name for topic in TOPICS[:2]}


def test_broker_urls_keep_every_host_and_every_letter_of_a_path(tmp_path: Path) -> None:
    """A list of Kafka hosts is one URL each; a path with a space and a percent sign is the same path again."""
    hosts = Engine("kafka", "kafka://one:9092,two:9093", tmp_path).settings()
    assert [(url.host, url.port) for url in broker_urls(hosts)] == [("one", 9092), ("two", 9093)]
    odd = tmp_path / "a %20 b"
    odd.mkdir()
    app: Any = bare_app(Engine("sqlite", "sqlite://", odd).settings(), metrics=Metrics(), clock=FakeClock())
    assert app.transport.path == odd / "data" / "log.sqlite"


async def test_a_commit_under_way_when_the_last_batch_ends_is_followed_by_one_of_its_own(tmp_path: Path) -> None:
    """That commit took its offsets before the last acks: without another, they would be handled again after a start."""
    engine = Engine("sqlite", "sqlite://", tmp_path)
    settings = engine.settings()
    await engine.prepare(settings)
    begun, gate = asyncio.Event(), asyncio.Event()
    committed: list[Mapping[TP, int]] = []

    async def commit_slowly(offsets: Mapping[TP, int]) -> bool:
        committed.append(offsets)
        begun.set()
        await gate.wait()
        return True

    async with running_stream(settings) as stream:
        await stream.idle()
        consumer: Any = stream.runner.app.consumer
        place = min(consumer.assignment())
        consumer._commit = commit_slowly
        consumer._delivered[place].extend((0, 1))
        _ack(consumer, place, 0)
        first = asyncio.ensure_future(consumer.commit())
        await begun.wait()
        _ack(consumer, place, 1)
        last = asyncio.ensure_future(consumer.wait_empty())
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(first, last)
        assert [offsets[place] for offsets in committed] == [1, 2]


def _ack(consumer: Any, place: TP, offset: int) -> None:
    consumer._acked[place].append(offset)
    consumer._acked_index[place].add(offset)
