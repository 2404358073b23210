"""Faust's consumer on the embedded log: one member, all partitions, offsets committed in the same file.

The order of a rebalance is Faust's contract, learnt from its aiokafka driver: it runs as a task of its own (inside
`subscribe` it would deadlock), runs the real assignor, and gives a new generation before partitions are assigned.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from faust.transport import base
from faust.transport.consumer import ensure_TP
from faust.types import TP, ConsumerMessage

from wirewatch.engine.offsets import SafeOffsets
from wirewatch.engine.sqlite.files import LogBlockedError
from wirewatch.engine.sqlite.log import Log
from wirewatch.engine.sqlite.producer import decode_headers
from wirewatch.engine.sqlite.records import LogRecord

log = logging.getLogger(__name__)

#: How long a commit waits before it is tried again on a full disk.
RETRY_SECONDS = 1.0

#: Records read ahead of one partition at a time.
RECORDS_A_READ = 500


class _Cluster:
    """What Faust's assignor asks of a cluster."""

    def __init__(self, opened: Log) -> None:
        self._log = opened

    def partitions_for_topic(self, topic: str) -> set[int] | None:
        """Give the partitions of a topic, or None when there is no such topic."""
        found = self._log.topics.get(topic)
        return None if found is None else set(range(found.partitions))


