"""Reads a topic from its beginning to its end, on both engines, without a consumer group: nothing is committed.

Called by commands. The embedded log is read through a read-only connection, so that its owner may go on running.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from wirewatch.engine.sqlite.files import log_path, open_for_reading
from wirewatch.engine.sqlite.log import load_topics, read_partition
from wirewatch.errors import EngineError
from wirewatch.settings import Settings

#: Records fetched at a time.
CHUNK = 500

#: Milliseconds for a broker to answer.
_ANSWER_MS = 10_000


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One record of a topic."""

    topic: str
    partition: int
    offset: int
    written_at: datetime
    key: bytes | None
    value: bytes | None


async def read_topic(settings: Settings, topic: str) -> AsyncIterator[StoredRecord]:
    """Give the records that a topic has now, partition by partition, each in order. `topic` is the full name.

    Raises:
        EngineError: there is no such log, broker or topic.
    """
    if settings.embedded:
        for record in _from_log(settings, topic):
            yield record
        return
    try:
        async for record in _from_kafka(settings, topic):
            yield record
    except (KafkaError, OSError) as error:
        raise EngineError(f"cannot read from the broker: {settings.broker}: {error}") from error


def _from_log(settings: Settings, name: str) -> Iterator[StoredRecord]:
    connection = open_for_reading(log_path(settings.broker, settings.data_dir))
    try:
        topic = load_topics(connection).get(name)
        if topic is None:
            return
        for partition in range(topic.partitions):
            offset = 0
            while records := read_partition(connection, topic, partition, offset, CHUNK):
                for record in records:
                    yield StoredRecord(
                        name, partition, record.offset, _time(record.written_ms), record.key, record.value
                    )
                offset = records[-1].offset + 1
    finally:
        connection.close()


async def _from_kafka(settings: Settings, topic: str) -> AsyncIterator[StoredRecord]:
    places = [TopicPartition(topic, partition) for partition in await _partitions(settings, topic)]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=_servers(settings),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        request_timeout_ms=_ANSWER_MS,
    )
    await consumer.start()
    try:
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        await consumer.seek_to_beginning(*places)
        for place in places:
            while await consumer.position(place) < ends[place]:
                for record in (await consumer.getmany(place, timeout_ms=1_000, max_records=CHUNK)).get(place, ()):
                    if record.offset < ends[place]:
                        yield StoredRecord(
                            topic, place.partition, record.offset, _time(record.timestamp), record.key, record.value
                        )
    finally:
        await consumer.stop()


async def _partitions(settings: Settings, topic: str) -> list[int]:
    admin = AIOKafkaAdminClient(bootstrap_servers=_servers(settings), request_timeout_ms=_ANSWER_MS)
    await admin.start()
    try:
        (described,) = await admin.describe_topics([topic])
    finally:
        await admin.close()
    found = sorted(partition["partition"] for partition in described["partitions"])
    if not found:
        raise EngineError(f"there is no such topic: {topic}; `wirewatch topics create` makes it")
    return found


def _servers(settings: Settings) -> str:
    return settings.broker.removeprefix("kafka://")


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, UTC)
