"""Empties the outbox: one task a lane, in the order of planning, at least once, with the same id every time.

A lane is one road of one subscription. Lanes never wait for each other, except that a host gets only so many attempts
at once. Before every attempt the sender asks the store whether the lane is still its own; after it, what came of it is
written before the next one begins. Decides nothing about retries (`retrying`), knows no road from the inside (`roads`).
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, Protocol

from wirewatch.clock import Clock
from wirewatch.delivering.accounting import count_attempt, measure_outbox, tell_operator
from wirewatch.delivering.carriers import open_carriers
from wirewatch.delivering.ledger import Ledger
from wirewatch.delivering.retrying import decide_settlement
from wirewatch.delivering.roads import Carrier, Carriers, find_road, road_name, target_hash
from wirewatch.errors import DeliveryError
from wirewatch.metrics import Metrics
from wirewatch.records import DeliveryState
from wirewatch.settings import Settings
from wirewatch.store import lanes, outbox
from wirewatch.store.database import Database
from wirewatch.store.lanes import Claim, Lane, Settlement
from wirewatch.subscribers import Road, Subscription

log = logging.getLogger(__name__)

#: How often the outbox is looked at: a new notice leaves within this time.
TICK_SECONDS = 0.5
#: Notices of a lane that are taken at once; bounds memory.
BATCH = 20
#: Beyond the time an attempt may take, until another sender may take the lane of one that died.
_LEASE_MARGIN_SECONDS = 15
#: After an error of the store, so that a store that is down is not hammered.
_STORE_PAUSE_SECONDS = 5.0
_MEASURE_EVERY_SECONDS = 5.0
_PURGE_EVERY_SECONDS = 3600.0


class Subscribers(Protocol):
    """What the sender needs of the world as it is configured now."""

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """Give everybody who may be told."""
        ...


class SubscribersBox(Protocol):
    """Holds the current world; a reload replaces it whole."""

    @property
    def current(self) -> Subscribers:
        """Give the current world."""
        ...


class Sender:
    """Sends what the outbox holds."""

    def __init__(
        self,
        database: Database,
        world_box: SubscribersBox,
        settings: Settings,
        metrics: Metrics,
        clock: Clock,
        *,
        carriers: Carriers | None = None,
    ) -> None:
        self._database = database
        self._ledger = Ledger(database)
        self._world_box = world_box
        self._settings = settings
        self._metrics = metrics
        self._clock = clock
        self._carriers = carriers if carriers is not None else open_carriers(settings)
        self._slots: dict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(settings.delivery.max_concurrent_per_host)
        )
        self._serving: dict[str, asyncio.Task[None]] = {}
        self._stopping = asyncio.Event()
        self._finished = asyncio.Event()
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{id(self):x}"
        self._claims = 0
        self._next_measure = self._next_purge = clock.monotonic()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set; then let the attempts in flight end."""
        self._stopping = stop
        stopped = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                pause = TICK_SECONDS
                try:
                    await self._start_due_lanes()
                    await self._look_after()
                except Exception:
                    log.exception("The outbox cannot be read; trying again.")
                    pause = _STORE_PAUSE_SECONDS
                await self._wait(stopped, pause)
        finally:
            stopped.cancel()
            await asyncio.gather(*self._serving.values())
            await self.close()

    async def drain(self) -> None:
        """Send all that is due now, and return when nothing is, or when `run` was told to stop."""
        while not self._stopping.is_set():
            self._finished.clear()
            await self._start_due_lanes()
            if not self._serving:
                break
            await self._finished.wait()
        await measure_outbox(self._database, self._metrics, self._clock.now())

    async def close(self) -> None:
        """Let go of every connection."""
        for carrier in self._carriers.values():
            await carrier.close()

    async def _wait(self, stopped: asyncio.Task[Any], seconds: float) -> None:
        self._finished.clear()
        wakers: list[asyncio.Task[Any]] = [
            asyncio.create_task(self._finished.wait()),
            asyncio.create_task(self._clock.sleep(seconds)),
        ]
        await asyncio.wait([stopped, *wakers], return_when=asyncio.FIRST_COMPLETED)
        for waker in wakers:
            waker.cancel()

    async def _start_due_lanes(self) -> None:
        due = await self._database.run(lanes.list_due_lanes, self._clock.now())
        for lane in due:
            if lane.name not in self._serving:
                task = asyncio.create_task(self._serve(lane), name=f"lane {lane.name}")
                self._serving[lane.name] = task

    async def _serve(self, lane: Lane) -> None:
        try:
            road = find_road(self._world_box.current.subscriptions, lane.subscription_id, lane.road)
            carrier = self._carriers.get(road.kind) if road is not None else None
            if road is None or carrier is None:
                await self._give_up(lane)
                return
            async with self._slots[carrier.host(road)]:
                if not self._stopping.is_set():
                    await self._send_batch(lane, road, carrier)
        except Exception:
            # The lease keeps the lane closed for a while; then it is tried again. Nothing is lost.
            log.exception("A lane failed.", extra={"lane": lane.name})
            await self._clock.sleep(_STORE_PAUSE_SECONDS)
        finally:
            del self._serving[lane.name]
            self._finished.set()

    async def _send_batch(self, lane: Lane, road: Road, carrier: Carrier) -> None:
        """Send the first notices of a lane in order, until one says that the lane has to wait."""
        owner = self._new_owner()
        now = self._clock.now()
        claims, begun = await self._ledger.write(
            lanes.take_lane, lane.name, owner=owner, now=now, lease_until=self._lease_until(now), limit=BATCH
        )
        left = [claim.delivery.id for claim in claims]
        by_id = {claim.delivery.id: claim for claim in claims}
        while begun is not None:
            claim = by_id[begun]
            left = left[left.index(begun) + 1 :]
            settlement, error = await self._attempt(lane, road, carrier, claim)
            then = left if _goes_on(settlement) and not self._stopping.is_set() else []
            now = self._clock.now()
            written, begun = await self._ledger.write(
                lanes.settle_and_go_on,
                lane.name,
                claim.delivery.id,
                settlement,
                then=then,
                owner=owner,
                now=now,
                lease_until=self._lease_until(now),
            )
            if written:
                count_attempt(self._metrics, claim, road.kind, settlement.state, now)
            else:
                log.warning("Another sender took over a lane.", extra={"lane": lane.name})
            if error is not None:
                tell_operator(lane, claim, settlement.state, error)
            lane = Lane(lane.name, lane.subscription_id, lane.road)

    async def _attempt(
        self, lane: Lane, road: Road, carrier: Carrier, claim: Claim
    ) -> tuple[Settlement, DeliveryError | None]:
        """Try once; gives what becomes of the notice."""
        if claim.delivery.attempts == 0:
            self._metrics.received("deliver")
        error: DeliveryError | None = None
        try:
            await carrier.carry(claim.delivery, road, self._clock.now())
        except DeliveryError as failed:
            error = failed
        now = self._clock.now()
        return decide_settlement(error, claim, lane, target=target_hash(road), now=now), error

    async def _give_up(self, lane: Lane) -> None:
        """Fail what waits for a road that is no longer configured."""
        owner, now = self._new_owner(), self._clock.now()
        error = DeliveryError(
            "the road is no longer in subscriptions.toml", road=lane.road, retryable=False, reason="removed"
        )
        claims = await self._ledger.write(
            lanes.claim_lane, lane.name, owner=owner, now=now, lease_until=self._lease_until(now), limit=BATCH
        )
        for claim in claims:
            settlement = decide_settlement(error, claim, lane, target="", now=now)
            await self._ledger.write(
                lanes.settle_attempt, lane.name, claim.delivery.id, settlement, owner=owner, now=now
            )
            if claim.delivery.attempts == 0:
                self._metrics.received("deliver")
            count_attempt(self._metrics, claim, claim.delivery.road.partition("-")[0], settlement.state, now)
            tell_operator(lane, claim, settlement.state, error)
        await self._ledger.write(lanes.release_lane, lane.name, owner)

    def _new_owner(self) -> str:
        self._claims += 1
        return f"{self._owner}:{self._claims}"

    def _lease_until(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self._settings.delivery.timeout_seconds + _LEASE_MARGIN_SECONDS)

    async def _look_after(self) -> None:
        if self._clock.monotonic() >= self._next_measure:
            self._next_measure = self._clock.monotonic() + _MEASURE_EVERY_SECONDS
            await measure_outbox(self._database, self._metrics, self._clock.now())
            await self.reopen_changed()
        if self._clock.monotonic() >= self._next_purge:
            self._next_purge = self._clock.monotonic() + _PURGE_EVERY_SECONDS
            before = self._clock.now() - timedelta(days=self._settings.delivery.keep_days)
            await self._database.run(outbox.purge_deliveries, before)

    async def reopen_changed(self) -> None:
        """Open lanes that were closed by an address that is no longer configured."""
        targets = {
            outbox.lane_name(subscription.id, road_name(road, position)): target_hash(road)
            for subscription in self._world_box.current.subscriptions
            for position, road in enumerate(subscription.roads)
        }
        for lane in await self._database.run(lanes.reopen_changed_lanes, targets, self._clock.now()):
            log.info("A lane is open again, because its address changed.", extra={"lane": lane})


def _goes_on(settlement: Settlement) -> bool:
    """Tell whether a lane goes on with its next notice: not when its receiver is in trouble or gone."""
    return settlement.blocked_until is None and settlement.state is not DeliveryState.DISABLED
