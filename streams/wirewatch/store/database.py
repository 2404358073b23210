"""One door to the store: open it, migrate it, run a function in a transaction off the event loop.

SQLite: one writer thread, WAL, `synchronous=FULL`, every transaction `BEGIN IMMEDIATE`, so that several processes on
one machine take turns. PostgreSQL: a small pool. Never decides what is written.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError

from wirewatch.errors import StoreError
from wirewatch.store.migrating import migrate

#: Errors that say nothing of what was written: the store is locked, full or out of reach, and may be back soon.
PASSING_ERRORS: tuple[type[Exception], ...] = (OperationalError, InterfaceError, StoreError)

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

#: How long a writer waits for another process's transaction: longer than any of ours, shorter than a person's patience.
BUSY_TIMEOUT_SECONDS = 60

#: Checking costs about a second a gigabyte; above this a start would seem to hang, and reading finds damage anyway.
CHECKED_BYTES = 1 << 30


class Database:
    """The open store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._threads = ThreadPoolExecutor(1 if self.is_sqlite else 4, thread_name_prefix="store")

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give a connection inside a transaction that commits at the end of the block, or rolls back."""
        with self._engine.begin() as connection:
            yield connection

    async def run(
        self,
        function: Callable[Concatenate[Connection, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Run `function(connection, …)` in one transaction, off the event loop. Durable when it returns."""

        def work() -> Result:
            with self.transaction() as connection:
                return function(connection, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def close(self) -> None:
        """Let go of every connection."""
        self._threads.shutdown(wait=True)
        self._engine.dispose()


class _DamagedError(StoreError):
    """The file is a store, but not whole."""


def open_database(url: str, data_dir: Path, *, check: bool = False) -> Database:
    """Open the store and bring it to this program's version. `sqlite://` means `store.sqlite` under `data_dir`.

    With `check`, a file is read through first, so that damage shows now and not in a month.

    Raises:
        StoreError: unreachable, corrupt, or written by a newer program.
    """
    target = make_url(url)
    if target.drivername == "postgresql":
        target = target.set(drivername="postgresql+psycopg")
    if target.get_backend_name() == "sqlite" and not target.database:
        data_dir.mkdir(parents=True, exist_ok=True)
        target = target.set(database=str(data_dir / "store.sqlite"))
    engine = create_engine(target, **_engine_options(target.get_backend_name()))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    shown = target.render_as_string(hide_password=True)
    database = Database(engine)
    try:
        with database.transaction() as connection:
            if check and database.is_sqlite:
                _check_file(connection, target.database)
            migrate(connection)
    except (DatabaseError, StoreError) as error:
        database.close()
        cause = error.orig if isinstance(error, DatabaseError) else error
        raise StoreError(
            f"cannot open the store: {shown}: {cause}; {_hint(error, is_sqlite=database.is_sqlite)}"
        ) from error
    return database


def _check_file(connection: Connection, file: str | None) -> None:
    if file and file != ":memory:" and Path(file).stat().st_size <= CHECKED_BYTES:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise _DamagedError(f"the file is damaged: {' '.join(str(found).split())}")


def _hint(error: DatabaseError | StoreError, *, is_sqlite: bool) -> str:
    if isinstance(error, StoreError) and not isinstance(error, _DamagedError):
        return "run the newer program, or restore an older store from a backup"
    if not is_sqlite:
        return "see that the server runs and lets this user in"
    cause = str(error.orig) if isinstance(error, DatabaseError) else ""
    if "readonly" in cause or "unable to open" in cause:
        return "let this user write in the folder"
    return "restore it from a backup, or move it away to begin anew from the log"


def _engine_options(backend: str) -> dict[str, Any]:
    if backend == "sqlite":
        return {"connect_args": {"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False}}
    return {"pool_size": 5, "pool_pre_ping": True}


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours to send
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
