"""Adds a block to `subscriptions.toml`: whole or not at all, and only if the file is right with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wirewatch.knowledge.entities import Knowledge
from wirewatch.subscribers import RoadKind
from wirewatch.subscribing.blocks import add_block
from wirewatch.subscribing.files import SELF_MADE, check_text, make_secret, one_writer, read_file, write_file


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
    secret_file = wish.secret_file
    if not secret_file and wish.road in SELF_MADE:
        secret_file = f"secrets/{wish.identity}-{wish.road}"
    with one_writer(config_dir):
        after = add_block(read_file(config_dir), as_values(wish, secret_file))
        check_text(after, config_dir, knowledge)
        done = [f"{path}: added {wish.identity}"]
        if secret_file and wish.road in SELF_MADE:
            made = make_secret(config_dir / secret_file, wish.road)
            done.append(f"{config_dir / secret_file}: " + ("made a fresh secret" if made else "kept the secret"))
        write_file(config_dir, after)
    return tuple(done)


def as_values(wish: Wish, secret_file: str) -> dict[str, Any]:
    """Give the keys of a wish; those that have their default are left out."""
    values: dict[str, Any] = {"id": wish.identity}
    if wish.description:
        values["description"] = wish.description
    values["organisations"] = list(wish.organisations)
    if wish.kinds:
        values["kinds"] = list(wish.kinds)
    if wish.event_types:
        values["event_types"] = list(wish.event_types)
    if wish.minimum_independent_sources != 1:
        values["minimum_independent_sources"] = wish.minimum_independent_sources
    if wish.rhythm != "immediate":
        values["rhythm"] = wish.rhythm
    road: dict[str, Any] = {wish.road.value: True if wish.road in (RoadKind.LOG, RoadKind.FEED) else wish.target}
    if secret_file:
        road["secret_file"] = secret_file
    return {**values, "road": [road]}
