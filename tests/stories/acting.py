"""How a story is written: Push an article, Want alerts, Told notices; and the runner on the plain store.

An article's sorting is written by hand with `says`, so that a story is about raising alone. `StorySorter` gives the
same sortings to an engine that calls a sorter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from wirewatch.ids import article_id
from wirewatch.metrics import Metrics
from wirewatch.raising import World, raise_alerts
from wirewatch.records import (
    Alert,
    AlertKind,
    AlertState,
    Article,
    Delivery,
    Event,
    Field,
    Name,
    NoticeType,
    Party,
    SortedArticle,
    Span,
    Status,
    Tier,
)
from wirewatch.store import alerts as alerts_store
from wirewatch.store.database import Database, open_database
from wirewatch.store.outbox import list_deliveries
from wirewatch.store.tables import metadata

VERSION = "story-sorter"

FEEDS = {
    "potomac-notices": ("Potomac Notices", Tier.AUTHORITY),
    "river-gazette": ("River Gazette", Tier.AUTHORITY),
    "meridian-wire": ("Meridian Wire", Tier.WIRE),
    "harbour-courier": ("Harbour Courier", Tier.OUTLET),
    "gulf-dispatch": ("Gulf Dispatch", Tier.OUTLET),
    "indus-ledger": ("Indus Ledger", Tier.OUTLET),
    "coast-blog": ("Coast Blog", Tier.OTHER),
}

NAMES = {
    "united-states": "United States",
    "us-state": "US State Department",
    "us-treasury": "US Treasury",
    "united-nations": "United Nations",
    "un-security-council": "UN Security Council",
    "united-kingdom": "United Kingdom",
    "northmark": "Northmark",
    "bla": "Balochistan Liberation Army",
    "majeed-brigade": "Majeed Brigade",
    "tide-front": "Tide Front",
    "ember-league": "Ember League",
}


@dataclass(frozen=True, slots=True)
class Saying:
    """One event that an article tells."""

    type: str
    status: Status
    targets: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    authority: str | None = None
    programme: str | None = None
    #: The words of the text that say so; the whole title when empty.
    quote: str = ""
    score: float = 0.9
    place: str | None = None
    occurred_on: date | None = None


def says(what: str, *targets: str, by: str | None = None, programme: str | None = None, **more: Any) -> Saying:
    """Write one event: `says("designation/new", "bla", by="us-state", programme="FTO")`."""
    kind, _, status = what.partition("/")
    return Saying(kind, Status(status or "new"), targets, authority=by, programme=programme, **more)


@dataclass(frozen=True, slots=True)
class Push:
    """An article arrives. `at` is its publication, ISO without zone, UTC."""

    at: str
    feed: str
    title: str
    sayings: tuple[Saying, ...] = ()
    text: str = ""
    guid: str = ""
    revision: int = 1
    history: bool = False
    tell_history: bool = False
    sample: bool = False
    #: When the connector took it, if long after publication.
    fetched: str = ""


@dataclass(frozen=True, slots=True)
class Want:
    """An alert as it must stand; what is None or empty is not looked at."""

    kind: str
    organisation: str
    state: str = ""
    authority: str | None = None
    programme: str | None = None
    sources: int | None = None
    independent: int | None = None
    revision: int | None = None
    names: tuple[str, ...] = ()
    history: bool | None = None
    told: bool | None = None
    announced: str = ""
    effective: str = ""
    event_type: str = ""
    headline: str = ""


@dataclass(frozen=True, slots=True)
class Wants:
    """The exact set of alerts at this point of the story."""

    wants: tuple[Want, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The exact notices since the last such step: `("listings", "alert.opened", "bla")`."""

    notices: tuple[tuple[str, str, str], ...]


Step = Push | Wants | Told


@dataclass(frozen=True, slots=True)
class Story:
    """A story for every rule: the fact it shows, who listens, what happens."""

    name: str
    fact: str
    world: World
    steps: tuple[Step, ...]

    @property
    def pushes(self) -> tuple[Push, ...]:
        """Give the articles alone, in their order."""
        return tuple(step for step in self.steps if isinstance(step, Push))


def want(*wants: Want) -> Wants:
    """Want exactly these alerts."""
    return Wants(wants)


def told(*notices: tuple[str, str, str]) -> Told:
    """Want exactly these notices since the last look."""
    return Told(notices)


