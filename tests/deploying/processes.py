"""Processes of a stack on this machine: started by hand, watched, stopped by their id, in the opposite order."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

#: The command of the environment that runs the tests.
WIREWATCH = str(Path(sys.executable).parent / "wirewatch")


class StackError(Exception):
    """A part of the stack does not do what it must."""


@dataclass(frozen=True, slots=True)
class Running:
    """One process of the stack."""

    name: str
    command: tuple[str, ...]
    process: subprocess.Popen[bytes]
    output: Path

    @property
    def tail(self) -> str:
        """Give the last lines that it wrote."""
        return "\n".join(self.output.read_text(encoding="utf-8", errors="replace").splitlines()[-25:])


@dataclass(slots=True)
class Stack(AbstractContextManager["Stack"]):
    """All processes of a stack; leaving the block stops them."""

    folder: Path
    running: list[Running] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> Running:
        """Start a process with its output in a file of its own."""
        output = self.folder / f"{name}.log"
        with output.open("wb") as sink:
            process = subprocess.Popen(
                list(command),
                stdout=sink,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
        started = Running(name, tuple(command), process, output)
        self.running.append(started)
        return started

    def wait_until(self, what: str, holds: Callable[[], bool], seconds: float = 60.0) -> None:
        """Ask again and again until it holds.

        Raises:
            StackError: a process has died, or the time is over.
        """
        end = time.monotonic() + seconds  # noqa: TID251 - this waits for real processes
        while not holds():
            for part in self.running:
                if part.process.poll() is not None:
                    raise StackError(f"{part.name} ended with {part.process.returncode}:\n{part.tail}")
            if time.monotonic() > end:  # noqa: TID251 - as above
                tails = "\n".join(f"--- {part.name}\n{part.tail}" for part in self.running)
                raise StackError(f"after {seconds:.0f} s still waiting: {what}\n{tails}")
            time.sleep(0.5)  # noqa: TID251 - as above

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop what was started, newest first."""
        for part in reversed(self.running):
            if part.process.poll() is None:
                part.process.send_signal(signal.SIGTERM)
                try:
                    part.process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    part.process.kill()
                    part.process.wait()


def free_port() -> int:
    """Give a loopback port that nobody uses now."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port
