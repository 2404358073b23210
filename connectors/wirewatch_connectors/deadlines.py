"""One deadline for many fetches: each may take equally long, so one timer serves all in the order of their start.

Held by `fetching`. A timer for each, set and cancelled, would be a twentieth of what a poll that brings nothing costs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")

#: Loops run a timer up to a millisecond early.
_EARLY_SECONDS = 0.001


class Deadlines:
    """Ends what takes longer than so many seconds. A task has one deadline at a time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        #: Loop time at which each task is late; the oldest first, because all have equally long.
        self._ends: dict[asyncio.Task[Any], float] = {}
        #: Tasks that were cancelled by us and have not said so yet.
        self._late: set[asyncio.Task[Any]] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def keep(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Await `work`, in the task that calls.

        Raises:
            TimeoutError: it took too long, and was cancelled.
        """
        task = asyncio.current_task()
        assert task is not None and task not in self._ends, "one deadline a task"  # noqa: PT018
        loop = asyncio.get_running_loop()
        cancelled_before = task.cancelling()
        end = self._ends[task] = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_at(end, self._sweep, loop)
        try:
            return await work
        except asyncio.CancelledError as error:
            # Who else cancelled the task meanwhile wants it cancelled.
            if self._take_back(task) and task.cancelling() <= cancelled_before:
                raise TimeoutError from error
            raise
        finally:
            self._take_back(task)
            self._ends.pop(task, None)

    def close(self) -> None:
        """Stop the timer; call it when no work is left."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time() + _EARLY_SECONDS
        for task, end in list(self._ends.items()):
            if end > now:
                self._timer = loop.call_at(end, self._sweep, loop)
                return
            del self._ends[task]
            self._late.add(task)
            task.cancel()
        self._timer = None

    def _take_back(self, task: asyncio.Task[Any]) -> bool:
        """Undo our cancellation; tells whether there was one."""
        if task not in self._late:
            return False
        self._late.discard(task)
        task.uncancel()
        return True
