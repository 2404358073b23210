"""The sender: order, schedule, leases, and what it counts."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook

from tests.delivering.building import (
    SECRET,
    PostOffice,
    a_body,
    a_delivery,
    a_subscription,
    a_webhook,
    an_alert,
    figures,
)
from tests.harness.receiver import Receiver, answer
from wirewatch.delivering.retrying import GIVE_UP_AFTER
from wirewatch.records import DeliveryState
from wirewatch.store import outbox


async def test_notice_arrives_signed_with_its_id_and_body(post: PostOffice, receiver: Receiver) -> None:
    """The reference library of Standard Webhooks verifies what is sent, and the body is the planned one."""
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    delivery = a_delivery()
    await post.database.run(outbox.insert_deliveries, [delivery])
    sender = post.sender()
    await sender.drain()
    await sender.close()

    [arrived] = receiver.posts
    headers = {name.lower(): value for name, value in arrived.headers.items()}
    sent_at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    assert sent_at == post.clock.now()
    # The library compares with the machine's clock, so it is asked for the signature alone.
    assert Webhook(SECRET).sign(arrived.id, sent_at, arrived.body.decode()) == headers["webhook-signature"]
    assert arrived.id == delivery.id
    assert arrived.body == a_body(an_alert(event_key="event:1"))


async def test_receiver_that_fails_for_an_hour_gets_everything_in_order_afterwards(
    post: PostOffice, receiver: Receiver
) -> None:
    """After an outage the notices of a lane leave in the order of planning, each once, and others were on time."""
    post.subscribe(
        a_subscription("listings", a_webhook(post.folder, receiver.url("/failing"))),
        a_subscription("attacks", a_webhook(post.folder, receiver.url("/healthy"))),
    )
    receiver.answers["/failing"] = answer(500)
    sender = post.sender()
    planned: list[str] = []
    for number in range(6):
        pair = [a_delivery(number, subscription=name, at=post.clock.now()) for name in ("listings", "attacks")]
        planned.append(pair[0].id)
        await post.database.run(outbox.insert_deliveries, pair)
        await sender.drain()
        assert len(receiver.order("/healthy")) == number + 1
        post.clock.move(600)
    assert set(receiver.order("/failing")) == {planned[0]}, "only the head of the lane is tried while it fails"

    receiver.answers.clear()
    del receiver.posts[:]
    post.clock.move(7200)
    await sender.drain()
    assert receiver.order("/failing") == planned
    assert await _states(post) == {DeliveryState.DELIVERED: 12}
    await sender.close()


async def test_failing_receiver_is_tried_on_the_schedule(post: PostOffice, receiver: Receiver) -> None:
    """Attempts come at 0 s, 5 s, 5 min, 30 min, 2 h, … after each other, each up to a tenth later."""
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    receiver.answers["/hook"] = answer(503)
    await post.database.run(outbox.insert_deliveries, [a_delivery()])
    sender = post.sender()
    await sender.drain()
    for expected, seconds in enumerate((5, 300, 1800, 7200, 18_000), start=2):
        post.clock.move(seconds - 1)
        await sender.drain()
        assert len(receiver.posts) == expected - 1, f"attempt {expected} came early"
        post.clock.move(seconds * 0.1 + 2)
        await sender.drain()
        assert len(receiver.posts) == expected
    assert len(receiver.counted()) == 1
    await sender.close()


async def test_receiver_that_fails_for_five_days_leaves_a_failed_notice_that_can_be_replayed(
    post: PostOffice, receiver: Receiver
) -> None:
    """After three days a notice is failed, counted and listed; a replay delivers it with the same id."""
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    receiver.answers["/hook"] = answer(500)
    delivery = a_delivery()
    await post.database.run(outbox.insert_deliveries, [delivery])
    sender = post.sender()
    for _ in range(5 * 24):
        await sender.drain()
        post.clock.move(3600)
    [failed] = await post.database.run(outbox.list_deliveries, states=[DeliveryState.FAILED])
    assert failed.id == delivery.id
    assert "expected 2xx, got 500" in failed.last_error
    assert figures(post.metrics)['wirewatch_outbox_depth{state="failed"}'] == 1
    assert figures(post.metrics)['wirewatch_stage_dropped_total{reason="delivery_failed",stage="deliver"}'] == 1

    receiver.answers.clear()
    assert await post.database.run(outbox.replay_deliveries, [delivery.id], post.clock.now()) == 1
    await sender.drain()
    assert receiver.posts[-1].id == delivery.id
    assert await _states(post) == {DeliveryState.DELIVERED: 1}
    assert len(await post.database.run(outbox.list_attempts, delivery.id)) == len(receiver.posts)
    await sender.close()


async def test_receiver_that_is_gone_closes_the_lane_until_its_address_changes(
    post: PostOffice, receiver: Receiver
) -> None:
    """410 disables the lane, what is planned later waits as disabled, and a new address opens it again."""
    road = a_webhook(post.folder, receiver.url("/old"))
    post.subscribe(a_subscription("listings", road))
    receiver.answers["/old"] = answer(410)
    await post.database.run(outbox.insert_deliveries, [a_delivery(1), a_delivery(2)])
    sender = post.sender()
    await sender.drain()
    await post.database.run(outbox.insert_deliveries, [a_delivery(3)])
    await sender.drain()
    assert len(receiver.posts) == 1
    assert await _states(post) == {DeliveryState.DISABLED: 3}

    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url("/new"))))
    await sender.reopen_changed()
    await sender.drain()
    assert receiver.order("/new") == [a_delivery(n).id for n in (1, 2, 3)]
    await sender.close()


async def test_stopping_lets_the_attempt_in_flight_end(post: PostOffice, receiver: Receiver) -> None:
    """A sender that is told to stop writes down what it had begun, and begins nothing more."""
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    await post.database.run(outbox.insert_deliveries, [a_delivery(n) for n in range(5)])
    stop = asyncio.Event()
    receiver.on_post = lambda _post: stop.set()
    await post.sender().run(stop)
    assert len(receiver.posts) == 1
    assert await _states(post) == {DeliveryState.DELIVERED: 1, DeliveryState.PENDING: 4}


async def test_stage_accounts_for_every_notice(post: PostOffice, receiver: Receiver) -> None:
    """What a stage received is what it sent and what it dropped, once nothing waits."""
    post.subscribe(
        a_subscription("listings", a_webhook(post.folder, receiver.url())),
        a_subscription("attacks", a_webhook(post.folder, receiver.url("/broken"))),
    )
    receiver.answers["/broken"] = answer(500)
    planned = [a_delivery(n, subscription=name) for n in range(3) for name in ("listings", "attacks", "removed")]
    await post.database.run(outbox.insert_deliveries, planned)
    sender = post.sender()
    await sender.drain()
    post.clock.move(GIVE_UP_AFTER.total_seconds())
    for _ in range(3):
        await sender.drain()
        post.clock.move(timedelta(minutes=2).total_seconds())
    await sender.close()
    seen = figures(post.metrics)
    assert seen['wirewatch_stage_received_total{stage="deliver"}'] == 9
    assert seen['wirewatch_stage_sent_total{stage="deliver"}'] == 3
    assert seen['wirewatch_stage_dropped_total{reason="delivery_failed",stage="deliver"}'] == 6


async def _states(post: PostOffice) -> dict[DeliveryState, int]:
    counted = await post.database.run(outbox.count_deliveries)
    return {state: count for state, count in counted.items() if count}
