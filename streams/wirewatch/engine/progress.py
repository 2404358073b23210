"""How far the stream is: what waits behind the committed offsets of the partitions that this process reads.

Called by `running`. The same questions to both engines, through Faust's consumer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wirewatch.engine.application import StreamApp


@dataclass(frozen=True, slots=True)
class Progress:
    """A look at all partitions that are assigned to this process."""

    #: False until partitions were assigned, and while they move.
    assigned: bool
    #: Records that wait, by (topic, partition).
    lags: dict[tuple[str, int], int]
    #: Sum of the committed offsets: it grows when anything was committed.
    committed: int

    @property
    def lag(self) -> int:
        """All records that wait."""
        return sum(self.lags.values())

    @property
    def idle(self) -> bool:
        """Tell whether everything was taken, handled and committed."""
        return self.assigned and self.lag == 0


async def read_progress(app: StreamApp) -> Progress:
    """Look, topic by topic in the order in which records pass, so that none can slip by unseen."""
    assigned = app.consumer.assignment()
    if not assigned or app.rebalancing:
        return Progress(False, {}, 0)
    consumer: Any = app.consumer
    known = consumer._committed_offset  # noqa: SLF001 - Faust keeps it on both engines; a contract test says so
    lags: dict[tuple[str, int], int] = {}
    committed_sum = 0
    for topic in app.reads:
        places = [tp for tp in assigned if tp.topic == topic]
        committed = {tp: known.get(tp) for tp in places}
        ends = await app.consumer.highwaters(*places)
        starts = await app.consumer.earliest_offsets(*[tp for tp in places if committed[tp] is None])
        for tp in places:
            read_up_to = committed[tp]
            begun = starts[tp] if read_up_to is None else read_up_to
            lags[tp.topic, tp.partition] = max(0, (ends[tp] or 0) - begun)
            committed_sum += begun
    return Progress(app.consumer.assignment() == assigned, lags, committed_sum)
