"""Lists dead letters and puts them back onto the topic they came from.

Called by `wirewatch dead-letters`. What was replayed is marked by an empty record under the same key; nothing is
deleted. A letter that fails again becomes a new letter, because it then has a new place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from wirewatch import wire
from wirewatch.clock import Clock
from wirewatch.engine.reading import read_topic
from wirewatch.engine.sqlite.files import log_path
from wirewatch.engine.sqlite.records import NewRecord
from wirewatch.engine.sqlite.sharing import acquire, release
from wirewatch.engine.topics_admin import topic_name
from wirewatch.errors import EngineError
from wirewatch.records import DeadLetter
from wirewatch.settings import Settings
from wirewatch.topics import DEAD_LETTERS, MAX_DERIVED_BYTES

#: Topic (its full name), key, value.
RawRecord = tuple[str, bytes, bytes | None]


@dataclass(frozen=True, slots=True)
class ListedLetter:
    """A dead letter and whether it was put back."""

    letter: DeadLetter
    replayed: bool


async def list_dead_letters(settings: Settings) -> list[ListedLetter]:
    """Give every dead letter once, the oldest first.

    Raises:
        EngineError: the log or the broker cannot be read.
    """
    topic = topic_name(settings, DEAD_LETTERS)
    found: dict[bytes, ListedLetter] = {}
    async for record in read_topic(settings, topic):
        key = record.key or b""
        if record.value is None:
            if key in found:
                found[key] = ListedLetter(found[key].letter, True)
        else:
            found[key] = ListedLetter(wire.decode(DeadLetter, record.value, topic=topic), False)
    return sorted(found.values(), key=lambda listed: (listed.letter.failed_at, listed.letter.id))


def can_be_replayed(letter: DeadLetter) -> bool:
    """Tell whether a letter was a record of a topic; one that was an output and never got into its topic was not."""
    return letter.offset >= 0


async def replay(settings: Settings, letters: Sequence[DeadLetter], clock: Clock) -> None:
    """Put letters back onto their topics, then mark them as replayed.

    Raises:
        EngineError: the embedded log is owned by another process, the broker refuses, or one cannot be put back.
    """
    for letter in letters:
        if not can_be_replayed(letter):
            raise EngineError(f"an output that its own topic refused cannot be put back: {letter.topic}: {letter.id}")
    await write_records(settings, [(letter.topic, letter.key, letter.value) for letter in letters], clock)
    marks = [(topic_name(settings, DEAD_LETTERS), letter.id.encode(), None) for letter in letters]
    await write_records(settings, marks, clock)


async def write_records(settings: Settings, records: Sequence[RawRecord], clock: Clock) -> None:
    """Write raw records, all durable when it returns.

    Raises:
        EngineError: the embedded log is owned by another process, or the broker refuses.
    """
    if settings.embedded:
        await _write_to_log(settings, records, clock)
    else:
        await _write_to_kafka(settings, records)


async def _write_to_log(settings: Settings, records: Sequence[RawRecord], clock: Clock) -> None:
    try:
        log = acquire(log_path(settings.broker, settings.data_dir), clock)
    except EngineError as error:
        raise EngineError(f"{error}; to replay, stop it, replay, and start it again") from error
    try:
        await log.append([NewRecord(topic, log.partition_for(topic, key), key, value) for topic, key, value in records])
    finally:
        await release(log)


async def _write_to_kafka(settings: Settings, records: Sequence[RawRecord]) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.broker.removeprefix("kafka://"),
        acks="all",
        max_request_size=MAX_DERIVED_BYTES + 1024,
    )
    try:
        await producer.start()
        futures = [await producer.send(topic, key=key, value=value) for topic, key, value in records]
        for future in futures:
            await future
    except (KafkaError, OSError) as error:
        raise EngineError(f"cannot replay: {settings.broker}: {type(error).__name__}: {error}") from error
    finally:
        await producer.stop()
