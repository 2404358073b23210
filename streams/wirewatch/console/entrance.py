"""The door of the console: who may come in, by which name, with how much; and the headers that every answer wears.

Plain ASGI, outside of every route. In this order: Host (421, against rebinding names), size (413), bearer token (401),
Origin of unsafe methods (403; a program that shows the token as Bearer needs none). Never decides what is shown.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wirewatch.configuration import Problems
from wirewatch.settings import ConsoleSettings

#: A verdict is a few words; nothing that the console takes is larger.
MAX_REQUEST_BYTES = 64 * 1024
#: The least length of a token that cannot be guessed.
MIN_TOKEN_BYTES = 32

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}
#: What a health check asks, without a token: whether we live and make progress.
_OPEN_PATHS = frozenset({"/healthz", "/readyz"})
_ALERT_FEED = re.compile(r"/subscriptions/[^/]+/[^/]+/alerts\.[^/]+")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Entrance:
    """Wraps an application."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], token: bytes | None) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                added = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
                message["headers"] = [*message["headers"], *(pair for pair in added if pair[0] not in present)]
            await send(message)

        refusal = self._decide(scope)
        if refusal is not None:
            await refusal(scope, receive, send_with_headers)
            return
        if scope["method"] == "HEAD":
            # Routes answer GET; the server leaves the body out.
            await self._app({**scope, "method": "GET"}, receive, _without_body(send_with_headers))
            return
        if scope["method"] in _SAFE_METHODS:
            await self._app(scope, receive, send_with_headers)
            return
        body = await _read_body(receive)
        if body is None:
            await _too_large()(scope, receive, send_with_headers)
            return
        await self._app(scope, _replay(body, receive), send_with_headers)

    def _decide(self, scope: Scope) -> PlainTextResponse | None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if _host_of(headers.get("host", "")) not in self._hosts:
            return PlainTextResponse("This console does not answer to that name; see console.hosts.", 421)
        length = headers.get("content-length", "0")
        if not length.isdigit():
            return PlainTextResponse("expected a length", 400)
        if int(length) > MAX_REQUEST_BYTES:
            return _too_large()
        open_to_all = scope["method"] in _SAFE_METHODS and _needs_no_token(scope["path"])
        if self._token is not None and not open_to_all and not self._knows(headers):
            challenge = {
                "WWW-Authenticate": 'Basic realm="Wirewatch: any name, the token as password", charset="UTF-8"'
            }
            return PlainTextResponse("expected the token of console.token_file", 401, headers=challenge)
        if scope["method"] not in _SAFE_METHODS and not self._same_origin(headers) and not self._is_program(headers):
            return PlainTextResponse("expected a request of this console's own pages", 403)
        return None

    def _knows(self, headers: dict[str, str]) -> bool:
        scheme, _, credentials = headers.get("authorization", "").partition(" ")
        given = credentials.strip().encode("latin-1")
        if scheme.lower() == "basic":
            try:
                given = base64.b64decode(given, validate=True).partition(b":")[2]
            except binascii.Error:
                return False
        elif scheme.lower() != "bearer":
            return False
        assert self._token is not None
        return hmac.compare_digest(given, self._token)

    def _is_program(self, headers: dict[str, str]) -> bool:
        # A browser adds an Origin to what a page sends, and a password by itself, but never a Bearer token by itself.
        shown = headers.get("authorization", "").partition(" ")[0].lower() == "bearer"
        return self._token is not None and shown and "origin" not in headers

    def _same_origin(self, headers: dict[str, str]) -> bool:
        origin = urlsplit(headers.get("origin", ""))
        return origin.scheme in ("http", "https") and origin.netloc.lower() == headers.get("host", "").lower()


def allowed_hosts(settings: ConsoleSettings) -> frozenset[str]:
    """Give the names that the console answers to."""
    public = urlsplit(settings.public_url).hostname or ""
    named = {"localhost", "127.0.0.1", "::1", settings.host, public, *settings.hosts}
    return frozenset(name.strip("[]").lower() for name in named if name not in ("", "0.0.0.0", "::"))  # noqa: S104


def read_token(settings: ConsoleSettings, problems: Problems) -> bytes | None:
    """Read the bearer token; None when none is configured. Notes what is wrong with it."""
    if settings.token_file is None:
        return None
    try:
        token = settings.token_file.read_bytes().strip()
    except OSError as error:
        problems.add("settings.toml: console.token_file", f"cannot read {settings.token_file.name}: {error.strerror}")
        return None
    if len(token) < MIN_TOKEN_BYTES:
        found = f"expected a token of {MIN_TOKEN_BYTES} bytes or more, got {len(token)}"
        problems.add("settings.toml: console.token_file", found)
    return token


def _needs_no_token(path: str) -> bool:
    # An alert feed carries its own token in its address: feed readers cannot send headers.
    return path in _OPEN_PATHS or _ALERT_FEED.fullmatch(path) is not None


def _host_of(header: str) -> str:
    try:
        return (urlsplit(f"//{header}").hostname or "").lower()
    except ValueError:
        return ""


def _too_large() -> PlainTextResponse:
    return PlainTextResponse(f"expected at most {MAX_REQUEST_BYTES} bytes", 413, headers={"Connection": "close"})


async def _read_body(receive: Receive) -> bytes | None:
    """Read a body that may not say its length; None when it is too large."""
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > MAX_REQUEST_BYTES:
            return None
        if not message.get("more_body", False):
            return body


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
