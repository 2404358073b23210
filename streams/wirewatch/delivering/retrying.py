"""Decides what one failed attempt means: when to try again, and whether the fault is the notice's or the receiver's.

Pure. Called by `sending` with the error that a road raised. Writes nothing.
"""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

from wirewatch.errors import DeliveryError
from wirewatch.records import DeliveryState
from wirewatch.store.lanes import Claim, Lane, Settlement

#: Seconds before each further attempt. Source: the schedule that Standard Webhooks 1.0.0 gives as its example.
SCHEDULE_SECONDS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)

#: How long a notice is tried: as long as the whole schedule takes, a little over three days.
GIVE_UP_AFTER = timedelta(seconds=sum(SCHEDULE_SECONDS))

#: 60 s: a notice that is planned while its receiver fails tries the lane again, but not more often than this.
PROBE_INTERVAL = timedelta(seconds=60)

#: What a host may ask us to wait: a second to a day.
_RETRY_AFTER_SECONDS = (1.0, 86_400.0)

#: Reasons that say "not this notice"; all others say "not this receiver, not now".
NOTICE_REASONS = frozenset({"rejected"})


def decide_settlement(
    error: DeliveryError | None, claim: Claim, lane: Lane, *, target: str, now: datetime
) -> Settlement:
    """Decide what becomes of a notice, and of its lane, after an attempt.

    Args:
        error: Why the attempt failed; None when it was delivered.
        claim: What was tried; `claim.delivery.attempts` counts the attempts before this one.
        lane: The lane as it was before this attempt.
        target: Hash of the address that was tried.
        now: When the attempt ended.
    """
    if error is None:
        return Settlement(DeliveryState.DELIVERED)
    shown = str(error)
    if error.reason == "gone":
        return Settlement(DeliveryState.DISABLED, shown, disabled_target=target)
    deadline = claim.due_at + GIVE_UP_AFTER
    if not error.retryable:
        return Settlement(DeliveryState.FAILED, shown)
    if error.reason in NOTICE_REASONS:
        if now >= deadline or claim.delivery.attempts >= len(SCHEDULE_SECONDS):
            return Settlement(DeliveryState.FAILED, shown)
        again = now + _delay(claim.delivery.attempts, claim.delivery.id)
        return Settlement(DeliveryState.PENDING, shown, retry_at=min(again, deadline))
    if now >= deadline:
        # The next notice of the lane has its own right to be tried, but a dead receiver is not to be hammered.
        again = now + PROBE_INTERVAL
        return Settlement(
            DeliveryState.FAILED, shown, blocked_until=again, probe_from=again, failures=lane.failures + 1
        )
    if error.retry_after_seconds is not None:
        low, high = _RETRY_AFTER_SECONDS
        again = now + timedelta(seconds=min(max(error.retry_after_seconds, low), high))
        return Settlement(
            DeliveryState.PENDING, shown, blocked_until=again, probe_from=again, failures=lane.failures + 1
        )
    if lane.blocked_until is not None and lane.blocked_until > now:
        # A try out of turn does not make the schedule run faster.
        again, failures = lane.blocked_until, lane.failures
    else:
        again, failures = min(now + _delay(lane.failures, claim.delivery.id), deadline), lane.failures + 1
    probe_from = min(again, now + PROBE_INTERVAL)
    return Settlement(DeliveryState.PENDING, shown, blocked_until=again, probe_from=probe_from, failures=failures)


def _delay(failed_before: int, identity: str) -> timedelta:
    seconds = SCHEDULE_SECONDS[min(failed_before, len(SCHEDULE_SECONDS) - 1)]
    # Up to a tenth more, the same for the same notice: receivers that fail together are not tried in step.
    spread = zlib.crc32(f"{identity}{failed_before}".encode()) % 1000 / 10_000
    return timedelta(seconds=seconds * (1 + spread))
