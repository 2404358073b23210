"""`wirewatch stream` and `wirewatch console`: parts of a Wirewatch as processes of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.builders import an_article
from tests.running.scene import LISTS, write_small_config
from wirewatch.clock import SystemClock
from wirewatch.connecting import open_publisher
from wirewatch.metrics import Metrics
from wirewatch.preparing import prepare
from wirewatch.raising import WorldBox
from wirewatch.reloading import SorterBox
from wirewatch.running import Holdings, run_console, run_stream
from wirewatch.store.alerts import list_alerts
from wirewatch.store.database import open_database

pytestmark = pytest.mark.timeout(60)


class Part:
    """A running part: what it said, what it holds."""

    def __init__(self, holdings: Holdings, said: list[str], task: asyncio.Task[None]) -> None:
        self.holdings = holdings
        self.said = said
        self.task = task

    async def until(self, holds: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """Wait until something holds; raise what ended the part instead."""
        while not (found := await holds()):
            if self.task.done():
                self.task.result()
                raise AssertionError("it ended")
            await asyncio.wait({self.task}, timeout=0.02)
        return found

    async def address(self, words: str) -> str:
        """Wait for a line that begins so; give the address in it."""

        async def told() -> str:
            return next((line.split("at ")[1] for line in self.said if line.startswith(words)), "")

        return str(await self.until(told))


@asynccontextmanager
async def part(
    folder: Path, work: Callable[[Holdings, asyncio.Event], Coroutine[Any, Any, None]]
) -> AsyncIterator[Part]:
    """Run a part until the block ends, and let it end in order."""
    config = write_small_config(folder / "config")
    prepared = prepare(config, folder / "data", {"WIREWATCH_METRICS_LISTEN": "127.0.0.1:0"})
    (folder / "data").mkdir()
    said: list[str] = []
    holdings = Holdings(
        prepared=prepared,
        world_box=WorldBox(prepared.world),
        sorter_box=SorterBox(prepared.sorter),
        database=open_database("sqlite://", folder / "data"),
        metrics=Metrics(),
        clock=SystemClock(),
        say=said.append,
        reload=asyncio.Event(),
    )
    stop = asyncio.Event()
    running = Part(holdings, said, asyncio.create_task(work(holdings, stop)))
    try:
        yield running
    finally:
        stop.set()
        await asyncio.wait_for(running.task, 20)
        holdings.database.close()


async def test_a_stream_sorts_and_raises_what_others_publish(tmp_path: Path) -> None:
    """It polls nothing and shows nothing but its metrics; what is in the log becomes an alert."""
    async with part(tmp_path, run_stream) as stream, httpx.AsyncClient() as client:
        metrics = await stream.address("Metrics are at")
        settings = stream.holdings.prepared.settings
        publisher = open_publisher(settings, stream.holdings.clock, stream.holdings.metrics)
        await publisher.publish([replace(an_article(LISTS.format("the Tern Liberation Front")), tell_history=True)])
        await publisher.close()

        async def raised() -> Any:
            return await stream.holdings.database.run(list_alerts)

        [alert] = await stream.until(raised)
        assert alert.organisation.id == "tern-front"
        assert (await client.get(metrics.replace("/metrics", "/readyz"))).status_code == 200
        assert (await client.get(metrics.replace("/metrics", "/healthz"))).text == "ok\n"
        assert 'wirewatch_stage_sent_total{stage="sort"} 1.0' in (await client.get(metrics)).text
        assert stream.said[-1] == "Streaming from sqlite://."


async def test_a_console_shows_what_is_in_the_store(tmp_path: Path) -> None:
    """Pages and feeds from the store alone; readiness says that nobody polls."""
    async with part(tmp_path, run_console) as console, httpx.AsyncClient() as client:
        address = await console.address("Alerts are shown at")
        assert (await client.get(address)).status_code == 200
        assert (await client.get(f"{address}alerts.json")).status_code == 200
        readiness = await client.get(f"{address}readyz")
        assert (readiness.status_code, readiness.json()["problems"]) == (503, ["no feed was polled yet"])
