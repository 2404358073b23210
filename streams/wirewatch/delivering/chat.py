"""The chat and push road, by Apprise: one object a target, in a thread, plain text escaped for the service.

Apprise escapes text for services that take HTML or say that they take Markdown (Slack, Telegram, Teams). Others show
Markdown in what is sent as text (Discord, Mattermost, …): for them we escape. Nobody is ever pinged by a feed's text.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from wirewatch.delivering.composing import compose_chat
from wirewatch.delivering.roads import read_secret
from wirewatch.delivering.wording import read_notice
from wirewatch.errors import DeliveryError
from wirewatch.records import Delivery
from wirewatch.settings import Settings
from wirewatch.subscribers import Road

#: 64: as many hanging services may wait for their timeout without keeping others.
_THREADS = 64

#: Services that render Markdown in plain text, by the scheme of their Apprise URL.
_MARKDOWN_SCHEMES = frozenset({
    "discord", "gchat", "guilded", "mmost", "mmosts", "revolt", "rocket", "rockets", "ryver", "webexteams", "wxteams",
    "zulip",
})  # fmt: skip
_MARKDOWN = re.compile(r"([\\`*_~|\[\](){}#+\-.!>])")


class ChatCarrier:
    """Sends notices through Apprise."""

    def __init__(self, settings: Settings) -> None:
        self._timeout_seconds = settings.delivery.timeout_seconds
        self._public_url = settings.console.public_url
        self._threads: ThreadPoolExecutor | None = None

    def host(self, road: Road) -> str:
        """Give a name of the target: services are many, so each target has its own turn."""
        return "chat:" + hashlib.sha256(f"{road.target}{road.secret_file}".encode()).hexdigest()[:16]

    async def carry(self, delivery: Delivery, road: Road, now: datetime) -> None:
        """Send once.

        Raises:
            DeliveryError: not an Apprise URL, several receivers in one, or the service did not take it.
        """
        address = read_secret(road) if road.secret_file is not None else road.target
        words = compose_chat(read_notice(delivery, self._public_url))
        link = f"{self._public_url}/alerts/{delivery.alert_id}"
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="chat")
        await asyncio.get_running_loop().run_in_executor(self._threads, self._send, address, words, link)

    async def close(self) -> None:
        """Let the threads end."""
        if self._threads is not None:
            self._threads.shutdown(wait=False)
            self._threads = None

    def _send(self, address: str, words: str, link: str) -> None:
        apprise = _load_apprise()
        asset = apprise.AppriseAsset(app_id="Wirewatch", app_desc="Wirewatch", app_url="", image_url_mask="")
        target = apprise.Apprise.instantiate(address, asset=asset)
        if target is None:
            raise _failure("expected an Apprise URL, got something that Apprise does not know", "address")
        if len(target) != 1:
            raise _failure(f"expected one receiver, got {len(target)}; write one road for each", "address")
        # So that a service which hangs gives its thread back.
        target.socket_connect_timeout = target.socket_read_timeout = self._timeout_seconds
        service = apprise.Apprise(asset=asset)
        service.add(target)
        scheme = address.partition("://")[0].lower()
        if not service.notify(body=f"{escape_for(scheme, words)}\n{link}", body_format=apprise.NotifyFormat.TEXT):
            raise _failure(f"{target.service_name} did not take it", "refused")


def escape_for(scheme: str, words: str) -> str:
    """Make text harmless for a service: nobody is mentioned, and what is not a link does not become one.

    Args:
        scheme: of the Apprise URL.
        words: plain text.
    """
    # U+200B breaks @everyone, <@id>, <!channel>, <users/all> and [words](address) everywhere, and is not seen.
    safe = words.replace("@", "@\u200b").replace("<", "<\u200b").replace("](", "]\u200b(")
    return _MARKDOWN.sub(r"\\\1", safe) if scheme in _MARKDOWN_SCHEMES else safe


def _load_apprise() -> Any:
    import apprise  # heavy, and not needed where nobody chats

    return apprise


def _failure(message: str, reason: str) -> DeliveryError:
    return DeliveryError(message, road="chat", retryable=True, reason=reason)
