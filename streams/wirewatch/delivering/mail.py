"""The e-mail road: our own MIME message, the same for every attempt, over SMTP.

Message-ID derives from the notice's id, so a receiver recognises a repeat; all notices of one alert and subscription
refer to one thread. Nothing that a feed wrote can become a header or an address.
"""

from __future__ import annotations

from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

import aiosmtplib

from wirewatch.delivering.composing import compose_html, compose_text
from wirewatch.delivering.roads import visible
from wirewatch.delivering.wording import read_notice
from wirewatch.errors import DeliveryError
from wirewatch.ids import derive_id
from wirewatch.records import Delivery, NoticeType
from wirewatch.settings import EmailSettings, Settings
from wirewatch.subscribers import Road

#: 998: the length of a line in RFC 5322. Folding at 78 doubles a space between encoded words on some Pythons.
_POLICY = SMTP.clone(max_line_length=998)


class MailCarrier:
    """Hands notices to the configured mail server, one connection each."""

    def __init__(self, settings: Settings) -> None:
        self._email = settings.delivery.email
        self._timeout_seconds = settings.delivery.timeout_seconds
        self._public_url = settings.console.public_url

    def host(self, road: Road) -> str:
        """Give the mail server."""
        return f"smtp:{self._email.host}:{self._email.port}"

    async def carry(self, delivery: Delivery, road: Road, now: datetime) -> None:
        """Hand one message over.

        Raises:
            DeliveryError: refused for now (4xx, no connection, no answer: tried again) or for ever (5xx).
        """
        if not self._email.host:
            raise _failure("expected delivery.email.host in settings.toml, got nothing", "settings")
        try:
            message = compose_message(delivery, road.target, self._email.sender, self._public_url)
        except (ValueError, HeaderParseError) as error:
            raise _failure("expected an e-mail address, got something else", "address") from error
        try:
            await aiosmtplib.send(
                # Bytes: given a message, the library would fold it again by its own policy.
                message.as_bytes(),
                sender=self._email.sender,
                recipients=[road.target],
                hostname=self._email.host,
                port=self._email.port,
                username=self._email.user or None,
                password=_read_password(self._email),
                use_tls=self._email.security == "tls",
                start_tls=self._email.security == "starttls",
                timeout=self._timeout_seconds,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients[0].code, error.recipients[0].message) from error
        except aiosmtplib.SMTPAuthenticationError as error:
            raise _failure(f"the mail server refused user and password ({error.code})", "authentication") from error
        except (aiosmtplib.SMTPConnectResponseError, aiosmtplib.SMTPHeloError) as error:
            raise _failure(f"the mail server refused the connection ({error.code})", "connection") from error
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(error.code, error.message) from error
        except aiosmtplib.SMTPTimeoutError as error:
            raise _failure(f"no answer from the mail server within {self._timeout_seconds:g} s", "timeout") from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            # A connection that broke after the message was sent looks the same: we cannot know, the id tells.
            raise _failure(f"no delivery to the mail server ({type(error).__name__})", "connection") from error

    async def close(self) -> None:
        """Do nothing: no connection is kept."""


def compose_message(delivery: Delivery, recipient: str, sender: str, public_url: str) -> EmailMessage:
    """Write the message of a notice. The same notice gives the same message."""
    notice = read_notice(delivery, public_url)
    message = EmailMessage(policy=_POLICY)
    domain = sender.rpartition("@")[2]
    message["From"] = Address("Wirewatch", addr_spec=sender)
    message["To"] = recipient
    message["Subject"] = visible(notice.subject)
    message["Date"] = delivery.created_at
    message["Message-ID"] = f"<{delivery.id}@{domain}>"
    # The thread's root is not a message of its own: mail programs gather under it whatever refers to it.
    thread = f"<{derive_id('thread', delivery.alert_id, delivery.subscription_id)}@{domain}>"
    message["References"] = thread
    if delivery.type in (NoticeType.UPDATED, NoticeType.STATE_CHANGED):
        message["In-Reply-To"] = thread
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(compose_text(notice), cte="quoted-printable")
    message.add_alternative(compose_html(notice), subtype="html", cte="quoted-printable")
    _fix_boundary(message, delivery.id)
    return message


def _fix_boundary(message: EmailMessage, identity: str) -> None:
    # The library would draw another boundary for every attempt.
    message.set_boundary(f"=_{identity}")


def _read_password(email: EmailSettings) -> str | None:
    if email.password_file is None:
        return None
    try:
        return email.password_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _failure(f"cannot read {email.password_file.name}", "secret") from error


def _refusal(code: int, words: str) -> DeliveryError:
    permanent = 500 <= code < 600
    return DeliveryError(
        f"the mail server answered {code} {visible(words)[:200]}",
        road="email",
        retryable=not permanent,
        reason="smtp_permanent" if permanent else "smtp_temporary",
    )


def _failure(message: str, reason: str) -> DeliveryError:
    return DeliveryError(message, road="email", retryable=True, reason=reason)
