"""The living register: which organisation is on whose list, under which programme, since when, and who said so.

Seeded from the organisations files, extended by what authorities announce and by imported lists.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Column, Connection, Date, Index, Row, String, Table, delete, func, select

from wirewatch.records import Listing
from wirewatch.store.tables import UtcTime, metadata
from wirewatch.store.upserting import upsert

register = Table(
    "register",
    metadata,
    Column("organisation_id", String, primary_key=True),
    Column("authority_id", String, primary_key=True),
    Column("programme", String, primary_key=True),
    Column("since", Date, primary_key=True),
    Column("until", Date),
    Column("announced", Date),
    Column("aliases", String, nullable=False),
    Column("source", String, nullable=False),
    #: `seed` (the organisations files), or the event key of the alert that wrote it.
    Column("origin", String, nullable=False),
    #: The event key of the alert that wrote `until`, or "".
    Column("ended_by", String, nullable=False, default=""),
    Column("updated_at", UtcTime, nullable=False),
    Index("register_by_origin", "origin"),
)

register_seeds = Table(
    "register_seeds",
    metadata,
    #: `World.version` of the configuration whose listings the register holds.
    Column("version", String, primary_key=True),
    Column("adopted_at", UtcTime, nullable=False),
)

_UPDATED = ("until", "announced", "aliases", "source", "origin", "updated_at")
SEED = "seed"


def is_seeded(connection: Connection, version: str) -> bool:
    """Tell whether the register holds the listings of this configuration."""
    query = select(register_seeds.c.version).where(register_seeds.c.version == version)
    return connection.execute(query).first() is not None


def seed_register(connection: Connection, listings: Iterable[Listing], version: str, now: datetime) -> None:
    """Put the organisations files' listings in the place of what earlier files said; what alerts wrote stays."""
    seeded = register.c.origin == SEED
    ended = connection.execute(select(register).where(seeded, register.c.ended_by != "")).all()
    connection.execute(delete(register).where(seeded))
    connection.execute(delete(register_seeds))
    write_entries(connection, listings, SEED, now)
    for row in ended:
        end_entry(connection, _listing_of(row), row.until, row.ended_by, now)
    upsert(connection, register_seeds, [{"version": version, "adopted_at": now}], key=("version",))


def write_entries(connection: Connection, listings: Iterable[Listing], origin: str, now: datetime) -> None:
    """Write entries; one that is there already is overwritten."""
    rows = {
        (item.organisation_id, item.authority_id, item.programme, item.since): {
            "organisation_id": item.organisation_id,
            "authority_id": item.authority_id,
            "programme": item.programme,
            "since": item.since,
            "until": item.until,
            "announced": item.announced,
            "aliases": json.dumps([[name, day.isoformat() if day else None] for name, day in item.aliases]),
            "source": item.source,
            "origin": origin,
            "updated_at": now,
        }
        for item in listings
    }
    key = ("organisation_id", "authority_id", "programme", "since")
    upsert(connection, register, list(rows.values()), key=key, update=_UPDATED)


def forget_entries(connection: Connection, origin: str) -> None:
    """Take back what one alert wrote, entries and ends of entries: it turned out to be wrong."""
    connection.execute(delete(register).where(register.c.origin == origin))
    connection.execute(register.update().where(register.c.ended_by == origin).values(until=None, ended_by=""))


def end_entry(connection: Connection, entry: Listing, until: date, ended_by: str, now: datetime) -> None:
    """Write down that an entry stands no longer; an end that the files or an import gave stays."""
    connection.execute(
        register.update()
        .where(
            register.c.organisation_id == entry.organisation_id,
            register.c.authority_id == entry.authority_id,
            register.c.programme == entry.programme,
            register.c.since == entry.since,
            register.c.until.is_(None),
        )
        .values(until=until, ended_by=ended_by, updated_at=now)
    )


def load_entries(connection: Connection, organisation_ids: Sequence[str]) -> tuple[tuple[Listing, str, str], ...]:
    """Give every entry of these organisations, the oldest first, each with its origin and with who ended it."""
    if not organisation_ids:
        return ()
    rows = connection.execute(
        select(register).where(register.c.organisation_id.in_(sorted(set(organisation_ids)))).order_by(register.c.since)
    )
    return tuple((_listing_of(row), row.origin, row.ended_by) for row in rows)


def count_in_force(connection: Connection, on: date) -> dict[tuple[str, str], tuple[int, datetime]]:
    """Give for each (authority, programme) how many entries stand on a day, and when the newest was written."""
    rows = connection.execute(
        select(register.c.authority_id, register.c.programme, func.count(), func.max(register.c.updated_at))
        .where(register.c.since <= on, (register.c.until.is_(None)) | (register.c.until > on))
        .group_by(register.c.authority_id, register.c.programme)
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


def _listing_of(row: Row[tuple[object, ...]]) -> Listing:
    aliases = tuple((name, date.fromisoformat(day) if day else None) for name, day in json.loads(row.aliases))
    return Listing(
        organisation_id=row.organisation_id,
        authority_id=row.authority_id,
        programme=row.programme,
        since=row.since,
        until=row.until,
        announced=row.announced,
        aliases=aliases,
        source=row.source,
    )
