"""Reads everything an operator wrote, at once: settings, organisations, event types, subscriptions, connectors' files.

Called by every command that starts something, by `wirewatch check`, and again on reload. Reads files; opens nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wirewatch.configuration import Problems
from wirewatch.connecting import Connector, load_connectors
from wirewatch.knowledge.entities import Knowledge
from wirewatch.knowledge.loading import load_knowledge
from wirewatch.raising import World
from wirewatch.sample_wire.story import FEEDS
from wirewatch.settings import Settings, load_settings
from wirewatch.sorting.sorter import Sorter, load_sorter
from wirewatch.watching.subscriptions import check_feeds, load_subscriptions


@dataclass(frozen=True, slots=True)
class Prepared:
    """A configuration without a problem."""

    settings: Settings
    knowledge: Knowledge
    sorter: Sorter
    world: World
    connectors: tuple[Connector, ...]


def prepare(config_dir: Path, data_dir: Path, environ: Mapping[str, str]) -> Prepared:
    """Read and cross-check the whole configuration.

    Raises:
        ConfigError: with every problem of every file.
    """
    problems = Problems()
    settings = load_settings(config_dir, data_dir, environ, problems)
    knowledge = load_knowledge(config_dir, problems)
    sorter = load_sorter(knowledge, config_dir, problems, pipeline=settings.sorting.spacy_pipeline)
    subscriptions = load_subscriptions(config_dir, knowledge, problems)
    connectors = load_connectors()
    polled = (connector.check(settings, problems) for connector in connectors)
    feeds = frozenset(feed.id for feed in FEEDS).union(*polled)
    check_feeds(subscriptions, feeds, problems)
    problems.raise_if_any()
    world = World(
        knowledge=knowledge, subscriptions=subscriptions, settings=settings, version=sorter.version, feeds=feeds
    )
    return Prepared(settings, knowledge, sorter, world, connectors)
