"""The frozen things that flow: Article → SortedArticle → Alert → Delivery, and DeadLetter for what went wrong.

Field names are the JSON keys of the command-line contract and of the topics; `wire` turns them into bytes.
Every offset counts Unicode code points into the field named by `field`. Every time is aware UTC, whole seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

#: The event types of the command-line contract; a file under `config/events/` may add more.
EVENT_TYPES = (
    "designation",
    "delisting",
    "listing_challenge",
    "sanction",
    "sanction_relief",
    "attack_bombing",
    "attack_armed",
    "attack_claim",
    "assassination",
    "hostage_taking",
    "plot_foiled",
    "security_operation",
    "arrest",
    "extradition",
    "charge",
    "verdict",
    "meeting",
    "agreement",
    "ceasefire",
    "threat",
    "financing_action",
    "protest",
    "statement",
)


class Tier(StrEnum):
    """How much a feed's word is worth."""

    AUTHORITY = "authority"
    WIRE = "wire"
    OUTLET = "outlet"
    OTHER = "other"


class Field(StrEnum):
    """The part of an article that an offset counts into."""

    TITLE = "title"
    TEXT = "text"


class Strength(StrEnum):
    """How an alias matched: alone, by a definition in the document, by its company, or nearly."""

    STRONG = "strong"
    LOCAL = "local"
    WEAK = "weak"
    FUZZY = "fuzzy"


class Status(StrEnum):
    """What the text says of an event, seen from the article's publication time."""

    NEW = "new"
    ONGOING = "ongoing"
    BACKGROUND = "background"
    PROPOSED = "proposed"
    DENIED = "denied"
    REVOKED = "revoked"
    UNCLEAR = "unclear"


class AlertKind(StrEnum):
    """What an alert is about, after the register was asked."""

    NEW_LISTING = "new_listing"
    PROGRAMME_ADDED = "programme_added"
    ALIAS_ADDED = "alias_added"
    DELISTED = "delisted"
    PROPOSED = "proposed"
    BLOCKED = "blocked"
    EVENT = "event"
    MENTION_ONLY = "mention_only"


class AlertState(StrEnum):
    """How sure we are of an alert."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    RETRACTED = "retracted"


class NoticeType(StrEnum):
    """Why a subscriber is told."""

    OPENED = "alert.opened"
    UPDATED = "alert.updated"
    STATE_CHANGED = "alert.state_changed"
    #: Several alerts in one message; its body's `data` holds `subscription`, `count` and `alerts`.
    DIGEST = "alert.digest"
    #: The daily line of a subscription that asks for it; `data` holds counts and times.
    HEARTBEAT = "heartbeat"


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody with an id in the organisations files and a name to show."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Article:
    """One item of one feed, as plain text."""

    #: `art-` and a hash of the feed and the item's own identity; see `ids.article_id`.
    id: str
    feed_id: str
    #: The publisher's identifier, trimmed, or "".
    guid: str
    #: http(s) address of the article, or "".
    url: str
    title: str
    #: Summary or content, tags removed.
    text: str
    authors: tuple[str, ...] = ()
    #: BCP 47, or None when the feed does not say.
    language: str | None = None
    #: What the publisher claims; None when missing or absurd.
    published_at: datetime | None = None
    published_raw: str = ""
    #: When the connector took it.
    fetched_at: datetime | None = None
    #: 1 for the first version we saw, then counting up.
    revision: int = 1
    feed_name: str = ""
    tier: Tier = Tier.OUTLET
    #: True when it came with its feed's first poll: it fills the store and notifies nobody.
    history: bool = False
    #: True for the invented articles of the sample wire.
    sample: bool = False
    #: True when `text` or `title` was cut to its cap.
    truncated: bool = False
    #: True when its feed says `history = "tell"`: then even its first poll notifies.
    tell_history: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a field and its words."""

    start: int
    end: int
    text: str


#: How the rule of a mention begins that is short for a long name that no file holds; the long name follows.
SHORT_FOR = "local:short-for:"


@dataclass(frozen=True, slots=True)
class Mention:
    """An organisation (or, by `organisation=None`, a name that looks like one) found in an article."""

    start: int
    end: int
    surface: str
    field: Field
    organisation: Name | None
    strength: Strength
    #: 0..1
    score: float
    rule: str


