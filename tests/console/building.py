"""Builders for the console: a seeded store and a client that speaks to the application in this process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from fastapi import FastAPI

from tests.delivering.building import a_body, an_alert, open_store, some_settings
from tests.fakes import FakeClock
from wirewatch.console.pages import build_console
from wirewatch.console.readiness import Readiness
from wirewatch.dossiers import Dossier, Topic
from wirewatch.metrics import Metrics
from wirewatch.records import Alert
from wirewatch.settings import Settings
from wirewatch.store.database import Database
from wirewatch.store.dossiers import save_dossiers
from wirewatch.subscribers import Subscription
from wirewatch.subscribing.keeping import Keeper

HOME = "http://127.0.0.1:8321"

__all__ = ["HOME", "ConsoleBench", "a_body", "an_alert", "open_console"]


class ConsoleBench:
    """A console over a store in a folder."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings
        self.database: Database = open_store(folder)
        self.metrics = Metrics()
        self.clock = FakeClock()
        self.readiness = Readiness(True, figures={"lag": 0})
        self.world_box: Any = SimpleNamespace(current=SimpleNamespace(subscriptions=()), refused=())
        self.keeper: Keeper | None = None

    @cached_property
    def browser(self) -> httpx.AsyncClient:
        """Give one client, made once: nothing of it needs closing in this process."""
        return self.client()

    def app(self) -> FastAPI:
        """Make the application."""

        async def check() -> Readiness:
            return self.readiness

        return build_console(
            self.settings, self.database, self.metrics, self.world_box, check, self.clock, keeper=self.keeper
        )

    def client(self, **headers: str) -> httpx.AsyncClient:
        """Give a client that asks the application as a browser on this machine would."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app()), base_url=HOME, headers={"accept": "text/html", **headers}
        )

    def subscribe(self, *subscriptions: Subscription) -> None:
        """Replace what is subscribed."""
        self.world_box.current = SimpleNamespace(subscriptions=subscriptions)

    def keep(self, alerts: Iterable[Alert]) -> None:
        """Put alerts into the store."""
        with self.database.transaction() as connection:
            save_dossiers(connection, [(a_dossier(alert), ()) for alert in alerts])


def a_dossier(alert: Alert) -> Dossier:
    """Build the dossier that holds an alert."""
    return Dossier(
        event_key=alert.event_key,
        topic=Topic.LISTING,
        kind=alert.kind,
        organisation=alert.organisation,
        organisation_key=alert.organisation.id,
        authority_key=alert.authority.id if alert.authority else "",
        programme=alert.programme,
        also=(),
        first_at=alert.first_seen_at,
        last_at=alert.updated_at,
        alert=alert,
    )


def open_console(folder: Path, **console: Any) -> ConsoleBench:
    """Open a console; `console` changes its settings."""
    settings = some_settings(folder)
    return ConsoleBench(folder, replace(settings, console=replace(settings.console, **console)))
