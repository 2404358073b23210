"""The one file of the embedded log: where it lies, who owns it, how it is opened.

Called by `log` (the owner) and by `wirewatch.engine.reading` (anybody, read-only). Never recreates what it cannot read.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from yarl import URL

from wirewatch.errors import EngineError

#: "WWL1" in the file's header, so that no other SQLite file is taken for a log.
APPLICATION_ID = 0x57574C31
SCHEMA_VERSION = 1

#: A record's place is one 63-bit integer, topic (10 bits), partition (12), offset (40): one B-tree in reading order.
OFFSET_BITS = 40
PARTITION_BITS = 12
MAX_OFFSET = (1 << OFFSET_BITS) - 1

SCHEMA = """
CREATE TABLE topic (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL, retention_seconds INTEGER,
    compacted INTEGER NOT NULL, max_message_bytes INTEGER NOT NULL
);
CREATE TABLE record (place INTEGER PRIMARY KEY, written_ms INTEGER NOT NULL, key BLOB, value BLOB, headers BLOB);
CREATE TABLE next_offset (
    topic_id INTEGER, partition INTEGER, next INTEGER NOT NULL, PRIMARY KEY (topic_id, partition)
);
CREATE TABLE committed (
    consumer TEXT, topic TEXT, partition INTEGER, next INTEGER NOT NULL, PRIMARY KEY (consumer, topic, partition)
);
"""

#: Checking costs about a second a gigabyte; above this a start would seem to hang, and reading finds damage anyway.
CHECKED_BYTES = 1 << 30

#: How long a writer waits for a reader that restarts the write-ahead log.
_BUSY_MS = 10_000
_RECOVERY_HINT = "restore it from a backup, or move it (and its -wal) away to begin an empty log"


class LogBlockedError(EngineError):
    """The log cannot be written now (disk full or failing); nothing was written, try again later."""


@dataclass(slots=True)
class Ownership:
    """The lock that makes this process the only writer. Freed by the kernel when the process dies."""

    _file: IO[str]

    def release(self) -> None:
        """Let another process own the log."""
        self._file.close()


def log_path(broker: str, data_dir: Path) -> Path:
    """Give the file that a `sqlite://` broker names: `sqlite://` is DATA/log.sqlite, `sqlite:///x/y` is /x/y."""
    path = URL(broker).path.lstrip("/")
    return (Path("/") / path if path else data_dir / "log.sqlite").absolute()


def own(path: Path) -> Ownership:
    """Become the only writer of the log.

    Raises:
        EngineError: another process is (says which), or the place cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.with_name(path.name + ".lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise EngineError(f"cannot open the log: {path}: {error.strerror}") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        owner = file.read().strip() or "another process"
        file.close()
        raise EngineError(
            f"the log is in use: {path}: owned by {owner}; stop it first, or use a kafka:// broker to run several"
        ) from error
    file.truncate(0)
    file.write(f"process {os.getpid()}\n")
    file.flush()
    return Ownership(file)


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open the log as its owner, durable at every commit; make it when there is none.

    Raises:
        EngineError: not a log, damaged, or written by a newer program.
    """
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        fresh = _is_empty(connection)
        if fresh:
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        else:
            _check(connection, path)
        connection.execute("PRAGMA journal_mode=WAL")
        # FULL: a commit is on the disk when it returns. NORMAL would lose the last seconds in a power cut.
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA cache_size=-65536")
        connection.execute("PRAGMA journal_size_limit=67108864")
        if fresh:
            connection.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version={SCHEMA_VERSION}; COMMIT;")
    except (sqlite3.Error, EngineError) as error:
        connection.close()
        raise _refusal(path, error) from error
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open the log read-only, whoever owns it.

    Raises:
        EngineError: there is none, or it cannot be read.
    """
    if not path.exists():
        raise EngineError(f"there is no log yet: {path}")
    try:
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
        )
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        connection.execute("SELECT count(*) FROM topic").fetchone()
    except sqlite3.Error as error:
        raise _refusal(path, error) from error
    return connection


def is_passing(error: sqlite3.Error) -> bool:
    """Tell whether a failed write may succeed later: full or failing disk, read-only mount, a busy reader."""
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return primary in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY)


def _is_empty(connection: sqlite3.Connection) -> bool:
    """Tell whether nothing was ever made in the file: it is new, or a start was cut short before the first commit."""
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return application_id in (0, APPLICATION_ID) and version == 0 and tables == 0


def _check(connection: sqlite3.Connection, path: Path) -> None:
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application_id != APPLICATION_ID:
        raise EngineError("this is not a Wirewatch log")
    if version > SCHEMA_VERSION:
        raise EngineError(f"expected a log of version {SCHEMA_VERSION} or older, got {version}")
    if path.stat().st_size <= CHECKED_BYTES:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise EngineError(f"the file is damaged: {' '.join(str(found).split())}")


def _refusal(path: Path, error: Exception) -> EngineError:
    return EngineError(f"cannot open the log: {path}: {error}; {_RECOVERY_HINT}")
