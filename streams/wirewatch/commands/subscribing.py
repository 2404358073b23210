"""Adds a block to `subscriptions.toml`: whole or not at all, and only if the file is right with it."""

from __future__ import annotations

import base64
import json
import os
import secrets
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from wirewatch.configuration import Problems, Table
from wirewatch.errors import ConfigError
from wirewatch.knowledge.entities import Knowledge
from wirewatch.subscribers import RoadKind
from wirewatch.watching.subscriptions import read_subscriptions


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be told, and how."""

    identity: str
    road: RoadKind
    target: str
    secret_file: str
    organisations: tuple[str, ...]
    kinds: tuple[str, ...]
    event_types: tuple[str, ...]
    minimum_independent_sources: int
    rhythm: str
    description: str


def add_subscription(config_dir: Path, knowledge: Knowledge, wish: Wish) -> tuple[str, ...]:
    """Write a wish into the file. Gives lines that say what was done.

    Raises:
        ConfigError: the file would not be right with it; nothing was written.
    """
    path = config_dir / "subscriptions.toml"
    before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    secret_file = wish.secret_file
    if not secret_file and wish.road in (RoadKind.WEBHOOK, RoadKind.FEED):
        secret_file = f"secrets/{wish.identity}-{wish.road}"
    after = before.rstrip("\n") + ("\n\n" if before.strip() else "") + write_block(wish, secret_file)
    check_text(after, config_dir, knowledge)
    done = [f"{path}: added {wish.identity}"]
    if secret_file and wish.road in (RoadKind.WEBHOOK, RoadKind.FEED):
        made = _make_secret(config_dir / secret_file, wish.road)
        done.append(f"{config_dir / secret_file}: " + ("made a fresh secret" if made else "kept the secret"))
    _replace(path, after)
    return tuple(done)


def check_text(text: str, config_dir: Path, knowledge: Knowledge) -> None:
    """Check a whole `subscriptions.toml` before it is written.

    Raises:
        ConfigError: with every problem.
    """
    problems = Problems()
    place = f"{config_dir.name}/subscriptions.toml"
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError((f"{place}: cannot read TOML: {error}",)) from error
    read_subscriptions(Table(f"{place}: ", values, problems), config_dir, knowledge)
    problems.raise_if_any()


def write_block(wish: Wish, secret_file: str) -> str:
    """Give the TOML of a wish; keys that have their default are left out."""
    lines = ["[[subscription]]", f"id = {_quoted(wish.identity)}"]
    if wish.description:
        lines.append(f"description = {_quoted(wish.description)}")
    lines.append(f"organisations = {_listed(wish.organisations)}")
    if wish.kinds:
        lines.append(f"kinds = {_listed(wish.kinds)}")
    if wish.event_types:
        lines.append(f"event_types = {_listed(wish.event_types)}")
    if wish.minimum_independent_sources != 1:
        lines.append(f"minimum_independent_sources = {wish.minimum_independent_sources}")
    if wish.rhythm != "immediate":
        lines.append(f"rhythm = {_quoted(wish.rhythm)}")
    lines += ["", "[[subscription.road]]"]
    flag = wish.road in (RoadKind.LOG, RoadKind.FEED)
    lines.append(f"{wish.road} = {'true' if flag else _quoted(wish.target)}")
    if secret_file:
        lines.append(f"secret_file = {_quoted(secret_file)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # A TOML basic string is a JSON string, but for DEL, which JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _listed(words: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_quoted, words))}]"


def _make_secret(path: Path, road: RoadKind) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Standard Webhooks: 24 to 64 random bytes, base64, marked. A feed's token stands in an address.
    words = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
    if road is RoadKind.FEED:
        words = secrets.token_urlsafe(32)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(words + "\n")
    return True


def _replace(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of it."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
