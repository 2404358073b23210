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
) -> int:
    """Insert rows; on a conflict with `key`, overwrite the columns named in `update`, or leave the row as it is.

    Returns:
        How many rows were inserted or overwritten.
    """
    if not rows:
        return 0
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    changed = 0
    for row in rows:
        statement = insert(table).values(**row)
        if update:
            statement = statement.on_conflict_do_update(
                index_elements=list(key), set_={column: statement.excluded[column] for column in update}
            )
        else:
            statement = statement.on_conflict_do_nothing(index_elements=list(key))
        changed += connection.execute(statement).rowcount
    return changed
