"""A sender in its own process, to be killed and paused: `python -m tests.harness.sender_process DATA URL SECRET [HOW]`.

HOW is `mark_first` for the negative control, or `before_post` to die of SIGKILL between claim and POST.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.delivering.building import some_settings
from wirewatch.clock import SystemClock
from wirewatch.delivering.carriers import open_carriers
from wirewatch.delivering.roads import Carrier
from wirewatch.delivering.sending import Sender
from wirewatch.metrics import Metrics
from wirewatch.records import Delivery, DeliveryState
from wirewatch.store import lanes
from wirewatch.store.database import open_database
from wirewatch.subscribers import Road, RoadKind, Subscription


class _Killing:
    """Kills its own process instead of posting."""

    def __init__(self, inner: Carrier) -> None:
        self._inner = inner

    def host(self, road: Road) -> str:
        return self._inner.host(road)

    async def carry(self, delivery: Delivery, road: Road, now: datetime) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    async def close(self) -> None:
        await self._inner.close()


def _mark_first() -> None:
    begin = lanes.begin_attempt

    def mark_then_begin(connection: Any, lane: str, delivery_id: str, **arguments: Any) -> lanes.Grant:
        granted = begin(connection, lane, delivery_id, **arguments)
        marked = lanes.Settlement(DeliveryState.DELIVERED)
        lanes.settle_attempt(connection, lane, delivery_id, marked, owner=arguments["owner"], now=arguments["now"])
        return granted

    lanes.begin_attempt = mark_then_begin


async def send(data: Path, url: str, secret: Path, how: str) -> None:
    """Send what is due, or die."""
    settings = some_settings(data, allow=(url.split("/")[2],))
    subscription = Subscription("listings", (Road(RoadKind.WEBHOOK, url, secret),))
    box: Any = SimpleNamespace(current=SimpleNamespace(subscriptions=(subscription,)))
    carriers = dict(open_carriers(settings))
    if how in ("before_post", "mark_first"):
        carriers[RoadKind.WEBHOOK] = _Killing(carriers[RoadKind.WEBHOOK])
    if how == "mark_first":
        _mark_first()
    database = open_database("sqlite://", data)
    sender = Sender(database, box, settings, Metrics(), SystemClock(), carriers=carriers)
    await sender.drain()
    await sender.close()
    database.close()


if __name__ == "__main__":
    asyncio.run(send(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), *(sys.argv[4:] or [""])))
