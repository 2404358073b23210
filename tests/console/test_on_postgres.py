"""Every page over PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.console.building import ConsoleBench, an_alert
from tests.delivering.building import a_delivery
from wirewatch.records import AlertState
from wirewatch.store.database import open_database
from wirewatch.store.notices import NoticeRow, write_notices
from wirewatch.store.outbox import insert_deliveries
from wirewatch.subscribers import Road, RoadKind, Subscription

pytestmark = pytest.mark.services


async def test_pages_are_the_same_on_postgresql(bench: ConsoleBench, postgres_url: str, tmp_path: Path) -> None:
    """Lists, one alert, feeds of one subscription: the store's dialect is not seen."""
    bench.database.close()
    bench.database = open_database(postgres_url, tmp_path)
    (tmp_path / "feed").write_text("feed-0123456789", encoding="utf-8")
    bench.subscribe(Subscription("listings", (Road(RoadKind.FEED, secret_file=tmp_path / "feed"),)))
    alert = an_alert()
    bench.keep([alert])
    told = NoticeRow("listings", alert.id, 1, AlertState.UNCONFIRMED, 1, "first", True, "now", bench.clock.now())
    with bench.database.transaction() as connection:
        write_notices(connection, [told])
        insert_deliveries(connection, [a_delivery(alert=alert)])
    for path in ("/", f"/alerts/{alert.id}", "/feeds", "/subscriptions", "/deliveries", "/alerts.json", "/alerts.csv"):
        assert (await bench.browser.get(path)).status_code == 200, path
    mine = (await bench.browser.get("/subscriptions/listings/feed-0123456789/alerts.json")).json()
    assert len(mine["items"]) == 1
