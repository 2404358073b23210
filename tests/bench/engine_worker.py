"""A worker process for `tests.bench.engine`."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from tests.bench.engine import chain_app
from tests.harness.listings import ListingSorter
from wirewatch.configuration import Problems
from wirewatch.engine.running import StreamRunner
from wirewatch.settings import Settings, load_settings


async def work(settings: Settings, sort_seconds: float) -> None:
    """Run until told to stop; each article costs so much time to sort."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    runner = StreamRunner(chain_app(settings, ListingSorter(sort_seconds)))
    await runner.start(stop)
    print("ready", flush=True)
    try:
        await runner.watch(stop)
    finally:
        await runner.stop()


if __name__ == "__main__":
    found = load_settings(Path(sys.argv[1]), Path(sys.argv[2]), {}, Problems())
    asyncio.run(work(found, float(sys.argv[3])))
