"""Runs a stream app in this process: starts it, watches that it gets on, stops it within a bounded time.

Called by `wirewatch.running` and the command `stream`. A worker that stands still ends non-zero, so that whoever
supervises it starts another: stalls of Faust's consumer are known and end no other way.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from typing import Any

from aiokafka.errors import KafkaError

from wirewatch.clock import Clock
from wirewatch.engine.application import StreamApp
from wirewatch.engine.progress import Progress, read_progress
from wirewatch.engine.quieting import quieten
from wirewatch.engine.sqlite.files import LogBlockedError, log_path
from wirewatch.engine.sqlite.log import Log
from wirewatch.engine.sqlite.sharing import acquire, release
from wirewatch.engine.topics_admin import ensure_log_topics, missing_topics
from wirewatch.errors import EngineError

log = logging.getLogger(__name__)

#: Seconds between two looks.
LOOK_SECONDS = 0.25
#: Seconds for the batches in hand to end after a stop was asked for. The promise is to drain within ten.
DRAIN_SECONDS = 8.0
#: Seconds for the rest of the stop once the batches in hand were given up.
GIVE_UP_SECONDS = 5.0
#: Seconds for the rest of the process when a part of Faust cannot be stopped.
EXIT_SECONDS = 5.0
#: Seconds for a broker to answer what is asked at each look.
ANSWER_SECONDS = 10.0
#: Seconds between two cleanings of the embedded log: a minute's growth is never much.
CLEAN_SECONDS = 60.0
#: Seconds between two attempts at a broker that is away.
RETRY_SECONDS = 2.0


def exit_soon() -> None:
    """End the process in a few seconds, whatever still hangs in it: nothing in hand was acked, so nothing is lost."""
    timer = threading.Timer(EXIT_SECONDS, os._exit, [1])
    timer.daemon = True
    timer.start()


class StreamRunner:
    """The stream of this process, from start to stop."""

    def __init__(self, app: StreamApp, *, on_stuck: Callable[[], None] | None = None) -> None:
        self.app = app
        self._on_stuck = on_stuck or exit_soon
        self._retention_seen = False
        self.progress = Progress()
        self._committed: dict[tuple[str, int], int] = {}
        self._clock: Clock = app.clock
        self._moved_at = self._clock.monotonic()
        self._log: Log | None = None
        self._cleaning: asyncio.Task[None] | None = None

    @property
    def still_seconds(self) -> float:
        """Seconds for which there was work and nothing was committed."""
        return self._clock.monotonic() - self._moved_at

    @property
    def blocked_by(self) -> str:
        """Why the embedded log cannot be written (disk full, …); "" when it can."""
        return "" if self._log is None else self._log.blocked_by

    async def start(self, stop: asyncio.Event | None = None) -> None:
        """Start the app. Waits for a Kafka broker that is away; returns early when `stop` is set meanwhile.

        Raises:
            EngineError: the log or the broker refuses, topics are missing, or the start does not end.
        """
        quieten()
        stop = stop or asyncio.Event()
        settings = self.app.settings
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        if settings.embedded:
            self._log = acquire(log_path(settings.broker, settings.data_dir), self._clock)
        try:
            if self._log is not None:
                await ensure_log_topics(self._log, settings)
                self._cleaning = asyncio.create_task(self._clean(self._log))
            else:
                await self._wait_for_broker(stop)
            await self._start_app(stop)
        except EngineError:
            await self._abandon()
            raise
        except Exception as error:
            await self._abandon()
            raise EngineError(f"cannot start the stream: {settings.broker}: {error}") from error

    async def _start_app(self, stop: asyncio.Event) -> None:
        self._moved_at = self._clock.monotonic()
        starting = asyncio.gather(self.app.start(), *[helper.start() for helper in self.app.helpers])
        while not stop.is_set():
            done, _ = await asyncio.wait({starting}, timeout=LOOK_SECONDS)
            if done:
                starting.result()
                self._moved_at = self._clock.monotonic()
                return
            if (reason := self.app.reason_to_end) is not None:
                raise reason
            self._check_standstill()
        starting.cancel()

    async def _wait_for_broker(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                missing = await missing_topics(self.app.settings)
            except EngineError as error:
                log.warning("The broker is out of reach; trying again.", extra={"cause": str(error)})
                await self._clock.sleep(RETRY_SECONDS)
                continue
            if missing:
                raise EngineError(f"topics are missing: {', '.join(missing)}; `wirewatch topics create` makes them")
            return

    async def watch(self, stop: asyncio.Event, *, until: Callable[[Progress], bool] | None = None) -> None:
        """Look again and again until `stop` is set or `until` says so of the progress.

        Raises:
            EngineError: the stream failed, crashed or stands still.
        """
        while not stop.is_set():
            if (reason := self.app.reason_to_end) is not None:
                raise reason
            await self.look()
            if until is not None and until(self.progress) and until(await self.look(sure=True)):
                return
            try:
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue

    async def wait_idle(self, stop: asyncio.Event | None = None) -> None:
        """Wait until everything that is in the log was handled and committed. The broker itself has the last word.

        Raises:
            EngineError: as `watch`.
        """
        await self.watch(stop or asyncio.Event(), until=lambda progress: progress.idle)

    async def look(self, *, sure: bool = False) -> Progress:
        """Take the lag, tell the metrics, and notice a standstill.

        Raises:
            EngineError: records wait and nothing was committed for too long.
        """
        before = self.progress
        try:
            self.progress = await asyncio.wait_for(read_progress(self.app, sure=sure), ANSWER_SECONDS)
        except (TimeoutError, KafkaError) as error:
            log.warning("The broker does not say how far the stream is.", extra={"cause": repr(error)})
        if self._advanced() or not self.progress.has_work:
            self._moved_at = self._clock.monotonic()
        self._tell_metrics(before)
        if not self._retention_seen and self.progress.assigned and not self.progress.moving:
            self._retention_seen = True
            await self._notice_expired()
        if self._stands_still and not sure:
            return await self.look(sure=True)
        self._check_standstill()
        return self.progress

    @property
    def _stands_still(self) -> bool:
        return self.still_seconds > self.app.settings.engine.stall_timeout_seconds

    def _check_standstill(self) -> None:
        if self._stands_still:
            what = f"{self.progress.lag} records wait and nothing was committed"
            if not self.app.admitted:
                what = "the broker has not let this worker into its group (its reasons are in the log)"
            raise EngineError(f"the stream stands still: {what} for {self.still_seconds:.0f} s")

    async def _notice_expired(self) -> None:
        """Say aloud when retention took records that nobody had read. Kafka itself would go on in silence."""
        consumer: Any = self.app.consumer
        resumed_from = getattr(consumer, "resumed_from", {})
        try:
            places = [tp for tp in consumer.assignment() if tp.topic in self.app.reads]
            starts = await asyncio.wait_for(consumer.earliest_offsets(*places), ANSWER_SECONDS)
        except (TimeoutError, KafkaError) as error:
            log.warning("The broker does not say where its topics begin.", extra={"cause": repr(error)})
            return
        for tp, start in starts.items():
            self.app.first_offsets[tp.topic, tp.partition] = start
            expired = start - resumed_from.get(tp, start)
            if expired > 0:
                self.app.metrics.records_expired.labels(tp.topic).inc(expired)
                log.error(
                    "Records were deleted before they were read: retention is shorter than the downtime.",
                    extra={"topic": tp.topic, "partition": tp.partition, "records": expired},
                )

    def _tell_metrics(self, before: Progress) -> None:
        metrics = self.app.metrics
        for (topic, partition), lag in self.progress.lags.items():
            metrics.consumer_lag.labels(topic, str(partition)).set(lag)
        for topic, partition in before.lags.keys() - self.progress.lags.keys():
            # Another worker has it now, and tells its lag.
            metrics.consumer_lag.remove(topic, str(partition))

    def _advanced(self) -> bool:
        """Tell whether anything was committed since the last look, and remember how far each partition is."""
        advanced = any(offset > self._committed.get(place, offset) for place, offset in self.progress.committed.items())
        self._committed.update(self.progress.committed)
        if advanced:
            self.app.metrics.last_commit_seconds.set(self._clock.now().timestamp())
        return advanced

    async def stop(self) -> None:
        """Let the batches in hand end, commit, stop. Gives up on a batch that does not end in time."""
        stopping = asyncio.ensure_future(self.app.stop())
        if not self.app.giving_up.is_set():
            done, _ = await asyncio.wait({stopping}, timeout=DRAIN_SECONDS)
            if not done:
                log.warning("A batch does not end; it will be handled again after the next start.")
                self.app.giving_up.set()
        done, _ = await asyncio.wait({stopping}, timeout=GIVE_UP_SECONDS)
        if not done:
            stopping.cancel()  # Faust may ignore it; its threads are daemons and end with the process
            log.error("The stream cannot be stopped; the process ends without it.")
            self._on_stuck()
        elif (error := stopping.exception()) is not None:
            log.warning("The stream did not stop in order.", extra={"cause": repr(error)})
        await self._let_go()

    async def _clean(self, opened: Log) -> None:
        """Let the embedded log forget what retention and compaction allow, now and then."""
        while True:
            await self._clock.sleep(CLEAN_SECONDS)
            try:
                deleted = await opened.clean()
            except LogBlockedError as error:
                log.warning("The log cannot be cleaned; trying again.", extra={"cause": str(error)})
            except EngineError as error:
                self.app.fail(error)
                return
            else:
                if deleted:
                    log.info("The log let records go.", extra={"records": deleted})

    async def _let_go(self) -> None:
        if self._cleaning is not None:
            self._cleaning.cancel()
        for helper in self.app.helpers:
            await helper.close()
        if self._log is not None:
            await release(self._log)
            self._log = None

    async def _abandon(self) -> None:
        self.app.giving_up.set()
        await self.stop()
