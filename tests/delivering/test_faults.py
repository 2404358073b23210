"""Crashes, pauses and hanging receivers: nothing is lost, a repeat carries the same id, nobody waits for others.

A crash is an exception that no code of ours catches, thrown at the very place; `test_kills` does it with real signals.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest

from tests.delivering.building import PostOffice, a_delivery, a_subscription, a_webhook, figures
from tests.delivering.oracle import lost, repeated
from tests.harness.receiver import Receiver, answer
from wirewatch.clock import SystemClock
from wirewatch.delivering.carriers import open_carriers
from wirewatch.delivering.roads import Carrier
from wirewatch.delivering.sending import Sender
from wirewatch.records import Delivery, DeliveryState
from wirewatch.store import lanes, outbox
from wirewatch.subscribers import Road, RoadKind

#: Longer than any lease of these tests.
LEASE_SECONDS = 3600.0


class Killed(BaseException):
    """The process ends here."""


class Dying:
    """A webhook carrier whose process dies at one place, once."""

    def __init__(self, post: PostOffice, place: str) -> None:
        self._inner: Carrier = open_carriers(post.settings)[RoadKind.WEBHOOK]
        self._place = place

    def host(self, road: Road) -> str:
        """Give the host."""
        return self._inner.host(road)

    async def carry(self, delivery: Delivery, road: Road, now: datetime) -> None:
        """Die before or after the POST, or meet a bug."""
        if self._place == "bug":
            raise ZeroDivisionError
        if self._place == "before_post":
            raise Killed
        await self._inner.carry(delivery, road, now)
        if self._place == "after_post":
            raise Killed

    async def close(self) -> None:
        """Close."""
        await self._inner.close()


async def die_then_start_again(post: PostOffice, place: str) -> None:
    """Let a sender die at a place; start another one when the lease of the first has run out."""
    dying = Dying(post, place)
    first = post.sender({RoadKind.WEBHOOK: dying})
    await first.drain()
    await first.close()
    post.clock.move(LEASE_SECONDS)
    second = post.sender()
    await second.drain()
    await second.close()


@pytest.mark.parametrize(("place", "repeats"), [("after_post", 1), ("before_post", 0)])
async def test_crash_around_the_post_loses_nothing(
    post: PostOffice, receiver: Receiver, place: str, repeats: int
) -> None:
    """Faults 7 and 8: between POST and mark one repeat with the same id; between claim and POST exactly one POST."""
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    planned = [a_delivery(number) for number in range(3)]
    await post.database.run(outbox.insert_deliveries, planned)
    await die_then_start_again(post, place)
    assert lost(receiver, planned) == set()
    assert repeated(receiver).total() == repeats
    assert (await post.database.run(outbox.count_deliveries))[DeliveryState.DELIVERED] == 3


async def test_nobody_takes_a_lane_before_its_lease_runs_out(post: PostOffice, receiver: Receiver) -> None:
    """A second sender that is started at once after a crash waits, because the first might still be sending."""
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    await post.database.run(outbox.insert_deliveries, [a_delivery()])
    first = post.sender({RoadKind.WEBHOOK: Dying(post, "after_post")})
    await first.drain()
    second = post.sender()
    await second.drain()
    assert len(receiver.posts) == 1
    await second.close()


async def test_oracle_catches_mark_then_send(
    post: PostOffice, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: a sender that marks before it sends loses a notice in the same crash."""
    begin = lanes.begin_attempt

    def mark_then_begin(connection: Any, lane: str, delivery_id: str, **arguments: Any) -> lanes.Grant:
        granted = begin(connection, lane, delivery_id, **arguments)
        marked = lanes.Settlement(DeliveryState.DELIVERED)
        owner, now = arguments["owner"], arguments["now"]
        lanes.settle_attempt(connection, lane, delivery_id, marked, owner=owner, now=now)
        return granted

    monkeypatch.setattr(lanes, "begin_attempt", mark_then_begin)
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    planned = [a_delivery(number) for number in range(3)]
    await post.database.run(outbox.insert_deliveries, planned)
    await die_then_start_again(post, "before_post")
    assert lost(receiver, planned) == {planned[0].id}


async def _pause_in_the_middle(post: PostOffice, receiver: Receiver) -> None:
    """Pause a sender inside its first POST until another one has served the lane; then let it go on."""
    begun, resumed = asyncio.Event(), asyncio.Event()

    async def pause_first(request: Any) -> Any:
        if len(receiver.posts) == 1:
            begun.set()
            await resumed.wait()
        return await answer(204)(request)

    receiver.answers["/hook"] = pause_first
    paused, healthy = post.sender(), post.sender()
    pausing = asyncio.create_task(paused.drain())
    await begun.wait()
    post.clock.move(LEASE_SECONDS)
    await healthy.drain()
    resumed.set()
    await pausing
    await paused.close()
    await healthy.close()


