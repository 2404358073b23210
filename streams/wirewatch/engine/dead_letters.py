"""Records that no stage can handle, kept whole; and the limit above which a stage had better stop.

Called by `batches` and by the command `wirewatch dead-letters`. Never decides what cannot be handled.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from wirewatch.engine.handling import Failure
from wirewatch.errors import EngineError
from wirewatch.ids import content_hash, dead_letter_id
from wirewatch.records import DeadLetter

#: Records of which the ratio of dead letters is taken.
WINDOW = 1_000

#: Records before the ratio says anything.
SMALLEST_SAMPLE = 200


def dead_letter(event: Any, failure: Failure, *, stage: str, now: datetime) -> DeadLetter:
    """Make the dead letter of a Faust event."""
    message = event.message
    return DeadLetter(
        id=dead_letter_id(message.topic, message.partition, message.offset, stage),
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        stage=stage,
        reason=failure.reason,
        error=failure.error,
        attempts=failure.attempts,
        failed_at=now,
        key=message.key or b"",
        value=message.value or b"",
    )


def unsendable(topic: str, key: bytes, value: bytes, error: Exception, *, stage: str, now: datetime) -> DeadLetter:
    """Make the dead letter of an output that came of a whole batch and that its own topic refuses for ever.

    It has no place in a topic yet: partition and offset are -1.
    """
    return DeadLetter(
        id=dead_letter_id(f"{topic}/{content_hash(key.hex(), value.hex())}", -1, -1, stage),
        topic=topic,
        partition=-1,
        offset=-1,
        stage=stage,
        reason="too_large",
        error=f"{type(error).__name__}: {error}",
        attempts=1,
        failed_at=now,
        key=key,
        value=value,
    )


class DeadLetterLimit:
    """Notices when it is not the records that are wrong, but the stage: too many failures in a row, or in all."""

    def __init__(self, *, in_a_row: int, ratio: float) -> None:
        self._in_a_row = in_a_row
        self._ratio = ratio
        self._row = 0
        self._recent: deque[bool] = deque(maxlen=WINDOW)

    def check(self, size: int, failures: Iterable[Failure]) -> None:
        """Take a batch of `size` records into account.

        Raises:
            EngineError: the limit is passed: set nothing aside, acknowledge nothing, stop.
        """
        failed = {failure.index for failure in failures}
        for index in range(size):
            self._row = self._row + 1 if index in failed else 0
            self._recent.append(index in failed)
            if self._row >= self._in_a_row:
                raise EngineError(f"{self._row} records in a row could not be handled")
        bad = sum(self._recent)
        if len(self._recent) >= SMALLEST_SAMPLE and bad > self._ratio * len(self._recent):
            raise EngineError(f"{bad} of the last {len(self._recent)} records could not be handled")


def explain(failures: Sequence[Failure]) -> str:
    """Give the first error, for the message that stops a stage."""
    return failures[0].error if failures else ""
