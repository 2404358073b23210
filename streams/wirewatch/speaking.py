"""Writes lines for people from a thread of its own: a pipe that is closed, or that nobody empties, stops no work.

Held by logging and by the commands that people leave running. What cannot be written is counted and said later, when
the pipe takes lines again. Never decides what is said.
"""

from __future__ import annotations

import atexit
import io
import os
import queue
import threading
from typing import TextIO

#: Lines that wait for a slow reader: some minutes of a noisy day, and about two megabytes.
WAITING_LINES = 10_000
#: How long a process that ends waits for its last lines to be taken.
CLOSE_SECONDS = 1.0


class Speaker:
    """Says lines on one stream, in order."""

    def __init__(self, stream: TextIO, *, waiting_lines: int = WAITING_LINES) -> None:
        self._stream = stream
        self._file = _file_number(stream)
        self._lines: queue.Queue[str | None] = queue.Queue(waiting_lines)
        self._unsaid = 0
        self._thread = threading.Thread(target=self._write_all, name="speaker", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    @property
    def idle(self) -> bool:
        """Tell whether every line was taken up."""
        return self._lines.empty()

    def say(self, line: str) -> None:
        """Hand over a line; returns at once."""
        if not self._thread.is_alive():
            return
        try:
            if self._unsaid:
                self._lines.put_nowait(f"{self._unsaid} lines were not written, because nobody read them.")
                self._unsaid = 0
            self._lines.put_nowait(line)
        except queue.Full:
            self._unsaid += 1

    def close(self) -> None:
        """Let the last lines be taken, for a second at most."""
        atexit.unregister(self.close)
        try:
            self._lines.put(None, timeout=CLOSE_SECONDS)
        except queue.Full:
            return
        self._thread.join(CLOSE_SECONDS)

    def _write_all(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                self._write(line + "\n")
            except (OSError, ValueError):
                # Nobody is there any more, and nobody can be told; the work goes on, the lines end here.
                continue

    def _write(self, line: str) -> None:
        if self._file is None:
            self._stream.write(line)
            self._stream.flush()
            return
        # Past the stream's own buffer: its lock must be free when the interpreter ends, even if the pipe is full.
        left = line.encode(self._stream.encoding or "utf-8", "backslashreplace")
        while left:
            left = left[os.write(self._file, left) :]


def _file_number(stream: TextIO) -> int | None:
    try:
        return stream.fileno()
    except (OSError, io.UnsupportedOperation, AttributeError):
        return None
