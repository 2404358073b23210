"""Handles records in processes of their own: a value that hangs, crashes or leaks costs that process, not the worker.

Called by the agent `sort_articles`. A value is begun three times at most, counted before it is begun; then it is a
failure and the rest goes on. Also takes the work off the event loop and onto another core.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil

from wirewatch.engine.handling import ATTEMPTS, Failure, Handled, Output
from wirewatch.engine.isolated_child import digest_of, read_note, serve
from wirewatch.errors import EngineError
from wirewatch.metrics import Metrics

log = logging.getLogger(__name__)

Work = Callable[[bytes | None], Output]

#: Loading spaCy and ten megabytes of names takes about two seconds, on a loaded machine many more.
START_TIMEOUT_SECONDS = 120.0

#: Replacements in a row, with nothing handled in between, after which it is not the records that are wrong.
REPLACEMENTS = 2 * ATTEMPTS

_spawning = multiprocessing.get_context("spawn")


class IsolatedWorker:
    """One working process and the thread that talks to it."""

    def __init__(
        self, work: Callable[[], Work], note: Path, *, timeout_seconds: float, max_bytes: int, metrics: Metrics
    ) -> None:
        self._work = work
        self._note = note
        self._timeout_seconds = timeout_seconds
        self._max_bytes = max_bytes
        self._metrics = metrics
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="isolated")
        self._process: Any = None
        self._connection: Any = None
        self._loaded: Work | None = None
        self._closed = False
        self._begun: dict[str, int] = {}
        if (left := read_note(note)) is not None:
            self._begun[left[0]] = left[1]

    async def handle(self, values: Sequence[bytes | None]) -> Handled:
        """Handle values in order.

        Raises:
            EngineError: no working process can be had.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._handle, list(values))

    async def start(self) -> None:
        """Start the process before it is needed."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._ready)

    async def close(self) -> None:
        """End the process, whatever it is doing."""
        self._closed = True
        self._kill()
        await asyncio.get_running_loop().run_in_executor(None, self._thread.shutdown)

    def _handle(self, values: list[bytes | None]) -> Handled:
        outputs: list[Output] = []
        failures: list[Failure] = []
        begin, replaced = 0, 0
        while begin < len(values):
            begin = self._skip_hopeless(values, begin, failures)
            if begin == len(values):
                break
            answered, fault = self._exchange(values, begin, outputs, failures)
            replaced = 1 if answered else replaced + 1
            begin += answered
            if fault:
                self._replace(fault, values[begin])
                if replaced > REPLACEMENTS:
                    raise EngineError(f"sorting processes end again and again, the last one {fault}")
        self._look_at_memory()
        return Handled(tuple(outputs), tuple(failures))

    def _skip_hopeless(self, values: Sequence[bytes | None], begin: int, failures: list[Failure]) -> int:
        while begin < len(values) and self._begun and self._begun.get(digest_of(values[begin]), 0) >= ATTEMPTS:
            attempts = self._begun.pop(digest_of(values[begin]))
            text = f"sorting it did not end within {self._timeout_seconds:g} s, or ended the process"
            failures.append(Failure(begin, "hangs_or_kills", text, attempts))
            begin += 1
        return begin

    def _exchange(
        self, values: list[bytes | None], begin: int, outputs: list[Output], failures: list[Failure]
    ) -> tuple[int, str]:
        """Send what is left and take the answers. Gives how many came, and what went wrong then."""
        self._ready()
        end = next(
            (n for n in range(begin + 1, len(values)) if self._begun and digest_of(values[n]) in self._begun),
            len(values),
        )
        answered = 0
        try:
            self._connection.send(values[begin:end])
        except OSError:
            return 0, "gone"
        try:
            for index in range(begin, end):
                if not self._connection.poll(self._timeout_seconds):
                    return answered, "hangs"
                kind, first, second = self._connection.recv()
                answered += 1
                if kind == "done":
                    outputs.append(Output(first, second, index))
                else:
                    failures.append(Failure(index, first, second))
        except (EOFError, OSError):
            return answered, "died"
        self._begun.pop(digest_of(values[begin]), None)
        return answered, ""

    def _ready(self) -> None:
        if self._closed:
            raise EngineError("sorting has ended")
        wanted = self._work()
        if self._process is not None and self._loaded is wanted:
            return
        if self._process is not None:
            self._metrics.worker_restarts.labels("reloaded").inc()
            self._kill()
        self._note.parent.mkdir(parents=True, exist_ok=True)
        ours, theirs = _spawning.Pipe()
        process = _spawning.Process(
            target=serve,
            args=(theirs, pickle.dumps(wanted), self._note, dict(self._begun), self._max_bytes),
            name="wirewatch-sorting",
            daemon=True,
        )
        process.start()
        theirs.close()
        self._process, self._connection, self._loaded = process, ours, wanted
        try:
            if not ours.poll(START_TIMEOUT_SECONDS):
                raise EngineError(f"a sorting process did not start within {START_TIMEOUT_SECONDS:g} s")
            ours.recv()
        except (EOFError, OSError) as error:
            self._kill()
            raise EngineError(f"a sorting process ended while it started: exit code {process.exitcode}") from error

    def _replace(self, fault: str, value: bytes | None) -> None:
        """Put another process in the place of one that hangs or died, and count against the value it was at."""
        if fault != "gone":
            digest = digest_of(value)
            noted = read_note(self._note)
            counted = noted[1] if noted is not None and noted[0] == digest else 0
            self._begun[digest] = max(counted, self._begun.get(digest, 0) + 1)
        log.warning("A sorting process was replaced.", extra={"cause": fault})
        self._metrics.worker_restarts.labels(fault).inc()
        self._kill()

    def _look_at_memory(self) -> None:
        try:
            held = psutil.Process(self._process.pid).memory_info().rss if self._process is not None else 0
        except psutil.NoSuchProcess:
            return
        if held > self._max_bytes:
            log.warning("A sorting process holds too much memory and is replaced.", extra={"bytes": held})
            self._metrics.worker_restarts.labels("leaks").inc()
            self._kill()

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join(10)
            self._connection.close()


class IsolatedPool:
    """A few working processes that share each batch."""

    def __init__(self, workers: Sequence[IsolatedWorker]) -> None:
        self._workers = tuple(workers)

    async def __call__(self, values: Sequence[bytes | None]) -> Handled:
        """Handle a batch, a run of it in each process."""
        size = -(-len(values) // len(self._workers))
        runs = [(start, values[start : start + size]) for start in range(0, len(values), size)]
        parts = await asyncio.gather(
            *[worker.handle(run) for worker, (_, run) in zip(self._workers, runs, strict=False)]
        )
        outputs = [
            Output(output.key, output.value, (output.source or 0) + start)
            for (start, _), part in zip(runs, parts, strict=True)
            for output in part.outputs
        ]
        failures = [
            Failure(failure.index + start, failure.reason, failure.error, failure.attempts)
            for (start, _), part in zip(runs, parts, strict=True)
            for failure in part.failures
        ]
        return Handled(tuple(outputs), tuple(failures))

    async def start(self) -> None:
        """Start the processes before they are needed."""
        await asyncio.gather(*[worker.start() for worker in self._workers])

    async def close(self) -> None:
        """End the processes."""
        await asyncio.gather(*[worker.close() for worker in self._workers])
