"""The sample wire, end to end, on both engines: exactly the alerts that its story holds, and no other."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.harness.streams import Engine
from wirewatch.clock import SystemClock
from wirewatch.metrics import Metrics
from wirewatch.preparing import Prepared, prepare
from wirewatch.raising import WorldBox
from wirewatch.records import Alert
from wirewatch.reloading import SorterBox
from wirewatch.running import Holdings, run_everything
from wirewatch.sample_wire.story import load_story
from wirewatch.store.alerts import list_alerts
from wirewatch.store.articles import count_articles
from wirewatch.store.database import Database, open_database

CONFIG = Path(__file__).parents[2] / "config"

#: kind, event type, organisation, authority, programme, state
EXPECTED = {
    ("new_listing", "designation", "bla", "us-state", "FTO", "confirmed"),
    ("proposed", "designation", "bla", "canada", "CA", "unconfirmed"),
    # The request names the committee, not the resolution: no programme is claimed.
    ("proposed", "designation", "bla", "un-security-council", None, "unconfirmed"),
    ("blocked", "designation", "bla", "un-security-council", "UN1267", "unconfirmed"),
    ("event", "arrest", "bla", None, None, "unconfirmed"),
    ("event", "attack_claim", "isis", None, None, "unconfirmed"),
    ("event", "security_operation", "bla", None, None, "unconfirmed"),
}

pytestmark = pytest.mark.timeout(110)


def summarise(alert: Alert) -> tuple[str, str, str, str | None, str | None, str]:
    """Give what EXPECTED names of an alert."""
    authority = alert.authority.id if alert.authority else None
    return (str(alert.kind), alert.event_type, alert.organisation.id, authority, alert.programme, str(alert.state))


def the_listing(alerts: tuple[Alert, ...]) -> Alert:
    """Give the one alert of the new listing."""
    (listing,) = (alert for alert in alerts if alert.kind == "new_listing")
    return listing


class Wire:
    """The repository's own configuration on one engine, with the sample wire only."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        engine.settings('[console]\nlisten = "127.0.0.1:0"\n')
        config = engine.directory / "config"
        settings = (config / "settings.toml").read_text(encoding="utf-8")
        (config / "settings.toml").write_text("sample_wire = true\n" + settings, encoding="utf-8")
        (config / "feeds.toml").write_text("", encoding="utf-8")
        shutil.copyfile(CONFIG / "subscriptions.toml", config / "subscriptions.toml")
        for folder in ("organisations", "events"):
            shutil.copytree(CONFIG / folder, config / folder)
        self.prepared: Prepared = prepare(config, engine.directory / "data", {})
        self.database: Database = open_database("sqlite://", engine.directory / "data")
        self.said: list[str] = []

    async def run(self) -> tuple[Alert, ...]:
        """Start everything, let it become idle, stop it, and give all alerts."""
        await self.engine.prepare(self.prepared.settings)
        holdings = Holdings(
            prepared=self.prepared,
            world_box=WorldBox(self.prepared.world),
            sorter_box=SorterBox(self.prepared.sorter),
            database=self.database,
            metrics=Metrics(),
            clock=SystemClock(),
            say=self.said.append,
            reload=asyncio.Event(),
        )
        await run_everything(holdings, asyncio.Event(), until_idle=True)
        return await self.database.run(list_alerts, limit=1000)


async def test_the_sample_wire_gives_exactly_the_expected_alerts_and_a_second_start_adds_none(engine: Engine) -> None:
    """One listing, two bids, one blocked bid, three events: nothing more, nothing less, each once, for ever."""
    wire = Wire(engine)
    alerts = await wire.run()
    assert sorted(map(str, map(summarise, alerts))) == sorted(map(str, EXPECTED))
    assert await wire.database.run(count_articles) == len(load_story())
    listing = the_listing(alerts)
    assert {"Balochistan Liberation Army", "Majeed Brigade"} <= set(listing.names)
    assert listing.told
    assert all(alert.sample for alert in alerts)
    assert any("Foreign Terrorist Organization" in evidence.quote for evidence in listing.evidence)
    copies = [source for source in listing.sources if source.copy_of]
    assert {"sample-harbour-courier", "sample-gulf-dispatch"} <= {source.feed_id for source in copies}
    assert [source.feed_id for source in listing.sources if source.says == "contradicts"] == ["sample-gulf-dispatch"]

    # A second start: what was read is known, what was told is told.
    again = await wire.run()
    assert {(alert.id, alert.revision) for alert in again} == {(alert.id, alert.revision) for alert in alerts}
    assert await wire.database.run(count_articles) == len(load_story())
