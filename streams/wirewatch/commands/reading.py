"""What commands that look at the store share: settings, an open store, a World, each read the same way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from wirewatch.clock import SystemClock
from wirewatch.configuration import Problems
from wirewatch.knowledge.loading import load_knowledge
from wirewatch.raising.world import World
from wirewatch.settings import Settings, load_settings
from wirewatch.store.database import Database, open_database
from wirewatch.watching.subscriptions import load_subscriptions


def now() -> datetime:
    """Give the time at which a command was called."""
    return SystemClock().now()


def read_settings(config_dir: Path, data_dir: Path) -> Settings:
    """Read the settings, or end with every problem."""
    problems = Problems()
    settings = load_settings(config_dir, data_dir, os.environ, problems)
    problems.raise_if_any()
    return settings


def read_world(settings: Settings) -> World:
    """Read organisations and subscriptions, without rules of sorting, or end with every problem."""
    problems = Problems()
    knowledge = load_knowledge(settings.config_dir, problems)
    subscriptions = load_subscriptions(settings.config_dir, knowledge, problems)
    problems.raise_if_any()
    return World(knowledge, subscriptions, settings, f"read-{knowledge.fingerprint}")


@contextmanager
def open_store(settings: Settings) -> Iterator[Database]:
    """Open the store that the settings name; a store that is not there yet is a clear mistake, not an empty answer."""
    path = settings.data_dir / "store.sqlite"
    if settings.store == "sqlite://" and not path.exists():
        raise click.ClickException(f"{path}: expected a store, found nothing; `wirewatch run` makes it")
    database = open_database(settings.store, settings.data_dir)
    try:
        yield database
    finally:
        database.close()
