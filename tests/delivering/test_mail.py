"""The e-mail road: one header is one header, repeats are recognised, threads hold together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from lxml import html

from tests.console.hostile import ADDRESSES, MARKUP, text_of
from tests.delivering.building import PostOffice, a_body, a_delivery, a_subscription, an_alert, open_post
from tests.harness.mail_server import MailServer, serve_mail
from wirewatch.configuration import Problems
from wirewatch.delivering.mail import compose_message
from wirewatch.records import AlertState, Delivery, DeliveryState, Evidence, Name, NoticeType, Source
from wirewatch.settings import EmailSettings, load_settings
from wirewatch.store import outbox
from wirewatch.subscribers import Road, RoadKind

HOME = "http://127.0.0.1:8321"
DESK = Road(RoadKind.EMAIL, "desk@paper.example")


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    """Serve a mail server."""
    async with serve_mail() as serving:
        yield serving


@pytest.fixture
def mailing(tmp_path: Path, mail: MailServer) -> PostOffice:
    """Open a store that sends through the mail server."""
    opened = open_post(tmp_path, timeout_seconds=30)
    email = EmailSettings("127.0.0.1", mail.port, "none", "", None, "wirewatch@wire.example")
    opened.settings = replace(opened.settings, delivery=replace(opened.settings.delivery, email=email))
    opened.subscribe(a_subscription("listings", DESK))
    return opened


def a_letter(
    words: str = "Listed, says the ministry", notice: NoticeType = NoticeType.OPENED, **changes: object
) -> Delivery:
    """Plan a notice by mail; `words` is what the feed wrote."""
    alert = an_alert(words, organisation=Name("harbour-front", words), **changes)
    return a_delivery(road="email-0", alert=alert, type=notice, body=a_body(alert, notice))


async def test_letter_arrives_as_text_and_as_html(mailing: PostOffice, mail: MailServer) -> None:
    """Both parts say what, who, by whom, with quote, source and link."""
    await mailing.database.run(outbox.insert_deliveries, [a_delivery(road="email-0")])
    await mailing.sender().drain()
    [message] = mail.messages()
    assert mail.recipients == ["desk@paper.example"]
    assert message["Subject"] == "New listing: Harbour Front (Ministry of Lists · NL1) – unconfirmed"
    assert message["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        for words in (
            "The ministry on Tuesday put the Harbour Front on its list.",
            "The Courier",
            f"{HOME}/alerts/alr-",
        ):
            assert words in part.get_content()


@pytest.mark.parametrize("separator", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00"])
def test_headline_cannot_become_a_header(separator: str) -> None:
    """Row 73: whatever separates lines, the subject stays one header and nobody is added."""
    delivery = a_letter(f"Subj{separator}Bcc: thief@evil.example{separator}{separator}Body")
    raw = compose_message(delivery, DESK.target, "wirewatch@wire.example", HOME).as_bytes()
    message = message_from_bytes(raw, policy=default)
    assert message["Bcc"] is None
    assert len(message.get_all("Subject", [])) == 1
    assert message["To"] == "desk@paper.example"
    head = raw.partition(b"\r\n\r\n")[0]
    assert b"\nBcc" not in head
    assert b"\rBcc" not in head


def test_markup_of_feeds_does_nothing_in_the_letter() -> None:
    """Rows 66 to 68: the HTML part holds no element of a feed, loads nothing, and links to http(s) only."""
    expected = _elements(a_letter("plain words"))
    for words in MARKUP:
        delivery = a_letter(words)
        assert _elements(delivery) == expected, words
        assert words in text_of(_html(delivery))
    for address in ADDRESSES:
        alert = an_alert(
            evidence=(Evidence("quote", "art-1", address, 0, 5),),
            sources=(Source("courier", address, "title", None, None, "art-1"),),
        )
        page = html.document_fromstring(_html(replace(a_letter(), body=a_body(alert))))
        assert {link.get("href", "")[:29] for link in page.iter("a")} == {f"{HOME}/alerts/"}, address


def test_every_attempt_is_the_same_letter() -> None:
    """A repeat is byte for byte the first, so any mail system may drop it by Message-ID."""
    first, second = (compose_message(a_letter(), DESK.target, "w@wire.example", HOME).as_bytes() for _ in range(2))
    assert first == second
    assert f"Message-ID: <{a_letter().id}@wire.example>".encode() in first


def test_updates_stand_in_the_thread_of_the_first_letter() -> None:
    """All letters about one alert refer to one thread; another alert's do not."""
    opened = _headers(a_letter())
    update = _headers(a_letter(notice=NoticeType.UPDATED, revision=2))
    changed = _headers(a_letter(notice=NoticeType.STATE_CHANGED, revision=3, state=AlertState.CONFIRMED))
    other = _headers(a_letter(event_key="another"))
    assert opened["References"] == update["In-Reply-To"] == changed["In-Reply-To"]
    assert other["References"] != opened["References"]
    assert len({letter["Message-ID"] for letter in (opened, update, changed, other)}) == 4


