"""Makes and describes the topics of the table, on both engines. One of the two importers of kafka-python.

Called by `wirewatch topics`, by the publisher and at the start of a stream. Never deletes anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from wirewatch.engine.sqlite.log import Log
from wirewatch.settings import Settings
from wirewatch.topics import TOPICS, Topic

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
