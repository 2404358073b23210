"""One `Log` a path in this process, shared by Faust's transport and the connectors' publisher; the last user closes."""

from __future__ import annotations

import asyncio
from pathlib import Path

from wirewatch.clock import Clock
from wirewatch.engine.sqlite.log import Log
from wirewatch.errors import EngineError

_held: dict[Path, tuple[Log, int]] = {}


def acquire(path: Path, clock: Clock) -> Log:
    """Give this process's log of a path, opening it for the first user.

    Raises:
        EngineError: another process owns it, or it cannot be opened.
    """
    log, users = _held[path] if path in _held else (Log(path, clock), 0)
    _held[path] = (log, users + 1)
    return log


def held(path: Path) -> Log:
    """Give the log of a path that somebody in this process has acquired.

    Raises:
        EngineError: nobody has.
    """
    if path not in _held:
        raise EngineError(f"the log is not open: {path}")
    return _held[path][0]


async def release(log: Log) -> None:
    """Say that one user is done; the last one closes the log, off the event loop."""
    held_log, users = _held[log.path]
    if users > 1:
        _held[log.path] = (held_log, users - 1)
        return
    del _held[log.path]
    await asyncio.get_running_loop().run_in_executor(None, log.close)
