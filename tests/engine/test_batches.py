"""The loop by itself, with fakes: what it acks, what it sets aside, when it gives up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field

import pytest

from tests.fakes import FakeClock
from wirewatch import wire
from wirewatch.engine.batches import BatchLoop
from wirewatch.engine.dead_letters import DeadLetterLimit
from wirewatch.engine.handling import Handled, Handler, Output, PassingError, each, together
from wirewatch.engine.sqlite.log import RecordTooLargeError
from wirewatch.errors import EngineError
from wirewatch.metrics import Metrics
from wirewatch.records import DeadLetter


@dataclass
class FakeMessage:
    """The part of a Faust message that a dead letter keeps."""

    offset: int
    value: bytes
    key: bytes = b"key"
    topic: str = "articles.v1"
    partition: int = 0


@dataclass
class FakeEvent:
    """A Faust event that notes whether it was acked."""

    message: FakeMessage
    acked: bool = False

    @property
    def value(self) -> bytes:
        """The raw value."""
        return self.message.value

    def ack(self) -> None:
        """Note it."""
        self.acked = True


@dataclass
class FakeBroker:
    """Takes what is sent, or fails as told: `failing` times, or for ever for outputs in `refused`."""

    failing: int = 0
    refused: set[bytes] = field(default_factory=set)
    topics: dict[str, list[Output]] = field(default_factory=dict)

    async def send(self, topic: str, output: Output) -> Awaitable[object]:
        """Take one output."""
        done: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        if output.key in self.refused:
            done.set_exception(RecordTooLargeError("too large"))
        elif self.failing:
            self.failing -= 1
            done.set_exception(ConnectionError("away"))
        else:
            self.topics.setdefault(topic, []).append(output)
            done.set_result(None)
        return done


def events(*values: bytes) -> list[FakeEvent]:
    """Make a batch."""
    return [FakeEvent(FakeMessage(offset, value)) for offset, value in enumerate(values)]


def a_loop(
    handle: Handler, broker: FakeBroker, metrics: Metrics | None = None, *, in_a_row: int = 10, ratio: float = 1.0
) -> BatchLoop:
    """Make a loop over a fake broker."""
    return BatchLoop(
        "sort",
        handle,
        target="sorted.v1",
        dead_letters="dead-letters.v1",
        send=broker.send,
        limit=DeadLetterLimit(in_a_row=in_a_row, ratio=ratio),
        metrics=metrics or Metrics(),
        clock=FakeClock(),
    )


def echo(value: bytes | None) -> Output:
    """Pass on, or raise on a poisoned value."""
    if value is not None and value.startswith(b"poison"):
        raise ValueError("poisoned")
    return Output(value or b"", value or b"")


def letters(broker: FakeBroker) -> list[DeadLetter]:
    """Read the dead letters that were written."""
    return [wire.decode(DeadLetter, output.value, topic="d") for output in broker.topics.get("dead-letters.v1", [])]


async def test_a_batch_is_acked_when_all_of_it_is_durable() -> None:
    """Every record is sent on, and then acked."""
    broker, batch = FakeBroker(), events(b"a", b"b")
    await a_loop(each(echo), broker).take(batch)
    assert [output.key for output in broker.topics["sorted.v1"]] == [b"a", b"b"]
    assert all(event.acked for event in batch)


async def test_a_send_that_fails_is_tried_again_inside_the_loop() -> None:
    """A broker that is away for a while costs time and nothing else; nothing is acked before."""
    broker, batch = FakeBroker(failing=5), events(b"a", b"b", b"c")
    await a_loop(each(echo), broker).take(batch)
    assert sorted(output.key for output in broker.topics["sorted.v1"]) == [b"a", b"b", b"c"]
    assert all(event.acked for event in batch)


async def test_a_dead_letter_keeps_place_error_and_raw_bytes() -> None:
    """A person can see what it was, where it came from, and put it back."""
    broker, batch = FakeBroker(), events(b"a", b"poison \xff")
    await a_loop(each(echo), broker).take(batch)
    (letter,) = letters(broker)
    assert (letter.topic, letter.partition, letter.offset, letter.stage) == ("articles.v1", 0, 1, "sort")
    assert (letter.reason, letter.error, letter.attempts) == ("raised", "ValueError: poisoned", 1)
    assert (letter.key, letter.value) == (b"key", b"poison \xff")
    assert all(event.acked for event in batch)


async def test_what_a_stage_received_it_sent_or_dropped() -> None:
    """Received = sent + dropped, with failures of both kinds in the batch."""
    metrics = Metrics()
    broker = FakeBroker(refused={b"too large"})
    await a_loop(each(echo), broker, metrics).take(events(b"a", b"poison", b"too large", b"b"))

    def counted(name: str, **labels: str) -> float:
        return metrics.registry.get_sample_value(f"wirewatch_{name}_total", {"stage": "sort", **labels}) or 0

    assert counted("stage_received") == 4
    assert counted("stage_sent") == 2
    assert counted("stage_dropped", reason="dead_letter") == 2
    assert counted("dead_letters") == 2


async def test_a_dead_letter_that_cannot_be_written_stops_the_loop_without_an_ack() -> None:
    """Nothing is acked, so the whole batch comes again after the cause is mended."""

    class NoLetters(FakeBroker):
        async def send(self, topic: str, output: Output) -> Awaitable[object]:
            self.refused = {output.key} if topic == "dead-letters.v1" else set()
            return await super().send(topic, output)

    batch = events(b"a", b"poison")
    with pytest.raises(EngineError, match=r"a dead letter cannot be written: dead-letters.v1"):
        await a_loop(each(echo), NoLetters()).take(batch)
    assert not any(event.acked for event in batch)


async def test_too_many_failures_in_a_row_stop_the_loop_and_set_nothing_aside() -> None:
    """It is then the stage that is wrong, not the records."""
    broker, batch = FakeBroker(), events(*[b"poison %d" % number for number in range(10)])
    with pytest.raises(EngineError, match="stage sort stops: 10 records in a row could not be handled"):
        await a_loop(each(echo), broker, in_a_row=10).take(batch)
    assert letters(broker) == []
    assert not any(event.acked for event in batch)


async def test_too_large_a_share_of_failures_stops_the_loop() -> None:
    """The ratio is taken over many records, so that a bad start proves nothing."""
    loop = a_loop(each(echo), FakeBroker(), in_a_row=1_000, ratio=0.5)
    mostly_bad = [b"poison"] * 60 + [b"good"] * 40
    await loop.take(events(*mostly_bad))
    with pytest.raises(EngineError, match="120 of the last 200 records could not be handled"):
        await loop.take(events(*mostly_bad))


async def test_a_store_that_is_away_is_waited_for() -> None:
    """An error that says nothing of the records is tried again, and no record is blamed."""
    attempts = 0

    async def handle(values: Sequence[bytes | None]) -> Handled:
        nonlocal attempts
        attempts += 1
        if attempts < 4:
            raise PassingError("the store is locked")
        return Handled(tuple(Output(value or b"", value or b"", index) for index, value in enumerate(values)))

    broker, batch = FakeBroker(), events(b"a")
    await a_loop(handle, broker).take(batch)
    assert attempts == 4
    assert letters(broker) == []
    assert batch[0].acked


async def test_one_poisoned_record_of_a_transaction_is_found_and_the_rest_kept() -> None:
    """A batch that fails as a whole is tried record by record."""

    async def transaction(batch: Sequence[bytes]) -> Sequence[bytes]:
        if any(value.startswith(b"poison") for value in batch):
            raise ValueError("constraint")
        return batch

    handle = together(lambda value: value or b"", transaction, lambda value: Output(value, value))
    broker, batch = FakeBroker(), events(b"a", b"poison", b"b")
    await a_loop(handle, broker).take(batch)
    assert [output.key for output in broker.topics["sorted.v1"]] == [b"a", b"b"]
    assert [letter.value for letter in letters(broker)] == [b"poison"]
    assert all(event.acked for event in batch)


async def test_a_record_that_alone_finds_the_store_away_is_set_aside_at_the_third_time() -> None:
    """An error that claims to pass, in one record whose neighbours go through, is that record's after all."""

    async def transaction(batch: Sequence[bytes]) -> Sequence[bytes]:
        if b"odd" in batch:
            raise TimeoutError("away")
        return batch

    handle = together(
        lambda value: value or b"", transaction, lambda value: Output(value, value), passing=(TimeoutError,)
    )
    broker, batch = FakeBroker(), events(b"a", b"odd", b"b")
    await a_loop(handle, broker).take(batch)
    (letter,) = letters(broker)
    assert (letter.value, letter.attempts) == (b"odd", 3)
    assert all(event.acked for event in batch)


async def test_an_output_of_a_whole_batch_that_is_too_large_becomes_a_letter_of_its_own() -> None:
    """No record is to blame: all are acked, and the output can be looked at."""

    async def handle(values: Sequence[bytes | None]) -> Handled:
        return Handled((Output(b"huge", b"alert"), Output(b"fine", b"alert")))

    broker, batch = FakeBroker(refused={b"huge"}), events(b"a", b"b")
    await a_loop(handle, broker).take(batch)
    (letter,) = letters(broker)
    assert (letter.topic, letter.offset, letter.key, letter.reason) == ("sorted.v1", -1, b"huge", "too_large")
    assert all(event.acked for event in batch)


async def test_others_run_between_two_records() -> None:
    """A batch of slow records does not hold the event loop until its end."""
    order: list[str] = []

    def step(value: bytes | None) -> Output:
        order.append("record")
        return echo(value)

    async def neighbour() -> None:
        for _ in range(3):
            order.append("neighbour")
            await asyncio.sleep(0)

    task = asyncio.create_task(neighbour())
    await each(step)([b"a", b"b", b"c"])
    await task
    assert order[:4] == ["record", "neighbour", "record", "neighbour"]
