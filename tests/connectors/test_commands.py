"""`wirewatch parse` and `wirewatch feeds`, as a person calls them."""

import asyncio
import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.fakes import FakePublisher
from tests.harness.misbehaving_server import MisbehavingServer, reply, rss
from wirewatch.clock import SystemClock
from wirewatch.configuration import Problems
from wirewatch.connecting import ConnectorContext
from wirewatch.metrics import Metrics
from wirewatch.settings import load_settings
from wirewatch.store.database import open_database
from wirewatch_connectors.commands import feeds, parse
from wirewatch_connectors.polling import connector

ONE = rss(("1", "Storm"))


@pytest.fixture
def folders(tmp_path: Path, server: MisbehavingServer) -> list[str]:
    """A configuration with one good and one bad feed; gives the options that name it."""
    config = tmp_path / "config"
    config.mkdir()
    (config / "settings.toml").write_text(f'[fetch]\nallow_addresses = ["{server.allowed}"]\n', encoding="utf-8")
    (config / "feeds.toml").write_text(
        f'[[feed]]\nid = "good"\nurl = "{server.url("/good")}"\nname = "Good News"\n\n'
        f'[[feed]]\nid = "bad"\nurl = "{server.url("/bad")}"\n',
        encoding="utf-8",
    )
    server.on("/good", reply(200, ONE))
    server.on("/bad", reply(404))
    return ["--config", str(config), "--data", str(tmp_path / "var")]


async def call(*words: str) -> Result:
    """Call `wirewatch feeds …` beside the running server."""
    return await asyncio.to_thread(CliRunner().invoke, feeds, list(words))


def test_parse_prints_articles_and_refuses_what_is_no_feed(tmp_path: Path) -> None:
    """One JSON line per article on stdout, one per refusal on stderr; exit code 1 when any file was refused."""
    (tmp_path / "good.xml").write_bytes(rss(("1", "Storm"), ("2", "Calm")))
    (tmp_path / "bad.xml").write_bytes(b"<html>login</html>")
    files = [str(tmp_path / name) for name in ("good.xml", "bad.xml", "absent.xml")]
    result = CliRunner().invoke(parse, [*files, "--url", "https://news.example/rss"])
    articles = [json.loads(line) for line in result.stdout.splitlines()]
    refusals = [json.loads(line) for line in result.stderr.splitlines()]
    assert result.exit_code == 1
    assert [article["title"] for article in articles] == ["Storm", "Calm"]
    keys = {"id", "feed_id", "guid", "url", "title", "text", "authors", "language", "published_at", "published_raw"}
    assert keys | {"fetched_at", "revision"} <= set(articles[0])
    assert [refusal["file"] for refusal in refusals] == files[1:]
    assert CliRunner().invoke(parse, files[:1]).exit_code == 0


async def test_check_tries_feeds_and_names_what_is_wrong(folders: list[str]) -> None:
    """Each feed has a line; exit code 1 because one fails; a single good one gives 0."""
    result = await call("check", *folders)
    assert result.exit_code == 1
    assert "ok   good: rss" in result.output
    assert "FAIL bad: answered 404" in result.output
    assert (await call("check", *folders, "good")).exit_code == 0
    unknown = await call("check", *folders, "absent")
    assert unknown.exit_code == 2
    assert "no such feed" in unknown.output


async def test_list_shows_every_feed_and_its_next_try(folders: list[str], tmp_path: Path) -> None:
    """Before the first poll all wait; after it the bad one comes first, with its reason; JSON says the same."""
    assert "2 feeds: 2 waiting" in (await call("list", *folders)).output

    await poll_once(tmp_path)
    shown = (await call("list", *folders)).output
    assert shown.index("bad") < shown.index("good")
    assert "answered 404" in shown
    assert "2 feeds: 1 up, 1 failing" in shown
    lines = [json.loads(line) for line in (await call("list", *folders, "--json")).output.splitlines()]
    assert [(line["feed_id"], line["state"], line["outcome"]) for line in lines] == [
        ("bad", "failing", "not_found"),
        ("good", "up", "changed"),
    ]
    assert lines[0]["next_poll_at"]


async def test_discover_finds_the_feeds_of_a_page(folders: list[str], server: MisbehavingServer) -> None:
    """A page's declared feeds that can be read are printed as TOML; a site without any says so."""
    page = b'<html><head><link rel="alternate" type="application/rss+xml" title="News" href="/good"></head></html>'
    server.on("/", reply(200, page, {"Content-Type": "text/html"}))
    server.on("/none", reply(200, b"<html></html>", {"Content-Type": "text/html"}))
    found = await call("discover", *folders, server.url("/"))
    (table,) = tomllib.loads(found.stdout)["feed"]
    assert (table["id"], table["url"]) == ("news", server.url("/good"))
    assert (await call("discover", *folders, server.url("/good"))).exit_code == 0
    nothing = await call("discover", *folders, server.url("/none"))
    assert nothing.exit_code == 1
    assert (await call("discover", *folders, "file:///etc/passwd")).exit_code == 2


async def test_import_prints_or_appends_and_export_gives_it_back(folders: list[str], tmp_path: Path) -> None:
    """What is new is printed; with --append it is in feeds.toml, which is still valid; the export holds it all."""
    file = tmp_path / "list.opml"
    file.write_text(
        '<opml version="2.0"><body><outline text="Courier" xmlUrl="https://courier.example/rss"/>'
        '<outline text="Local" xmlUrl="file:///etc/passwd"/></body></opml>',
        encoding="utf-8",
    )
    printed = await call("import", *folders, str(file))
    assert tomllib.loads(printed.stdout)["feed"][0]["id"] == "courier"
    assert "left out" in printed.stderr
    assert "1 new feeds, 1 left out" in (await call("import", *folders, "--append", str(file))).stderr
    assert "0 new feeds, 2 left out" in (await call("import", *folders, "--append", str(file))).stderr
    exported = (await call("export", *folders)).output
    assert exported.count("<outline") == 3
    file.write_text('<!DOCTYPE a [<!ENTITY b "c">]><opml/>', encoding="utf-8")
    refused = await call("import", *folders, str(file))
    assert refused.exit_code == 1
    assert "Traceback" not in refused.output


async def test_quarantine_shows_what_could_not_be_read(
    folders: list[str], server: MisbehavingServer, tmp_path: Path
) -> None:
    """Each item with its feed and reason, its bytes on demand, with nothing in them that could move a terminal."""
    assert (await call("quarantine", *folders)).output == "0 items in quarantine.\n"
    items = b'["\xc2\x9b31m", {"id": "1", "title": "Storm"}]'
    server.on("/good", reply(200, b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + items + b"}"))
    await poll_once(tmp_path)
    shown = await call("quarantine", *folders, "good", "--raw")
    assert " good " in shown.output
    assert "\\x9b31m" in shown.output
    assert "\x9b" not in shown.output
    assert "1 items in quarantine." in shown.output


async def poll_once(tmp_path: Path) -> None:
    """Poll every feed once."""
    settings = load_settings(tmp_path / "config", tmp_path / "var", {}, Problems())
    database = open_database("sqlite://", tmp_path / "var")
    context = ConnectorContext(settings, SystemClock(), database, Metrics(), FakePublisher(), lambda line: None)
    await connector.run(context, asyncio.Event(), once=True)
    database.close()
