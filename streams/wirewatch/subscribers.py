"""The frozen shapes of who is told what, by which road. Read from `subscriptions.toml` by `watching.subscriptions`.

They stand on the ground floor, because deciding (`watching`, `alerting`) and telling (`delivering`) both need them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from pathlib import Path

from wirewatch.records import AlertKind, AlertState, Status, Tier


class RoadKind(StrEnum):
    """The ways a notice can leave."""

    WEBHOOK = "webhook"
    EMAIL = "email"
    CHAT = "chat"
    LOG = "log"
    FEED = "feed"


class Rhythm(StrEnum):
    """When a subscriber wants to be told."""

    IMMEDIATE = "immediate"
    HOURLY = "hourly"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Road:
    """One way to one receiver."""

    kind: RoadKind
    #: Webhook URL, e-mail address, Apprise URL; "" for log and feed. May hold a secret: never logged whole.
    target: str = ""
    #: File that holds the secret (webhook key, feed token, Apprise URL); read when needed, never kept in a record.
    secret_file: Path | None = None


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A daily stretch in which nothing is sent; what was planned waits for its end."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Mute:
    """An organisation or an event type that a subscriber does not want to hear of until a day."""

    organisation_id: str = ""
    event_type: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who is told of what, how sure we must be, when and by which roads. Empty tuples do not restrict."""

    id: str
    roads: tuple[Road, ...]
    #: Organisation ids, `list:us-fto`, `country:pk`, or `any` (unresolved names too).
    organisations: tuple[str, ...] = ("any",)
    #: Empty: every kind but `mention_only`.
    kinds: tuple[AlertKind, ...] = ()
    event_types: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    states: tuple[AlertState, ...] = ()
    languages: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    minimum_independent_sources: int = 1
    #: A source of this tier counts as enough by itself ("at once from an authority, else two sources").
    enough_tier: Tier | None = None
    rhythm: Rhythm = Rhythm.IMMEDIATE
    #: Local time of the daily digest and heartbeat.
    digest_at: time = time(7, 0)
    #: IANA zone of every local time of this subscription.
    zone: str = "UTC"
    quiet_hours: QuietHours | None = None
    mutes: tuple[Mute, ...] = ()
    #: Notices a minute that are told one by one; what comes above is put together into one digest.
    max_per_minute: int = 60
    #: True: tell every new revision that gains an independent source, not only first reports and changes of state.
    updates: bool = False
    #: True: one line a day that says what was read and told, even when it is nothing.
    heartbeat: bool = False
    description: str = ""
