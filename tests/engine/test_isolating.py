"""What a record can do to the process that handles it, and what it cannot do to the worker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.engine.steps import misbehave, shout
from wirewatch.engine.isolated_child import digest_of
from wirewatch.engine.isolating import IsolatedPool, IsolatedWorker
from wirewatch.metrics import Metrics


@asynccontextmanager
async def a_pool(
    directory: Path,
    *,
    size: int = 1,
    max_bytes: int = 2_000_000_000,
    timeout_seconds: float = 20,
    metrics: Metrics | None = None,
) -> AsyncIterator[IsolatedPool]:
    """Run processes that misbehave as their values say."""
    pool = IsolatedPool(
        [
            IsolatedWorker(
                lambda: misbehave,
                directory / f"{number}.begun",
                timeout_seconds=timeout_seconds,
                max_bytes=max_bytes,
                metrics=metrics or Metrics(),
            )
            for number in range(size)
        ]
    )
    try:
        yield pool
    finally:
        await pool.close()


def _restarts(metrics: Metrics) -> Callable[[str], float]:
    return lambda reason: (
        metrics.registry.get_sample_value("wirewatch_sorting_worker_restarts_total", {"reason": reason}) or 0
    )


async def test_values_are_answered_in_order_by_several_processes(tmp_path: Path) -> None:
    """A batch is shared between two processes and every output names the record that it came of."""
    values = [f"value {number}".encode() for number in range(7)]
    async with a_pool(tmp_path, size=2) as pool:
        handled = await pool(values)
    assert [(output.source, output.key) for output in handled.outputs] == list(enumerate(values))
    assert handled.failures == ()


async def test_a_value_that_aborts_its_process_is_set_aside_after_three_attempts(tmp_path: Path) -> None:
    """A crash costs three processes and one record; the records around it are handled."""
    metrics = Metrics()
    async with a_pool(tmp_path, metrics=metrics) as pool:
        handled = await pool([b"before", b"abort", b"after"])
    assert [output.key for output in handled.outputs] == [b"before", b"after"]
    (failure,) = handled.failures
    assert (failure.index, failure.reason, failure.attempts) == (1, "hangs_or_kills", 3)
    assert _restarts(metrics)("died") == 3


async def test_a_value_that_hangs_is_set_aside_after_three_attempts(tmp_path: Path) -> None:
    """A hang is ended by its timeout, three times, and the records around it are handled."""
    metrics = Metrics()
    async with a_pool(tmp_path, timeout_seconds=0.3, metrics=metrics) as pool:
        handled = await pool([b"before", b"hang", b"after"])
    assert [output.key for output in handled.outputs] == [b"before", b"after"]
    assert [(failure.index, failure.attempts) for failure in handled.failures] == [(1, 3)]
    assert _restarts(metrics)("hangs") == 3


async def test_attempts_survive_the_death_of_the_whole_worker(tmp_path: Path) -> None:
    """A value that was begun twice before everything died is begun once more, and then set aside."""
    (tmp_path / "0.begun").write_text(f"{digest_of(b'abort')} 2")
    metrics = Metrics()
    async with a_pool(tmp_path, metrics=metrics) as pool:
        handled = await pool([b"before", b"abort", b"after"])
    assert [(failure.index, failure.attempts) for failure in handled.failures] == [(1, 3)]
    assert _restarts(metrics)("died") == 1


async def test_a_value_that_raises_is_a_failure_and_keeps_its_process(tmp_path: Path) -> None:
    """An exception is told with its class and text; nothing is replaced."""
    metrics = Metrics()
    async with a_pool(tmp_path, metrics=metrics) as pool:
        handled = await pool([b"raise me", b"after"])
    assert [(failure.index, failure.error) for failure in handled.failures] == [(0, "ValueError: raise me")]
    assert [output.source for output in handled.outputs] == [1]
    assert _restarts(metrics)("died") == 0


async def test_a_reload_puts_a_new_process_in_the_place_of_the_old_one(tmp_path: Path) -> None:
    """The next batch is handled by the work of now, each batch by exactly one."""
    metrics, works = Metrics(), [misbehave]
    worker = IsolatedWorker(
        lambda: works[0], tmp_path / "0.begun", timeout_seconds=20, max_bytes=2_000_000_000, metrics=metrics
    )
    first = await worker.handle([b"one"])
    works[0] = shout
    second = await worker.handle([b"two"])
    await worker.close()
    assert [output.value for output in (*first.outputs, *second.outputs)] == [b"done one", b"TWO"]
    assert _restarts(metrics)("reloaded") == 1


async def test_a_process_that_leaks_is_replaced(tmp_path: Path) -> None:
    """A process that holds more than it may is replaced after the batch, and nothing is lost."""
    metrics = Metrics()
    async with a_pool(tmp_path, max_bytes=250_000_000, metrics=metrics) as pool:
        first = await pool([b"leak"])
        second = await pool([b"after"])
    assert [output.key for output in (*first.outputs, *second.outputs)] == [b"leak", b"after"]
    assert _restarts(metrics)("leaks") == 1
