"""Who is told of a revision, as a table: what was told before, what it is now, what is decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.stories.scenery import a_subscription
from tests.watching.test_matching import ALERT
from wirewatch.alerting.deciding import Decision, Told, decide_notice, notice_of
from wirewatch.records import AlertState, NoticeType, Tier
from wirewatch.subscribers import Mute

TODAY = date(2025, 8, 12)
UNCONFIRMED, CONFIRMED = AlertState.UNCONFIRMED, AlertState.CONFIRMED
CONTRADICTED, RETRACTED = AlertState.CONTRADICTED, AlertState.RETRACTED
AUTHORITY = replace(ALERT.sources[0], tier=Tier.AUTHORITY)


@pytest.mark.parametrize(
    ("wish", "alert", "told", "decision"),
    [
        ({}, {}, None, Decision.FIRST),
        ({}, {"revision": 2}, (1, CONFIRMED, 1), Decision.ALREADY_TOLD),
        ({}, {"revision": 2}, (2, CONFIRMED, 1), Decision.ALREADY_TOLD),
        ({}, {"revision": 2, "state": CONFIRMED}, (1, UNCONFIRMED, 1), Decision.STATE_CHANGED),
        ({"updates": True}, {"revision": 2, "independent_sources": 2}, (1, CONFIRMED, 1), Decision.MORE_SOURCES),
        ({"updates": True}, {"revision": 2, "independent_sources": 1}, (1, CONFIRMED, 1), Decision.ALREADY_TOLD),
        ({}, {"revision": 2, "independent_sources": 2}, (1, CONFIRMED, 1), Decision.ALREADY_TOLD),
        ({"minimum_independent_sources": 2}, {}, None, Decision.TOO_FEW_SOURCES),
        ({"minimum_independent_sources": 2}, {"independent_sources": 2}, None, Decision.FIRST),
        ({"minimum_independent_sources": 2, "enough_tier": Tier.AUTHORITY}, {}, None, Decision.TOO_FEW_SOURCES),
        (
            {"minimum_independent_sources": 2, "enough_tier": Tier.AUTHORITY},
            {"sources": (AUTHORITY,)},
            None,
            Decision.FIRST,
        ),
        (
            {"minimum_independent_sources": 2, "enough_tier": Tier.AUTHORITY},
            {"sources": (replace(AUTHORITY, says="contradicts"),)},
            None,
            Decision.TOO_FEW_SOURCES,
        ),
        ({"minimum_independent_sources": 3, "enough_tier": Tier.WIRE}, {"sources": (AUTHORITY,)}, None, Decision.FIRST),
        ({"states": (CONFIRMED,)}, {"state": UNCONFIRMED}, None, Decision.OTHER_STATE),
        ({"states": (CONFIRMED,)}, {"state": CONFIRMED, "revision": 2}, None, Decision.FIRST),
        ({"states": (CONFIRMED,)}, {"state": CONTRADICTED, "revision": 2}, (1, CONFIRMED, 1), Decision.STATE_CHANGED),
        ({"states": (CONFIRMED,)}, {"state": UNCONFIRMED, "revision": 2}, (1, CONFIRMED, 1), Decision.OTHER_STATE),
        ({}, {"state": RETRACTED}, None, Decision.NEVER_TOLD_AND_GONE),
        ({}, {"state": RETRACTED, "revision": 2}, (1, UNCONFIRMED, 1), Decision.STATE_CHANGED),
        ({"mutes": (Mute("bla"),)}, {}, None, Decision.MUTED_ORGANISATION),
        ({"mutes": (Mute("majeed-brigade"),)}, {}, None, Decision.MUTED_ORGANISATION),
        ({"mutes": (Mute("bla", until=TODAY),)}, {}, None, Decision.MUTED_ORGANISATION),
        ({"mutes": (Mute("bla", until=date(2025, 8, 11)),)}, {}, None, Decision.FIRST),
        ({"mutes": (Mute("tide-front"),)}, {}, None, Decision.FIRST),
        ({"mutes": (Mute(event_type="designation"),)}, {}, None, Decision.MUTED_EVENT_TYPE),
        ({"mutes": (Mute("bla", "protest"),)}, {}, None, Decision.FIRST),
        ({"mutes": (Mute("bla", "designation"),)}, {}, None, Decision.MUTED_ORGANISATION),
    ],
)
def test_decision(
    wish: dict[str, Any], alert: dict[str, Any], told: tuple[int, AlertState, int] | None, decision: Decision
) -> None:
    """Each combination is decided for the reason given."""
    last = Told(*told) if told else None
    decided = decide_notice(a_subscription(**wish), replace(ALERT, **alert), last, on=TODAY, may_notify=True)
    assert decided is decision


def test_history_is_silent_only_until_it_was_told() -> None:
    """Nothing but history opens no notice; what was told is still followed up."""
    silent = decide_notice(a_subscription(), ALERT, None, on=TODAY, may_notify=False)
    assert silent is Decision.HISTORY
    changed = replace(ALERT, revision=2, state=CONTRADICTED)
    followed = decide_notice(a_subscription(), changed, Told(1, CONFIRMED, 1), on=TODAY, may_notify=False)
    assert followed is Decision.STATE_CHANGED


def test_an_inhibited_alert_is_not_opened() -> None:
    """A confirmed alert of the same organisation makes the unconfirmed one superfluous."""
    decided = decide_notice(a_subscription(), ALERT, None, on=TODAY, may_notify=True, inhibited=True)
    assert decided is Decision.INHIBITED


def test_only_three_decisions_send_something() -> None:
    """Every other decision is silence with a reason."""
    sending = {decision: notice_of(decision) for decision in Decision if notice_of(decision) is not None}
    assert sending == {
        Decision.FIRST: NoticeType.OPENED,
        Decision.STATE_CHANGED: NoticeType.STATE_CHANGED,
        Decision.MORE_SOURCES: NoticeType.UPDATED,
    }
