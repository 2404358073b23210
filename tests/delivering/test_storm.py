"""Ten thousand matches in a minute on one subscription: every alert is told, in few messages, with little memory."""

from __future__ import annotations

import json
from dataclasses import replace

import psutil
import pytest

from tests.delivering.building import PostOffice, a_subscription, a_webhook, an_alert
from tests.harness.receiver import Receiver
from wirewatch.delivering.planning import plan_digest, plan_notice
from wirewatch.records import Alert, DeliveryState, NoticeType
from wirewatch.store import outbox

MATCHES = 10_000


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_ten_thousand_matches_in_a_minute_are_all_told(post: PostOffice, receiver: Receiver) -> None:
    """Sixty notices one by one, the rest in digests; nothing is lost, and the sender holds a few at a time."""
    subscription = replace(a_subscription("listings", a_webhook(post.folder, receiver.url())), max_per_minute=60)
    post.subscribe(subscription)
    now = post.clock.now()
    waiting: list[tuple[Alert, NoticeType]] = []
    told = 0
    for number in range(MATCHES):
        alert = an_alert(event_key=f"event:{number}")
        plan = plan_notice(alert, NoticeType.OPENED, subscription, now, told_this_minute=told)
        told += bool(plan.deliveries)
        await post.database.run(outbox.insert_deliveries, plan.deliveries)
        if not plan.deliveries:
            waiting.append((alert, NoticeType.OPENED))
    post.clock.move(60)
    await post.database.run(outbox.insert_deliveries, plan_digest(subscription, waiting, post.clock.now()))
    expected = {alert.id for alert, _ in waiting} | {an_alert(event_key=f"event:{number}").id for number in range(told)}
    del waiting

    seen: set[str] = set()

    def read(_post: object) -> None:
        # The bodies are the receiver's memory, not the sender's.
        content = json.loads(receiver.posts.pop().body)["data"]
        seen.update(alert["id"] for alert in content.get("alerts", [content]))

    receiver.on_post = read
    sender = post.sender()
    before = psutil.Process().memory_info().rss
    await sender.drain()
    grown = psutil.Process().memory_info().rss - before
    await sender.close()
    assert not expected - seen
    assert len(seen) == MATCHES
    counted = await post.database.run(outbox.count_deliveries)
    assert counted[DeliveryState.DELIVERED] == told + -(-(MATCHES - told) // 100)
    assert grown < 64e6, "the sender holds twenty notices of a lane, whatever waits"