async def test_temporary_refusal_is_tried_again(mailing: PostOffice, mail: MailServer) -> None:
    """Fault 33: 4xx means later."""
    await _send_into(mailing, mail, at_recipient="451 4.3.0 greylisted")
    assert await _state(mailing) is DeliveryState.PENDING
    mail.at_recipient = None
    mailing.clock.move(10)
    await mailing.sender().drain()
    assert await _state(mailing) is DeliveryState.DELIVERED
    assert len(mail.taken) == 1


async def test_permanent_refusal_fails_and_lets_the_next_letter_pass(mailing: PostOffice, mail: MailServer) -> None:
    """Fault 33: 5xx is an answer for ever; it is listed with the server's words."""
    await _send_into(mailing, mail, at_recipient="550 5.1.1 no such user \x1b[31m")
    [failed] = await mailing.database.run(outbox.list_deliveries)
    assert failed.state is DeliveryState.FAILED
    assert "550" in failed.last_error
    assert "\x1b" not in failed.last_error


async def test_connection_cut_after_the_letter_repeats_it_with_the_same_id(
    mailing: PostOffice, mail: MailServer
) -> None:
    """Fault 33: taken or not, we cannot know; the repeat carries the same Message-ID."""
    await _send_into(mailing, mail, after_data="drop")
    assert await _state(mailing) is DeliveryState.PENDING
    mail.after_data = None
    mailing.clock.move(10)
    await mailing.sender().drain()
    assert [message["Message-ID"] for message in mail.messages()] == [f"<{a_letter().id}@wire.example>"] * 2


async def test_server_that_is_away_is_tried_again(mailing: PostOffice, mail: MailServer) -> None:
    """No connection is a receiver's fault, never a notice's."""
    email = replace(mailing.settings.delivery.email, port=1)
    mailing.settings = replace(mailing.settings, delivery=replace(mailing.settings.delivery, email=email))
    await _send_into(mailing, mail)
    assert await _state(mailing) is DeliveryState.PENDING


async def test_letter_never_leaves_in_clear_when_encryption_was_asked_for(
    mailing: PostOffice, mail: MailServer
) -> None:
    """A server that offers no STARTTLS gets nothing, neither password nor letter; the lane waits."""
    (mailing.folder / "password").write_text("secret", encoding="utf-8")
    email = replace(
        mailing.settings.delivery.email, security="starttls", user="me", password_file=mailing.folder / "password"
    )
    mailing.settings = replace(mailing.settings, delivery=replace(mailing.settings.delivery, email=email))
    await _send_into(mailing, mail)
    assert mail.taken == []
    [delivery] = await mailing.database.run(outbox.list_deliveries)
    assert delivery.state is DeliveryState.PENDING
    assert "secret" not in delivery.last_error


@pytest.mark.parametrize("address", ["desk@paper.example\r\nBcc: thief@evil.example", "", "desk", "a@b@c d"])
async def test_address_that_is_none_is_never_mailed_to(mailing: PostOffice, mail: MailServer, address: str) -> None:
    """Whatever stands in the configuration, nobody is added and nothing crashes."""
    mailing.subscribe(a_subscription("listings", Road(RoadKind.EMAIL, address)))
    mail.at_recipient = "550 no such user"
    await _send_into(mailing, mail)
    assert mail.taken == []
    assert await _state(mailing) is not DeliveryState.DELIVERED


async def _send_into(mailing: PostOffice, mail: MailServer, **answers: str) -> None:
    for name, value in answers.items():
        setattr(mail, name, value)
    await mailing.database.run(outbox.insert_deliveries, [a_letter()])
    await mailing.sender().drain()


async def _state(mailing: PostOffice) -> DeliveryState:
    [delivery] = await mailing.database.run(outbox.list_deliveries)
    return delivery.state


def _headers(delivery: Delivery) -> dict[str, str]:
    return dict(compose_message(delivery, DESK.target, "w@wire.example", HOME).items())


def _html(delivery: Delivery) -> str:
    part = compose_message(delivery, DESK.target, "w@wire.example", HOME).get_body(("html",))
    assert part is not None
    return str(part.get_content())


def _elements(delivery: Delivery) -> list[tuple[str, tuple[str, ...]]]:
    page = html.document_fromstring(_html(delivery))
    return [(str(element.tag), tuple(sorted(map(str, element.attrib)))) for element in page.iter()]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ('host = "mail.example"\nsender = "w@wire.example"\nsecurity = "none"', "because mail.example is not loopback"),
        ('host = "127.0.0.1"\nsender = "w@wire.example"\nsecurity = "none"', ""),
        ('host = "mail.example"\nsender = "nobody"', 'expected an e-mail address, got "nobody"'),
        ('host = "mail.example"\nsender = "w@wire.example"\nuser = "me"', "expected a file with the password of user"),
    ],
)
def test_mail_settings_that_would_tell_a_secret_are_refused(tmp_path: Path, table: str, problem: str) -> None:
    """No password and no letter in clear beyond this machine; each problem names its key."""
    (tmp_path / "settings.toml").write_text(f"[delivery.email]\n{table}\n", encoding="utf-8")
    problems = Problems()
    load_settings(tmp_path, tmp_path, {}, problems)
    assert problem in "\n".join(problems.found)
    assert bool(problem) == bool(problems.found)
