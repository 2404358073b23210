"""Bodies that an enemy would send: nothing is opened, fetched, multiplied or believed, and the time stays bounded."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html import escape
from pathlib import Path

import pytest

from tests.connectors.parsing.reading_feeds import NOW, a_feed, an_item, only, read
from wirewatch.errors import ParseError
from wirewatch_connectors.parsing import caps
from wirewatch_connectors.parsing.cutting import cut_feed
from wirewatch_connectors.parsing.judging import judge
from wirewatch_connectors.parsing.linking import choose_base, resolve_link
from wirewatch_connectors.parsing.pool import ParserPool
from wirewatch_connectors.shapes import ParsedFeed

_BILLION = "".join(f'<!ENTITY lol{number} "{f"&lol{number - 1};" * 10 if number else "lol"}">' for number in range(10))
_watching: list[str] | None = None


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _watching is not None and event in (
        "open",
        "socket.connect",
        "socket.getaddrinfo",
        "os.system",
        "subprocess.Popen",
    ):
        _watching.append(f"{event} {arguments[0]!r}")


sys.addaudithook(_hook)


@contextmanager
def watch_openings() -> Iterator[list[str]]:
    """Collect what is opened, looked up or started while the block runs."""
    global _watching
    _watching = []
    try:
        yield _watching
    finally:
        _watching = None


def _with_doctype(doctype: str, inside: str) -> str:
    return f"<!DOCTYPE rss {doctype}>" + an_item(inside).partition("?>")[2]


def test_the_watch_sees_an_opening(tmp_path: Path) -> None:
    """Negative control of the two tests that rely on it."""
    with watch_openings() as openings:
        (tmp_path / "x").write_text("x")
    assert openings


@pytest.mark.parametrize(
    "doctype",
    [
        '[<!ENTITY canary SYSTEM "file://{canary}">]',
        '[<!ENTITY canary SYSTEM "{canary}">]',
        '[<!ENTITY % outer SYSTEM "{canary}"> %outer;]',
        'SYSTEM "{canary}"',
        'PUBLIC "-//x" "file://{canary}"',
        '[<!ENTITY canary SYSTEM "http://127.0.0.2:9/x">]',
        "[<!ENTITY % a \"<!ENTITY canary SYSTEM '{canary}'>\"> %a;]",
    ],
)
@pytest.mark.parametrize("kind", ["file", "fifo", "device"])
def test_no_doctype_makes_anything_be_opened(doctype: str, kind: str, tmp_path: Path) -> None:
    """A file, a FIFO that would hang, a device that never ends: none is opened, by no parser of the house."""
    judge(a_feed(""), base="", language=None, now=NOW)
    canary = tmp_path / "canary"
    if kind == "fifo":
        os.mkfifo(canary)
    elif kind == "file":
        canary.write_text("canary-words")
    else:
        canary = Path("/dev/zero")
    body = _with_doctype(doctype.format(canary=canary), "<title>a &canary; b</title><xi:include href='/etc/hostname'/>")
    with watch_openings() as openings:
        item = only(read(body))
        judge(body, base="", language=None, now=NOW)
    assert openings == []
    assert "canary-words" not in item.title + item.text
    assert item.title.startswith("a ")


@pytest.mark.parametrize(
    "body", ["/etc/passwd", "/dev/zero", "file:///etc/passwd", "http://127.0.0.2:9/feed", "feed.xml"]
)
def test_body_that_names_a_place_is_no_feed(body: str) -> None:
    """No parser is handed a body as if it were an address."""
    with watch_openings() as openings, pytest.raises(ParseError) as refused:
        read(body)
    assert refused.value.reason == "not_a_feed"
    assert openings == []


@pytest.mark.parametrize("doctype", [f"[{_BILLION}]", f'[<!ENTITY lol9 "{"a" * 50_000}">]'])
def test_entities_are_never_multiplied(doctype: str) -> None:
    """Billion laughs and its quadratic sister: the references stay words, and the title its cap."""
    item = only(read(_with_doctype(doctype, f"<title>{'&lol9;' * 1000}</title>")))
    assert item.title.startswith("&lol9;")
    assert len(item.title.encode()) <= caps.MAX_TITLE_BYTES
    assert item.truncated


def test_codecs_and_bases_of_a_feed_move_nothing_to_another_host() -> None:
    """xml:base on a host that is not the feed's is ignored; on its own it counts."""
    away = an_item("<link>/a</link><guid isPermaLink='false'>/a</guid>", attributes=' xml:base="https://evil.example/"')
    home = an_item("<link>a</link>", attributes=' xml:base="https://www.outlet.example/news/"')
    assert only(read(away)).url == "https://outlet.example/a"
    assert only(read(away)).guid == "/a"
    assert only(read(home)).url == "https://www.outlet.example/news/a"
    assert choose_base("", ("https://anywhere.example/",)) == "https://anywhere.example/"


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://outlet.example/",
        "http:///x",
        "https://",
        "http://user:pw@outlet.example/",
        "http://good\\@evil.example/",
        "http://[::1",
        "http://outlet.example:99999/",
        "mailto:a@b.example",
        "tag:outlet,2025:1",
    ],
)
def test_only_web_addresses_become_links(link: str) -> None:
    """Everything else is no address: not of the item, not through its guid, not through JSON."""
    assert resolve_link(link, "https://outlet.example/") == ""
    assert only(read(an_item(f"<link>{escape(link)}</link><guid>{escape(link)}</guid>".replace("\x01", "")))).url == ""


