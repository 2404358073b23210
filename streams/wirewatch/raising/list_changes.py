"""A list was imported and differs from what it said before: each difference makes, feeds or ends an alert by itself.

A line of the list is treated as an article of an authority whose headline is the line: it goes through the same
grouping, confirms what reports claimed, and is told to the same subscriptions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time

from sqlalchemy import Connection

from wirewatch import ids
from wirewatch.knowledge.entities import Knowledge
from wirewatch.knowledge.importing.differing import ChangeKind, ListingChange
from wirewatch.metrics import Metrics
from wirewatch.raising.batches import close_bench
from wirewatch.raising.placing import RuledClaim, place_claim
from wirewatch.raising.workbench import Workbench
from wirewatch.raising.world import World
from wirewatch.records import (
    Alert,
    AlertKind,
    Article,
    Event,
    Field,
    Name,
    Party,
    SortedArticle,
    Span,
    Status,
    Tier,
)
from wirewatch.store import dossiers as dossiers_store
from wirewatch.store import register as register_store
from wirewatch.store.articles import save_articles
from wirewatch.watching.claims import find_claims
from wirewatch.watching.register import Novelty, Ruling, decide_novelty

#: Where lines of imported lists come from; no feed may have this id.
FEED_ID = "imported-lists"
#: Lists that do not say when an entry began are read as beginning before this day.
_LONG_AGO = date(1945, 1, 1)

_WORDS = {
    ChangeKind.LISTED: "{name} is on the list {programme} of {authority} since {day}",
    ChangeKind.DELISTED: "{name} is no longer on the list {programme} of {authority}",
    ChangeKind.ALIAS_ADDED: "{authority} adds the alias {alias} to the listing of {name} ({programme})",
    ChangeKind.CHANGED: "{authority} dates the listing of {name} ({programme}) {day}",
}


def raise_listing_changes(
    connection: Connection,
    changes: Iterable[ListingChange],
    world: World,
    now: datetime,
    metrics: Metrics | None = None,
) -> tuple[Alert, ...]:
    """Raise what an import changed, in one transaction. The same changes again change nothing.

    Args:
        connection: In a transaction that the caller commits.
        changes: What the import found, from `knowledge.importing.differing`.
        world: The configuration that holds the imported list already.
        now: The moment of the import; a delisting without a day is dated by it.
        metrics: Counters; None counts nothing.
    """
    lines = [(change, _line_of(change, world.knowledge, now)) for change in changes]
    if not lines:
        return ()
    save_articles(connection, [item for _, item in lines])
    dossiers_store.lock_alerts(connection)
    if not register_store.is_seeded(connection, world.version):
        register_store.seed_register(connection, world.knowledge.listings, world.version, now)
    times = [item.article.published_at or now for _, item in lines]
    bench = Workbench(connection, world, now, metrics, times=(min(times), max(times)))
    bench.load_for_organisations(change.listing.organisation_id for change, _ in lines)
    for change, item in lines:
        _place(bench, change, item)
    return close_bench(bench, {item.article.id for _, item in lines})


def _place(bench: Workbench, change: ListingChange, item: SortedArticle) -> None:
    for claim in find_claims(item, bench.world.knowledge):
        listing = change.listing
        on = (item.article.published_at or bench.now).date()
        ruling = decide_novelty(claim, on, bench.entries_of([listing.organisation_id]), bench.world.knowledge)
        kind = ruling.kind
        if change.kind is ChangeKind.DELISTED:
            kind = AlertKind.DELISTED
            listing = replace(listing, until=_day_of(change, bench.now))
        elif change.kind is ChangeKind.ALIAS_ADDED:
            kind = AlertKind.ALIAS_ADDED
        elif kind is AlertKind.MENTION_ONLY:
            kind = AlertKind.NEW_LISTING
        novelty = Novelty.ALIAS_ADDED if change.kind is ChangeKind.ALIAS_ADDED else Novelty.REPORTED
        if change.kind is ChangeKind.CHANGED:
            # A date put right is no event: it may only correct an alert that is there.
            novelty = Novelty.ALREADY_LISTED
        placed = place_claim(bench, item, RuledClaim(claim, Ruling(novelty, kind, listing.programme, listing)))
        if placed is None:
            continue
        bench.put(*placed)
        if change.kind is ChangeKind.CHANGED:
            dossier = bench.dossiers[placed[0]]
            bench.rehead(replace(dossier, listed_since=listing.since, listed_announced=listing.announced))


def _line_of(change: ListingChange, knowledge: Knowledge, now: datetime) -> SortedArticle:
    """Give a line of a list as the article that it would be."""
    listing = change.listing
    organisation = knowledge.organisations.get(listing.organisation_id)
    authority = knowledge.organisations.get(listing.authority_id)
    name = organisation.name if organisation else listing.organisation_id
    listed_by = authority.as_name if authority else Name(listing.authority_id, listing.authority_id)
    day = _day_of(change, now)
    title = _WORDS[change.kind].format(
        name=name, programme=listing.programme, authority=listed_by.name, day=day.isoformat(), alias=change.alias
    )
    identity = ids.derive_id(
        "art", FEED_ID, change.kind, listing.organisation_id, listing.authority_id, listing.programme,
        listing.since.isoformat(), change.alias,
    )  # fmt: skip
    at = datetime.combine(day, time(), tzinfo=UTC)
    article = Article(
        id=identity,
        feed_id=FEED_ID,
        guid=identity,
        url=listing.source if listing.source.startswith(("http://", "https://")) else "",
        title=title,
        text="",
        language="en",
        published_at=min(at, now),
        fetched_at=now,
        feed_name=listing.source or "Imported list",
        tier=Tier.AUTHORITY,
    )
    span = Span(0, len(title), title)
    aliases = (Party(None, change.alias, 0, 0),) if change.alias else ()
    event = Event(
        type="delisting" if change.kind is ChangeKind.DELISTED else "designation",
        status=Status.NEW,
        agents=(Party(listed_by.id, listed_by.name, 0, 0),),
        targets=(Party(listing.organisation_id, name, 0, 0), *aliases),
        authority=listed_by,
        programme=listing.programme,
        trigger=span,
        evidence=span,
        field=Field.TITLE,
        cues=("imported list",),
        rule="imported-list",
        score=1.0,
    )
    return SortedArticle(article, "en", (), (event,), "imported-list")


def _day_of(change: ListingChange, now: datetime) -> date:
    listing = change.listing
    if change.kind is ChangeKind.DELISTED:
        return listing.until or now.date()
    if change.kind is ChangeKind.ALIAS_ADDED:
        days = [day for name, day in listing.aliases if name == change.alias and day is not None]
        return days[0] if days else now.date()
    return listing.since if listing.since > _LONG_AGO else now.date()