@dataclass(frozen=True, slots=True)
class Party:
    """Who did it, or whom it was done to; `id` is None for a name that no organisations file holds."""

    id: str | None
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that the text says happened, is planned, is denied or is recalled."""

    type: str
    status: Status
    agents: tuple[Party, ...]
    targets: tuple[Party, ...]
    authority: Name | None
    #: FTO, SDGT, UN1267, EU, UK, …
    programme: str | None
    trigger: Span
    #: The sentence that says so.
    evidence: Span
    field: Field
    cues: tuple[str, ...]
    rule: str
    #: 0..1
    score: float
    place: str | None = None
    occurred_on: date | None = None
    killed: int | None = None
    wounded: int | None = None


@dataclass(frozen=True, slots=True)
class SortedArticle:
    """An article with what it mentions and what it says happened.

    It says what the text says; it never asks the register.
    """

    article: Article
    language: str | None
    mentions: tuple[Mention, ...]
    events: tuple[Event, ...]
    sorter_version: str


#: What a listing's source says when nobody has compared it with the published list: of the whole entry, or of its day.
UNVERIFIED = {"entry": "not compared with the list", "day": "the day not compared with the list"}


@dataclass(frozen=True, slots=True)
class Listing:
    """One line of the register: an organisation on one authority's list under one programme."""

    organisation_id: str
    authority_id: str
    programme: str
    #: The day it took effect.
    since: date
    until: date | None = None
    #: The day it was announced, when that differs.
    announced: date | None = None
    #: Names that the listing carries, with the day each was added (None: from the start).
    aliases: tuple[tuple[str, date | None], ...] = ()
    source: str = ""

    @property
    def is_verified(self) -> bool:
        """Tell whether the entry and its day were compared with the published list."""
        return not self.source.endswith(tuple(UNVERIFIED.values()))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote, and where to find it."""

    quote: str
    article_id: str
    url: str
    start: int
    end: int
    field: Field = Field.TEXT


@dataclass(frozen=True, slots=True)
class Source:
    """An article that feeds an alert."""

    feed_id: str
    url: str
    title: str
    published_at: datetime | None
    #: Article id of the text that this one copies, or None when it stands by itself.
    copy_of: str | None
    article_id: str = ""
    feed_name: str = ""
    tier: Tier = Tier.OUTLET
    #: What this source says: supports the alert, or contradicts it.
    says: str = "supports"


@dataclass(frozen=True, slots=True)
class Alert:
    """One event that somebody watches for; updated in place as sources arrive."""

    id: str
    event_key: str
    #: Counts up with every change.
    revision: int
    state: AlertState
    kind: AlertKind
    event_type: str
    status: Status
    organisation: Name
    authority: Name | None
    programme: str | None
    headline: str
    evidence: tuple[Evidence, ...]
    sources: tuple[Source, ...]
    independent_sources: int
    first_seen_at: datetime
    updated_at: datetime
    #: Ids of the subscriptions it matches.
    subscriptions: tuple[str, ...] = ()
    #: True when it was only ever fed by first polls: recorded, not told.
    history: bool = False
    #: True for alerts of the sample wire.
    sample: bool = False
    #: True when a delivery was planned for at least one subscription.
    told: bool = False
    #: Every name that the event puts on the list or speaks of ("Baloch Liberation Army", "Majeed Brigade").
    names: tuple[str, ...] = ()
    announced_at: datetime | None = None
    effective_at: datetime | None = None
    #: Ids of every organisation that takes part, `organisation` first; subscriptions match any of them.
    involved: tuple[str, ...] = ()
    #: Languages of the supporting articles, sorted.
    languages: tuple[str, ...] = ()
    #: Sources beyond the cap on `sources`: counted, not shown.
    more_sources: int = 0
    #: The configuration that decided this revision: `World.version`.
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notice on one road to one subscriber."""

    #: The `webhook-id`: the same for every attempt.
    id: str
    alert_id: str
    alert_revision: int
    subscription_id: str
    #: `webhook`, `email`, `chat`, `log`, …, and its position in the subscription: `webhook-0`.
    road: str
    type: NoticeType
    #: The JSON body, fixed when the delivery was planned.
    body: bytes
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    last_error: str = ""
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that a stage could not handle, kept whole so that it can be replayed."""

    id: str
    topic: str
    partition: int
    offset: int
    stage: str
    #: A bounded word, fit for a metric label.
    reason: str
    #: The exception's class and text.
    error: str
    attempts: int
    failed_at: datetime
    #: The raw key and value, base64 on the wire.
    key: bytes
    value: bytes
