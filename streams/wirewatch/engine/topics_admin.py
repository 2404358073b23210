"""Makes and describes the topics of the table, on both engines. One of the two importers of kafka-python.

Called by `wirewatch topics`, by the publisher and at the start of a stream. Never deletes anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kafka import TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, OffsetSpec
from kafka.errors import KafkaError, TopicAlreadyExistsError

from wirewatch.clock import Clock
from wirewatch.engine.sqlite.files import log_path, open_for_reading
from wirewatch.engine.sqlite.log import (
    Log,
    load_committed,
    load_first_offsets,
    load_next_offsets,
    load_topics,
)
from wirewatch.engine.sqlite.sharing import acquire, release
from wirewatch.errors import EngineError
from wirewatch.settings import Settings
from wirewatch.topics import TOPICS, Topic

#: Milliseconds for a broker to answer.
_ANSWER_MS = 10_000

#: The consumer group of the stream, before the prefix.
GROUP = "wirewatch"


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic as the engine has it."""

    name: str
    key: str
    exists: bool
    partitions: int
    replication_factor: int
    retention_seconds: int | None
    compacted: bool
    #: Offsets given out less those let go: an upper bound of the records there are.
    records: int
    #: Records that the stream has yet to read; None where it reads none.
    lag: int | None


def topic_name(settings: Settings, topic: Topic) -> str:
    """Give a topic's name on this broker."""
    return settings.kafka.topic_prefix + topic.name


def group_name(settings: Settings) -> str:
    """Give the stream's consumer group on this broker."""
    return settings.kafka.topic_prefix + GROUP


async def ensure_log_topics(log: Log, settings: Settings) -> None:
    """Make the topics of the embedded log, and take over what the table says of retention."""
    for topic in TOPICS:
        name = topic_name(settings, topic)
        known = log.topics.get(name)
        wanted = (topic.retention_seconds, topic.compacted, topic.max_message_bytes)
        if known is None or (known.retention_seconds, known.compacted, known.max_message_bytes) != wanted:
            await log.create_topic(
                name,
                topic.partitions,
                retention_seconds=topic.retention_seconds,
                compacted=topic.compacted,
                max_message_bytes=topic.max_message_bytes,
            )


async def create_topics(settings: Settings, clock: Clock) -> list[TopicState]:
    """Make what is missing, and say what there is then. What exists is left as it is on Kafka.

    Raises:
        EngineError: the broker is out of reach or refuses; the embedded log is owned by another process.
    """
    if settings.embedded:
        log = acquire(log_path(settings.broker, settings.data_dir), clock)
        try:
            await ensure_log_topics(log, settings)
        finally:
            await release(log)
    else:
        await asyncio.to_thread(_create_on_kafka, settings)
    return await describe_topics(settings)


async def describe_topics(settings: Settings) -> list[TopicState]:
    """Say which topics there are, and what waits in them. Never needs to own the embedded log.

    Raises:
        EngineError: there is no log yet, or the broker is out of reach.
    """
    if settings.embedded:
        return await asyncio.to_thread(_describe_log, settings)
    for _ in range(_COORDINATOR_TRIES):
        try:
            return await asyncio.to_thread(_describe_kafka, settings)
        except EngineError as error:
            # A broker that has just started answers before it can say where a group stands.
            if not getattr(error.__cause__, "retriable", False):
                raise
        await asyncio.sleep(1)
    return await asyncio.to_thread(_describe_kafka, settings)


async def missing_topics(settings: Settings) -> list[str]:
    """Give the names of the table's topics that a Kafka broker does not have.

    Raises:
        EngineError: the broker is out of reach.
    """

    def work() -> list[str]:
        with _admin(settings) as admin:
            there = set(admin.list_topics())
        return [name for topic in TOPICS if (name := topic_name(settings, topic)) not in there]

    return await asyncio.to_thread(work)