def test_link_with_line_breaks_and_blanks_is_mended() -> None:
    """As every browser does."""
    assert resolve_link(" https://outlet.example/a\r\nb c ", "") == "https://outlet.example/ab%20c"
    assert resolve_link("//cdn.example/x", "https://outlet.example/") == "https://cdn.example/x"


def test_long_guids_are_hashed_and_stay_distinct() -> None:
    """Two that begin alike are still two."""
    one, other = (only(read(an_item(f"<guid>{'g' * 1_000_000}{end}</guid>"))).guid for end in "ab")
    assert one != other
    assert len(one) < 100


def test_title_of_five_megabytes_and_ten_thousand_authors() -> None:
    """Cut to the caps, and said so."""
    item = only(read(an_item(f"<title>{'y' * 5_000_000}</title>" + "<author>a</author><author>b</author>" * 5000)))
    assert len(item.title.encode()) == caps.MAX_TITLE_BYTES
    assert item.truncated
    assert item.authors == ("a", "b")
    many = "".join(f"<dc:creator>{number}</dc:creator>" for number in range(10_000))
    assert len(only(read(an_item(many))).authors) == caps.MAX_AUTHORS


@pytest.mark.parametrize(
    "markup", ["x y " * 1_000_000, escape("<p>hello</p>") * 300_000, f"<![CDATA[{'<b>x</b>' * 600_000}]]>"]
)
def test_huge_item_is_cut_and_fits_a_message(markup: str) -> None:
    """Text, escaped HTML, CDATA: 256 kB are kept and the cut is told."""
    item = only(read(an_item(f"<description>{markup}</description>")))
    assert 100_000 < len(item.text.encode()) <= caps.MAX_TEXT_BYTES
    assert item.truncated


def test_newest_items_are_kept_and_the_rest_is_counted() -> None:
    """3,000 items, oldest first: the last 2,000 stay, in document order."""
    items = "".join(
        f"<item><guid>{number}</guid><pubDate>{2022 + number // 1000}-01-{number % 28 + 1:02}</pubDate></item>"
        for number in range(3000)
    )
    feed = read(a_feed(items))
    assert (len(feed.items), feed.items_over_cap) == (caps.MAX_ITEMS, 1000)
    assert [int(item.guid) for item in feed.items] == list(range(1000, 3000))


def test_of_undated_items_the_first_are_kept() -> None:
    """Feeds are newest first unless they say otherwise."""
    feed = read(a_feed("".join(f"<item><guid>{number}</guid></item>" for number in range(2500))))
    assert (feed.items[-1].guid, feed.items_over_cap) == ("1999", 500)


@pytest.mark.parametrize("depth", [300, 200_000])
def test_nested_elements_cost_their_item_no_more_than_its_depth(depth: int) -> None:
    """What stands beside the nest is read, and the next item is whole."""
    feed = read(a_feed(f"<item><title>t</title>{'<x>' * depth}{'</x>' * depth}</item><item><title>good</title></item>"))
    assert [item.title for item in feed.items] == ["t", "good"]


