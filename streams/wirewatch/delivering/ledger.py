"""Writes what lanes have to write together: what comes while one transaction runs shares the next one.

A transaction costs one flush of the disk, whether it holds one lane's word or a hundred. Each word is durable when
`write` returns.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from wirewatch.store.database import Database

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Word:
    work: Callable[[Any], Any]
    written: asyncio.Future[Any]


class Ledger:
    """Groups writes of one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Word] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, function: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
        """Run `function(connection, …)` in a transaction that others may share.

        Raises:
            Exception: what the function raised; then nothing of it is written, and all others are.
        """
        word = _Word(
            lambda connection: function(connection, *args, **kwargs), asyncio.get_running_loop().create_future()
        )
        self._waiting.append(word)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        result: Result = await word.written
        return result

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                words, self._waiting = self._waiting, []
                await self._write_together(words)
        finally:
            self._writing = None

    async def _write_together(self, words: list[_Word]) -> None:
        try:
            results = await self._database.run(partial(_run_all, words=words))
        except Exception as error:  # noqa: BLE001 - whoever wrote it gets it
            if len(words) == 1:
                _answer(words[0], error=error)
                return
            for word in words:
                await self._write_together([word])
            return
        for word, result in zip(words, results, strict=True):
            _answer(word, result)


def _run_all(connection: Any, words: Sequence[_Word]) -> list[Any]:
    return [word.work(connection) for word in words]


def _answer(word: _Word, result: Any = None, error: Exception | None = None) -> None:
    if word.written.done():
        return  # whoever asked was cancelled
    if error is not None:
        word.written.set_exception(error)
    else:
        word.written.set_result(result)