def _describe_log(settings: Settings) -> list[TopicState]:
    connection = open_for_reading(log_path(settings.broker, settings.data_dir))
    try:
        topics = load_topics(connection)
        ends = load_next_offsets(connection, topics)
        starts = load_first_offsets(connection, topics)
        committed = load_committed(connection).get(group_name(settings), {})
    finally:
        connection.close()
    states = []
    for topic in TOPICS:
        name = topic_name(settings, topic)
        known = topics.get(name)
        places = [(name, partition) for partition in range(known.partitions if known else 0)]
        read = any(place in committed for place in places)
        states.append(
            TopicState(
                name=name,
                key=topic.key,
                exists=known is not None,
                partitions=len(places),
                replication_factor=1,
                retention_seconds=known.retention_seconds if known else topic.retention_seconds,
                compacted=known.compacted if known else topic.compacted,
                records=sum(ends[place] - starts.get(place, ends[place]) for place in places),
                lag=sum(ends[place] - max(committed.get(place, 0), starts.get(place, 0)) for place in places)
                if read
                else None,
            )
        )
    return states


#: Seconds, about: a new broker makes the topic of group offsets at the first question, and answers some seconds later.
_COORDINATOR_TRIES = 20


@contextmanager
def _admin(settings: Settings) -> Iterator[Any]:
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=settings.broker.removeprefix("kafka://").split(","),
            client_id="wirewatch-topics",
            request_timeout_ms=_ANSWER_MS,
        )
    except (KafkaError, OSError) as error:
        raise EngineError(f"the broker is out of reach: {settings.broker}: {error}") from error
    try:
        yield admin
    except KafkaError as error:
        raise EngineError(f"the broker refuses: {settings.broker}: {type(error).__name__}: {error}") from error
    finally:
        admin.close()


def _create_on_kafka(settings: Settings) -> None:
    with _admin(settings) as admin:
        there = set(admin.list_topics())
        for topic in TOPICS:
            name = topic_name(settings, topic)
            if name in there:
                continue
            plan = {
                "num_partitions": settings.kafka.partitions,
                "replication_factor": settings.kafka.replication_factor,
                "configs": kafka_configs(settings, topic),
            }
            try:
                admin.create_topics({name: plan}, wait_for_metadata=True)
            except TopicAlreadyExistsError:
                continue  # two workers that start together


def kafka_configs(settings: Settings, topic: Topic) -> dict[str, str]:
    """Give the configuration of a topic in Kafka's words."""
    retention_ms = -1 if topic.retention_seconds is None else topic.retention_seconds * 1000
    return {
        "cleanup.policy": "compact" if topic.compacted else "delete",
        "retention.ms": str(retention_ms),
        "max.message.bytes": str(topic.max_message_bytes),
        "min.insync.replicas": str(settings.kafka.min_insync_replicas),
    }


def _describe_kafka(settings: Settings) -> list[TopicState]:
    with _admin(settings) as admin:
        there = set(admin.list_topics())
        group = group_name(settings)
        committed = {
            (place.topic, place.partition): found.offset
            for place, found in admin.list_group_offsets({group: None}).get(group, {}).items()
        }
        return [_describe_one(admin, settings, topic, there, committed) for topic in TOPICS]


def _describe_one(
    admin: Any, settings: Settings, topic: Topic, there: set[str], committed: dict[tuple[str, int], int]
) -> TopicState:
    name = topic_name(settings, topic)
    if name not in there:
        return TopicState(name, topic.key, False, 0, 0, topic.retention_seconds, topic.compacted, 0, None)
    described = admin.describe_topics([name])[0]
    partitions = described["partitions"]
    places = [TopicPartition(name, partition["partition_index"]) for partition in partitions]
    starts = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.EARLIEST))
    ends = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
    configs = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)], config_filter="all")
    values = {key: found["value"] for key, found in configs["topic"][name].items()}
    read = any((name, place.partition) in committed for place in places)
    retention_ms = int(values["retention.ms"])
    return TopicState(
        name=name,
        key=topic.key,
        exists=True,
        partitions=len(places),
        replication_factor=len(partitions[0]["replica_nodes"]),
        retention_seconds=None if retention_ms < 0 else retention_ms // 1000,
        compacted="compact" in values["cleanup.policy"],
        records=sum(ends[place].offset - starts[place].offset for place in places),
        lag=sum(
            ends[place].offset - max(committed.get((name, place.partition), 0), starts[place].offset)
            for place in places
        )
        if read
        else None,
    )
