"""A PostgreSQL for tests: its own cluster in a temporary folder, on loopback, on a free port, stopped by its pid.

Takes the binaries of the machine (`PG_BIN`, the PATH, /usr/lib/postgresql/*/bin). PostgreSQL refuses to run as root:
then it runs as `postgres` or `nobody`. `postgres_url` gives a fresh database in one cluster a session.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

#: Seconds that a cluster may take to start on a busy machine.
START_SECONDS = 60


class PostgresUnavailableError(Exception):
    """There is no PostgreSQL on this machine; the message says where it was looked for."""


def find_binaries() -> Path:
    """Give the folder of `initdb` and `postgres`.

    Raises:
        PostgresUnavailableError: none is installed.
    """
    named = os.environ.get("PG_BIN")
    on_path = shutil.which("initdb")
    places = [Path(named)] if named else []
    places += [Path(on_path).parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise PostgresUnavailableError("no PostgreSQL in $PG_BIN, on the PATH or under /usr/lib/postgresql")


@contextmanager
def run_postgres() -> Iterator[str]:
    """Start a cluster; give the URL of its server, without a database."""
    binaries = find_binaries()
    user = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="wirewatch-postgres-"))
    try:
        if user:
            shutil.chown(folder, user)
        data = folder / "data"
        group = pwd.getpwnam(user).pw_gid if user else None
        subprocess.run(
            [
                binaries / "initdb",
                "-D",
                data,
                "-U",
                "wirewatch",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
                "--locale=C",
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            user=user,
            group=group,
        )
        port = _free_port()
        with (folder / "log").open("wb") as output:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-F"],
                stdout=output,
                stderr=output,
                cwd=folder,
                user=user,
                group=group,
            )
        try:
            url = f"postgresql://wirewatch@127.0.0.1:{port}"
            _wait_until_up(url, server, folder / "log")
            yield url
        finally:
            server.send_signal(signal.SIGINT)  # fast shutdown
            server.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def create_database(server_url: str) -> str:
    """Make an empty database on a server; give its URL."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server_url}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"{server_url}/{name}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Run one cluster for the session. Without PostgreSQL the test is skipped, or fails where it is required."""
    try:
        find_binaries()
    except PostgresUnavailableError as error:
        if os.environ.get("WIREWATCH_REQUIRE_POSTGRES") == "1":
            pytest.fail(f"WIREWATCH_REQUIRE_POSTGRES=1, but there is {error}")
        pytest.skip(str(error))
    with run_postgres() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """Give the URL of an empty database; mark the test `services`."""
    return create_database(postgres_server)


def _wait_until_up(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(START_SECONDS * 5):
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended at its start:\n{log.read_text(errors='replace')[-2000:]}")
        try:
            psycopg.connect(f"{url}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            try:
                server.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
        else:
            return
    raise RuntimeError(f"PostgreSQL did not answer within {START_SECONDS} s")


def _unprivileged_user() -> str | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
