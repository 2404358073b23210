"""A mail server on loopback that answers as it is told and keeps every message that it took."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP


@dataclass(slots=True)
class MailServer:
    """What it took, and how it answers at RCPT and after DATA; None takes, "drop" cuts the connection."""

    port: int = 0
    taken: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    at_recipient: str | None = None
    after_data: str | None = None

    def messages(self) -> list[EmailMessage]:
        """Give what was taken, parsed."""
        parsed = [message_from_bytes(raw, policy=default) for raw in self.taken]
        return [message for message in parsed if isinstance(message, EmailMessage)]


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self._server.at_recipient is not None:
            return self._server.at_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self._server.taken.append(envelope.original_content)
        self._server.recipients.extend(envelope.rcpt_tos)
        if self._server.after_data == "drop":
            server.transport.abort()
        return self._server.after_data or "250 OK"


@asynccontextmanager
async def serve_mail() -> AsyncIterator[MailServer]:
    """Listen on a free loopback port until the block ends."""
    mail = MailServer()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: SMTP(_Handler(mail), enable_SMTPUTF8=True), "127.0.0.1", 0)
    mail.port = listening.sockets[0].getsockname()[1]
    try:
        yield mail
    finally:
        listening.close()
        await listening.wait_closed()