def test_json_nested_too_deep_costs_one_item() -> None:
    """A recursion that no decoder survives is one quarantined item."""
    deep = "[" * 100_000 + "]" * 100_000
    feed = read(
        f'{{"version":"https://jsonfeed.org/version/1","items":[{{"id":"1","x":{deep}}},{{"id":"2","title":"NaN"}}]}}'
    )
    assert [item.guid for item in feed.items] == ["2"]
    assert [problem.reason for problem in feed.problems] == ["unreadable"]


def test_json_values_of_the_wrong_kind_are_nothing() -> None:
    """Nulls, lists, objects and infinities where words should be."""
    feed = read(
        '{"version":"x","title":null,"items":[{"id":{"a":1},"title":["x"],"url":[3],"content_html":NaN,"authors":{"a":1}}]}'
    )
    item = only(feed)
    assert (item.guid, item.title, item.url, item.authors) == ("", "", "", ())


@pytest.mark.parametrize(
    "body",
    [
        an_item("<x " + " ".join(f'a{number}="1"' for number in range(20_000)) + "/>"),
        an_item(f"<description>{escape('<!--' * 20_000)}</description>"),
        an_item(f"<description>{'<!--' * 20_000}</description>"),
        an_item(f"<description>{escape('<' * 100_000)}</description>"),
        an_item(f"<description>{'<' * 50_000}</description>"),
        an_item(f"<description>{escape('<a b=' * 20_000)}</description>"),
        an_item(f"<description>{'&amp' * 50_000}</description>"),
        an_item(f"<description>{escape('<div>' * 20_000)}</description>"),
        an_item(f"<description>{'<![CDATA[' * 20_000}</description>"),
        an_item(f"<b {'<title>' * 20_000}"),
        an_item("<title>" + "&#xD83D;" * 20_000 + "</title>"),
        "<!DOCTYPE rss [" + "<!--" * 20_000 + an_item(""),
        "<?x " * 20_000 + an_item(""),
        "<!--" * 100_000 + "<rss><channel/></rss>",
        ("<br " * 1_500 + "<!-- <rss -->") * 30,
        "<feed>" + "<x>" * 300_000,
        "<html>" + "<p>" * 300_000,
        "<br " * 20_000 + an_item(""),
        "<1" * 20_000 + an_item(""),
    ],
    ids=lambda body: body[:12] + body[-40:-20],
)
def test_expensive_markup_is_cheap(body: str) -> None:
    """Each of these is quadratic for somebody; here a second of CPU is plenty."""
    started = time.process_time()
    with suppress(ParseError):
        read(body)
    assert time.process_time() - started < 1.0


def test_cutting_never_loops_on_unclosed_sections() -> None:
    """An unclosed comment, section or instruction hides nothing behind it."""
    for opening in ("<!--", "<![CDATA[", "<?x"):
        assert len(cut_feed(f"<rss>{opening}<item></item><item></item></rss>", 0, ("item",)).items) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        an_item("<x " + " ".join(f'a{number}="1"' for number in range(100_000)) + "/>"),
        an_item(f"<description>{escape('<' * 1_000_000)}</description>"),
        an_item(f"<description>{'<' * 1_000_000}</description>"),
        an_item(f"<description>{'&amp' * 250_000}</description>"),
        an_item(f"<description>{'<p>hello <b>x</b></p>' * 1_000_000}</description>"),
        a_feed("<item><title>t</title><pubDate>2025-08-01</pubDate></item>" * 100_000),
        a_feed("<item>" * 300_000),
        '{"version":"x","items":[' + '{"id":"1"},' * 1_000_000 + '{"id":"2"}]}',
    ],
    ids=["attributes", "angles", "raw angles", "ampersands", "20 MB", "100k items", "300k openings", "1M of JSON"],
)
async def test_monsters_end_and_the_next_feed_is_read(body: str) -> None:
    """Full size, through the pool: an answer or a killed child, and the next body is read."""
    pool = ParserPool(size=1)

    async def parse(text: str) -> ParsedFeed:
        return await pool.parse(text.encode(), content_type="", url="https://outlet.example/", known=frozenset())

    try:
        with suppress(ParseError):
            assert len((await parse(body)).items) <= caps.MAX_ITEMS
        assert len((await asyncio.wait_for(parse(an_item("<title>next</title>")), 10)).items) == 1
    finally:
        await pool.close()
