"""Brings a store to this program's version, step by step, in the caller's transaction; refuses a newer one."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Column, Connection, Integer, Table, delete, insert, select, text

from wirewatch.errors import StoreError
from wirewatch.store import (  # noqa: F401 - importing a module adds its tables
    alerts,
    articles,
    digests,
    dossiers,
    feed_health,
    feed_items,
    feed_memory,
    leases,
    notices,
    outbox,
    proposals,
    quarantine,
    register,
    verdicts,
)
from wirewatch.store.tables import metadata

schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))


def _create_all(connection: Connection) -> None:
    metadata.create_all(connection)


#: Step n brings a store from version n to n + 1. Never edit a step that was released; add one.
STEPS: tuple[Callable[[Connection], None], ...] = (_create_all,)


def migrate(connection: Connection) -> None:
    """Run the steps that this store has not seen.

    Raises:
        StoreError: the store was written by a newer program.
    """
    if connection.dialect.name == "postgresql":
        # Two processes that start together must not both migrate.
        connection.execute(text("SELECT pg_advisory_xact_lock(7103)"))
    schema_version.create(connection, checkfirst=True)
    version = connection.execute(select(schema_version.c.version)).scalar() or 0
    if version > len(STEPS):
        raise StoreError(f"expected a store of version {len(STEPS)} or older, got {version}")
    for step in STEPS[version:]:
        step(connection)
    if version < len(STEPS):
        connection.execute(delete(schema_version))
        connection.execute(insert(schema_version).values(version=len(STEPS)))
