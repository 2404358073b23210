"""What machines read: JSON, feeds, CSV, metrics, health."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from xml.etree.ElementTree import Element

import feedparser
import msgspec
from defusedxml.ElementTree import fromstring

from tests.console.building import HOME, ConsoleBench, an_alert
from tests.delivering.building import a_delivery
from wirewatch import wire
from wirewatch.console.readiness import Readiness
from wirewatch.records import AlertState
from wirewatch.store.feed_health import FollowedFeed, keep_followed
from wirewatch.store.outbox import insert_deliveries

ATOM = "{http://www.w3.org/2005/Atom}"


async def test_alerts_json_holds_the_lines_of_the_contract(bench: ConsoleBench) -> None:
    """/alerts.json is an array of what `wirewatch alerts --json` prints."""
    alert = an_alert()
    bench.keep([alert])
    async with bench.client() as client:
        answer = await client.get("/alerts.json")
        single = await client.get(f"/alerts/{alert.id}.json")
    line = json.loads(msgspec.json.encode(wire.as_json(alert)))
    assert answer.json() == [line]
    assert single.json() == line


async def test_alerts_json_can_be_restricted(bench: ConsoleBench) -> None:
    """Arguments restrict by kind, state and organisation; a word that is none of them is refused with the choices."""
    bench.keep([an_alert(event_key="a"), an_alert(event_key="b", state=AlertState.CONFIRMED)])
    async with bench.client() as client:
        confirmed = (await client.get("/alerts.json?state=confirmed")).json()
        wrong = await client.get("/alerts.json?state=sure")
    assert [alert["event_key"] for alert in confirmed] == ["b"]
    assert wrong.status_code == 400
    assert "unconfirmed" in wrong.text


async def test_atom_feed_is_valid_and_its_ids_do_not_change(bench: ConsoleBench) -> None:
    """What RFC 4287 demands of feeds and entries is there; a new revision keeps the id and moves `updated`."""
    alert = an_alert()
    bench.keep([alert])
    async with bench.client() as client:
        before = fromstring((await client.get("/alerts.atom")).content)
        bench.keep([replace(alert, revision=2, updated_at=alert.updated_at.replace(hour=18))])
        after = fromstring((await client.get("/alerts.atom")).content)
    for feed in (before, after):
        for owner in (feed, *feed.iter(f"{ATOM}entry")):
            for name in ("id", "title", "updated"):
                assert len(owner.findall(f"{ATOM}{name}")) == 1
        assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    assert _texts(before, "id") == _texts(after, "id")
    assert _texts(before, "updated") == ["2025-08-12T12:00:00Z"] * 2
    assert _texts(after, "updated") == ["2025-08-12T18:00:00Z"] * 2


async def test_common_reader_reads_the_feed_without_complaint(bench: ConsoleBench) -> None:
    """A widely used feed parser finds nothing wrong and sees what we wrote."""
    bench.keep([an_alert("Harbour & <Front>", event_key=key) for key in ("a", "b")])
    async with bench.client() as client:
        read = feedparser.parse((await client.get("/alerts.atom")).content)
    assert (read.bozo, read.version, len(read.entries)) == (False, "atom10", 2)
    assert "Harbour & <Front>" in read.entries[0].content[0].value


async def test_history_is_not_told_by_the_feed(bench: ConsoleBench) -> None:
    """What a feed already held at its first poll notifies nobody, feed readers included; JSON has it."""
    bench.keep([an_alert(event_key="old", history=True, told=False), an_alert(event_key="new")])
    async with bench.client() as client:
        feed = (await client.get("/alerts.feed.json")).json()
        everything = (await client.get("/alerts.json")).json()
    assert len(feed["items"]) == 1
    assert len(everything) == 2


async def test_head_is_answered_like_get_without_a_body(bench: ConsoleBench) -> None:
    """Monitors and feed readers may ask for the head alone."""
    async with bench.client() as client:
        for path in ("/", "/alerts.atom", "/healthz", "/nothing"):
            head, full = await client.head(path), await client.get(path)
            assert (head.status_code, head.headers["content-type"]) == (full.status_code, full.headers["content-type"])
            assert head.content == b""


async def test_feed_that_did_not_change_is_answered_with_304(bench: ConsoleBench) -> None:
    """A reader that names the ETag gets no body."""
    bench.keep([an_alert()])
    async with bench.client() as client:
        first = await client.get("/alerts.atom")
        second = await client.get("/alerts.atom", headers={"if-none-match": first.headers["etag"]})
    assert (second.status_code, second.content) == (304, b"")


async def test_json_feed_names_the_same_ids_as_the_atom_feed(bench: ConsoleBench) -> None:
    """Both feeds tell the same entries."""
    bench.keep([an_alert(event_key=key) for key in ("a", "b")])
    async with bench.client() as client:
        atom = fromstring((await client.get("/alerts.atom")).content)
        feed = json.loads((await client.get("/alerts.feed.json")).content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["id"] for item in feed["items"]] == _texts(atom, "id")[1:]
    assert feed["items"][0]["url"].startswith(f"{HOME}/alerts/alr-")


async def test_readyz_tells_reasons_and_answers_503_when_not_ready(bench: ConsoleBench) -> None:
    """The port may be open while nothing moves: readiness says so, health does not."""
    async with bench.client() as client:
        assert (await client.get("/readyz")).json() == {"ready": True, "problems": [], "figures": {"lag": 0}}
        bench.readiness = Readiness(False, ("nothing was committed for 130 s while 12 records wait",))
        answer = await client.get("/readyz")
        alive = await client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["problems"] == ["nothing was committed for 130 s while 12 records wait"]
    assert alive.status_code == 200


async def test_metrics_are_the_processes_own(bench: ConsoleBench) -> None:
    """/metrics exposes the registry of this process."""
    bench.metrics.received("sort", 7)
    async with bench.client() as client:
        answer = await client.get("/metrics")
    assert 'wirewatch_stage_received_total{stage="sort"} 7.0' in answer.text


async def test_csv_holds_nothing_that_a_spreadsheet_would_run(bench: ConsoleBench) -> None:
    """Cells that begin like a formula begin with an apostrophe."""
    bench.keep([an_alert("=HYPERLINK(1)", event_key="a"), an_alert("@SUM(1)", event_key="b")])
    async with bench.client() as client:
        text = (await client.get("/alerts.csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sorted(row["headline"] for row in rows) == ["'=HYPERLINK(1)", "'@SUM(1)"]


async def test_feeds_and_deliveries_are_there_for_programs(bench: ConsoleBench) -> None:
    """The figures of the pages as JSON; a delivery without its body and without an address."""
    with bench.database.transaction() as connection:
        keep_followed(
            connection, [FollowedFeed("courier", "The Courier", "https://courier.example/feed", "outlet", 0, 0)]
        )
        insert_deliveries(connection, [a_delivery()])
    async with bench.client() as client:
        [feed] = (await client.get("/feeds.json")).json()
        [delivery] = (await client.get("/deliveries.json?state=pending")).json()
    assert (feed["feed_id"], feed["state"]) == ("courier", "waiting")
    assert (delivery["road"], delivery["state"]) == ("webhook-0", "pending")
    assert "body" not in delivery


def _texts(feed: Element, name: str) -> list[str]:
    return [found.text or "" for found in feed.iter(f"{ATOM}{name}")]
