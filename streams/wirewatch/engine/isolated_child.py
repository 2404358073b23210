"""The inside of a working process: takes values, answers each on its own, so that the parent knows which one hung.

Started by `isolating` only. Before each value it writes down which it begins and for the how-many-th time: when the
process dies, or the whole machine's memory with it, the count has survived.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from wirewatch.engine.handling import Output, failure_of

#: Address space beyond the memory that is allowed: code, and what libraries reserve and never touch.
HEADROOM_BYTES = 4 << 30

#: Bytes of the note: a digest, a space, a count.
NOTE_BYTES = 48


def digest_of(value: bytes | None) -> str:
    """Give a short name for a value."""
    return hashlib.sha256(value or b"").hexdigest()[:32]


def read_note(path: Path) -> tuple[str, int] | None:
    """Read which value was begun and never ended, and how often it was begun."""
    try:
        words = path.read_bytes().decode("ascii", "replace").split()
    except OSError:
        return None
    return (words[0], int(words[1])) if len(words) == 2 and words[1].isdigit() else None


def serve(
    connection: Connection, pickled_work: bytes, note: Path, begun_before: dict[str, int], max_bytes: int
) -> None:
    """Answer until the parent goes away."""
    _die_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (max_bytes + HEADROOM_BYTES, max_bytes + HEADROOM_BYTES))
    # Ctrl-C goes to the whole process group; the parent ends us when it has what it wants.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work: Callable[[bytes | None], Output] = pickle.loads(pickled_work)  # noqa: S301 - from our own parent
    note_file = os.open(note, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        connection.send("ready")
        while True:
            for value in connection.recv():
                digest = digest_of(value)
                os.pwrite(note_file, f"{digest} {begun_before.get(digest, 0) + 1}".ljust(NOTE_BYTES).encode(), 0)
                connection.send(_answer(work, value))
            os.pwrite(note_file, b" " * NOTE_BYTES, 0)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the parent has gone


def _die_with_parent() -> None:
    """Ask Linux to kill us when the parent dies, even in the middle of a value that hangs."""
    if sys.platform == "linux":
        set_parent_death_signal = 1  # PR_SET_PDEATHSIG of prctl(2)
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def _answer(work: Callable[[bytes | None], Output], value: bytes | None) -> tuple[Any, ...]:
    try:
        output = work(value)
    except MemoryError:
        raise  # this process is no good any more; the parent replaces it
    except Exception as error:  # noqa: BLE001 - whatever one record raises is that record's failure
        failure = failure_of(0, error)
        return ("failed", failure.reason, failure.error)
    return ("done", output.key, output.value)
