"""The four ordinary ways in which stock Faust loses records, each shown to lose there and not here, on both engines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.lab import Agent, Lab
from tests.harness.streams import Engine
from wirewatch.engine.application import StreamApp
from wirewatch.engine.handling import Output
from wirewatch.topics import MAX_DERIVED_BYTES

VALUES = [b"%d" % number for number in range(12)]
BAD = b"5"

behaviours = pytest.mark.parametrize(("stock", "lost"), [(True, {BAD}), (False, set())], ids=["stock", "ours"])


def echo(value: bytes | None) -> Output:
    """Pass a value on."""
    return Output(value or b"", value or b"")


@behaviours
async def test_a_record_whose_handling_raises(engine: Engine, stock: bool, lost: set[bytes]) -> None:
    """Stock Faust acks and drops it; here it is a dead letter."""

    def step(value: bytes | None) -> Output:
        if value == BAD:
            raise ValueError("boom")
        return echo(value)

    lab = Lab(engine, stock=stock)
    await lab.publish(VALUES)
    await lab.run(lab.agent(step), None)
    assert await lab.lost(VALUES) == lost


@behaviours
async def test_a_record_whose_output_is_refused(engine: Engine, stock: bool, lost: set[bytes]) -> None:
    """The broker refuses an output for its size: stock Faust commits the record; here it is a dead letter."""

    def step(value: bytes | None) -> Output:
        return Output(BAD, bytes(MAX_DERIVED_BYTES + 1_000)) if value == BAD else echo(value)

    lab = Lab(engine, stock=stock)
    await lab.publish(VALUES)
    await lab.run(lab.agent(step), None)
    assert await lab.lost(VALUES) == lost


@behaviours
async def test_a_record_that_is_acked_later_than_its_neighbours(engine: Engine, stock: bool, lost: set[bytes]) -> None:
    """Stock Faust commits past a record that is not acked yet; a stop then loses it. Here it comes again."""
    acked: set[bytes] = set()

    def all_but_one(app: StreamApp) -> Agent:
        async def agent(stream: Any) -> None:
            stream.enable_acks = False
            async for events in stream.noack_take(3, within=0.02):
                # Two commits: the first up to the record in hand, the second, in stock Faust, past it.
                for event in events:
                    if event.value != BAD:
                        await (await app.send_output(lab_target, echo(event.value)))
                        event.ack()
                        acked.add(event.value)
                    await app.consumer.commit()
                    held.append(event)

        return agent

    held: list[Any] = []
    lab = Lab(engine, stock=stock)
    lab_target = f"{engine.prefix if engine.name == 'kafka' else ''}sorted.v1"
    await lab.publish(VALUES)
    await lab.run(all_but_one, lambda: len(acked) == len(VALUES) - 1, stream_wait_empty=False)
    held.clear()
    await lab.run(lab.agent(echo), None)
    assert await lab.lost(VALUES) == lost


@behaviours
async def test_a_record_in_hand_when_the_process_stops(engine: Engine, stock: bool, lost: set[bytes]) -> None:
    """Cancelled in the middle, without waiting for it: stock Faust acks it on the way out. Here it comes again."""
    begun = asyncio.Event()

    def slow(step: Callable[[bytes | None], Output]) -> Callable[[StreamApp], Agent]:
        def agent_for(app: StreamApp) -> Agent:
            async def agent(stream: Any) -> None:
                async for value in stream:
                    if value == BAD:
                        begun.set()
                        await asyncio.sleep(3600)
                    await (await app.send_output(lab_target, step(value)))

            return agent

        return agent_for

    def slow_in_batches(app: StreamApp) -> Agent:
        async def agent(stream: Any) -> None:
            stream.enable_acks = False
            async for events in stream.noack_take(3, within=0.02):
                for event in events:
                    if event.value == BAD:
                        begun.set()
                        await asyncio.sleep(3600)
                    await (await app.send_output(lab_target, echo(event.value)))
                for event in events:
                    event.ack()

        return agent

    lab = Lab(engine, stock=stock)
    lab_target = f"{engine.prefix if engine.name == 'kafka' else ''}sorted.v1"
    await lab.publish(VALUES)
    await lab.run(slow(echo) if stock else slow_in_batches, begun.is_set, stream_wait_empty=False)
    await lab.run(lab.agent(echo), None)
    assert await lab.lost(VALUES) == lost
