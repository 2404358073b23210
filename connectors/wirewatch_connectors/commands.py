"""`wirewatch poll`, `parse` and `feeds`: what the connectors add to the command line, found by entry point."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import click
import msgspec

from wirewatch.clock import SystemClock
from wirewatch.commands.memory import settle_memory
from wirewatch.commands.options import with_directories
from wirewatch.configuration import Problems
from wirewatch.connecting import ConnectorContext, open_publisher
from wirewatch.console.machinery import build_machinery
from wirewatch.logs import configure_logging
from wirewatch.metrics import Metrics
from wirewatch.progressing import Progressing
from wirewatch.sample_wire.serving import serve_sample_wire
from wirewatch.serving import serve
from wirewatch.settings import Settings, load_settings
from wirewatch.speaking import Speaker
from wirewatch.store.database import open_database
from wirewatch.wire import as_json
from wirewatch_connectors.feed_commands import feeds
from wirewatch_connectors.polling import connector

__all__ = ["feeds", "parse", "poll"]


@click.command()
@with_directories
@click.option("--once", is_flag=True, help="Poll every feed once, and stop when all of it is in the log.")
def poll(config_dir: Path, data_dir: Path, once: bool) -> None:
    """Poll feeds and put their articles on the log; start as many as you like beside `wirewatch stream`.

    Several pollers share the feeds through leases in the store, which must then be a PostgreSQL. Ctrl-C ends it in
    order; SIGHUP reads feeds.toml anew and keeps the last good one. /metrics, /healthz and /readyz are served where
    `metrics_listen` (or WIREWATCH_METRICS_LISTEN) says.
    """
    problems = Problems()
    settings = load_settings(config_dir, data_dir, os.environ, problems)
    connector.check(settings, problems)
    problems.raise_if_any()
    configure_logging(settings.log)
    data_dir.mkdir(parents=True, exist_ok=True)
    speaker = Speaker(sys.stdout)
    try:
        asyncio.run(_poll(settings, speaker.say, once=once))
    finally:
        speaker.close()


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", default="", help="The feed's own address: relative links and article ids depend on it.")
def parse(files: tuple[Path, ...], url: str) -> None:
    """Read feed files from disk; print one Article a line, as JSON.

    Exit code 0 if every file was a feed, even a broken one; 1 if any was not: each such file has a line
    {"error": …, "file": …} on standard error.
    """
    from wirewatch_connectors.parsing.filing import parse_file

    now = SystemClock().now()
    refused = False
    out = sys.stdout.buffer
    for file in files:
        articles, problem = parse_file(file, url, now)
        for article in articles:
            out.write(msgspec.json.encode(as_json(article)) + b"\n")
        if problem:
            refused = True
            click.echo(json.dumps({"error": problem, "file": str(file)}, ensure_ascii=False), err=True)
    out.flush()
    if refused:
        sys.exit(1)


async def _poll(settings: Settings, say: Callable[[str], None], *, once: bool) -> None:
    stop, reload = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, reload.set)
    clock, metrics = SystemClock(), Metrics()
    metrics.started_seconds.set(clock.now().timestamp())
    async with AsyncExitStack() as stack:
        database = open_database(settings.store, settings.data_dir)
        stack.callback(database.close)
        host, _, port = settings.metrics_listen.rpartition(":")
        if host and not once:
            progressing = Progressing(database, clock, runner=None, polls=True)
            machinery = build_machinery(metrics, progressing.readiness)
            address = await stack.enter_async_context(serve(machinery, host.strip("[]"), int(port)))
            say(f"Metrics are at {address}/metrics")
        if settings.sample_wire:
            await stack.enter_async_context(serve_sample_wire(settings.data_dir, clock, at_once=once))
        publisher = open_publisher(settings, clock, metrics)
        stack.push_async_callback(publisher.close)
        context = ConnectorContext(settings, clock, database, metrics, publisher, say, reload, alone=True)
        settle_memory()
        await connector.run(context, stop, once=once)
