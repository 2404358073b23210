"""Who plays in the stories. The dates of the BLA are facts, everybody else is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from wirewatch.configuration import Problems
from wirewatch.knowledge.entities import Knowledge, Organisation
from wirewatch.raising.world import World
from wirewatch.records import AlertKind, Listing
from wirewatch.settings import Settings, load_settings
from wirewatch.subscribers import Road, RoadKind, Subscription

BLA_SDGT = Listing("bla", "united-states", "SDGT", date(2019, 7, 2), source="Federal Register")
BLA_FTO = Listing(
    "bla", "united-states", "FTO", date(2025, 8, 14), announced=date(2025, 8, 11), source="Federal Register"
)
TIDE_UK = Listing("tide-front", "united-kingdom", "UK", date(2012, 3, 1), source="invented")

_PLAYERS = (
    Organisation(
        "united-states",
        "United States",
        "PublicBody",
        countries=("us",),
        is_authority=True,
        programmes=("FTO", "SDGT"),
    ),
    Organisation(
        "us-state",
        "US State Department",
        "PublicBody",
        parent_id="united-states",
        countries=("us",),
        is_authority=True,
        programmes=("FTO", "SDGT"),
    ),
    Organisation(
        "us-treasury",
        "US Treasury",
        "PublicBody",
        parent_id="united-states",
        countries=("us",),
        is_authority=True,
        programmes=("SDGT",),
    ),
    Organisation("united-nations", "United Nations", "PublicBody", is_authority=True, programmes=("UN1267",)),
    Organisation(
        "un-security-council",
        "UN Security Council",
        "PublicBody",
        parent_id="united-nations",
        is_authority=True,
        programmes=("UN1267",),
    ),
    Organisation(
        "united-kingdom",
        "United Kingdom",
        "PublicBody",
        countries=("gb",),
        is_authority=True,
        programmes=("UK",),
    ),
    Organisation(
        "northmark",
        "Northmark",
        "PublicBody",
        countries=("us",),
        parent_id="united-states",
        is_authority=True,
        programmes=("NM",),
    ),
    Organisation(
        "bla",
        "Balochistan Liberation Army",
        "Organization",
        aliases=("Baloch Liberation Army",),
        countries=("pk",),
    ),
    Organisation("majeed-brigade", "Majeed Brigade", "Organization", parent_id="bla", countries=("pk",)),
    Organisation("tide-front", "Tide Front", "Organization", countries=("gb",)),
    Organisation("ember-league", "Ember League", "Organization", countries=("pk",)),
)


def a_knowledge(*listings: Listing) -> Knowledge:
    """Give the players and what the register knows of them."""
    return Knowledge({player.id: player for player in _PLAYERS}, listings)


def a_subscription(identity: str = "listings", **changes: Any) -> Subscription:
    """Give a subscription to all listings, by webhook."""
    listings = (AlertKind.NEW_LISTING, AlertKind.PROGRAMME_ADDED, AlertKind.ALIAS_ADDED, AlertKind.DELISTED)
    subscription = Subscription(
        identity, (Road(RoadKind.WEBHOOK, "http://127.0.0.1:9901/hook"),), kinds=listings, max_per_minute=1000
    )
    return replace(subscription, **changes)


def everything(identity: str = "everything", **changes: Any) -> Subscription:
    """Give a subscription to whatever makes an alert."""
    return a_subscription(identity, kinds=(), **changes)


def a_world(*subscriptions: Subscription, listings: tuple[Listing, ...] = (BLA_SDGT, TIDE_UK)) -> World:
    """Give a World; without subscriptions, one that asks for everything."""
    return World(a_knowledge(*listings), subscriptions or (everything(),), default_settings(), "world-1")


def default_settings() -> Settings:
    """Give settings with every default, read from nowhere."""
    return load_settings(Path("no-such-config"), Path("no-such-data"), {}, Problems())