async def test_paused_sender_asks_before_it_goes_on(post: PostOffice, receiver: Receiver) -> None:
    """Fault 46: what another sender took over meanwhile is not sent again by the one that wakes up."""
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    planned = [a_delivery(number) for number in range(5)]
    await post.database.run(outbox.insert_deliveries, planned)
    await _pause_in_the_middle(post, receiver)
    assert lost(receiver, planned) == set()
    assert dict(repeated(receiver)) == {planned[0].id: 1}, "only the one that was in flight"


async def test_oracle_catches_a_sender_that_does_not_ask(
    post: PostOffice, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: without the question before each POST, the woken sender repeats everything."""
    monkeypatch.setattr(lanes, "begin_attempt", lambda *_args, **_kwargs: lanes.Grant.GRANTED)
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    await post.database.run(outbox.insert_deliveries, [a_delivery(number) for number in range(5)])
    await _pause_in_the_middle(post, receiver)
    assert repeated(receiver).total() > 1


async def test_hanging_receivers_do_not_delay_a_healthy_one(post: PostOffice, receiver: Receiver) -> None:
    """Fault 31: while thirty receivers hang, one that is well gets its notice; the bench says how soon."""
    released = asyncio.Event()

    async def hang_until_released(request: Any) -> Any:
        await released.wait()
        return await answer(204)(request)

    hanging = [f"hanging-{number}" for number in range(30)]
    for name in hanging:
        receiver.answers[f"/{name}"] = hang_until_released
    # The healthy one by another name: a host gets only so many attempts at once, and these all share one.
    port = receiver.address.rpartition(":")[2]
    healthy = a_subscription("healthy", a_webhook(post.folder, f"http://localhost:{port}/healthy"))
    post.subscribe(
        *(a_subscription(name, a_webhook(post.folder, receiver.url(f"/{name}"))) for name in hanging), healthy
    )
    await post.database.run(outbox.insert_deliveries, [a_delivery(subscription=name) for name in (*hanging, "healthy")])
    arrived, stop = asyncio.Event(), asyncio.Event()
    receiver.on_post = lambda taken: arrived.set() if taken.path == "/healthy" else None
    sender = Sender(post.database, post.world_box, post.settings, post.metrics, SystemClock())
    running = asyncio.create_task(sender.run(stop))
    await arrived.wait()
    began = sum(len(receiver.order(f"/{name}")) for name in hanging)
    counted = await post.database.run(outbox.count_deliveries)
    stop.set()
    released.set()
    await running
    assert began <= post.settings.delivery.max_concurrent_per_host
    assert counted[DeliveryState.FAILED] == 0
    assert sum(counted.values()) - counted[DeliveryState.DELIVERED] >= len(hanging), "all others were still waiting"


async def test_lane_that_meets_a_bug_is_told_and_tried_again(
    post: PostOffice, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    """An error that nobody foresaw is in the log with its traceback; the notice leaves when the lease has run out."""
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    await post.database.run(outbox.insert_deliveries, [a_delivery()])
    await post.sender({RoadKind.WEBHOOK: Dying(post, "bug")}).drain()
    assert "A lane failed." in caplog.text
    assert "ZeroDivisionError" in caplog.text
    post.clock.move(LEASE_SECONDS)
    sender = post.sender()
    await sender.drain()
    await sender.close()
    assert len(receiver.posts) == 1


async def test_store_that_is_away_for_a_while_stops_nothing(
    post: PostOffice, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """While the store does not answer the sender says so and goes on asking; then everything leaves."""
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    await post.database.run(outbox.insert_deliveries, [a_delivery(number) for number in range(3)])
    failures = iter(range(3))
    ask = lanes.list_due_lanes

    def ask_in_vain(connection: Any, now: datetime) -> Any:
        if next(failures, None) is not None:
            raise OSError("the store is away")
        return ask(connection, now)

    monkeypatch.setattr(lanes, "list_due_lanes", ask_in_vain)
    stop = asyncio.Event()
    receiver.on_post = lambda _post: stop.set() if len(receiver.posts) == 3 else None
    await post.sender().run(stop)
    assert caplog.text.count("The outbox cannot be read; trying again.") == 3
    assert len(receiver.counted()) == 3


async def test_outbox_tells_how_long_the_oldest_waits(post: PostOffice, receiver: Receiver) -> None:
    """Depth and age of what waits are figures of the process."""
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    receiver.answers["/hook"] = answer(500)
    await post.database.run(outbox.insert_deliveries, [a_delivery()])
    post.clock.move(120)
    sender = post.sender()
    await sender.drain()
    await sender.close()
    seen = figures(post.metrics)
    assert seen["wirewatch_outbox_oldest_seconds"] == 120
    assert seen['wirewatch_outbox_depth{state="pending"}'] == 1
    assert seen['wirewatch_deliveries_total{road="webhook",state="pending"}'] == 1
