"""What one failed attempt means, as a table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.delivering.building import a_delivery
from tests.fakes import FakeClock
from wirewatch.delivering.retrying import GIVE_UP_AFTER, PROBE_INTERVAL, SCHEDULE_SECONDS, decide_settlement
from wirewatch.errors import DeliveryError
from wirewatch.records import DeliveryState
from wirewatch.store.lanes import Claim, Lane, Settlement

NOW = FakeClock().now()


def settle(
    reason: str | None,
    *,
    failures: int = 0,
    attempts: int = 0,
    age: timedelta = timedelta(0),
    retryable: bool = True,
    retry_after: float | None = None,
    blocked_for: timedelta | None = None,
) -> Settlement:
    """Decide about one attempt."""
    error = None
    if reason is not None:
        error = DeliveryError("no", road="webhook", retryable=retryable, reason=reason, retry_after_seconds=retry_after)
    claim = Claim(a_delivery(attempts=attempts), NOW - age)
    lane = Lane("listings/webhook-0", "listings", "webhook-0", failures, NOW + blocked_for if blocked_for else None)
    return decide_settlement(error, claim, lane, target="hash", now=NOW)


def test_what_was_taken_is_delivered_and_frees_the_lane() -> None:
    """A success forgets the failures."""
    assert settle(None, failures=4) == Settlement(DeliveryState.DELIVERED)


@pytest.mark.parametrize(("failures", "seconds"), list(enumerate(SCHEDULE_SECONDS)))
def test_receivers_fault_blocks_the_lane_on_the_schedule(failures: int, seconds: int) -> None:
    """The next attempt comes after the schedule's time, at most a tenth later, and before the notice is given up."""
    settled = settle("status_5xx", failures=failures)
    assert settled.blocked_until is not None
    waited = (settled.blocked_until - NOW).total_seconds()
    assert seconds <= waited <= seconds * 1.1
    assert (settled.state, settled.retry_at, settled.failures) == (DeliveryState.PENDING, None, failures + 1)


def test_schedule_takes_three_days() -> None:
    """The whole of it lasts a little more than three days, so a long weekend is survived."""
    assert timedelta(days=3) < GIVE_UP_AFTER < timedelta(days=4)


def test_last_attempt_is_at_the_deadline_and_not_after_it() -> None:
    """Whatever the schedule says, a notice is tried once more just when it is given up."""
    settled = settle("status_5xx", failures=8, age=GIVE_UP_AFTER - timedelta(hours=1))
    assert settled.blocked_until == NOW + timedelta(hours=1)
    assert settle("status_5xx", failures=9, age=GIVE_UP_AFTER).state is DeliveryState.FAILED


def test_notices_own_fault_does_not_hold_up_the_lane() -> None:
    """What a receiver calls malformed is tried again by itself; the next notice goes ahead."""
    settled = settle("rejected", attempts=2)
    assert settled.blocked_until is None
    assert settled.retry_at is not None
    assert settled.retry_at > NOW
    assert settle("rejected", attempts=len(SCHEDULE_SECONDS)).state is DeliveryState.FAILED


def test_wish_of_the_receiver_is_kept_within_reason() -> None:
    """Retry-After replaces the schedule, from a second to a day, and nothing tries out of turn meanwhile."""
    for asked, granted in ((120, 120), (0, 1), (10**9, 86_400)):
        settled = settle("status_4xx", retry_after=asked, failures=5)
        assert settled.blocked_until == settled.probe_from == NOW + timedelta(seconds=granted)


def test_receiver_that_is_gone_is_disabled_and_remembered_by_its_address() -> None:
    """410 is an answer for ever, for this address."""
    settled = settle("gone", retryable=False)
    assert (settled.state, settled.disabled_target) == (DeliveryState.DISABLED, "hash")


def test_refusal_for_ever_fails_at_once_and_frees_the_lane() -> None:
    """What cannot succeed is not tried again."""
    assert settle("smtp_permanent", retryable=False) == Settlement(DeliveryState.FAILED, "no: webhook")


def test_try_out_of_turn_does_not_hurry_the_schedule() -> None:
    """A notice planned during an outage tries the lane once a minute at most, and the schedule stays what it was."""
    settled = settle("timeout", failures=3, blocked_for=timedelta(hours=1))
    assert (settled.blocked_until, settled.failures) == (NOW + timedelta(hours=1), 3)
    assert settled.probe_from == NOW + PROBE_INTERVAL
