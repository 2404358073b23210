"""Dossiers as `raising` reads and writes them: whole, with every contribution, in one transaction with the deliveries.

The alerts that people see are read through `store.alerts`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, LargeBinary, Row, Select, String, Table, select, text

from wirewatch import wire
from wirewatch.dossiers import Contribution, Dossier, Topic
from wirewatch.records import AlertKind, Name
from wirewatch.store.alerts import alert_of, alert_sources, alerts
from wirewatch.store.tables import metadata
from wirewatch.store.upserting import upsert

#: Denials of what the register holds, read before any report of it: they contradict the alert once it is there.
early_denials = Table(
    "early_denials",
    metadata,
    Column("organisation_key", String, primary_key=True),
    Column("article_id", String, primary_key=True),
    Column("topic", String, nullable=False),
    Column("authority_key", String, nullable=False),
    Column("programme", String),
    Column("record", LargeBinary, nullable=False),
)


#: Articles beyond what a dossier keeps: remembered, so that each is counted once however often it is processed.
alert_overflow = Table(
    "alert_overflow",
    metadata,
    Column("event_key", String, primary_key=True),
    Column("article_id", String, primary_key=True),
)


#: From, to.
TimeSpan = tuple[datetime, datetime]


_UPDATED = tuple(column.name for column in alerts.columns if column.name not in ("event_key", "alert_id"))


_encoder = msgspec.json.Encoder()


_decoder = msgspec.json.Decoder(Contribution)


@dataclass(frozen=True, slots=True)
class EarlyDenial:
    """A denial that came before what it denies."""

    organisation_key: str
    topic: Topic
    authority_key: str
    programme: str | None
    contribution: Contribution


def lock_alerts(connection: Connection) -> None:
    """Make writers of alerts take turns until this transaction ends. SQLite's transactions do so anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(7104)"))


def load_dossiers(
    connection: Connection, organisation_keys: Iterable[str], *, of_lists_since: datetime, of_events: TimeSpan
) -> tuple[Dossier, ...]:
    """Give the dossiers of these organisations that a report can still belong to, with all contributions."""
    keys = sorted(set(organisation_keys))
    if not keys:
        return ()
    is_event = alerts.c.topic == Topic.EVENT.value
    near = is_event & (alerts.c.last_at >= of_events[0]) & (alerts.c.first_at <= of_events[1])
    recent = ~is_event & (alerts.c.last_at >= of_lists_since)
    return _load(connection, select(alerts).where(alerts.c.organisation_key.in_(keys), near | recent))


def load_dossiers_of_articles(connection: Connection, article_ids: Iterable[str]) -> tuple[Dossier, ...]:
    """Give the dossiers that these articles speak in."""
    ids = sorted(set(article_ids))
    if not ids:
        return ()
    keys = select(alert_sources.c.event_key).where(alert_sources.c.article_id.in_(ids))
    return _load(connection, select(alerts).where(alerts.c.event_key.in_(keys)))


def load_dossier(connection: Connection, event_key: str) -> Dossier | None:
    """Give one dossier."""
    return next(iter(_load(connection, select(alerts).where(alerts.c.event_key == event_key))), None)


def save_dossiers(connection: Connection, changed: Iterable[tuple[Dossier, Iterable[Contribution]]]) -> None:
    """Write dossiers with their alerts, and those of their contributions that changed."""
    rows: list[dict[str, Any]] = []
    sources: list[dict[str, Any]] = []
    for dossier, contributions in changed:
        rows.append(_row_of(dossier))
        sources.extend(
            {
                "event_key": dossier.event_key,
                "article_id": item.article_id,
                "revision": item.article_revision,
                "record": _encoder.encode(item),
            }
            for item in contributions
        )
    upsert(connection, alerts, rows, key=("event_key",), update=_UPDATED)
    upsert(connection, alert_sources, sources, key=("event_key", "article_id"), update=("revision", "record"))


