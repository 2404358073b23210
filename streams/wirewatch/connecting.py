"""What a connector is to the stream: a plug, found by entry point, never imported.

A connector package names an object of this shape under the entry-point group `wirewatch.connectors`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Protocol

from wirewatch.clock import Clock
from wirewatch.configuration import Problems
from wirewatch.errors import EngineError
from wirewatch.metrics import Metrics
from wirewatch.records import Article
from wirewatch.settings import Settings
from wirewatch.store.database import Database


class Publisher(Protocol):
    """Where a connector puts articles."""

    async def publish(self, articles: Sequence[Article]) -> None:
        """Make the articles durable in the log, all of them, before returning.

        Raises:
            PublishError: some may not be durable; publish all again later (ids make the repeat harmless).
        """
        ...

    async def close(self) -> None:
        """Let go of the broker."""
        ...


@dataclass(frozen=True, slots=True)
class ConnectorContext:
    """All that a connector may use."""

    settings: Settings
    clock: Clock
    database: Database
    metrics: Metrics
    publisher: Publisher
    #: Tells a person one line of progress.
    report: Callable[[str], None]
    #: Set by the process when it is told to read its configuration again (SIGHUP); the connector clears it.
    reload: asyncio.Event | None = None
    #: True where the connector alone reads anew when the process is told to. Elsewhere the process has counted the
    #: reload as adopted before it sets `reload`; a refusal of its own files the connector counts in either case.
    alone: bool = False


class Connector(Protocol):
    """One way for articles to come in."""

    name: str

    def check(self, settings: Settings, problems: Problems) -> frozenset[str]:
        """Read the connector's own configuration files, note every problem, and give the ids of all feeds."""
        ...

    async def run(self, context: ConnectorContext, stop: asyncio.Event, *, once: bool) -> None:
        """Poll until `stop` is set; with `once`, poll every feed once and return when all is durable."""
        ...


def open_publisher(settings: Settings, clock: Clock, metrics: Metrics) -> Publisher:
    """Open the way into the log that `settings.broker` names; the connectors' package provides it.

    Raises:
        EngineError: the log is owned by another process, the broker is out of reach, or no package provides it.
    """
    for entry in entry_points(group="wirewatch.publishers", name="default"):
        opened: Publisher = entry.load()(settings, clock, metrics)
        return opened
    raise EngineError("expected a package with the entry point wirewatch.publishers, got none: install wirewatch anew")


def load_connectors() -> tuple[Connector, ...]:
    """Give every installed connector, by name."""
    found = sorted(entry_points(group="wirewatch.connectors"), key=lambda entry: entry.name)
    return tuple(entry.load() for entry in found)
