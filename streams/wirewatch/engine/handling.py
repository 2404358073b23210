"""How a stage turns a batch of raw records into outputs and failures. One by one, or all in one go.

Called by `batches`. An error that belongs to one record becomes that record's failure; an error that passes by itself
(a store that is locked or away) is raised as `PassingError`, so that the whole batch is tried again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from wirewatch.errors import EngineError, RecordError

log = logging.getLogger(__name__)

Record = TypeVar("Record")
Result = TypeVar("Result")

#: Attempts at a record that fails while its neighbours succeed, before it is set aside.
ATTEMPTS = 3


class PassingError(EngineError):
    """The batch could not be handled now; trying it again later may help."""


@dataclass(frozen=True, slots=True)
class Output:
    """A record to send on."""

    key: bytes
    value: bytes
    #: Position in the batch of the record it came of, or None when it came of the batch as a whole.
    source: int | None = None
    #: What readers outside of this program want to know before they read the value.
    headers: Mapping[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A record that this stage can never handle."""

    #: Its position in the batch.
    index: int
    #: A bounded word: `unreadable`, `raised`, `hangs`, `kills`, `too_large`.
    reason: str
    #: The exception's class and text.
    error: str
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a batch: every record either is in `failures` or succeeded."""

    outputs: tuple[Output, ...] = ()
    failures: tuple[Failure, ...] = ()


class Handler(Protocol):
    """Handles the raw values of one batch."""

    async def __call__(self, values: Sequence[bytes | None]) -> Handled:
        """Handle them.

        Raises:
            PassingError: none of it counts; try the same batch again later.
        """
        ...


def each(function: Callable[[bytes | None], Output]) -> Handler:
    """Handle records one by one on the event loop, letting others run between two of them."""

    async def handle(values: Sequence[bytes | None]) -> Handled:
        outputs, failures = [], []
        for index, value in enumerate(values):
            try:
                output = function(value)
            except Exception as error:  # noqa: BLE001 - whatever one record raises is that record's failure
                failures.append(failure_of(index, error))
            else:
                outputs.append(Output(output.key, output.value, index))
            # 100 records of 2 ms each would starve the next stage for as long.
            await asyncio.sleep(0)
        return Handled(tuple(outputs), tuple(failures))

    return handle


def together(
    decode: Callable[[bytes | None], Record],
    function: Callable[[Sequence[Record]], Awaitable[Sequence[Result]]],
    encode: Callable[[Result], Output],
    *,
    passing: tuple[type[Exception], ...] = (),
) -> Handler:
    """Handle a batch in one call (one transaction); when that fails, find the record that spoils it, one by one.

    `passing` are errors that say nothing of a record. One of them in a record whose neighbours go through, three times
    over, is that record's failure after all.
    """
    blocked_before: dict[Record, int] = {}

    async def handle(values: Sequence[bytes | None]) -> Handled:
        records, unreadable = _decode_all(decode, values)
        if not records:
            return Handled(failures=tuple(unreadable))
        try:
            results = await function([record for _, record in records])
        except Exception as error:
            if len(records) == 1:
                if isinstance(error, passing):
                    raise PassingError(f"cannot go on now: {_told(error)}") from error
                return Handled(failures=(*unreadable, failure_of(records[0][0], error)))
            log.warning("A batch failed; its records are tried one by one.", extra={"cause": _told(error)})
        else:
            blocked_before.clear()
            return Handled(tuple(map(encode, results)), tuple(unreadable))
        outputs, failures = await one_by_one(records)
        return Handled(outputs, (*unreadable, *failures))

    async def one_by_one(records: Sequence[tuple[int, Record]]) -> tuple[tuple[Output, ...], tuple[Failure, ...]]:
        outputs: list[Output] = []
        failures: list[Failure] = []
        blocked: list[tuple[int, Record, Exception]] = []
        for index, record in records:
            try:
                results = await function([record])
            except passing as error:
                blocked.append((index, record, error))
            except Exception as error:  # noqa: BLE001 - this is the record that spoiled the batch
                failures.append(failure_of(index, error))
            else:
                outputs += [replace(made, source=index) for made in map(encode, results)]
        if blocked and len(blocked) + len(failures) == len(records):
            raise PassingError(f"cannot go on now: {_told(blocked[0][2])}") from blocked[0][2]
        for index, record, cause in blocked:
            attempts = blocked_before[record] = blocked_before.get(record, 0) + 1
            if attempts < ATTEMPTS:
                raise PassingError(f"some records cannot go on now: {_told(cause)}") from cause
            failures.append(failure_of(index, cause, attempts=attempts))
        return tuple(outputs), tuple(failures)

    return handle


def failure_of(index: int, error: BaseException, *, attempts: int = 1) -> Failure:
    """Say why a record failed."""
    reason = "unreadable" if isinstance(error, RecordError) else "raised"
    return Failure(index, reason, _told(error), attempts)


def _decode_all(
    decode: Callable[[bytes | None], Record], values: Sequence[bytes | None]
) -> tuple[list[tuple[int, Record]], list[Failure]]:
    records, failures = [], []
    for index, value in enumerate(values):
        try:
            records.append((index, decode(value)))
        except Exception as error:  # noqa: BLE001 - an unreadable record is its own failure
            failures.append(failure_of(index, error))
    return records, failures


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:2_000]