def _row_of(dossier: Dossier) -> dict[str, Any]:
    alert = dossier.alert
    assert alert is not None
    return {
        "event_key": dossier.event_key,
        "alert_id": alert.id,
        "topic": dossier.topic.value,
        "kind": alert.kind.value,
        "state": alert.state.value,
        "event_type": alert.event_type,
        "organisation_id": dossier.organisation.id,
        "organisation_name": dossier.organisation.name,
        "organisation_key": dossier.organisation_key,
        "authority_key": dossier.authority_key,
        "programme": dossier.programme,
        "also": " ".join(dossier.also),
        "headline": alert.headline,
        "revision": alert.revision,
        "independent_sources": alert.independent_sources,
        "history": alert.history,
        "sample": alert.sample,
        "told": alert.told,
        "first_at": dossier.first_at,
        "last_at": dossier.last_at,
        "first_seen_at": alert.first_seen_at,
        "updated_at": alert.updated_at,
        "listed_since": dossier.listed_since,
        "listed_announced": dossier.listed_announced,
        "family": dossier.family,
        "place": dossier.place,
        "occurred_on": dossier.occurred_on,
        "more_sources": dossier.more_sources,
        "record": wire.encode(alert),
    }


def keep_denial(connection: Connection, denial: EarlyDenial) -> None:
    """Keep a denial until the alert that it contradicts is there; a newer revision of its article replaces it."""
    row = {
        "organisation_key": denial.organisation_key,
        "article_id": denial.contribution.article_id,
        "topic": denial.topic.value,
        "authority_key": denial.authority_key,
        "programme": denial.programme,
        "record": _encoder.encode(denial.contribution),
    }
    update = ("topic", "authority_key", "programme", "record")
    upsert(connection, early_denials, [row], key=("organisation_key", "article_id"), update=update)


def load_denials(connection: Connection, organisation_key: str) -> tuple[EarlyDenial, ...]:
    """Give the denials that were kept of an organisation."""
    rows = connection.execute(
        select(early_denials)
        .where(early_denials.c.organisation_key == organisation_key)
        .order_by(early_denials.c.article_id)
    )
    return tuple(
        EarlyDenial(organisation_key, Topic(row.topic), row.authority_key, row.programme, _decoder.decode(row.record))
        for row in rows
    )


def count_overflow(connection: Connection, event_key: str, article_ids: Iterable[str]) -> int:
    """Remember articles beyond the cap of a dossier. Gives how many of them were not known yet."""
    rows = [{"event_key": event_key, "article_id": article_id} for article_id in sorted(article_ids)]
    return upsert(connection, alert_overflow, rows, key=("event_key", "article_id"))


def taken_keys(connection: Connection, base: str) -> frozenset[str]:
    """Give the event keys that are `base`, or `base` numbered."""
    numbered = alerts.c.event_key.startswith(f"{base}#", autoescape=True)
    rows = connection.execute(select(alerts.c.event_key).where((alerts.c.event_key == base) | numbered))
    return frozenset(row.event_key for row in rows)


def _load(connection: Connection, query: Select[Any]) -> tuple[Dossier, ...]:
    rows = connection.execute(query.order_by(alerts.c.event_key)).all()
    contributions: dict[str, list[Contribution]] = {row.event_key: [] for row in rows}
    if rows:
        sources = select(alert_sources.c.event_key, alert_sources.c.record).where(
            alert_sources.c.event_key.in_(list(contributions))
        )
        for source in connection.execute(sources.order_by(alert_sources.c.article_id)):
            contributions[source.event_key].append(_decoder.decode(source.record))
    return tuple(_dossier_of(row, tuple(contributions[row.event_key])) for row in rows)


def _dossier_of(row: Row[Any], contributions: tuple[Contribution, ...]) -> Dossier:
    return Dossier(
        event_key=row.event_key,
        topic=Topic(row.topic),
        kind=AlertKind(row.kind),
        organisation=Name(row.organisation_id, row.organisation_name),
        organisation_key=row.organisation_key,
        authority_key=row.authority_key,
        programme=row.programme,
        also=tuple(row.also.split()),
        first_at=row.first_at,
        last_at=row.last_at,
        contributions=contributions,
        listed_since=row.listed_since,
        listed_announced=row.listed_announced,
        family=row.family,
        place=row.place,
        occurred_on=row.occurred_on,
        more_sources=row.more_sources,
        alert=alert_of(row.record),
    )
