"""subscriptions.toml is read strictly, and every problem names its place."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from tests.stories.scenery import BLA_SDGT, TIDE_UK, a_knowledge
from wirewatch.configuration import Problems
from wirewatch.records import AlertKind, AlertState, Status, Tier
from wirewatch.subscribers import Mute, QuietHours, Rhythm, Road, RoadKind, Subscription
from wirewatch.watching.subscriptions import load_subscriptions

WHOLE = """
[[subscription]]
id = "desk"
description = "What the desk reads."
kinds = ["new_listing", "event"]
event_types = ["designation", "attack_bombing"]
organisations = ["bla", "list:us-sdgt", "country:pk"]
statuses = ["new"]
states = ["confirmed"]
languages = ["en"]
feeds = ["meridian-wire"]
minimum_independent_sources = 2
enough_tier = "authority"
rhythm = "daily"
digest_at = "06:30"
zone = "Asia/Karachi"
quiet_hours = ["22:00", "06:00"]
max_per_minute = 5
updates = true
heartbeat = true

[[subscription.mute]]
organisation = "ember-league"
until = 2026-01-31

[[subscription.mute]]
event_type = "protest"

[[subscription.road]]
webhook = "http://127.0.0.1:9901/hook"
secret_file = "secrets/hook"

[[subscription.road]]
email = "desk@example.org"

[[subscription.road]]
log = true
"""


def read(tmp_path: Path, text: str) -> tuple[tuple[Subscription, ...], list[str]]:
    """Read a file of this text."""
    (tmp_path / "subscriptions.toml").write_text(text, encoding="utf-8")
    problems = Problems()
    return load_subscriptions(tmp_path, a_knowledge(BLA_SDGT, TIDE_UK), problems), problems.found


def test_every_key_is_read(tmp_path: Path) -> None:
    """A subscription that sets every key comes out with every key."""
    found, problems = read(tmp_path, WHOLE)
    assert problems == []
    assert found == (
        Subscription(
            id="desk",
            description="What the desk reads.",
            roads=(
                Road(RoadKind.WEBHOOK, "http://127.0.0.1:9901/hook", tmp_path / "secrets/hook"),
                Road(RoadKind.EMAIL, "desk@example.org"),
                Road(RoadKind.LOG),
            ),
            organisations=("bla", "list:us-sdgt", "country:pk"),
            kinds=(AlertKind.NEW_LISTING, AlertKind.EVENT),
            event_types=("designation", "attack_bombing"),
            statuses=(Status.NEW,),
            states=(AlertState.CONFIRMED,),
            languages=("en",),
            feeds=("meridian-wire",),
            minimum_independent_sources=2,
            enough_tier=Tier.AUTHORITY,
            rhythm=Rhythm.DAILY,
            digest_at=time(6, 30),
            zone="Asia/Karachi",
            quiet_hours=QuietHours(time(22), time(6)),
            mutes=(Mute("ember-league", "", date(2026, 1, 31)), Mute("", "protest", None)),
            max_per_minute=5,
            updates=True,
            heartbeat=True,
        ),
    )


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('organisations = ["blaa"]', 'organisations: unknown organisation "blaa"; did you mean "bla"?'),
        ('organisations = ["list:us-fto2"]', 'unknown list "us-fto2"; did you mean "us-fto"?'),
        ('organisations = ["country:xx"]', 'unknown country "xx"'),
        ('organisations = ["group:x"]', 'expected an organisation id, "list:…", "country:…" or "any", got "group:x"'),
        ("organisations = []", "expected at least one entry"),
        ('kinds = ["new"]', "kinds: expected a list of"),
        ('event_types = ["coup"]', "event_types: expected a list of"),
        ("minimum_independent_sources = 0", "minimum_independent_sources: expected an integer >= 1, got 0"),
        ('enough_tier = "gossip"', "enough_tier: expected one of"),
        ('zone = "Mars/Base"', 'zone: expected a zone such as "Europe/Paris", got "Mars/Base"'),
        ('quiet_hours = ["22:00"]', "quiet_hours: expected two times"),
        ('digest_at = "7 am"', 'digest_at: expected a time such as "07:00", got "7 am"'),
        ("minimum_sources = 2", 'minimum_sources: unknown key; did you mean "minimum_independent_sources"?'),
        ("max_per_minute = 0", "max_per_minute: expected an integer >= 1, got 0"),
    ],
)
def test_each_mistake_is_named_with_its_place(tmp_path: Path, line: str, complaint: str) -> None:
    """A wrong key or value gives one problem: the file, the subscription, the key, what was expected, what was got."""
    _, problems = read(tmp_path, f'[[subscription]]\nid = "desk"\n{line}\n[[subscription.road]]\nlog = true\n')
    assert len(problems) == 1, problems
    assert 'subscriptions.toml: subscription[0] "desk".' in problems[0]
    assert complaint in problems[0]


@pytest.mark.parametrize(
    ("road", "complaint"),
    [
        ('webhook = "ftp://example.org"\nsecret_file = "s"', "webhook: expected an address that begins with http://"),
        ('webhook = "http://example.org/x"', "secret_file: expected a file with the key that signs the webhook"),
        ('email = "desk@example.org\\nBcc: a@b.c"', "email: expected one address"),
        ('chat = "slack"', "chat: expected an Apprise address"),
        ('log = true\nemail = "a@example.org"', "expected exactly one of"),
        ("log = false", "log: expected true"),
        ("feed = true", "secret_file: expected a file with the token"),
        ('pigeon = "grey"', "expected exactly one of"),
    ],
)
def test_each_wrong_road_is_refused(tmp_path: Path, road: str, complaint: str) -> None:
    """A road that could not be travelled is a problem at the start, not at the first alert."""
    _, problems = read(tmp_path, f'[[subscription]]\nid = "desk"\n[[subscription.road]]\n{road}\n')
    assert any(complaint in problem for problem in problems), problems


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    """Two bad subscriptions, a double id and a missing road are four problems of one reading."""
    _, problems = read(
        tmp_path,
        '[[subscription]]\nid = "Desk"\nrhythm = "often"\n[[subscription.road]]\nlog = true\n'
        '[[subscription]]\nid = "Desk"\n',
    )
    assert len(problems) == 5, problems
    assert any("again" in problem for problem in problems)


def test_a_half_written_file_is_one_problem(tmp_path: Path) -> None:
    """A file that is cut in the middle of a line is refused whole."""
    found, problems = read(tmp_path, WHOLE[: WHOLE.index('"country:pk"')])
    assert found == ()
    assert len(problems) == 1
    assert "cannot read TOML" in problems[0]


def test_an_event_type_that_a_file_adds_may_be_subscribed_to(tmp_path: Path) -> None:
    """An analyst adds a type by adding a file; whoever wants it names it, and a typing error is still told."""
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "pipeline_leak.toml").write_text('type = "pipeline_leak"\n', encoding="utf-8")
    for word, problems_expected in (("pipeline_leak", 0), ("pipeline_leek", 1)):
        text = f'[[subscription]]\nid = "desk"\nevent_types = ["{word}"]\n[[subscription.road]]\nlog = true\n'
        (tmp_path / "subscriptions.toml").write_text(text, encoding="utf-8")
        problems = Problems()
        load_subscriptions(tmp_path, a_knowledge(BLA_SDGT, TIDE_UK), problems)
        assert len(problems.found) == problems_expected
