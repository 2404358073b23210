"""What stands behind an alert: its dossier, and in it one contribution for each article that speaks of the event.

The store keeps dossiers, `alerting` makes alerts of them, `raising` fills them. They stand on the ground floor because
all three need the shapes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from wirewatch.records import Alert, AlertKind, Evidence, Name, Status, Tier


class Topic(StrEnum):
    """What the events of a dossier are about; contributions of one topic never feed another."""

    LISTING = "list"
    DELISTING = "delist"
    #: A name added to an entry that has stood for long.
    ALIAS = "alias"
    PROPOSAL = "propose-list"
    DELISTING_PROPOSAL = "propose-delist"
    REFUSAL = "deny-list"
    DELISTING_REFUSAL = "deny-delist"
    EVENT = "event"
    #: A bare mention, kept only for subscriptions that ask for it.
    MENTION = "mention"


class Says(StrEnum):
    """What an article says of the event now, after its last revision."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    #: It said so once, and its newest revision does so no more.
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one article adds to a dossier; replaced whole when the article gets a new revision."""

    article_id: str
    article_revision: int
    feed_id: str
    feed_name: str
    tier: Tier
    url: str
    title: str
    #: The article's time: published, else fetched.
    at: datetime
    published_at: datetime | None
    language: str | None
    says: Says
    event_type: str
    status: Status
    #: 0..1, of its best event.
    score: float
    evidence: tuple[Evidence, ...]
    names: tuple[str, ...]
    involved: tuple[str, ...]
    authority: Name | None
    programme: str | None
    #: Rules of the sorter that fired.
    rules: tuple[str, ...]
    #: It came with its feed's first poll.
    history: bool
    #: It must not notify by itself: history of a feed that does not tell its history.
    silent: bool
    sample: bool
    sorter_version: str
    place: str | None = None
    occurred_on: date | None = None
    #: An authority's text that speaks of publication or effect: a later one fixes the day it takes effect.
    publishes: bool = False
    #: Hashed runs of words: how copies are recognised.
    shingles: tuple[int, ...] = ()
    #: Folded names of the agencies that it credits.
    credits: tuple[str, ...] = ()
    #: Article ids in the same dossier whose text it shares.
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """One event: what identifies it, what was said of it, and the alert as last told."""

    event_key: str
    topic: Topic
    kind: AlertKind
    organisation: Name
    #: The organisation's id, or its folded name when no organisations file holds it.
    organisation_key: str
    #: The authority that acts, or "" when nobody named it.
    authority_key: str
    programme: str | None
    #: Other programmes that were announced with it.
    also: tuple[str, ...]
    #: Article times of the earliest and the latest supporting contribution.
    first_at: datetime
    last_at: datetime
    contributions: tuple[Contribution, ...] = ()
    #: The register's word, when it holds the listing: since, announced.
    listed_since: date | None = None
    listed_announced: date | None = None
    #: A family of event types, for dossiers of the topic EVENT.
    family: str = ""
    place: str | None = None
    occurred_on: date | None = None
    #: Articles beyond the cap on contributions.
    more_sources: int = 0
    #: The alert as it stands in the store; None until it is first written.
    alert: Alert | None = None

    @property
    def article_ids(self) -> frozenset[str]:
        """Give the articles that speak here."""
        return frozenset(contribution.article_id for contribution in self.contributions)

    def heard(self, article_id: str) -> bool:
        """Tell whether an article speaks here."""
        return any(contribution.article_id == article_id for contribution in self.contributions)

    def with_contribution(self, contribution: Contribution) -> Dossier:
        """Give the dossier with a contribution added, or put in the place of the article's earlier one."""
        kept = tuple(old for old in self.contributions if old.article_id != contribution.article_id)
        supports = contribution.says is Says.SUPPORTS
        return replace(
            self,
            contributions=(*kept, contribution),
            first_at=min(self.first_at, contribution.at) if supports else self.first_at,
            last_at=max(self.last_at, contribution.at) if supports else self.last_at,
        )
