"""The webhook road: a signed POST as Standard Webhooks 1.0.0 describes it.

Dials public addresses only (`guarding`), follows no redirect, reads little of what comes back. A 2xx is "taken"; when
no answer came in time we cannot know, and the notice is tried again with the same `webhook-id`.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import aiohttp

from wirewatch.delivering.roads import read_secret
from wirewatch.errors import DeliveryError
from wirewatch.guarding.dialling import find_blocked, guarded_connector
from wirewatch.records import Delivery
from wirewatch.settings import Settings
from wirewatch.subscribers import Road

#: Enough to keep a connection alive after an ordinary answer; what says more is cut off.
MAX_ANSWER_BYTES = 64 * 1024
#: A receiver that answered does not hold the lane with a body that drips.
_ANSWER_SECONDS = 2.0

#: Statuses that speak of this notice and not of the receiver.
_REJECTED = frozenset({400, 413, 415, 422})
#: Any port that an operator wrote into a subscription; redirects are never followed, so nobody else chooses one.
_PORTS = range(1, 65_536)


class WebhookCarrier:
    """Posts notices; holds one HTTP session, made when first needed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    def host(self, road: Road) -> str:
        """Give host and port of the target; what is no address shares one name, and fails when it is tried."""
        try:
            return urlsplit(road.target).netloc.rpartition("@")[2]
        except ValueError:
            return ""

    async def carry(self, delivery: Delivery, road: Road, now: datetime) -> None:
        """Post once.

        Raises:
            DeliveryError: any answer but 2xx, none at all, or an address that may not be dialled.
        """
        headers = {
            "content-type": "application/json",
            "user-agent": self._settings.fetch.user_agent,
            **signed_headers(read_keys(road), delivery.id, int(now.timestamp()), delivery.body),
        }
        try:
            async with self._open().post(
                road.target, data=delivery.body, headers=headers, allow_redirects=False
            ) as response:
                if 200 <= response.status < 300:
                    await _drain(response)
                    return
                raise _refusal(response.status, response.headers.get("Retry-After"), now)
        except TimeoutError as error:
            seconds = self._settings.delivery.timeout_seconds
            raise _failure(f"no answer within {seconds:g} s", "timeout") from error
        except aiohttp.InvalidURL as error:
            raise _failure("expected an http(s) URL with a host, got something else", "address") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            blocked = find_blocked(error)
            if blocked is not None:
                hint = "add it to delivery.allow_addresses if it is yours"
                raise _failure(f"{blocked}; {hint}", str(blocked.verdict)) from error
            raise _failure(f"no connection ({_named(error)})", "connection") from error

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            delivery = self._settings.delivery
            self._session = aiohttp.ClientSession(
                # No limit here: a connection that waits for its turn would spend its timeout; `sending` keeps count.
                connector=guarded_connector(allowed=delivery.allow_addresses, ports=_PORTS, limit=0),
                timeout=aiohttp.ClientTimeout(total=delivery.timeout_seconds),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            )
        return self._session


def read_keys(road: Road) -> tuple[bytes, ...]:
    """Read the signing keys: one `whsec_…` a line; with several, each signs (so that a key can be replaced).

    Raises:
        DeliveryError: no file, or not the form of Standard Webhooks.
    """
    keys = []
    for word in read_secret(road).split():
        try:
            keys.append(base64.b64decode(word.removeprefix("whsec_"), validate=True))
        except binascii.Error as error:
            message = 'expected "whsec_" and base64 in the secret file, got something else'
            raise _failure(message, "secret") from error
    return tuple(keys)


def signed_headers(keys: tuple[bytes, ...], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Give the three headers by which a receiver knows the sender, the notice and its age."""
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    signatures = (base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def read_retry_after(value: str | None, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or a date, as seconds from now; None when it says nothing."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        return max((parsedate_to_datetime(value) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


async def _drain(response: aiohttp.ClientResponse) -> None:
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            left = MAX_ANSWER_BYTES
            while left > 0 and (chunk := await response.content.read(left)):
                left -= len(chunk)
            if left > 0:
                return
    except (aiohttp.ClientError, OSError, TimeoutError):
        pass  # the status said that it was taken; only the connection is of no further use
    response.close()


def _refusal(status: int, retry_after: str | None, now: datetime) -> DeliveryError:
    if status == 410:
        return DeliveryError("the receiver is gone (410)", road="webhook", retryable=False, reason="gone")
    reason = "rejected" if status in _REJECTED else "redirect" if 300 <= status < 400 else f"status_{status // 100}xx"
    asked = read_retry_after(retry_after, now) if status in (429, 503) else None
    return _failure(f"expected 2xx, got {status}", reason, asked)


def _failure(message: str, reason: str, retry_after_seconds: float | None = None) -> DeliveryError:
    return DeliveryError(
        message, road="webhook", retryable=True, reason=reason, retry_after_seconds=retry_after_seconds
    )


def _named(error: BaseException) -> str:
    # The text of client errors may hold the whole URL, and with it a secret.
    os_error = getattr(error, "os_error", None)
    shown = getattr(os_error, "strerror", None) or getattr(error, "strerror", None)
    return f"{type(error).__name__}: {shown}" if shown else type(error).__name__
