"""The small frozen shapes of the embedded log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from wirewatch.engine.sqlite.files import OFFSET_BITS, PARTITION_BITS

#: (topic, partition); Faust's TP compares equal to it.
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class LogTopic:
    """A topic as the log keeps it."""

    id: int
    name: str
    partitions: int
    #: None keeps records for ever, or until compaction replaces them.
    retention_seconds: int | None
    compacted: bool
    max_message_bytes: int

    def first_place(self, partition: int, offset: int = 0) -> int:
        """Give the place of an offset; places of one partition are consecutive."""
        return ((self.id << PARTITION_BITS | partition) << OFFSET_BITS) + offset


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record on its way into the log. `headers` is already encoded."""

    topic: str
    partition: int
    key: bytes | None
    value: bytes | None
    headers: bytes | None = None


class LogRecord(NamedTuple):
    """A record of the log."""

    offset: int
    written_ms: int
    key: bytes | None
    value: bytes | None
    headers: bytes | None
