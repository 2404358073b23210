"""`wirewatch` as a user runs it: a process of its own, its lines read as they come, its end timed."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

#: Loading spaCy, the names and Faust takes three seconds on an idle machine, and many more on a loaded one.
PATIENCE_SECONDS = 90.0


class Process:
    """A running `wirewatch`."""

    def __init__(self, words: list[str], environ: Mapping[str, str], cwd: Path) -> None:
        self._pipes = (os.pipe(), os.pipe())
        (_, out), (_, err) = self._pipes
        self.child = subprocess.Popen(
            [str(Path(sys.executable).with_name("wirewatch")), *words],
            stdout=out, stderr=err, stdin=subprocess.DEVNULL, env={**os.environ, **environ}, cwd=cwd,
        )  # fmt: skip
        self.out: list[str] = []
        self.err: list[str] = []
        self._arrived = threading.Condition()
        self._reading = True
        self._readers = []
        for (read_end, write_end), lines in zip(self._pipes, (self.out, self.err), strict=True):
            os.close(write_end)
            reader = threading.Thread(target=self._read, args=(read_end, lines), daemon=True)
            reader.start()
            self._readers.append(reader)

    def _read(self, pipe: int, lines: list[str]) -> None:
        waiting = select.poll()
        waiting.register(pipe, select.POLLIN | select.POLLHUP)
        rest = b""
        while self._reading:
            if not waiting.poll(50):
                continue
            read = os.read(pipe, 65_536)
            *whole, rest = (rest + read).split(b"\n")
            with self._arrived:
                lines.extend(line.decode("utf-8", "replace") for line in whole)
                self._arrived.notify_all()
            if not read:
                return

    def _stop_reading(self) -> None:
        self._reading = False
        for reader in self._readers:
            reader.join()

    def close_pipes(self) -> None:
        """Close output and errors, as `head` does when it has seen enough."""
        self._stop_reading()
        for read_end, _ in self._pipes:
            os.close(read_end)

    def fill_pipes(self) -> None:
        """Read no more, and fill output and errors to the brim, as a terminal that was stopped."""
        self._stop_reading()
        for read_end, _ in self._pipes:
            pipe = os.open(f"/proc/self/fd/{read_end}", os.O_WRONLY | os.O_NONBLOCK)
            with contextlib.suppress(BlockingIOError):
                while True:
                    os.write(pipe, b"x")
            os.close(pipe)

    def line(self, pattern: str, *, err: bool = False) -> str:
        """Wait for a line that a regular expression finds; give it."""
        lines = self.err if err else self.out

        def found() -> list[str]:
            return [line for line in lines if re.search(pattern, line)]

        self.until(lambda: bool(found()), f"a line with {pattern!r}")
        return found()[0]

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until something holds; fail with all that was said when the process ends before, or time does."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        with self._arrived:
            while not holds():
                ended = self.child.poll() is not None and not any(reader.is_alive() for reader in self._readers)
                if (ended and not holds()) or time.monotonic() > deadline:
                    raise AssertionError(f"expected {what}, got:\n" + "\n".join([*self.out, *self.err]))
                self._arrived.wait(0.1)

    @property
    def address(self) -> str:
        """Wait for the page's address; give `host:port`."""
        return self.line(r"Alerts are shown at").split("//")[1].rstrip("/")

    def get(self, path: str) -> tuple[int, str]:
        """Ask the page."""
        connection = http.client.HTTPConnection(self.address, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        self.child.send_signal(number)

    def end(self, number: signal.Signals | None = None) -> tuple[int, float]:
        """Send a signal, if any, and wait; give the exit code and the seconds that it took."""
        started = time.monotonic()
        if number is not None:
            self.child.send_signal(number)
        code = self.child.wait(PATIENCE_SECONDS)
        seconds = time.monotonic() - started
        for reader in self._readers:
            reader.join(10)
        return code, seconds


@contextmanager
def wirewatch(*words: str, config: Path, data: Path, environ: Mapping[str, str] | None = None) -> Iterator[Process]:
    """Run a command until the block ends."""
    directories = ["--config", str(config), "--data", str(data)]
    process = Process([*words, *directories], environ or {}, data.parent)
    try:
        yield process
    finally:
        process.child.kill()
        process.child.wait()
