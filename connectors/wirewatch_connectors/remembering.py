"""Moves feeds' memories, many in one transaction: what arrives while a commit is under way goes into the next.

Held by the poller. `move` returns only when the memory is durable; `note` is for what may be lost in a crash (a poll
that changed nothing), and rides along with the next commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from wirewatch.clock import Clock
from wirewatch.store.database import Database
from wirewatch.store.feed_memory import Move, save_moves


@dataclass(slots=True)
class _Waiting:
    move: Move
    done: asyncio.Future[bool]


class Rememberer:
    """The one writer of feeds' memories in a process."""

    def __init__(self, database: Database, clock: Clock, owner: str, tokens: Mapping[str, int]) -> None:
        self._database = database
        self._clock = clock
        self._owner = owner
        #: The poller's own, live view of its leases.
        self._tokens = tokens
        self._waiting: list[_Waiting] = []
        self._noted: dict[str, Move] = {}
        self._commit: asyncio.Task[None] | None = None

    async def move(self, move: Move) -> bool:
        """Make a memory durable. False when the feed belongs to another poller by now, and nothing was written.

        Raises:
            SQLAlchemyError: the store cannot write; nothing has moved.
        """
        self._noted.pop(move.memory.feed_id, None)
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(move, done))
        if self._commit is None or self._commit.done():
            self._commit = asyncio.create_task(self._commit_all())
        return await done

    def note(self, move: Move) -> None:
        """Keep a memory for the next commit; a crash before it costs one poll that brings nothing."""
        self._noted[move.memory.feed_id] = move

    async def flush(self) -> None:
        """Write what was noted."""
        if self._noted:
            noted, self._noted = self._noted, {}
            await self._save(list(noted.values()))

    async def _commit_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            noted, self._noted = self._noted, {}
            try:
                held = await self._save([*noted.values(), *(waiting.move for waiting in batch)])
            except BaseException as error:
                for waiting in batch:
                    if not waiting.done.done():
                        waiting.done.set_exception(error)
                if not isinstance(error, Exception):
                    raise
            else:
                for waiting in batch:
                    if not waiting.done.done():
                        waiting.done.set_result(waiting.move.memory.feed_id in held)

    async def _save(self, moves: list[Move]) -> frozenset[str]:
        return await self._database.run(save_moves, self._owner, dict(self._tokens), moves, self._clock.now())
