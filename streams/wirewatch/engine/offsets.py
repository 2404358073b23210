"""Which offset may be committed: the end of the unbroken run of delivered and acked ones. For any Faust consumer.

Faust 0.15.3 commits past an unacked record when a later one was acked (upstream issue 606). What was delivered is kept
in order here, so that gaps of compaction and transactions need no bookkeeping at all.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from faust.types import TP


class SafeOffsets:
    """Mixin in front of a `faust.transport.base.Consumer`."""

    callback: Callable[[Any], Awaitable[None]]
    app: Any
    _acked: MutableMapping[TP, list[int]]
    _acked_index: MutableMapping[TP, set[int]]
    _committed_offset: MutableMapping[TP, int | None]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._delivered: dict[TP, deque[int]] = defaultdict(deque)
        #: What was committed when reading last (re)started.
        self.resumed_from: dict[TP, int] = {}
        deliver = self.callback
        acks_enabled_for = self.app.topics.acks_enabled_for

        def note_and_deliver(message: Any) -> Awaitable[None]:
            if acks_enabled_for(message.topic):
                self._delivered[message.tp].append(message.offset)
            return deliver(message)

        self.callback = note_and_deliver

    def _new_offset(self, tp: TP) -> int | None:
        delivered, acked = self._delivered[tp], self._acked_index[tp]
        last = None
        while delivered and delivered[0] in acked:
            last = delivered.popleft()
            acked.discard(last)
        if last is None:
            return None
        self._acked[tp][:] = [offset for offset in self._acked[tp] if offset > last]
        return last + 1

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Keep no gaps: the order of delivery says it all."""

    async def wait_empty(self) -> None:
        """Wait for the batches in hand, unless the app gives up on them; commit what is acked."""
        giving_up: asyncio.Event | None = getattr(self.app, "giving_up", None)
        waiting = asyncio.ensure_future(super().wait_empty())  # type: ignore[misc]
        if giving_up is None:
            await waiting
            return
        told = asyncio.ensure_future(giving_up.wait())
        try:
            await asyncio.wait({waiting, told}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            told.cancel()
            if not waiting.done():
                waiting.cancel()
        if waiting.cancelled() or not waiting.done():
            await self.commit_and_end_transactions()
        else:
            waiting.result()

    async def commit_and_end_transactions(self) -> None:
        """Commit all that is acked, also what was acked after a commit under way had taken its offsets.

        Faust takes a commit under way for its own and commits nothing: at a stop the last batch would come again.
        """
        while await self.maybe_wait_for_commit_to_finish():  # type: ignore[attr-defined]
            pass
        await super().commit_and_end_transactions()  # type: ignore[misc]

    async def perform_seek(self) -> None:
        """Forget what was delivered: it will be delivered again from the committed offset."""
        self._delivered.clear()
        self._acked.clear()
        self._acked_index.clear()
        await super().perform_seek()  # type: ignore[misc]
        self.resumed_from = {tp: offset for tp, offset in self._committed_offset.items() if offset is not None}
