"""Builders for the delivering room: settings, subscriptions, notices, a sender over a store in a folder."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec

from tests.builders import NOON
from tests.fakes import FakeClock
from wirewatch import wire
from wirewatch.configuration import Problems
from wirewatch.delivering.roads import Carriers
from wirewatch.delivering.sending import Sender
from wirewatch.ids import alert_id, delivery_id
from wirewatch.metrics import Metrics
from wirewatch.records import (
    Alert,
    AlertKind,
    AlertState,
    Delivery,
    DeliveryState,
    Evidence,
    Name,
    NoticeType,
    Source,
    Status,
)
from wirewatch.settings import Settings, load_settings
from wirewatch.store.database import Database, open_database
from wirewatch.subscribers import Road, RoadKind, Subscription

SECRET = "whsec_" + "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


def some_settings(folder: Path, *, allow: tuple[str, ...] = (), timeout_seconds: float = 15.0) -> Settings:
    """Build settings with defaults over an empty folder."""
    (folder / "settings.toml").write_text("", encoding="utf-8")
    problems = Problems()
    settings = load_settings(folder, folder, {}, problems)
    problems.raise_if_any()
    delivery = replace(settings.delivery, allow_addresses=allow, timeout_seconds=timeout_seconds)
    return replace(settings, delivery=delivery)


def a_webhook(folder: Path, url: str) -> Road:
    """Build a webhook road with a secret on disk."""
    (folder / "hook").write_text(SECRET + "\n", encoding="utf-8")
    return Road(RoadKind.WEBHOOK, url, folder / "hook")


def a_subscription(identity: str, *roads: Road) -> Subscription:
    """Build a subscription that is told of everything."""
    return Subscription(id=identity, roads=roads)


def an_alert(headline: str = "Listed, says the ministry", **changes: Any) -> Alert:
    """Build an unconfirmed new listing of an invented organisation, told by one source."""
    key = changes.pop("event_key", "listing:harbour-front:ministry:NL1")
    quote = "The ministry on Tuesday put the Harbour Front on its list."
    alert = Alert(
        id=alert_id(key),
        event_key=key,
        revision=1,
        state=AlertState.UNCONFIRMED,
        kind=AlertKind.NEW_LISTING,
        event_type="designation",
        status=Status.NEW,
        organisation=Name("harbour-front", "Harbour Front"),
        authority=Name("ministry", "Ministry of Lists"),
        programme="NL1",
        headline=headline,
        evidence=(Evidence(quote, "art-1", "https://courier.example/1", 0, len(quote)),),
        sources=(Source("courier", "https://courier.example/1", headline, NOON, None, "art-1", "The Courier"),),
        independent_sources=1,
        first_seen_at=NOON,
        updated_at=NOON,
        subscriptions=("listings",),
        told=True,
    )
    return replace(alert, **changes)


def a_body(alert: Alert, notice: NoticeType = NoticeType.OPENED) -> bytes:
    """Write a webhook body as the contract says."""
    body = {"type": notice, "timestamp": alert.updated_at, "data": wire.as_json(alert)}
    return msgspec.json.encode(body)


def a_delivery(
    number: int = 1,
    *,
    subscription: str = "listings",
    road: str = "webhook-0",
    at: datetime | None = None,
    **changes: Any,
) -> Delivery:
    """Build a planned notice; `number` makes it another one."""
    now = at or FakeClock().now()
    alert = changes.pop("alert", None) or an_alert(event_key=f"event:{number}")
    delivery = Delivery(
        id=delivery_id(alert.id, alert.revision, subscription, road),
        alert_id=alert.id,
        alert_revision=alert.revision,
        subscription_id=subscription,
        road=road,
        type=NoticeType.OPENED,
        body=a_body(alert),
        state=DeliveryState.PENDING,
        attempts=0,
        created_at=now,
        next_attempt_at=now,
    )
    return replace(delivery, **changes)


@dataclass(slots=True)
class PostOffice:
    """A store, a clock and what is subscribed; makes senders over them."""

    folder: Path
    settings: Settings
    database: Database
    clock: FakeClock
    metrics: Metrics
    world_box: Any

    def sender(self, carriers: Carriers | None = None) -> Sender:
        """Make a sender."""
        return Sender(self.database, self.world_box, self.settings, self.metrics, self.clock, carriers=carriers)

    def subscribe(self, *subscriptions: Subscription) -> None:
        """Replace what is subscribed."""
        self.world_box.current = SimpleNamespace(subscriptions=subscriptions)


def open_store(folder: Path) -> Database:
    """Open an empty store in a folder; its tables are made once and copied."""
    (folder / "store.sqlite").write_bytes(_empty_store())
    return open_database("sqlite://", folder)


@cache
def _empty_store() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        open_database("sqlite://", Path(folder)).close()
        return (Path(folder) / "store.sqlite").read_bytes()


def open_post(folder: Path, **settings: Any) -> PostOffice:
    """Open a store in a folder, with nobody subscribed."""
    chosen = some_settings(folder, **settings)
    box = SimpleNamespace(current=SimpleNamespace(subscriptions=()))
    return PostOffice(folder, chosen, open_store(folder), FakeClock(), Metrics(), box)


def figures(metrics: Metrics) -> Mapping[str, float]:
    """Give every sample of the metrics by its line."""
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in metrics.exposition().decode().splitlines()
        if not line.startswith("#")
    }
