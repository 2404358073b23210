"""The webhook road: what is refused, what is unknown, what is honoured."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tests.delivering.building import PostOffice, a_delivery, a_subscription, a_webhook, some_settings
from tests.fakes import FakeClock
from tests.harness.receiver import Receiver, answer, hang, pour, reset
from wirewatch.delivering.webhook import WebhookCarrier, read_retry_after, signed_headers
from wirewatch.errors import DeliveryError
from wirewatch.records import DeliveryState
from wirewatch.store import outbox
from wirewatch.subscribers import Road, RoadKind

NOW = FakeClock().now()


async def attempt(folder: Path, road: Road, *, allow: tuple[str, ...] = (), timeout_seconds: float = 15.0) -> str:
    """Try once; give "" or the reason and the words of the failure."""
    carrier = WebhookCarrier(some_settings(folder, allow=allow, timeout_seconds=timeout_seconds))
    try:
        await carrier.carry(a_delivery(), road, NOW)
    except DeliveryError as error:
        return f"{error.reason}: {error}"
    finally:
        await carrier.close()
    return ""


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/hook",
        "http://localhost:9/hook",
        "http://[::1]:9/hook",
        "http://[::ffff:127.0.0.1]:9/hook",
        "http://169.254.169.254/latest",
        "http://10.0.0.1/hook",
        "http://2130706433/hook",
    ],
)
async def test_private_address_is_refused_unless_it_is_allowed(tmp_path: Path, receiver: Receiver, url: str) -> None:
    """Row 84: whatever spells it, an address that is not public is not dialled."""
    failed = await attempt(tmp_path, a_webhook(tmp_path, url))
    assert failed.startswith(("blocked_address: ", "address: "))


async def test_allowed_address_is_dialled(tmp_path: Path, receiver: Receiver) -> None:
    """The same loopback address is reached once the operator has named it, and only with its port."""
    road = a_webhook(tmp_path, receiver.url())
    assert await attempt(tmp_path, road, allow=(receiver.address,)) == ""
    assert (await attempt(tmp_path, road, allow=("127.0.0.1:1",))).startswith("blocked_address: ")
    assert len(receiver.posts) == 1


@pytest.mark.parametrize(
    ("status", "reason"),
    [(301, "redirect"), (302, "redirect"), (400, "rejected"), (404, "status_4xx"), (410, "gone"), (500, "status_5xx")],
)
async def test_only_2xx_is_taken(tmp_path: Path, receiver: Receiver, status: int, reason: str) -> None:
    """Row 84: a redirect is a failure and is not followed; 410 says gone."""
    receiver.answers["/hook"] = answer(status, {"Location": receiver.url("/elsewhere")})
    failed = await attempt(tmp_path, a_webhook(tmp_path, receiver.url()), allow=(receiver.address,))
    assert failed.startswith(f"{reason}: ")
    assert receiver.order("/elsewhere") == []


async def test_receiver_that_does_not_answer_in_time_is_unknown(tmp_path: Path, receiver: Receiver) -> None:
    """Row 84: after the timeout the attempt ends."""
    receiver.answers["/hook"] = hang
    road = a_webhook(tmp_path, receiver.url())
    failed = await attempt(tmp_path, road, allow=(receiver.address,), timeout_seconds=0.2)
    assert failed == "timeout: no answer within 0.2 s: webhook"


async def test_endless_answer_is_cut_off(tmp_path: Path, receiver: Receiver) -> None:
    """Row 84: of an answer without end little is read, and its status counts."""
    receiver.answers["/hook"] = pour
    async with asyncio.timeout(10):
        assert await attempt(tmp_path, a_webhook(tmp_path, receiver.url()), allow=(receiver.address,)) == ""


async def test_connection_cut_after_the_post_is_tried_again_with_the_same_id(
    post: PostOffice, receiver: Receiver
) -> None:
    """Fault 30: taken or not, we cannot know; the repeat carries the same `webhook-id`."""
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    receiver.answers["/hook"] = reset
    await post.database.run(outbox.insert_deliveries, [a_delivery()])
    sender = post.sender()
    await sender.drain()
    receiver.answers.clear()
    post.clock.move(10)
    await sender.drain()
    await sender.close()
    assert dict(receiver.counted()) == {a_delivery().id: 2}


async def test_retry_after_is_honoured(post: PostOffice, receiver: Receiver) -> None:
    """Fault 32: after 429 nothing is sent before the time that was asked for, not even what is planned meanwhile."""
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    receiver.answers["/hook"] = answer(429, {"Retry-After": "600"})
    await post.database.run(outbox.insert_deliveries, [a_delivery(1)])
    sender = post.sender()
    await sender.drain()
    receiver.answers.clear()
    for minute in range(9):
        post.clock.move(60)
        await post.database.run(outbox.insert_deliveries, [a_delivery(10 + minute, at=post.clock.now())])
        await sender.drain()
    assert len(receiver.posts) == 1
    post.clock.move(60)
    await sender.drain()
    await sender.close()
    assert len(receiver.posts) == 11
    assert receiver.order()[1] == a_delivery(1).id


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        (" 5 ", 5.0),
        ("Tue, 12 Aug 2025 09:01:00 GMT", 60.0),
        ("Tue, 12 Aug 2025 08:00:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        ("", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str | None, seconds: float | None) -> None:
    """Both forms of RFC 9110, and nothing else."""
    assert read_retry_after(value, NOW) == seconds


def test_each_key_signs_so_that_a_key_can_be_replaced() -> None:
    """With two keys in the file a receiver that knows either is content."""
    headers = signed_headers((b"a" * 24, b"b" * 24), "msg-1", 1, b"{}")
    assert len(headers["webhook-signature"].split(" ")) == 2
    assert all(word.startswith("v1,") for word in headers["webhook-signature"].split(" "))


@pytest.mark.parametrize("content", [None, "", "whsec_not base64!"])
async def test_notice_is_never_sent_unsigned(tmp_path: Path, receiver: Receiver, content: str | None) -> None:
    """Without a good secret nothing leaves, and the reason names the file and never its content."""
    road = a_webhook(tmp_path, receiver.url())
    if content is None:
        (tmp_path / "hook").unlink()
    else:
        (tmp_path / "hook").write_text(content, encoding="utf-8")
    failed = await attempt(tmp_path, road, allow=(receiver.address,))
    assert failed.startswith("secret: ")
    assert "base64!" not in failed
    assert (await attempt(tmp_path, Road(RoadKind.WEBHOOK, receiver.url()))).startswith(
        "secret: expected a secret_file"
    )
    assert receiver.posts == []


async def test_failure_never_tells_the_address(tmp_path: Path) -> None:
    """An address may hold a token: errors, logs and the store do not repeat it."""
    for url in ("http://nowhere.invalid/very-secret", "http://[not-an-address/very-secret", "very-secret"):
        failed = await attempt(tmp_path, a_webhook(tmp_path, url))
        assert failed
        assert "very-secret" not in failed


async def test_notice_that_a_receiver_rejects_lets_the_next_one_pass(post: PostOffice, receiver: Receiver) -> None:
    """400 speaks of one notice: the lane goes on, and that notice is tried again by itself."""
    post.subscribe(a_subscription("listings", a_webhook(post.folder, receiver.url())))
    receiver.answers["/hook"] = answer(400)
    await post.database.run(outbox.insert_deliveries, [a_delivery(1), a_delivery(2)])
    sender = post.sender()
    await sender.drain()
    assert receiver.order() == [a_delivery(1).id, a_delivery(2).id]
    receiver.answers.clear()
    post.clock.move(timedelta(seconds=10).total_seconds())
    await sender.drain()
    await sender.close()
    counted = await post.database.run(outbox.count_deliveries)
    assert counted[DeliveryState.DELIVERED] == 2
