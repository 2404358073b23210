"""The crashes and pauses of `test_faults` with real processes and real signals."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.delivering.building import PostOffice, a_delivery, a_subscription, a_webhook
from tests.delivering.oracle import lost, repeated
from tests.harness.receiver import Receiver
from wirewatch.records import Delivery, DeliveryState
from wirewatch.store import outbox

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


async def start_sender(post: PostOffice, receiver: Receiver, how: str = "") -> asyncio.subprocess.Process:
    """Start a sender in its own process over the same store."""
    arguments = [str(post.folder), receiver.url(), str(post.folder / "hook"), how]
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.harness.sender_process", *arguments)


async def plan(post: PostOffice, receiver: Receiver, count: int) -> list[Delivery]:
    """Plan notices, as of the machine's clock, which the other process reads."""
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    post.clock.step_wall((datetime.now(UTC).replace(microsecond=0) - post.clock.now()).total_seconds())  # noqa: TID251
    planned = [a_delivery(number, at=post.clock.now()) for number in range(count)]
    await post.database.run(outbox.insert_deliveries, planned)
    return planned


async def take_over(post: PostOffice) -> None:
    """Send from this process once every lease has run out."""
    post.clock.move(timedelta(minutes=5).total_seconds())
    sender = post.sender()
    await sender.drain()
    await sender.close()


async def test_kill_after_the_post_repeats_it_once_with_the_same_id(post: PostOffice, receiver: Receiver) -> None:
    """Fault 7: the receiver kills the sender while it waits for the answer."""
    planned = await plan(post, receiver, 5)
    process = await start_sender(post, receiver)

    def kill(_post: object) -> None:
        if len(receiver.posts) == 3:
            process.kill()

    receiver.on_post = kill
    assert await process.wait() == -signal.SIGKILL
    await take_over(post)
    assert lost(receiver, planned) == set()
    assert repeated(receiver) == {planned[2].id: 1}


async def test_kill_before_the_post_sends_it_once(post: PostOffice, receiver: Receiver) -> None:
    """Fault 8: the claim of a dead sender runs out, and another one sends."""
    planned = await plan(post, receiver, 5)
    process = await start_sender(post, receiver, "before_post")
    assert await process.wait() == -signal.SIGKILL
    await take_over(post)
    assert lost(receiver, planned) == set()
    assert repeated(receiver) == {}


async def test_kill_of_a_sender_that_marks_first_is_caught(post: PostOffice, receiver: Receiver) -> None:
    """Negative control: mark-then-send loses the notice that was in flight."""
    planned = await plan(post, receiver, 5)
    process = await start_sender(post, receiver, "mark_first")
    assert await process.wait() == -signal.SIGKILL
    await take_over(post)
    assert lost(receiver, planned) == {planned[0].id}


async def test_stopped_process_does_not_send_what_was_taken_over(post: PostOffice, receiver: Receiver) -> None:
    """Fault 46: SIGSTOP inside a POST, another sender takes over, SIGCONT: only the one in flight arrived twice."""
    planned = await plan(post, receiver, 5)
    process = await start_sender(post, receiver)
    stopped = asyncio.Event()

    def pause(_post: object) -> None:
        if len(receiver.posts) == 1:
            os.kill(process.pid, signal.SIGSTOP)
            stopped.set()

    receiver.on_post = pause
    await stopped.wait()
    await take_over(post)
    os.kill(process.pid, signal.SIGCONT)
    assert await process.wait() == 0
    assert lost(receiver, planned) == set()
    assert set(repeated(receiver)) <= {planned[0].id}
    counted = await post.database.run(outbox.count_deliveries)
    assert counted[DeliveryState.DELIVERED] == 5


async def test_twenty_kills_lose_nothing(post: PostOffice, receiver: Receiver) -> None:
    """Killed at the n-th POST, again and again, each time taken up by the next: every notice arrives."""
    planned = await plan(post, receiver, 60)
    for round_number in range(20):
        process = await start_sender(post, receiver)
        deadly = len(receiver.posts) + 1 + round_number % 4

        def kill(_post: object, process: asyncio.subprocess.Process = process, deadly: int = deadly) -> None:
            if len(receiver.posts) == deadly and process.returncode is None:
                process.kill()

        receiver.on_post = kill
        await process.wait()
        with post.database.transaction() as connection:
            connection.exec_driver_sql("UPDATE delivery_lanes SET lease_until = NULL")
    receiver.on_post = None
    await take_over(post)
    assert lost(receiver, planned) == set()
    assert repeated(receiver).total() <= 20
    assert max(repeated(receiver).values(), default=0) <= 20