def moment(text: str) -> datetime:
    """Read a time of a story."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def article_of(push: Push) -> Article:
    """Give the article that a push brings."""
    name, tier = FEEDS[push.feed]
    guid = push.guid or push.title
    identity = article_id(push.feed, guid)
    return Article(
        id=identity,
        feed_id=push.feed,
        guid=guid,
        url=f"https://{push.feed}.example/{identity[4:16]}",
        title=push.title,
        text=push.text,
        language="en",
        published_at=moment(push.at),
        fetched_at=moment(push.fetched or push.at),
        revision=push.revision,
        feed_name=name,
        tier=tier,
        history=push.history,
        tell_history=push.tell_history,
        sample=push.sample,
    )


def sorted_of(push: Push) -> SortedArticle:
    """Give the sorted article that a push brings, as its sayings have it."""
    article = article_of(push)
    return SortedArticle(article, "en", (), tuple(_event_of(saying, article) for saying in push.sayings), VERSION)


def _event_of(saying: Saying, article: Article) -> Event:
    field = Field.TEXT if saying.quote and saying.quote in article.text else Field.TITLE
    whole = article.text if field is Field.TEXT else article.title
    quote = saying.quote if saying.quote in whole else ""
    quote = quote or whole
    start = whole.index(quote)
    span = Span(start, start + len(quote), quote)
    authority = Name(saying.authority, NAMES[saying.authority]) if saying.authority else None
    return Event(
        type=saying.type,
        status=saying.status,
        agents=tuple(_party(name) for name in saying.agents),
        targets=tuple(_party(name) for name in saying.targets),
        authority=authority,
        programme=saying.programme,
        trigger=span,
        evidence=span,
        field=field,
        cues=(),
        rule=f"story.{saying.type}",
        score=saying.score,
        place=saying.place,
        occurred_on=saying.occurred_on,
    )


def _party(name: str) -> Party:
    return Party(name, NAMES[name], 0, 0) if name in NAMES else Party(None, name, 0, 0)


class StorySorter:
    """A sorter for engines: gives each article of a story the sorting that the story wrote."""

    version = VERSION

    def __init__(self, story: Story) -> None:
        self._known = {(item.article.id, item.article.revision): item for item in map(sorted_of, story.pushes)}

    def sort(self, article: Article) -> SortedArticle:
        """Give the written sorting; an article of no story says nothing."""
        item = self._known.get((article.id, article.revision))
        return replace(item, article=article) if item else SortedArticle(article, None, (), (), VERSION)


@contextmanager
def a_store() -> Iterator[Database]:
    """Give an empty store in memory. Its tables are made once a process: making them costs more than a story."""
    database = _store_in_memory()
    with database.transaction() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name != "schema_version":
                connection.execute(table.delete())
    yield database


@cache
def _store_in_memory() -> Database:
    return open_database("sqlite:///:memory:", Path("unused"))


class Stage:
    """Runs a story on a store, one batch a push, and checks what it wants."""

    def __init__(self, database: Database, world: World, metrics: Metrics | None = None) -> None:
        self.database = database
        self.world = world
        self.metrics = metrics
        self._seen: set[str] = set()
        self.now = moment("2025-01-01T00:00")

    def push(self, *pushes: Push, now: datetime | None = None) -> tuple[Alert, ...]:
        """Let articles arrive as one batch."""
        items = [sorted_of(push) for push in pushes]
        self.now = now or max(item.article.fetched_at or self.now for item in items)
        with self.database.transaction() as connection:
            return raise_alerts(connection, items, self.world, self.now, self.metrics)

    def alerts(self) -> tuple[Alert, ...]:
        """Give every alert, in the order of its key."""
        with self.database.transaction() as connection:
            return tuple(sorted(alerts_store.list_alerts(connection), key=lambda alert: alert.event_key))

    def deliveries(self) -> tuple[Delivery, ...]:
        """Give every planned delivery."""
        with self.database.transaction() as connection:
            return list_deliveries(connection, limit=100_000)

    def notices(self) -> list[tuple[str, str, str]]:
        """Give what was planned since the last call, as (subscription, type, organisation id or name)."""
        fresh = [delivery for delivery in self.deliveries() if delivery.id not in self._seen]
        self._seen.update(delivery.id for delivery in fresh)
        return sorted((delivery.subscription_id, delivery.type.value, _about(delivery)) for delivery in fresh)

    def play(self, steps: Sequence[Step]) -> None:
        """Run a story."""
        for position, step in enumerate(steps):
            match step:
                case Push():
                    self.push(step)
                case Wants():
                    check_alerts(self.alerts(), step.wants, f"step {position}")
                case Told():
                    assert self.notices() == sorted(step.notices), f"step {position}"


def check_alerts(alerts: Sequence[Alert], wants: Sequence[Want], where: str = "") -> None:
    """Check that there are exactly the wanted alerts."""
    left = list(alerts)
    for wanted in wants:
        found = next((alert for alert in left if not _differences(alert, wanted)), None)
        if found is None:
            shown = "\n".join(f"  {_brief(alert)}: {_differences(alert, wanted)}" for alert in left)
            raise AssertionError(f"{where}: no alert is {wanted}; there are\n{shown or '  none'}")
        left.remove(found)
    assert not left, f"{where}: unwanted alerts: {[_brief(alert) for alert in left]}"


def _differences(alert: Alert, wanted: Want) -> dict[str, Any]:
    organisation = alert.organisation.id or alert.organisation.name
    pairs: dict[str, tuple[Any, Any]] = {
        "kind": (AlertKind(wanted.kind), alert.kind),
        "organisation": (wanted.organisation, organisation),
    }
    optional: dict[str, tuple[Any, Any]] = {
        "state": (AlertState(wanted.state) if wanted.state else "", alert.state),
        "authority": (wanted.authority, alert.authority.id if alert.authority else None),
        "programme": (wanted.programme, alert.programme),
        "sources": (wanted.sources, len(alert.sources)),
        "independent": (wanted.independent, alert.independent_sources),
        "revision": (wanted.revision, alert.revision),
        "history": (wanted.history, alert.history),
        "told": (wanted.told, alert.told),
        "event_type": (wanted.event_type, alert.event_type),
        "headline": (wanted.headline, alert.headline),
        "announced": (wanted.announced, alert.announced_at.date().isoformat() if alert.announced_at else ""),
        "effective": (wanted.effective, alert.effective_at.date().isoformat() if alert.effective_at else ""),
    }
    pairs |= {name: pair for name, pair in optional.items() if pair[0] not in (None, "")}
    different = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if not set(wanted.names) <= set(alert.names):
        different["names"] = (wanted.names, alert.names)
    return different


def _brief(alert: Alert) -> str:
    return f"{alert.event_key} {alert.kind} {alert.state} r{alert.revision} {len(alert.sources)} sources"


def _about(delivery: Delivery) -> str:
    content = json.loads(delivery.body)["data"]
    if delivery.type in (NoticeType.DIGEST, NoticeType.HEARTBEAT):
        return str(content.get("count", ""))
    organisation = content["organisation"]
    return str(organisation["id"] or organisation["name"])
