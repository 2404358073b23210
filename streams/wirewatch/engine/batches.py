"""The loop in which no record is lost: take a batch, handle it, send what came of it, set aside what failed, then ack.

Called by the agents. Stock Faust acks a record whose handling raised or whose output was never sent; here nothing is
acked before its effect is durable. The loop is never left with records in hand: Faust would go on with the next batch
and commit past the abandoned one. When it cannot go on it tells the app, which stops the process, and waits.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from wirewatch import wire
from wirewatch.clock import Clock
from wirewatch.engine.dead_letters import DeadLetterLimit, dead_letter, explain, unsendable
from wirewatch.engine.handling import Failure, Handled, Handler, Output, PassingError
from wirewatch.engine.sending import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, Send, send_until_durable
from wirewatch.errors import EngineError
from wirewatch.metrics import Metrics, Stage
from wirewatch.records import DeadLetter

log = logging.getLogger(__name__)


class BatchLoop:
    """One stage: what it does to a batch, where that goes, and how much it may set aside."""

    def __init__(
        self,
        stage: Stage,
        handle: Handler,
        *,
        target: str,
        dead_letters: str,
        send: Send,
        limit: DeadLetterLimit,
        metrics: Metrics,
        clock: Clock,
    ) -> None:
        self._stage: Stage = stage
        self._handle = handle
        self._target = target
        self._dead_letters = dead_letters
        self._send = send
        self._limit = limit
        self._metrics = metrics
        self._clock = clock

    async def take(self, events: Sequence[Any]) -> None:
        """Handle one batch of Faust events to its end, and ack them.

        Raises:
            EngineError: it can never end; nothing was acked.
        """
        started = self._clock.monotonic()
        self._metrics.received(self._stage, len(events))
        handled = await self._handle_patiently([event.value for event in events])
        hopeless = await send_until_durable(self._send, self._target, handled.outputs, self._clock)
        blamed = [(output, error) for output, error in hopeless if output.source is not None]
        failures = _one_a_record([*handled.failures, *(_too_large(output, error) for output, error in blamed)])
        self._check_limit(len(events), failures)
        now = self._clock.now()
        letters = [dead_letter(events[failure.index], failure, stage=self._stage, now=now) for failure in failures]
        letters += [
            unsendable(self._target, output.key, output.value, error, stage=self._stage, now=now)
            for output, error in hopeless
            if output.source is None
        ]
        await self._set_aside(letters)
        for event in events:
            event.ack()
        self._metrics.sent(self._stage, len(events) - len(failures))
        self._metrics.dropped(self._stage, "dead_letter", len(failures))
        self._metrics.stage_seconds.labels(self._stage).observe(self._clock.monotonic() - started)

    async def _handle_patiently(self, values: Sequence[bytes | None]) -> Handled:
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                return await self._handle(values)
            except PassingError as error:
                log.warning("A batch waits.", extra={"stage": self._stage, "cause": str(error)})
                await self._clock.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _check_limit(self, size: int, failures: Sequence[Failure]) -> None:
        try:
            self._limit.check(size, failures)
        except EngineError as error:
            raise EngineError(f"stage {self._stage} stops: {error}; the last one: {explain(failures)}") from error

    async def _set_aside(self, letters: Sequence[DeadLetter]) -> None:
        outputs = [Output(letter.id.encode(), wire.encode(letter)) for letter in letters]
        unwritten = await send_until_durable(self._send, self._dead_letters, outputs, self._clock)
        if unwritten:
            raise EngineError(f"a dead letter cannot be written: {self._dead_letters}: {unwritten[0][1]}")
        for letter in letters:
            self._metrics.dead_letters.labels(self._stage).inc()
            log.warning(
                "A record was set aside as a dead letter.",
                extra={"record": f"{letter.topic}[{letter.partition}]@{letter.offset}", "reason": letter.reason},
            )


def _too_large(output: Output, error: Exception) -> Failure:
    assert output.source is not None
    return Failure(output.source, "too_large", f"{type(error).__name__}: {error}")


def _one_a_record(failures: Sequence[Failure]) -> list[Failure]:
    by_index = {failure.index: failure for failure in reversed(failures)}
    return [by_index[index] for index in sorted(by_index)]


async def take_batches(
    loop: BatchLoop,
    stream: Any,
    *,
    batch_size: int,
    batch_wait_seconds: float,
    fail: Callable[[Exception], None],
) -> None:
    """Take batches for ever. When one can never end, tell `fail` and hold still: its records stay unacked."""
    # For good, and not for the time of `noack_take` only: nothing but `BatchLoop.take` may ack.
    stream.enable_acks = False
    async for events in stream.noack_take(batch_size, within=batch_wait_seconds):
        try:
            await loop.take(events)
        except Exception as error:  # noqa: BLE001 - a bug or a limit: the process must end, and nothing be acked
            fail(error)
            await asyncio.Event().wait()
