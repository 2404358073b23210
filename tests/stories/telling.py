"""Stories of who is told: mutes, inhibition, updates, states, tiers, languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.stories.acting import Push, Story, Want, says, told, want
from tests.stories.listings import COPY, DENIAL, NOTICE, OWN, WIRE
from tests.stories.scenery import a_subscription, a_world, everything
from wirewatch.records import AlertState, Tier
from wirewatch.subscribers import Mute

SDGT_RUMOUR = Push(
    "2025-03-05T10:00",
    "coast-blog",
    "Treasury lists Tide Front too",
    (says("designation/new", "tide-front", by="us-treasury", programme="SDGT"),),
    text="A reader writes that the Treasury has put the Tide Front on its own list as well, and encloses no paper.",
)

STORIES = (
    Story(
        "confirmed_inhibits_unconfirmed",
        "Beside a confirmed listing an unconfirmed one of the same organisation and authority is recorded, not told.",
        a_world(),
        (
            NOTICE,
            told(("everything", "alert.opened", "tide-front")),
            SDGT_RUMOUR,
            want(
                Want("new_listing", "tide-front", "confirmed"),
                Want("programme_added", "tide-front", "unconfirmed", told=False),
            ),
            told(),
        ),
    ),
    Story(
        "muted_until_a_day",
        "A mute holds through its last day, and what changes afterwards is told.",
        a_world(a_subscription(mutes=(Mute("tide-front", until=date(2025, 3, 3)),))),
        (WIRE, told(), OWN, told(("listings", "alert.opened", "tide-front"))),
    ),
    Story(
        "updates_for_those_who_ask",
        "Whoever asks for updates hears of each further independent source, and of copies never.",
        a_world(a_subscription("quiet"), a_subscription("eager", updates=True)),
        (
            WIRE,
            told(("eager", "alert.opened", "tide-front"), ("quiet", "alert.opened", "tide-front")),
            COPY,
            told(),
            OWN,
            told(("eager", "alert.updated", "tide-front")),
        ),
    ),
    Story(
        "at_once_from_an_authority",
        "An authority is enough by itself where two independent sources are asked for otherwise.",
        a_world(a_subscription(minimum_independent_sources=2, enough_tier=Tier.AUTHORITY)),
        (WIRE, told(), NOTICE, told(("listings", "alert.opened", "tide-front"))),
    ),
    Story(
        "confirmed_only",
        "A subscription to confirmed alerts hears of nothing before, and of a contradiction after.",
        a_world(a_subscription(states=(AlertState.CONFIRMED,))),
        (
            WIRE,
            told(),
            NOTICE,
            told(("listings", "alert.opened", "tide-front")),
            replace(DENIAL, feed="potomac-notices", at="2025-03-06T08:00", title="Statement on the Tide Front"),
            want(Want("new_listing", "tide-front", "contradicted")),
            told(("listings", "alert.state_changed", "tide-front")),
        ),
    ),
    Story(
        "wishes_are_kept_apart",
        "Each subscription is told what it asks for, and only that.",
        a_world(
            everything("pakistan", organisations=("country:pk",)),
            everything("uk-list", organisations=("list:uk",)),
            everything("tide", organisations=("tide-front",), languages=("fr",)),
            everything("wire", feeds=("meridian-wire",)),
        ),
        (WIRE, told(("uk-list", "alert.opened", "tide-front"), ("wire", "alert.opened", "tide-front"))),
    ),
)
