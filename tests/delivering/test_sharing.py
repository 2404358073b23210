"""Several senders over one outbox: nothing twice, nothing lost, every lane in order; on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivering.building import PostOffice, a_delivery, a_subscription, a_webhook, open_post
from tests.delivering.oracle import lost, repeated
from tests.harness.receiver import Receiver, answer
from wirewatch.records import DeliveryState
from wirewatch.store import lanes, outbox
from wirewatch.store.database import open_database

LANES = 5


@pytest.fixture
def on_postgres(tmp_path: Path, receiver: Receiver, postgres_url: str) -> Iterator[PostOffice]:
    """Open an outbox on PostgreSQL."""
    opened = open_post(tmp_path, allow=(receiver.address,))
    opened.database.close()
    opened.database = open_database(postgres_url, tmp_path)
    yield opened
    opened.database.close()


async def share_the_work(post: PostOffice, receiver: Receiver, *, senders: int, notices: int) -> None:
    """Let senders empty one outbox together while a second half is planned."""
    names = [f"lane-{number}" for number in range(LANES)]
    post.subscribe(*(a_subscription(name, a_webhook(post.folder, receiver.url(f"/{name}"))) for name in names))
    planned = [a_delivery(number, subscription=names[number % LANES]) for number in range(notices)]
    half = len(planned) // 2
    await post.database.run(outbox.insert_deliveries, planned[:half])
    working = [post.sender() for _ in range(senders)]
    draining = asyncio.gather(*(sender.drain() for sender in working))
    for start in range(half, len(planned), 10):
        await post.database.run(outbox.insert_deliveries, planned[start : start + 10])
    await draining
    await asyncio.gather(*(sender.drain() for sender in working))
    for sender in working:
        await sender.close()
    assert lost(receiver, planned) == set()
    assert repeated(receiver) == {}
    for name in names:
        assert receiver.order(f"/{name}") == [one.id for one in planned if one.subscription_id == name]
    counted = await post.database.run(outbox.count_deliveries)
    assert counted[DeliveryState.DELIVERED] == len(planned)


async def test_two_senders_share_one_outbox(post: PostOffice, receiver: Receiver) -> None:
    """On SQLite."""
    await share_the_work(post, receiver, senders=2, notices=60)


@pytest.mark.services
async def test_three_senders_share_one_outbox_on_postgresql(on_postgres: PostOffice, receiver: Receiver) -> None:
    """On PostgreSQL, where transactions really run at once."""
    await share_the_work(on_postgres, receiver, senders=3, notices=300)


async def gone_and_back(post: PostOffice, receiver: Receiver) -> None:
    """Fail, close, open and replay, and look at every question that the outbox answers."""
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    receiver.answers["/hook"] = answer(410)
    planned = [a_delivery(number) for number in range(3)]
    assert await post.database.run(outbox.insert_deliveries, planned) == 3
    assert await post.database.run(outbox.insert_deliveries, planned) == 0
    sender = post.sender()
    await sender.drain()
    [(lane, since)] = await post.database.run(lanes.list_disabled_lanes)
    assert (lane, since) == ("listings/webhook-0", post.clock.now())
    assert await post.database.run(outbox.oldest_due_at, post.clock.now()) is None
    receiver.answers.clear()
    ids = [delivery.id for delivery in planned]
    assert await post.database.run(outbox.replay_deliveries, ids, post.clock.now()) == 3
    assert await post.database.run(outbox.oldest_due_at, post.clock.now()) == post.clock.now()
    await sender.drain()
    await sender.close()
    assert [state for _, _, state, _ in await post.database.run(outbox.list_attempts, ids[0])] == [
        "disabled",
        "delivered",
    ]
    shown = await post.database.run(
        outbox.list_deliveries, states=[DeliveryState.DELIVERED], alert_id=planned[1].alert_id
    )
    assert [delivery.id for delivery in shown] == [ids[1]]
    post.clock.move(86_400 * 100)
    assert await post.database.run(outbox.purge_deliveries, post.clock.now()) == 3


async def test_outbox_answers_every_question(post: PostOffice, receiver: Receiver) -> None:
    """On SQLite."""
    await gone_and_back(post, receiver)


@pytest.mark.services
async def test_outbox_answers_every_question_on_postgresql(on_postgres: PostOffice, receiver: Receiver) -> None:
    """On PostgreSQL."""
    await gone_and_back(on_postgres, receiver)
