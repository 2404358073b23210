"""The chat road: what each service would be sent, seen where the request would leave."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.delivering.building import a_body, a_delivery, an_alert, some_settings
from tests.fakes import FakeClock
from wirewatch.delivering.chat import ChatCarrier, escape_for
from wirewatch.errors import DeliveryError
from wirewatch.records import Name
from wirewatch.subscribers import Road, RoadKind

HOSTILE = (
    "<!channel> <!here> <@U1> <http://evil.example|bank.example> @everyone @here @channel *bold* _under_ `code` "
    "[bank.example](http://evil.example) ||spoiler|| <b>x</b> <a href='http://evil.example'>bank</a> <users/all>"
)
ADDRESSES = {
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
    "discord": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "telegram": "tgram://123456789:abcdefg_hijklmnop/12315544/",
    "teams": "workflows://host.example:443/643/abc",
    "mattermost": "mmost://chat.example/3ccdd113474722377935511fc85d3dd4",
    "ntfy": "ntfy://push.example/topic",
}


@dataclass(slots=True)
class Wire:
    """Takes the place of the network: keeps what would be sent, answers with a status."""

    status: int = 200
    sent: list[str] = field(default_factory=list)

    def request(self, *_args: Any, **arguments: Any) -> requests.Response:
        """Keep the body."""
        body = arguments.get("data") if arguments.get("data") is not None else arguments.get("json")
        self.sent.append(body if isinstance(body, str) else json.dumps(body))
        response = requests.Response()
        response.status_code = self.status
        response._content = b'{"ok": true, "result": []}'
        if "slack" in str(arguments.get("url") or _args):
            response._content = b"ok"
        return response


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """Cut the network."""
    cut = Wire()
    for name in ("post", "get", "put", "request"):
        monkeypatch.setattr(requests, name, cut.request)
    monkeypatch.setattr(requests.Session, "request", cut.request)
    return cut


async def send(folder: Path, address: str, words: str) -> None:
    """Send a notice in which `words` stand wherever a feed may write."""
    carrier = ChatCarrier(some_settings(folder))
    alert = an_alert(words, organisation=Name("harbour-front", words))
    delivery = a_delivery(road="chat-0", alert=alert, body=a_body(alert))
    await carrier.carry(delivery, Road(RoadKind.CHAT, address), FakeClock().now())
    await carrier.close()


@pytest.mark.parametrize("service", sorted(ADDRESSES))
async def test_nobody_is_pinged_and_no_word_becomes_a_link(tmp_path: Path, wire: Wire, service: str) -> None:
    """Rows 71 and 72: mentions, disguised links and markup of a feed are dead in what each service is sent."""
    await send(tmp_path, ADDRESSES[service], HOSTILE)
    sent = "".join(_strings(json.loads(wire.sent[-1])))
    for ping in ("@everyone", "@here", "@channel", "<!channel>", "<!here>", "<@U1>", "<users/all>"):
        assert ping not in sent
    assert "<http" not in sent
    assert "<b>x" not in sent
    assert "<a href" not in sent
    assert "](http" not in sent
    assert "/alerts/alr-" in sent.replace("\\-", "-")


async def test_oracle_would_see_a_ping(tmp_path: Path, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: without our escaping, Discord is sent the mention."""
    monkeypatch.setattr("wirewatch.delivering.chat.escape_for", lambda scheme, words: words)
    await send(tmp_path, ADDRESSES["discord"], HOSTILE)
    assert "@everyone" in wire.sent[-1]
    assert "](http" in wire.sent[-1]


@pytest.mark.parametrize("service", sorted(ADDRESSES))
async def test_long_notice_fits_every_service(tmp_path: Path, wire: Wire, service: str) -> None:
    """A service refuses what is too long for ever, so nothing is: 2,000 characters is the least limit."""
    await send(tmp_path, ADDRESSES[service], "*" * 5000)
    assert max(len(words) for words in _strings(json.loads(wire.sent[-1]))) <= 2000


async def test_service_that_does_not_take_it_is_tried_again(tmp_path: Path, wire: Wire) -> None:
    """Apprise tells no reason: the lane waits and tries again."""
    wire.status = 500
    with pytest.raises(DeliveryError, match="Discord did not take it") as caught:
        await send(tmp_path, ADDRESSES["discord"], "words")
    assert caught.value.retryable


@pytest.mark.parametrize(
    "address", ["", "nonsense", "unknown://x", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#a/#b"]
)
async def test_address_must_name_one_receiver(tmp_path: Path, wire: Wire, address: str) -> None:
    """With several in one address a retry would repeat what some already have."""
    with pytest.raises(DeliveryError, match="expected"):
        await send(tmp_path, address, "words")
    assert wire.sent == []


def test_plain_words_stay_as_they_are() -> None:
    """Escaping changes nothing that needs no escaping."""
    assert escape_for("slack", "Harbour Front, listed: 12 ships") == "Harbour Front, listed: 12 ships"
    assert escape_for("discord", "Harbour Front, listed: 12 ships") == "Harbour Front, listed: 12 ships"


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [words for item in value.values() for words in _strings(item)]
    if isinstance(value, list):
        return [words for item in value for words in _strings(item)]
    return []
