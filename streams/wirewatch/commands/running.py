"""`wirewatch run`, `stream`, `console`: the processes that people leave running."""

from __future__ import annotations

import asyncio
import atexit
import gc
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import click

from wirewatch.clock import SystemClock
from wirewatch.commands.memory import settle_memory
from wirewatch.commands.options import with_directories
from wirewatch.logs import configure_logging
from wirewatch.metrics import Metrics
from wirewatch.preparing import Prepared, prepare
from wirewatch.raising import WorldBox
from wirewatch.reloading import CarefulReader, Reloader, SorterBox, adopter, reload_when_asked
from wirewatch.running import Holdings, run_console, run_everything, run_stream
from wirewatch.speaking import Speaker
from wirewatch.store.database import open_database

Work = Callable[[Holdings, asyncio.Event], Coroutine[Any, Any, None]]


@click.command()
@with_directories
@click.option("--until-idle", is_flag=True, help="Poll every feed once, handle all that came, tell, and stop.")
def run(config_dir: Path, data_dir: Path, until_idle: bool) -> None:
    """Watch: poll, sort, raise, deliver and show, all in one process.

    Ctrl-C ends it in order; the next start goes on where it stopped. SIGHUP reads organisations, events, feeds and
    subscriptions anew, and keeps the last good ones when there is a mistake in them.

    Example: wirewatch run --config config --data var
    """
    lead(config_dir, data_dir, lambda holdings, stop: run_everything(holdings, stop, until_idle=until_idle))


@click.command()
@with_directories
def stream(config_dir: Path, data_dir: Path) -> None:
    """Sort, raise and deliver what pollers put on Kafka. Start as many as you like.

    Set WIREWATCH_BROKER=kafka://host:9092 or `broker` in settings.toml; see also `wirewatch poll`.

    Example: WIREWATCH_BROKER=kafka://localhost:9092 wirewatch stream
    """
    lead(config_dir, data_dir, run_stream)


@click.command()
@with_directories
def console(config_dir: Path, data_dir: Path) -> None:
    """Show alerts, feeds and deliveries from the store, and serve alert feeds and metrics.

    It stands beside `wirewatch poll` and `wirewatch stream`; `wirewatch run` has it inside.

    Example: WIREWATCH_STORE=postgresql://wirewatch@localhost/wirewatch wirewatch console
    """
    lead(config_dir, data_dir, run_console)


def lead(config_dir: Path, data_dir: Path, work: Work) -> None:
    """Read the configuration, open the store, run `work` until a signal, and end in order."""

    def read() -> Prepared:
        return prepare(config_dir, data_dir, os.environ)

    # The process goes, and all its memory with it: collecting that first took most of the time that stopping took.
    atexit.register(gc.freeze)
    prepared = read()
    configure_logging(prepared.settings.log)
    data_dir.mkdir(parents=True, exist_ok=True)
    speaker = Speaker(sys.stdout)
    try:
        asyncio.run(_lead(prepared, CarefulReader(config_dir, read), work, speaker.say))
    finally:
        speaker.close()


async def _lead(prepared: Prepared, read: Callable[[], Prepared], work: Work, say: Callable[[str], None]) -> None:
    stop, asked = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, asked.set)
    metrics = Metrics()
    database = open_database(prepared.settings.store, prepared.settings.data_dir, check=True)
    world_box, sorter_box, connectors = WorldBox(prepared.world), SorterBox(prepared.sorter), asyncio.Event()
    adopt = adopter(sorter_box, world_box, connectors)

    def adopt_and_settle(found: Prepared) -> None:
        adopt(found)
        settle_memory()  # what was replaced is garbage that the collector was told to overlook

    reload = Reloader(read, adopt_and_settle, world_box.refuse, metrics)
    holdings = Holdings(
        prepared=prepared,
        world_box=world_box,
        sorter_box=sorter_box,
        database=database,
        metrics=metrics,
        clock=SystemClock(),
        say=say,
        reload=connectors,
        read_anew=reload,
    )
    settle_memory()
    reloading = asyncio.create_task(reload_when_asked(asked, reload))
    try:
        await work(holdings, stop)
    finally:
        reloading.cancel()
        database.close()
    holdings.say("Stopped. Nothing was left behind; the next start goes on from here.")
