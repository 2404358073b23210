"""How fast a feed of fifty items is read, ours and feedparser's default in turn, on feeds generated afresh.

`python -m tests.bench.parsing` prints one line a feed: feedparser's milliseconds, ours (in this process, and through a
parser child), and the ratios, with all fifty items new and with two of fifty new. Both give text without active
content.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import random
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from html import escape

import feedparser

from wirewatch_connectors.parsing.pool import ParserPool
from wirewatch_connectors.parsing.reading import read_feed

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ITEMS = 50
_VOCABULARY = """
harbour council ferry storm inquiry minister budget tram bridge market court union strike vote river tunnel archive
festival museum school hospital reactor satellite parliament treaty border convoy embassy ceasefire harvest drought the
a of in on after before under against with without for said says announced denied reported according officials
"""
_WORDS = _VOCABULARY.split()


def _sentence(dice: random.Random) -> str:
    words = [dice.choice(_WORDS) for _ in range(dice.randint(8, 24))]
    return " ".join(words).capitalize() + "."


def _paragraphs(dice: random.Random, count: int) -> str:
    parts = []
    for number in range(count):
        inner = " ".join(_sentence(dice) for _ in range(dice.randint(2, 5)))
        if number % 3 == 1:
            inner = f'<a href="https://outlet.example/{dice.randrange(10**6)}?a=1&amp;b=2">{inner}</a>'
        if number % 4 == 2:
            inner = f"<strong>{inner}</strong> &#8220;{_sentence(dice)}&#8221; &nbsp;&mdash; "
        parts.append(f'<p class="story-body__text">{inner}</p>')
    picture = f'<figure><img src="https://img.example/{dice.randrange(10**6)}.jpg" width="640" alt="A view"/></figure>'
    return picture + "\n".join(parts) + '<div class="share"><a href="#"><span>Share</span></a></div>'


def make_rss(seed: int, paragraphs: int, *, cdata: bool) -> bytes:
    """Write an RSS 2.0 feed with HTML in `description` and `content:encoded`."""
    dice = random.Random(seed)
    items = []
    for number in range(ITEMS):
        content = _paragraphs(dice, paragraphs)
        wrapped = f"<![CDATA[{content}]]>" if cdata else escape(content)
        when = NOW - timedelta(hours=number)
        items.append(
            f"<item><title>{escape(_sentence(dice))}</title><link>https://outlet.example/{seed}/{number}</link>"
            f'<guid isPermaLink="false">tag:{seed}-{number}</guid>'
            f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
            f"<dc:creator>Staff Writer {dice.randrange(9)}</dc:creator><category>World</category>"
            f"<description>{escape(_paragraphs(dice, 1))}</description><content:encoded>{wrapped}</content:encoded>"
            f'<media:thumbnail url="https://img.example/{number}.jpg"/></item>'
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title>Outlet {seed}</title><link>https://outlet.example/</link><language>en-gb</language>{''.join(items)}"
        "</channel></rss>"
    ).encode()


def make_atom(seed: int, paragraphs: int) -> bytes:
    """Write an Atom 1.0 feed with HTML content."""
    dice = random.Random(seed)
    entries = "".join(
        f'<entry><id>tag:{seed}-{number}</id><title type="html">{escape(_sentence(dice))}</title>'
        f'<link rel="alternate" type="text/html" href="https://wire.example/{seed}/{number}"/>'
        f"<published>{NOW - timedelta(hours=number):%Y-%m-%dT%H:%M:%SZ}</published>"
        f"<updated>{NOW - timedelta(hours=number):%Y-%m-%dT%H:%M:%SZ}</updated><author><name>Wire Desk</name></author>"
        f'<summary type="html">{escape(_paragraphs(dice, 1))}</summary>'
        f'<content type="html">{escape(_paragraphs(dice, paragraphs))}</content></entry>'
        for number in range(ITEMS)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title>'
        f"<id>tag:{seed}</id><updated>2026-01-01T00:00:00Z</updated>{entries}</feed>"
    ).encode()


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await work()
    return (time.perf_counter() - started) * 1000


async def measure(name: str, body: bytes, rounds: int, pool: ParserPool) -> tuple[float, float]:
    """Read one feed in turn with each, and print the medians."""
    url = "https://outlet.example/feed"
    fresh = read_feed(body, content_type="", url=url, known=frozenset(), now=NOW)
    assert len(fresh.items) == ITEMS
    assert all(item.text for item in fresh.items)
    known = frozenset(item.fingerprint for item in fresh.items[2:])

    async def peer() -> object:
        return feedparser.parse(io.BytesIO(body), response_headers={"content-type": "application/xml; charset=utf-8"})

    def here(prints: frozenset[str]) -> Callable[[], Awaitable[object]]:
        async def work() -> object:
            return read_feed(body, content_type="", url=url, known=prints, now=NOW)

        return work

    def child(prints: frozenset[str]) -> Callable[[], Awaitable[object]]:
        return lambda: pool.parse(body, content_type="", url=url, known=prints)

    ways = (peer, here(frozenset()), here(known), child(frozenset()), child(known))
    times: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for way, taken in zip(ways, times, strict=True):
            taken.append(await _timed(way))
    theirs, all_here, two_here, all_child, two_child = (statistics.median(taken) for taken in times)
    print(
        f"{name:24} {len(body) / 1024:7.0f} {theirs:9.1f} {all_here:8.2f} {theirs / all_here:6.1f}x {all_child:8.2f} "
        f"{theirs / all_child:6.1f}x "
        f"{two_here:8.2f} {theirs / two_here:6.1f}x {two_child:8.2f} {theirs / two_child:6.1f}x"
    )
    return theirs / all_child, theirs / two_child


async def main() -> None:
    """Measure all feeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seed", type=int, default=0, help="0: other feeds in every run")
    options = parser.parse_args()
    seed = options.seed or random.SystemRandom().randrange(10**6)
    print(f"seed {seed}; milliseconds, median of {options.rounds} rounds in turn; × is feedparser's time over ours")
    columns = ("feedparser", "50 new", "", "in child", "", "2 new", "", "in child", "")
    print(f"{'feed of 50 items':24} {'kB':>7} " + " ".join(f"{column:>8}" for column in columns))
    feeds = {
        "headlines (RSS)": make_rss(seed, 1, cdata=True),
        "stories (RSS, CDATA)": make_rss(seed + 1, 8, cdata=True),
        "stories (RSS, escaped)": make_rss(seed + 2, 8, cdata=False),
        "long reads (RSS)": make_rss(seed + 3, 30, cdata=True),
        "stories (Atom)": make_atom(seed + 4, 8),
    }
    pool = ParserPool(size=1)
    try:
        ratios = [await measure(name, body, options.rounds, pool) for name, body in feeds.items()]
    finally:
        await pool.close()
    all_new, two_new = (min(column) for column in zip(*ratios, strict=True))
    print(f"least, through a child: {all_new:.1f}x when all are new, {two_new:.1f}x when two are")


if __name__ == "__main__":
    asyncio.run(main())
