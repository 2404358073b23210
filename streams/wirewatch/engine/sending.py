"""Sends outputs until they are durable. A send that fails is tried again here, with back-off; leaving would lose it.

Only what can never succeed (a record over the topic's limit) comes back as a failure.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from typing import Protocol

from aiokafka.errors import MessageSizeTooLargeError
from aiokafka.errors import RecordTooLargeError as KafkaRecordTooLargeError

from wirewatch.clock import Clock
from wirewatch.engine.handling import Output
from wirewatch.engine.sqlite.log import RecordTooLargeError

log = logging.getLogger(__name__)

NEVER = (MessageSizeTooLargeError, KafkaRecordTooLargeError, RecordTooLargeError)

#: Seconds between two attempts: the first soon, because a leader moves in less than one; never more than five.
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0


class Send(Protocol):
    """Queues one record for a topic; what it returns is done when the record is durable."""

    async def __call__(self, topic: str, output: Output) -> Awaitable[object]:
        """Queue it."""
        ...


async def send_until_durable(
    send: Send, topic: str, outputs: Sequence[Output], clock: Clock
) -> list[tuple[Output, Exception]]:
    """Send all outputs and wait until each is durable or can never be.

    Returns:
        The outputs that can never be sent, each with its error.
    """
    hopeless: list[tuple[Output, Exception]] = []
    waiting = list(outputs)
    pause = FIRST_PAUSE_SECONDS
    while waiting:
        results = await asyncio.gather(*[_send_one(send, topic, output) for output in waiting], return_exceptions=True)
        again = []
        cause: BaseException | None = None
        for output, result in zip(waiting, results, strict=True):
            if isinstance(result, NEVER):
                hopeless.append((output, result))
            elif isinstance(result, Exception):
                again.append(output)
                cause = result
            elif isinstance(result, BaseException):
                raise result
        if again:
            log.warning(
                "Records could not be sent; trying again.",
                extra={"topic": topic, "records": len(again), "cause": f"{type(cause).__name__}: {cause}"},
            )
            await clock.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        waiting = again
    return hopeless


async def _send_one(send: Send, topic: str, output: Output) -> None:
    await (await send(topic, output))
