"""Keeps a few child processes that answer frames, kills the ones that fail, starts others. Knows nothing of feeds."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass

from wirewatch_connectors.parsing.frames import HEADER, MAX_FRAME_BYTES


@dataclass(frozen=True, slots=True)
class ParserLimits:
    """What one body may cost."""

    #: From question to answer, whatever the machine's load.
    wall_seconds: float = 30.0
    cpu_seconds: int = 10
    #: Address space of a child, not its resident memory, which is a tenth of it.
    address_space_bytes: int = 1024 * 1024 * 1024
    #: A child is replaced after so many bodies: whatever leaks, leaks that long.
    bodies_per_child: int = 5_000


class ChildError(Exception):
    """A child gave no answer: `timeout`, `memory` or `died`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class _DiedIdleError(ChildError):
    """A child that had answered before was gone, or went, when it was asked again."""


class ChildPool:
    """At most `size` children of one kind of work, started when first needed."""

    def __init__(self, work: str, size: int, limits: ParserLimits, replaced: Callable[[str], None]) -> None:
        self._work = work
        #: Told why a child was replaced, where no caller is told by an error.
        self._replaced = replaced
        self._limits = limits
        self._free = asyncio.Semaphore(size)
        self._idle: list[_Child] = []
        self._alive: set[_Child] = set()
        #: Killed, and not yet waited for.
        self._killed: list[_Child] = []
        self._closed = False

    async def ask(self, frame: bytes) -> bytes:
        """Send a frame to a free child and give its answer.

        Raises:
            ChildError: it gave none in time, or died; it has been killed.
        """
        async with self._free:
            try:
                return await self._ask_one(frame)
            except _DiedIdleError:
                # Somebody ended it while it had nothing to do: this body is innocent until it does so itself.
                self._replaced("died")
                return await self._ask_one(frame)

    async def _ask_one(self, frame: bytes) -> bytes:
        if self._closed:
            raise ChildError("died")
        child = await self._take()
        reusable = False
        try:
            answer, last = await asyncio.wait_for(child.ask(frame), self._limits.wall_seconds)
            reusable = not last and not self._closed and child.bodies < self._limits.bodies_per_child
            return answer
        except TimeoutError:
            raise ChildError("timeout") from None
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            reason = await child.cause_of_death()
            raise (_DiedIdleError if reason == "died" and child.bodies > 1 else ChildError)(reason) from error
        finally:
            # Cancelled, late or dead: a child in the middle of something is never used again.
            if reusable:
                self._idle.append(child)
            else:
                self._let_go(child)

    async def close(self) -> None:
        """End all children."""
        self._closed = True
        self._idle.clear()
        for child in tuple(self._alive):
            self._let_go(child)
        for child in self._killed:
            await child.process.wait()
        self._killed.clear()

    def _let_go(self, child: _Child) -> None:
        self._alive.discard(child)
        child.kill()
        self._killed = [other for other in (*self._killed, child) if other.process.returncode is None]

    @property
    def pids(self) -> tuple[int, ...]:
        """Give the process ids of the children that work or wait."""
        return tuple(child.process.pid for child in self._alive if child.process.returncode is None)

    async def _take(self) -> _Child:
        while self._idle:
            child = self._idle.pop()
            if child.process.returncode is None:
                return child
            self._alive.discard(child)
            self._replaced("died")
        child = _Child(await _start(self._work, self._limits))
        self._alive.add(child)
        return child


class _Child:
    def __init__(self, process: Process) -> None:
        self.process = process
        self.bodies = 0

    async def ask(self, frame: bytes) -> tuple[bytes, bool]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.bodies += 1
        self.process.stdin.write(frame)
        await self.process.stdin.drain()
        length, last = HEADER.unpack(await self.process.stdout.readexactly(HEADER.size))
        if length > MAX_FRAME_BYTES:
            raise ConnectionError(f"expected a frame of at most {MAX_FRAME_BYTES} bytes, got {length}")
        return await self.process.stdout.readexactly(length), bool(last)

    async def cause_of_death(self) -> str:
        """Wait for the end and name it by its signal."""
        try:
            code = await asyncio.wait_for(self.process.wait(), 1.0)
        except TimeoutError:
            return "died"
        return "timeout" if code == -signal.SIGXCPU else "died"

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        if self.process.stdin is not None:
            self.process.stdin.close()


async def _start(work: str, limits: ParserLimits) -> Process:
    # Of the environment only what finds the interpreter's own files: a child has no use for secrets.
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "wirewatch_connectors.parsing.child",
        work, str(limits.cpu_seconds), str(limits.address_space_bytes),
        stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment, limit=1 << 20,
        # Ctrl-C is for the parent: it drains first and ends its children then.
        start_new_session=True,
    )  # fmt: skip
