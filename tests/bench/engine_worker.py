"""A worker process for `tests.bench.engine`, and what its group has committed."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from tests.bench.engine import chain_app
from wirewatch.configuration import Problems
from wirewatch.engine.running import StreamRunner
from wirewatch.engine.topics_admin import describe_topics
from wirewatch.settings import Settings, load_settings


def committed(settings: Settings) -> int:
    """Give how many sorted articles the group has handled to the end."""
    states = asyncio.run(describe_topics(settings))
    first, second = (
        next(state for state in states if state.key == "article_id" and word in state.name)
        for word in ("articles", "sorted")
    )
    if second.lag is None or first.lag is None:
        return 0
    return min(first.records - first.lag, second.records - second.lag)


async def work(settings: Settings) -> None:
    """Run until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    runner = StreamRunner(chain_app(settings))
    await runner.start(stop)
    try:
        await runner.watch(stop)
    finally:
        await runner.stop()


if __name__ == "__main__":
    found = load_settings(Path(sys.argv[1]), Path(sys.argv[2]), {}, Problems())
    asyncio.run(work(found))
