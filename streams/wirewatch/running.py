"""Everything in one process, or one part of it: starts the parts in order, and stops them in the opposite one.

Called by the commands `run`, `stream` and `console`. Polling stops first, then the stream ends the batches in hand,
then what is planned is sent, then the pages go. What one part raises stops all, and is what the process ends with.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from wirewatch.app import build_app
from wirewatch.clock import Clock
from wirewatch.connecting import ConnectorContext, open_publisher
from wirewatch.console.machinery import build_machinery
from wirewatch.console.pages import build_console
from wirewatch.delivering.sending import Sender
from wirewatch.engine.running import StreamRunner
from wirewatch.metrics import Metrics
from wirewatch.preparing import Prepared
from wirewatch.progressing import Progressing
from wirewatch.raising import WorldBox
from wirewatch.raising.tending import tend
from wirewatch.reloading import SorterBox
from wirewatch.sample_wire.serving import serve_sample_wire
from wirewatch.serving import serve
from wirewatch.store.database import PASSING_ERRORS, Database
from wirewatch.subscribing.keeping import Keeper, Reload

log = logging.getLogger(__name__)

Say = Callable[[str], None]

#: Seconds between two looks at the clock, the disk and the register.
TEND_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Holdings:
    """What every part of a process shares."""

    prepared: Prepared
    world_box: WorldBox
    sorter_box: SorterBox
    database: Database
    metrics: Metrics
    clock: Clock
    say: Say
    #: Set when connectors shall read their files again.
    reload: asyncio.Event
    #: Reads the configuration anew, as SIGHUP does; gives why it was refused. None: this process never does.
    read_anew: Reload | None = None


class Crew:
    """The tasks of a process. Waiting for anything also waits for a task that fails."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start a part."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        return task

    async def until(self, awaited: Awaitable[Any]) -> None:
        """Wait for `awaited`; raise what a part raised in the meantime."""
        wanted = asyncio.ensure_future(awaited)
        waiting: set[asyncio.Future[Any]] = {wanted, *self._tasks}
        while not wanted.done():
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done - {wanted}:
                if task.cancelled() or task.exception() is not None:
                    wanted.cancel()
                    task.result()
        wanted.result()

    async def end(self) -> None:
        """Wait until every part has ended; raise what the first one that failed raised."""
        results = await asyncio.gather(*self._tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result


async def run_everything(holdings: Holdings, stop: asyncio.Event, *, until_idle: bool) -> None:
    """Poll, sort, raise, deliver and show in one process until `stop` is set.

    With `until_idle`: poll every feed once, handle all that came, tell who is to be told, and return.
    """
    prepared, clock, metrics, database = holdings.prepared, holdings.clock, holdings.metrics, holdings.database
    settings = prepared.settings
    crew = Crew()
    stop_polling, stop_sending = asyncio.Event(), asyncio.Event()
    runner = StreamRunner(_app(holdings))
    sender = Sender(database, holdings.world_box, settings, metrics, clock)
    progressing = Progressing(holdings.database, clock, runner=runner, polls=True)
    async with AsyncExitStack() as stack:
        # First, because on the embedded engine it owns the log: a second process on the same data must touch nothing.
        publisher = open_publisher(settings, clock, metrics)
        stack.push_async_callback(publisher.close)
        if settings.sample_wire:
            await stack.enter_async_context(serve_sample_wire(settings.data_dir, clock, at_once=until_idle))
        console = build_console(
            settings, database, metrics, holdings.world_box, progressing.readiness, keeper=_keeper(holdings, tells=True)
        )
        address = await stack.enter_async_context(serve(console, settings.console.host, settings.console.port))
        holdings.say(f"Alerts are shown at {address}/")
        await runner.start(stop)
        stack.push_async_callback(runner.stop)
        watching = crew.start("stream", runner.watch(stop_sending))
        crew.start("sender", sender.run(stop_sending))
        crew.start("gauges", tend_gauges(holdings, stop_sending))
        context = ConnectorContext(settings, clock, database, metrics, publisher, holdings.say, holdings.reload)
        polling = [
            crew.start(connector.name, connector.run(context, stop_polling, once=until_idle))
            for connector in prepared.connectors
        ]
        try:
            if until_idle:
                await crew.until(_any(asyncio.gather(*polling), stop.wait()))
                if not stop.is_set():
                    await crew.until(runner.wait_idle(stop))
                    await crew.until(sender.drain())
            else:
                await crew.until(stop.wait())
        finally:
            stop_polling.set()
            await asyncio.gather(*polling, return_exceptions=True)
            stop_sending.set()
            await asyncio.wait({watching})
        await crew.end()


async def run_stream(holdings: Holdings, stop: asyncio.Event) -> None:
    """Sort, raise and deliver until `stop` is set; any number of such processes share the work on Kafka."""
    settings = holdings.prepared.settings
    crew = Crew()
    runner = StreamRunner(_app(holdings))
    sender = Sender(holdings.database, holdings.world_box, settings, holdings.metrics, holdings.clock)
    progressing = Progressing(holdings.database, holdings.clock, runner=runner, polls=False)
    async with AsyncExitStack() as stack:
        await serve_machinery(stack, holdings, progressing)
        await runner.start(stop)
        stack.push_async_callback(runner.stop)
        crew.start("stream", runner.watch(stop))
        crew.start("sender", sender.run(stop))
        crew.start("gauges", tend_gauges(holdings, stop))
        holdings.say(f"Streaming from {settings.broker}.")
        try:
            await crew.until(stop.wait())
        finally:
            stop.set()
        await crew.end()


async def run_console(holdings: Holdings, stop: asyncio.Event) -> None:
    """Show pages, feeds and metrics until `stop` is set."""
    settings = holdings.prepared.settings
    progressing = Progressing(holdings.database, holdings.clock, runner=None, polls=True)
    console = build_console(
        settings,
        holdings.database,
        holdings.metrics,
        holdings.world_box,
        progressing.readiness,
        keeper=_keeper(holdings, tells=False),
    )
    async with AsyncExitStack() as stack:
        await serve_machinery(stack, holdings, progressing)
        address = await stack.enter_async_context(serve(console, settings.console.host, settings.console.port))
        holdings.say(f"Alerts are shown at {address}/")
        await tend_gauges(holdings, stop)


async def serve_machinery(stack: AsyncExitStack, holdings: Holdings, progressing: Progressing) -> None:
    """Serve /metrics, /healthz and /readyz on `metrics_listen`, where one is set."""
    host, _, port = holdings.prepared.settings.metrics_listen.rpartition(":")
    if host:
        machinery = build_machinery(holdings.metrics, progressing.readiness)
        address = await stack.enter_async_context(serve(machinery, host.strip("[]"), int(port)))
        holdings.say(f"Metrics are at {address}/metrics")


async def tend_gauges(holdings: Holdings, stop: asyncio.Event) -> None:
    """Do, now and then, what is owed by the clock: digests, heartbeats, a look at the disk and the register."""
    holdings.metrics.started_seconds.set(holdings.clock.now().timestamp())
    while True:
        usage = shutil.disk_usage(holdings.prepared.settings.data_dir)
        holdings.metrics.data_free_bytes.set(usage.free)
        holdings.metrics.data_size_bytes.set(usage.total)
        try:
            await holdings.database.run(tend, holdings.world_box.current, holdings.clock.now(), holdings.metrics)
        except PASSING_ERRORS as error:
            # What is due stays due: the next look takes it.
            log.warning("Digests and gauges wait for the store.", extra={"error": str(error)})
        try:
            await asyncio.wait_for(stop.wait(), TEND_SECONDS)
        except TimeoutError:
            continue
        return


def _keeper(holdings: Holdings, *, tells: bool) -> Keeper | None:
    """Give what keeps subscriptions for programs, where the settings allow it."""
    settings = holdings.prepared.settings
    if not settings.console.api or holdings.read_anew is None:
        return None
    reserved = (settings.console.token_file, settings.delivery.email.password_file)
    return Keeper(
        settings.config_dir,
        lambda: holdings.world_box.current,
        holdings.read_anew,
        reserved=[path for path in reserved if path is not None],
        tells=tells,
    )


def _app(holdings: Holdings) -> Any:
    return build_app(
        holdings.prepared.settings,
        sorter=holdings.sorter_box,
        world=holdings.world_box,
        database=holdings.database,
        metrics=holdings.metrics,
        clock=holdings.clock,
    )


async def _any(*awaited: Awaitable[Any]) -> None:
    """Wait for the first of several; raise what it raised."""
    futures = [asyncio.ensure_future(item) for item in awaited]
    done, pending = await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
    for future in pending:
        future.cancel()
    for future in done:
        future.result()