class Consumer(SafeOffsets, base.Consumer):
    """Reads the log for Faust's agents."""

    transport: Any
    consumer_stopped_errors: ClassVar[tuple[type[BaseException], ...]] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._assigned: set[TP] = set()
        self._positions: dict[TP, int] = {}
        self._generation = 0
        self._arrived = asyncio.Event()

    @property
    def opened(self) -> Log:
        """The log."""
        found: Log = self.transport.log
        return found

    async def on_start(self) -> None:
        """Listen for arrivals."""
        await super().on_start()
        self._reading_loop = asyncio.get_running_loop()
        self.opened.listen(self._wake)

    async def on_stop(self) -> None:
        """Commit what is acked and stop listening."""
        await super().on_stop()
        self.opened.forget(self._wake)

    def _wake(self) -> None:
        if not self._reading_loop.is_closed():
            self._reading_loop.call_soon_threadsafe(self._arrived.set)

    async def create_topic(self, topic: str, partitions: int, replication: int, **options: Any) -> None:
        """Make a topic; Faust asks for its own internal ones only."""
        if topic not in self.opened.topics:
            await self.opened.create_topic(topic, partitions)

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Take all partitions of these topics."""
        self.add_future(self._rebalance(set(topics)))

    async def _rebalance(self, topics: set[str]) -> None:
        self.app.on_rebalance_start()
        before = set(self._assigned)
        await self.on_partitions_revoked(before)
        assignor = self.app.assignor
        given = assignor.assign(_Cluster(self.opened), {"only": assignor.metadata(topics)})["only"]
        assignor.on_assignment(given)
        self._assigned = {TP(topic, partition) for topic, partitions in given.assignment for partition in partitions}
        for gone in before - self._assigned:
            self._positions.pop(gone, None)
        self._generation += 1
        self.app.consumer_generation_id = self._generation
        await self.on_partitions_assigned(set(self._assigned), self._generation)

    def resume_partitions(self, tps: Iterable[TP]) -> None:
        """Read these again, at once."""
        super().resume_partitions(tps)
        self._arrived.set()

    async def _wait_next_records(
        self,
        timeout: float,  # noqa: ASYNC109 - Faust's signature
    ) -> tuple[Mapping[TP, list[LogRecord]], set[TP]]:
        """Wait for records. Unlike the stock one it does not sleep a whole second when nothing is active yet."""
        if not self.flow_active:
            await self.wait(self.can_resume_flow)  # type: ignore[arg-type]
        active = self._get_active_partitions()
        return await self._getmany(active, timeout), active

    async def _getmany(
        self,
        active_partitions: set[TP] | None,
        timeout: float,  # noqa: ASYNC109 - Faust's signature
    ) -> Mapping[TP, list[LogRecord]]:
        deadline = self.loop.time() + timeout
        while self.flow_active and not self.should_stop:
            self._arrived.clear()
            wants = self._wants(self._assigned if active_partitions is None else active_partitions)
            if wants:
                return await self._fetch(wants)
            left = deadline - self.loop.time()
            if left <= 0:
                break
            try:
                await asyncio.wait_for(self._arrived.wait(), left)
            except TimeoutError:
                break
        return {}

    def _wants(self, partitions: Iterable[TP]) -> dict[TP, tuple[int, int]]:
        wants = {}
        for tp in partitions:
            position = self._positions.get(tp)
            if position is not None and position < self.highwater(tp):
                wants[tp] = (position, min(RECORDS_A_READ, self.highwater(tp) - position))
        return wants

    async def _fetch(self, wants: dict[TP, tuple[int, int]]) -> dict[TP, list[LogRecord]]:
        generation = self._generation
        ends = {tp: self.highwater(tp) for tp in wants}
        found = await self.opened.read({(tp.topic, tp.partition): want for tp, want in wants.items()})
        if not self.flow_active or generation != self._generation:
            return {}
        records = {}
        for tp, (position, _) in wants.items():
            if self._positions.get(tp) != position:
                continue  # somebody sought meanwhile: what was read is not what is wanted now
            if tp in found:
                records[tp] = found[tp]
                self._positions[tp] = found[tp][-1].offset + 1
            else:
                self._positions[tp] = ends[tp]  # retention took all that was left
        return records

    def _to_message(self, tp: TP, record: LogRecord) -> ConsumerMessage:
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            record.offset,
            record.written_ms / 1000,
            0,
            decode_headers(record.headers),
            record.key,
            record.value,
            None,
            len(record.key or b""),
            len(record.value or b""),
            tp,
            generation_id=self.app.consumer_generation_id,
        )

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        """Commit; on a full disk, wait and try again, because Faust asks once only."""
        wanted = {(tp.topic, tp.partition): offset for tp, offset in offsets.items() if tp in self._assigned}
        while True:
            try:
                await self.opened.commit(self.app.conf.id, wanted)
            except LogBlockedError as error:
                log.warning("Offsets cannot be committed; trying again.", extra={"cause": str(error)})
                if self.app.should_stop:
                    return False
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return True

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Go back to what was committed, or to the oldest record there is."""
        committed = self.opened.committed(self.app.conf.id)
        for tp in self._assigned:
            self._positions[tp] = max(committed.get(tp, 0), self.opened.first_offset(*tp))
        return {tp: committed.get(tp, 0) for tp in self._assigned}

    async def _seek(self, partition: TP, offset: int) -> None:
        self._positions[ensure_TP(partition)] = offset

    async def seek_wait(self, partitions: Mapping[TP, int]) -> None:
        """Go to these offsets."""
        for tp, offset in partitions.items():
            await self._seek(tp, offset)
            self._read_offset[ensure_TP(tp)] = offset or None

    async def seek_to_beginning(self, *partitions: TP) -> None:
        """Go to the oldest record of each partition."""
        for tp in partitions:
            await self._seek(tp, self.opened.first_offset(*tp))

    async def position(self, tp: TP) -> int | None:
        """Say what will be read next."""
        return self._positions.get(ensure_TP(tp))

    def assignment(self) -> set[TP]:
        """Say what is assigned."""
        return set(self._assigned)

    def highwater(self, tp: TP) -> int:
        """Say which offset the next record will have."""
        return self.opened.next_offset(tp.topic, tp.partition)

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        """Say it for many."""
        return {tp: self.highwater(tp) for tp in partitions}

    async def earliest_offsets(self, *partitions: TP) -> Mapping[TP, int]:
        """Say which is the oldest record of each."""
        return {tp: self.opened.first_offset(tp.topic, tp.partition) for tp in partitions}

    def topic_partitions(self, topic: str) -> int | None:
        """Say how many partitions a topic has."""
        found = self.opened.topics.get(topic)
        return None if found is None else found.partitions

    def key_partition(self, topic: str, key: bytes | None, partition: int | None = None) -> int | None:
        """Say where a key goes."""
        return self.opened.partition_for(topic, key) if partition is None else partition

    def _new_topicpartition(self, topic: str, partition: int) -> TP:
        return TP(topic, partition)
