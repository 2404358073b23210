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


async def read_progress(app: StreamApp, *, sure: bool = False) -> Progress:
    """Look, topic by topic in the order in which records pass, so that none can slip by unseen.

    Without `sure`, the ends of partitions are those of the last fetch: on Kafka that costs nothing, while asking the
    broker waits for the fetch that is under way.
    """
    consumer: Any = app.consumer
    assigned = consumer.assignment()
    if not assigned or app.rebalancing:
        return Progress(False, {}, 0)
    known = consumer._committed_offset  # noqa: SLF001 - Faust keeps it on both engines; a contract test says so
    lags: dict[tuple[str, int], int] = {}
    committed_sum = 0
    for topic in app.reads:
        places = [tp for tp in assigned if tp.topic == topic]
        committed = {tp: known.get(tp) for tp in places}
        ends = await consumer.highwaters(*places) if sure else {tp: consumer.highwater(tp) for tp in places}
        if None in ends.values():
            return Progress(False, lags, committed_sum)
        unread = [tp for tp in places if committed[tp] is None and ends[tp]]
        starts = await consumer.earliest_offsets(*unread) if unread and sure else {}
        for tp in places:
            read_up_to = committed[tp]
            begun = starts.get(tp, 0) if read_up_to is None else read_up_to
            lags[tp.topic, tp.partition] = max(0, ends[tp] - begun)
            committed_sum += begun
    return Progress(consumer.assignment() == assigned, lags, committed_sum)
