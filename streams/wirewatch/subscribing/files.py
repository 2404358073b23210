"""Reads and writes `subscriptions.toml` and secret files: one writer at a time, a reader never sees half of a file."""

from __future__ import annotations

import base64
import fcntl
import os
import secrets
import tempfile
import tomllib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from wirewatch.configuration import Problems, Table
from wirewatch.errors import ConfigError
from wirewatch.knowledge.entities import Knowledge
from wirewatch.subscribers import RoadKind, Subscription
from wirewatch.watching.subscriptions import check_feeds, read_subscriptions

#: The roads whose secret we can make up; a chat's comes from its service.
SELF_MADE = frozenset({RoadKind.WEBHOOK, RoadKind.FEED})


@contextmanager
def one_writer(config_dir: Path) -> Iterator[None]:
    """Keep every other writer out, of this process and of others, until the block ends. Blocks the thread."""
    descriptor = os.open(config_dir, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def read_file(config_dir: Path) -> str:
    """Give the text of the file, its line ends as they are; "" when there is none.

    Raises:
        ConfigError: it is not UTF-8.
    """
    try:
        return (config_dir / "subscriptions.toml").read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise ConfigError((f"{config_dir.name}/subscriptions.toml: cannot read TOML: {error}",)) from error


def check_text(
    text: str, config_dir: Path, knowledge: Knowledge, feeds: Collection[str] | None = None
) -> tuple[Subscription, ...]:
    """Check a whole `subscriptions.toml` before it is written; gives what it says. `feeds` that may be named, if known.

    Raises:
        ConfigError: with every problem.
    """
    problems = Problems()
    place = f"{config_dir.name}/subscriptions.toml"
    try:
        values = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError((f"{place}: cannot read TOML: {error}",)) from error
    found = read_subscriptions(Table(f"{place}: ", values, problems), config_dir, knowledge)
    if feeds is not None:
        check_feeds(found, feeds, problems)
    problems.raise_if_any()
    return found


def write_file(config_dir: Path, text: str) -> None:
    """Replace the file as a whole; a link stays a link."""
    path = Path(os.path.realpath(config_dir / "subscriptions.toml"))
    _replace(path, text, path.stat().st_mode & 0o777 if path.exists() else 0o644)


def make_secret(path: Path, kind: RoadKind, *, anew: bool = False) -> str | None:
    """Write a fresh secret that only we may read, and give it; None when there is one already and not `anew`."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Standard Webhooks: 24 to 64 random bytes, base64, marked. A feed's token stands in an address.
    words = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
    if kind is RoadKind.FEED:
        words = secrets.token_urlsafe(32)
    if anew:
        _replace(path, words + "\n", 0o600)
        return words
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(words + "\n")
    return words


def _replace(path: Path, text: str, mode: int) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
