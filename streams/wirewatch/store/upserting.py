"""`INSERT … ON CONFLICT` in the dialect of the open store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    update: Sequence[str] = (),
    newer: str | None = None,
) -> int:
    """Insert rows; on a conflict with `key`, overwrite the columns named in `update`, or leave the row as it is.

    With `newer`, a row is overwritten only by one whose value in that column is at least as large.

    Returns:
        How many rows were inserted or overwritten.
    """
    if not rows:
        return 0
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table)
    if update:
        conflict = statement.on_conflict_do_update(
            index_elements=list(key),
            set_={column: statement.excluded[column] for column in update},
            where=None if newer is None else statement.excluded[newer] >= table.c[newer],
        )
    else:
        conflict = statement.on_conflict_do_nothing(index_elements=list(key))
    # One statement for all rows: a batch of articles costs one compilation and one round of binding.
    return connection.execute(conflict, [dict(row) for row in rows]).rowcount
