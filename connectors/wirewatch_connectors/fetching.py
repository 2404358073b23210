"""One guarded, conditional GET. Called by `taking` for feeds, by full text for pages, by discovery for sites.

Follows redirects itself, one checked hop at a time; reads at most a cap; ends at a deadline that covers everything from
the name lookup to the last byte. Sends no cookies, no credentials, no proxy headers. Never parses, never remembers.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from functools import lru_cache
from types import TracebackType
from typing import NoReturn, Self

import aiohttp
from aiohttp import hdrs
from aiohttp.abc import AbstractResolver
from aiohttp.http import HttpProcessingError
from yarl import URL

from wirewatch.clock import Clock
from wirewatch.errors import FetchError
from wirewatch.guarding.dialling import find_blocked, guarded_connector
from wirewatch.settings import FetchSettings
from wirewatch_connectors.asking import Answer, Asker
from wirewatch_connectors.deadlines import Deadlines
from wirewatch_connectors.header_words import clean_validator, retry_after_seconds
from wirewatch_connectors.inflating import BadEncodingError, InflatedTooLargeError, TruncatedBodyError, inflate
from wirewatch_connectors.reasons import FetchReason, Weight, reason_of_status, weigh
from wirewatch_connectors.shapes import FetchedBody
from wirewatch_connectors.urls import check_url

#: 5: more hops than any real feed takes (Media Cloud and browsers allow more; nobody needs them).
MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_FEED_TYPES = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.5"
)
#: Bodies above this are inflated in a thread: it takes milliseconds, and the event loop has other feeds to serve.
_INFLATE_ASIDE_BYTES = 64 * 1024


class Fetcher:
    """Holds the connections; use it as an async context manager."""

    def __init__(
        self,
        settings: FetchSettings,
        clock: Clock,
        *,
        allowed: tuple[str, ...] = (),
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._allowed = (*settings.allow_addresses, *allowed)
        self._resolver = resolver
        self._connector: aiohttp.TCPConnector | None = None
        self._asker: Asker | None = None
        self._deadlines = Deadlines(settings.total_timeout_seconds)

    async def __aenter__(self) -> Self:
        """Open the connector in the running loop."""
        self._connector = guarded_connector(
            allowed=self._allowed,
            ports=self._settings.ports,
            limit=self._settings.max_connections,
            resolver=self._resolver,
        )
        self._asker = Asker(
            self._connector,
            {hdrs.USER_AGENT: self._settings.user_agent, hdrs.ACCEPT_ENCODING: "gzip, deflate, br, zstd"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        if self._connector is not None:
            await self._connector.close()
        self._deadlines.close()

    async def fetch(
        self,
        url: str,
        *,
        feed_id: str,
        etag: str = "",
        last_modified: str = "",
        accept: str = _FEED_TYPES,
        max_body_bytes: int | None = None,
        allow_downgrade: bool = False,
    ) -> FetchedBody:
        """Ask for `url`, with the validators of the last answer when there are any.

        Args:
            url: an http(s) address.
            feed_id: names the feed in errors.
            etag: ETag to send as If-None-Match, or "".
            last_modified: date to send as If-Modified-Since, or "".
            accept: the Accept header.
            max_body_bytes: cap of the inflated body; the setting's when None.
            allow_downgrade: follow a redirect from https to http.

        Raises:
            FetchError: with a `FetchReason`; the feed's memory must stay as it is.
        """
        headers: dict[str, str] = {hdrs.ACCEPT: accept}
        if etag:
            headers[hdrs.IF_NONE_MATCH] = etag
        if last_modified:
            headers[hdrs.IF_MODIFIED_SINCE] = last_modified
        cap = max_body_bytes or self._settings.max_body_bytes
        try:
            return await self._deadlines.keep(self._follow(url, headers, feed_id, cap, allow_downgrade))
        except TimeoutError as error:
            seconds = self._settings.total_timeout_seconds
            raise _failure(feed_id, FetchReason.TIMEOUT, f"no whole answer within {seconds:g} s") from error
        except (aiohttp.ClientError, HttpProcessingError, OSError, ValueError) as error:
            _raise_client_error(feed_id, error)

    async def _follow(
        self, url: str, headers: Mapping[str, str], feed_id: str, cap: int, allow_downgrade: bool
    ) -> FetchedBody:
        assert self._asker is not None, "use the Fetcher as a context manager"
        started = self._clock.monotonic()
        target = _checked(url, feed_id)
        permanent = True
        for hop in range(MAX_REDIRECTS + 1):
            answer = await self._asker.ask(target, headers)
            try:
                if answer.status not in _REDIRECTS:
                    url = str(target.with_fragment(None) if target.raw_fragment else target)
                    moved_to = url if hop and permanent else None
                    if answer.status == 304:
                        return self._unchanged(answer, feed_id, started, len(headers) > 1, url, moved_to)
                    return await self._take(answer, feed_id, cap, started, url, moved_to)
                permanent = permanent and answer.status in _PERMANENT
                following = _next_hop(target, answer.headers.get(hdrs.LOCATION), feed_id)
                answer.close()  # the body of a redirect is nobody's business
            finally:
                answer.release()
            if target.scheme == "https" and following.scheme == "http" and not allow_downgrade:
                raise _failure(feed_id, FetchReason.DOWNGRADE, f"redirected from https to {following}")
            target = following
        raise _failure(feed_id, FetchReason.REDIRECTS, f"more than {MAX_REDIRECTS} redirects, the last to {target}")

    def _unchanged(
        self, answer: Answer, feed_id: str, started: float, asked_if_changed: bool, url: str, moved_to: str | None
    ) -> FetchedBody:
        if not asked_if_changed:
            raise _failure(feed_id, FetchReason.BAD_RESPONSE, "answered 304 to a request without conditions")
        headers = {"cache-control": answer.headers.get(hdrs.CACHE_CONTROL, "")}
        seconds = self._clock.monotonic() - started
        return FetchedBody(304, b"", url, headers, moved_to, seconds)

    async def _take(
        self, answer: Answer, feed_id: str, cap: int, started: float, url: str, moved_to: str | None
    ) -> FetchedBody:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        reason = reason_of_status(answer.status)
        if reason is not None:
            answer.close()
            raise FetchError(
                f"answered {answer.status}",
                feed_id=feed_id,
                reason=reason,
                retry_after_seconds=retry_after_seconds(headers.get("retry-after"), self._clock.now()),
                permanent=reason is FetchReason.GONE,
            )
        received = await _read_capped(answer, feed_id, cap)
        answer.release()
        encoding = ",".join(answer.headers.getall(hdrs.CONTENT_ENCODING, []))
        body = await _inflated(received, encoding, feed_id, cap)
        for name in ("etag", "last-modified"):
            headers[name] = clean_validator(headers.get(name))
        seconds = self._clock.monotonic() - started
        return FetchedBody(answer.status, body, url, headers, moved_to, seconds)


async def _read_capped(answer: Answer, feed_id: str, cap: int) -> bytes:
    announced = answer.headers.get(hdrs.CONTENT_LENGTH, "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > cap:
        answer.close()
        raise _failure(feed_id, FetchReason.TOO_LARGE, f"announces {announced[:20]} bytes, the cap is {cap}")
    chunks: list[bytes] = []
    total = 0
    async for chunk in answer.content.iter_any():
        total += len(chunk)
        if total > cap:
            answer.close()
            raise _failure(feed_id, FetchReason.TOO_LARGE, f"body larger than {cap} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


async def _inflated(received: bytes, encoding: str, feed_id: str, cap: int) -> bytes:
    try:
        if not encoding or len(received) < _INFLATE_ASIDE_BYTES:
            return inflate(received, encoding, cap)
        return await asyncio.to_thread(inflate, received, encoding, cap)
    except InflatedTooLargeError as error:
        raise _failure(feed_id, FetchReason.TOO_LARGE, f"body inflates past {cap} bytes") from error
    except TruncatedBodyError as error:
        raise _failure(feed_id, FetchReason.INCOMPLETE, f"{encoding} body ends too early") from error
    except BadEncodingError as error:
        raise _failure(feed_id, FetchReason.BAD_ENCODING, str(error)) from error


def _checked(url: str, feed_id: str) -> URL:
    try:
        return _check_known(url)
    except ValueError as error:
        raise _failure(feed_id, FetchReason.BAD_URL, str(error)) from error


#: Feeds are asked for at the same addresses again and again.
_check_known = lru_cache(maxsize=10_000)(check_url)


def _next_hop(target: URL, location: str | None, feed_id: str) -> URL:
    if not location:
        raise _failure(feed_id, FetchReason.REDIRECTS, "redirected without a Location")
    try:
        return check_url(str(target.join(URL(location.strip()))))
    except ValueError as error:
        raise _failure(feed_id, FetchReason.REDIRECTS, f"redirected to a forbidden address: {error}") from error


def _raise_client_error(feed_id: str, error: Exception) -> NoReturn:
    blocked = find_blocked(error)
    if blocked is not None:
        raise _failure(feed_id, FetchReason(blocked.verdict), str(blocked)) from error
    reason = FetchReason.CONNECT
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        reason = FetchReason.TLS  # first: a certificate error is a ValueError too
    elif isinstance(error, aiohttp.ClientConnectorDNSError):
        reason = FetchReason.DNS
    elif isinstance(error, aiohttp.ClientPayloadError):
        reason = FetchReason.INCOMPLETE
    elif isinstance(error, HttpProcessingError):
        reason = FetchReason.BAD_RESPONSE
    elif isinstance(error, ValueError):
        reason = FetchReason.BAD_URL
    cause = " ".join(str(error).split())[:200] or type(error).__name__
    raise _failure(feed_id, reason, cause) from error


def _failure(feed_id: str, reason: FetchReason, message: str) -> FetchError:
    return FetchError(
        f"{reason}: {message}", feed_id=feed_id, reason=reason, permanent=weigh(reason) in (Weight.HARD, Weight.GONE)
    )
