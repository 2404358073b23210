"""When a notice may leave: quiet hours, digests, local times across changes of the clock. Pure; knows no records."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wirewatch.subscribers import QuietHours, Rhythm, Subscription


def earliest_leaving(subscription: Subscription, now: datetime) -> datetime:
    """Give `now`, or the end of the quiet hours that `now` falls into."""
    return _after_quiet(subscription.quiet_hours, ZoneInfo(subscription.zone), now)


def next_digest(subscription: Subscription, now: datetime) -> datetime:
    """Give when the digest leaves into which a notice of this moment goes.

    Hourly: the next full hour. Daily: the next `digest_at`. Immediate subscriptions get here when more than
    `max_per_minute` is told: the next full minute. Never inside quiet hours.
    """
    zone = ZoneInfo(subscription.zone)
    if subscription.rhythm is Rhythm.DAILY:
        due = next_local_time(subscription.digest_at, zone, now)
    elif subscription.rhythm is Rhythm.HOURLY:
        due = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    else:
        due = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return _after_quiet(subscription.quiet_hours, zone, due)


def next_local_time(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """Give the next moment after `now` at which clocks in `zone` show `at`."""
    day = now.astimezone(zone).date()
    for days in (0, 1, 2):
        moment = datetime.combine(day + timedelta(days=days), at, tzinfo=zone).astimezone(UTC)
        if moment > now:
            return moment
    raise AssertionError("two days hold every time of day")


def last_local_time(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """Give the latest moment, not after `now`, at which clocks in `zone` showed `at`."""
    day = now.astimezone(zone).date()
    for days in (0, 1, 2):
        moment = datetime.combine(day - timedelta(days=days), at, tzinfo=zone).astimezone(UTC)
        if moment <= now:
            return moment
    raise AssertionError("two days hold every time of day")


def _after_quiet(quiet: QuietHours | None, zone: ZoneInfo, moment: datetime) -> datetime:
    if quiet is None or quiet.start == quiet.end:
        return moment
    local = moment.astimezone(zone)
    clock = local.time().replace(tzinfo=None)
    over_midnight = quiet.start > quiet.end
    inside = clock >= quiet.start or clock < quiet.end if over_midnight else quiet.start <= clock < quiet.end
    if not inside:
        return moment
    day = local.date() + timedelta(days=1 if over_midnight and clock >= quiet.start else 0)
    return datetime.combine(day, quiet.end, tzinfo=zone).astimezone(UTC)
