"""What the embedded log lets go: records past their topic's retention, and all but the newest of a compacted key.

Functions of a connection, run by the writer thread, a thousand records a transaction. Never deletes at or above the
limit it is given (what some group has yet to read), and never forgets where a partition goes on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wirewatch.engine.sqlite.files import OFFSET_BITS
from wirewatch.engine.sqlite.records import LogTopic, Place

#: Records of one transaction: a pause that no producer notices.
RECORDS_A_TIME = 1_000

#: Pages given back to the disk in one go.
PAGES_A_TIME = 4_096

_EXPIRED = (
    "DELETE FROM record WHERE place IN"
    " (SELECT place FROM record WHERE place >= ? AND place < ? AND written_ms < ? ORDER BY place LIMIT ?)"
)
_REPLACED = (
    "DELETE FROM record WHERE place IN (SELECT place FROM (SELECT place, row_number() OVER"
    " (PARTITION BY key ORDER BY place DESC) AS age FROM record WHERE place >= ? AND place < ? AND key IS NOT NULL)"
    " WHERE age > 1 LIMIT ?)"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What may be deleted of one partition."""

    topic: LogTopic
    partition: int
    #: The first offset that must stay.
    limit: int
    now_ms: int

    def delete_some(self, connection: sqlite3.Connection) -> int:
        """Delete up to a thousand records; 0 when nothing is left to delete."""
        first, end = self.topic.first_place(self.partition), self.topic.first_place(self.partition, self.limit)
        deleted = 0
        if self.topic.retention_seconds is not None:
            cutoff = self.now_ms - self.topic.retention_seconds * 1000
            deleted = connection.execute(_EXPIRED, (first, end, cutoff, RECORDS_A_TIME)).rowcount
        if not deleted and self.topic.compacted:
            deleted = connection.execute(_REPLACED, (first, end, RECORDS_A_TIME)).rowcount
        return deleted

    def first_offset(self, connection: sqlite3.Connection) -> int:
        """Give the oldest offset left, or the limit when none is."""
        place = connection.execute(
            "SELECT MIN(place) FROM record WHERE place >= ? AND place < ?",
            (self.topic.first_place(self.partition), self.topic.first_place(self.partition + 1)),
        ).fetchone()[0]
        return self.limit if place is None else place & ((1 << OFFSET_BITS) - 1)


def note_next_offsets(
    topics: Mapping[str, LogTopic], next_offsets: Mapping[Place, int]
) -> Callable[[sqlite3.Connection], None]:
    """Write down where each partition goes on, so that an emptied one never starts again at 0."""
    rows = [(topics[topic].id, partition, offset) for (topic, partition), offset in next_offsets.items()]

    def work(connection: sqlite3.Connection) -> None:
        connection.executemany("INSERT OR REPLACE INTO next_offset VALUES (?, ?, ?)", rows)

    return work


def give_back_space(connection: sqlite3.Connection) -> None:
    """Return some free pages to the file system."""
    connection.execute(f"PRAGMA incremental_vacuum({PAGES_A_TIME})").fetchall()
