"""A notice in words, for every kind of body, and on the log road."""

from __future__ import annotations

import json
import logging

import pytest

from tests.delivering.building import a_body, a_delivery, a_subscription, an_alert
from tests.fakes import FakeClock
from wirewatch.delivering.composing import compose_chat, compose_html, compose_text
from wirewatch.delivering.log_line import LogCarrier
from wirewatch.delivering.planning import plan_digest, plan_heartbeat
from wirewatch.delivering.wording import Notice, read_notice
from wirewatch.logs import JsonLines, TextLines
from wirewatch.records import Alert, AlertKind, AlertState, Name, NoticeType
from wirewatch.subscribers import Road, RoadKind

HOME = "http://127.0.0.1:8321"
NOW = FakeClock().now()
LOG = a_subscription("listings", Road(RoadKind.LOG))


def words_of(alert: Alert, notice: NoticeType = NoticeType.OPENED) -> Notice:
    """Put a notice about an alert into words."""
    return read_notice(a_delivery(alert=alert, type=notice, body=a_body(alert, notice)), HOME)


@pytest.mark.parametrize(
    ("alert", "notice", "subject"),
    [
        (an_alert(), NoticeType.OPENED, "New listing: Harbour Front (Ministry of Lists · NL1) – unconfirmed"),
        (
            an_alert(state=AlertState.CONFIRMED),
            NoticeType.STATE_CHANGED,
            "Now confirmed · New listing: Harbour Front (Ministry of Lists · NL1)",
        ),
        (an_alert(), NoticeType.UPDATED, "Update · New listing: Harbour Front (Ministry of Lists · NL1)"),
        (
            an_alert(sample=True, kind=AlertKind.DELISTED, state=AlertState.CONFIRMED),
            NoticeType.OPENED,
            "[SAMPLE] Taken off a list: Harbour Front (Ministry of Lists · NL1)",
        ),
        (
            an_alert(kind=AlertKind.EVENT, event_type="attack_bombing", authority=None, programme=None),
            NoticeType.OPENED,
            "Attack bombing: Harbour Front – unconfirmed",
        ),
    ],
)
def test_subject_says_what_to_whom_by_whom(alert: Alert, notice: NoticeType, subject: str) -> None:
    """One line tells the event, the doubt, and whether it is an example."""
    assert words_of(alert, notice).subject == subject


def test_sample_is_marked_in_every_outlet() -> None:
    """Nobody can take an example for news."""
    notice = words_of(an_alert(sample=True))
    for laid_out in (compose_text(notice), compose_html(notice), compose_chat(notice)):
        assert "SAMPLE" in laid_out


def test_digest_tells_every_alert() -> None:
    """All alerts of a digest are lines; what is beyond the page is counted."""
    alerts = [(an_alert(event_key=str(n), organisation=Name("x", f"Front {n}")), NoticeType.OPENED) for n in range(60)]
    [delivery] = plan_digest(LOG, alerts, NOW)
    notice = read_notice(delivery, HOME)
    assert notice.subject == "Digest: 60 alerts"
    assert len(notice.lines) == 51
    assert notice.lines[0].startswith("New listing: Front 0 (Ministry of Lists")
    assert notice.lines[-1] == "and 10 more"
    assert "Front 49" in compose_text(notice)


def test_heartbeat_says_that_nothing_was_missed() -> None:
    """A quiet day is a message, too."""
    figures = {"articles_read": 1204, "alerts_told": 0, "newest_article_at": NOW, "deliveries": {"failed": 0}}
    [delivery] = plan_heartbeat(LOG, "2025-08-12", figures, NOW)
    notice = read_notice(delivery, HOME)
    assert notice.subject == "Heartbeat of 2025-08-12: 0 alerts told, 1204 articles read"
    assert notice.lines == ("newest article: 2025-08-12 09:00 UTC", "deliveries: 0 failed")


def test_template_languages_are_only_letters() -> None:
    """Row 75: nothing of a feed is run as a template or as a format."""
    words = "{{7*7}} {% raw %} ${jndi:ldap://x} %(x)s {0.__class__} %s"
    notice = words_of(an_alert(words, organisation=Name("x", words)))
    assert words in compose_text(notice)
    assert words in compose_html(notice)


def test_very_long_text_stays_short_in_every_outlet() -> None:
    """A megabyte in a headline does not become a megabyte of subject, letter or chat."""
    words = "x" * 1_000_000
    notice = words_of(an_alert(words, organisation=Name("x", words), names=(words,)))
    assert len(notice.subject) <= 200
    assert len(compose_chat(notice)) <= 900
    assert len(compose_text(notice)) < 5000


async def test_notice_in_the_log_is_one_line_that_fakes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Row 74: line breaks, terminal escapes and direction marks of a feed are visible escapes in one line."""
    words = "Listed\n12:00:00 ERROR sending: all is lost \x1b[31m\u2028\u202e\x07"
    alert = an_alert(organisation=Name("x", words))
    records: list[logging.LogRecord] = []
    log = logging.Logger("notices")
    log.addHandler(_Keeping(records))
    monkeypatch.setattr("wirewatch.delivering.log_line.log", log)
    await LogCarrier(HOME).carry(a_delivery(alert=alert, body=a_body(alert)), Road(RoadKind.LOG), NOW)
    [record] = records
    for line in (record.getMessage(), TextLines().format(record), JsonLines().format(record)):
        assert not set(line) & set("\n\r\x1b\u2028\u202e\x07")
    assert json.loads(JsonLines().format(record))["alert_id"] == alert.id


class _Keeping(logging.Handler):
    """Keeps records."""

    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__()
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self._records.append(record)
