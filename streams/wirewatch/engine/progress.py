"""How far the stream is: what waits behind the committed offsets of the partitions that this process reads.

Called by `running`. The same questions to both engines, through Faust's consumer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wirewatch.engine.application import StreamApp


@dataclass(frozen=True, slots=True)
class Progress:
    """A look at all partitions that are assigned to this process."""

    #: True once partitions are assigned; a worker too many has none.
    assigned: bool = False
    #: True until the group lets this process in, while partitions move, and before the ends of all are known.
    moving: bool = False
    #: Records that wait, by (topic, partition).
    lags: Mapping[tuple[str, int], int] = field(default_factory=dict)
    #: Committed offsets, by (topic, partition).
    committed: Mapping[tuple[str, int], int] = field(default_factory=dict)

    @property
    def lag(self) -> int:
        """All records that wait."""
        return sum(self.lags.values())

    @property
    def idle(self) -> bool:
        """Tell whether everything was taken, handled and committed."""
        return self.assigned and not self.moving and self.lag == 0

    @property
    def has_work(self) -> bool:
        """Tell whether something must happen soon, else the stream stands still."""
        return self.moving or self.lag > 0


async def read_progress(app: StreamApp, *, sure: bool = False) -> Progress:
    """Look at what is committed, and then at the ends of all partitions: in this order none can slip by unseen.

    An output is durable before its source is committed. So if all sources that there are now were committed before,
    every output of theirs is below the ends that are read afterwards.

    Without `sure`, the ends are those of the last fetch: on Kafka that costs nothing, while asking the broker waits
    for the fetch that is under way.
    """
    consumer: Any = app.consumer
    assigned = consumer.assignment()
    if app.rebalancing or not assigned:
        return Progress(moving=app.rebalancing or not app.admitted)
    known = consumer._committed_offset  # noqa: SLF001 - Faust keeps it on both engines; a contract test says so
    read_up_to = {tp: known.get(tp) or 0 for tp in assigned if tp.topic in app.reads}
    ends = await consumer.highwaters(*read_up_to) if sure else {tp: consumer.highwater(tp) for tp in read_up_to}
    if None in ends.values():
        return Progress(assigned=True, moving=True)
    behind = [tp for tp, offset in read_up_to.items() if ends[tp] > max(offset, app.first_offsets.get(tp, 0))]
    if sure and behind:
        # What retention took does not wait.
        app.first_offsets.update(await consumer.earliest_offsets(*behind))
    committed = {(tp.topic, tp.partition): max(read_up_to[tp], app.first_offsets.get(tp, 0)) for tp in read_up_to}
    lags = {(tp.topic, tp.partition): max(0, ends[tp] - committed[tp.topic, tp.partition]) for tp in read_up_to}
    return Progress(True, consumer.assignment() != assigned, lags, committed)
