"""Parser processes: what they may do, how they die, and that nobody else notices."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.connectors.parsing.reading_feeds import FEEDS, NOW, URL, a_feed, an_item, read
from tests.fakes import FakeClock
from wirewatch.errors import ParseError
from wirewatch.metrics import Metrics
from wirewatch_connectors.parsing.children import ParserLimits
from wirewatch_connectors.parsing.pool import ParserPool
from wirewatch_connectors.shapes import ParsedFeed

#: Takes half a second or so to read.
_SLOW = a_feed("<item><title>t</title><pubDate>2025-08-01</pubDate></item>" * 20_000).encode()
_QUICK = an_item("<title>quick</title>").encode()


async def _parse(pool: ParserPool, body: bytes = _QUICK) -> ParsedFeed:
    return await pool.parse(body, content_type="", url=URL, known=frozenset(), feed_id="harbour-courier")


def _restarts(metrics: Metrics, reason: str) -> float:
    return metrics.registry.get_sample_value("wirewatch_parser_restarts_total", {"reason": reason}) or 0.0


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared_pool() -> AsyncIterator[ParserPool]:
    """A pool for tests that leave it whole."""
    pool = ParserPool(size=1, clock=FakeClock(NOW))
    yield pool
    await pool.close()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", sorted(path.name for path in FEEDS.iterdir()))
async def test_child_reads_what_this_process_reads(shared_pool: ParserPool, name: str) -> None:
    """Every format and encoding; confined, nothing is missing that it would have to load."""
    body = (FEEDS / name).read_bytes()
    assert await _parse(shared_pool, body) == read(body)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "body",
    [
        an_item("<title>Гавань снова открыта для судов</title>").encode("koi8-r"),
        an_item("<title>港が再開した</title><link>https://港.example/</link>").encode("shift_jis"),
        b"<rss version='2.0' xml:base='https://b\xc3\xbccher.example/'><item><link>/x</link></item></rss>",
        b"<unknown><item><title>Odd</title><link>http://a.example/</link></item></unknown>",
    ],
)
async def test_confined_child_can_do_what_needs_late_imports(shared_pool: ParserPool, body: bytes) -> None:
    """Recognising encodings, international hosts, and the fallback: each loads modules on first use."""
    assert await _parse(shared_pool, body) == read(body)


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_no_feed_is_an_error_of_its_feed(shared_pool: ParserPool) -> None:
    """It names the feed and the reason; the child lives on."""
    with pytest.raises(ParseError) as refused:
        await _parse(shared_pool, b"502 Bad Gateway")
    assert (refused.value.feed_id, refused.value.reason) == ("harbour-courier", "not_a_feed")
    assert len((await _parse(shared_pool)).items) == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_article_page_is_read_in_a_child(shared_pool: ParserPool) -> None:
    """Trafilatura finds the article between menus; a page without one gives nothing."""
    sentence = "The harbour opened again on Tuesday after two days of storm, the council said. "
    page = f"<html><body><nav>Menu</nav><article><h1>Reopened</h1><p>{sentence * 5}</p></article></body></html>"
    text = await shared_pool.extract_page(page.encode(), content_type="text/html", url="https://a.example/b")
    assert sentence.strip() in text
    assert "Menu" not in text
    assert await shared_pool.extract_page(b"<html></html>", content_type="text/html", url="https://a.example/b") == ""


@pytest.mark.slow
async def test_body_that_takes_too_long_is_its_feeds_error_and_the_next_is_read() -> None:
    """The child is killed and replaced, and counted."""
    metrics = Metrics()
    pool = ParserPool(size=1, limits=ParserLimits(wall_seconds=3.0), metrics=metrics)
    try:
        assert len((await _parse(pool)).items) == 1
        with pytest.raises(ParseError) as refused:
            await _parse(pool, _SLOW * 40)
        assert refused.value.reason == "parser_timeout"
        assert _restarts(metrics, "timeout") == 1
        assert len((await _parse(pool)).items) == 1
    finally:
        await pool.close()


@pytest.mark.slow
async def test_body_that_needs_too_much_cpu_ends_its_child_only() -> None:
    """The kernel ends it at its limit, whatever the wall clock says."""
    pool = ParserPool(size=1, limits=ParserLimits(cpu_seconds=0))
    try:
        with pytest.raises(ParseError) as refused:
            await _parse(pool, _SLOW * 30)
        assert refused.value.reason == "parser_timeout"
        assert len((await _parse(pool)).items) == 1
    finally:
        await pool.close()


@pytest.mark.slow
async def test_body_that_needs_too_much_memory_ends_its_child_only() -> None:
    """RLIMIT_AS: the feed is in error, the next one is read by a fresh child."""
    metrics = Metrics()
    pool = ParserPool(size=1, limits=ParserLimits(address_space_bytes=400 * 1024 * 1024), metrics=metrics)
    try:
        assert len((await _parse(pool)).items) == 1
        with pytest.raises(ParseError) as refused:
            await _parse(pool, an_item(f"<description>{'x' * 100_000_000}</description>").encode())
        assert refused.value.reason in ("parser_too_big", "parser_died")
        assert _restarts(metrics, "too_big") + _restarts(metrics, "died") == 1
        assert len((await _parse(pool)).items) == 1
    finally:
        await pool.close()


async def test_child_killed_while_idle_costs_no_feed() -> None:
    """The out-of-memory killer may come at any time; the next body goes to a fresh child, and it is counted."""
    metrics = Metrics()
    pool = ParserPool(size=1, metrics=metrics)
    try:
        await _parse(pool)
        os.kill(pool._feeds._idle[0].process.pid, signal.SIGKILL)
        assert len((await _parse(pool)).items) == 1
        assert _restarts(metrics, "died") == 1
    finally:
        await pool.close()


async def test_child_killed_at_work_costs_its_feed_only() -> None:
    """The parent lives, the feed is in error, the next feed is read."""
    pool = ParserPool(size=1)
    try:
        working = asyncio.create_task(_parse(pool, _SLOW * 5))
        async with asyncio.timeout(30):
            while not pool._feeds.pids:  # noqa: ASYNC110  # the pool tells nobody when it starts a child
                await asyncio.sleep(0)
        os.kill(pool._feeds.pids[0], signal.SIGKILL)
        with pytest.raises(ParseError) as refused:
            await working
        assert refused.value.reason == "parser_died"
        assert len((await _parse(pool)).items) == 1
    finally:
        await pool.close()


async def test_cancelled_question_leaves_no_answer_for_the_next() -> None:
    """A child in the middle of something is never asked again."""
    pool = ParserPool(size=1)
    try:
        await _parse(pool)
        working = asyncio.create_task(_parse(pool, _SLOW))
        await asyncio.sleep(0)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
        assert [item.title for item in (await _parse(pool)).items] == ["quick"]
    finally:
        await pool.close()


async def test_slow_body_holds_up_neither_the_loop_nor_other_feeds() -> None:
    """While one child works, another answers."""
    pool = ParserPool(size=2)
    try:
        slow = asyncio.create_task(_parse(pool, _SLOW))
        quick = asyncio.create_task(_parse(pool))
        done, _ = await asyncio.wait((slow, quick), return_when=asyncio.FIRST_COMPLETED)
        assert done == {quick}
        assert len((await slow).items) == 2000
    finally:
        await pool.close()


@pytest.mark.slow
async def test_child_is_replaced_after_so_many_bodies() -> None:
    """What leaks, leaks that long."""
    pool = ParserPool(size=1, limits=ParserLimits(bodies_per_child=2))
    try:
        await _parse(pool)
        first = pool._feeds.pids
        await _parse(pool)
        await _parse(pool)
        assert pool._feeds.pids != first
    finally:
        await pool.close()


def _environment_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


async def test_child_has_no_environment_worth_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets of the parent stay with the parent."""
    monkeypatch.setenv("WIREWATCH_TEST_SECRET", "hunter2")
    pool = ParserPool(size=1)
    try:
        await _parse(pool)
        environment = _environment_of(pool._feeds.pids[0])
        assert b"hunter2" not in environment
        assert b"PATH=" in environment
    finally:
        await pool.close()


async def test_closing_ends_every_child() -> None:
    """No process outlives its pool."""
    pool = ParserPool(size=1)
    await _parse(pool)
    (pid,) = pool._feeds.pids
    await pool.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


_PROBE = """
import os, resource, socket, sys
from wirewatch_connectors.parsing.child import confine
if sys.argv[1] == "confined":
    confine(2, 1 << 30)
for attempt in (lambda: open("/etc/hostname"), lambda: socket.socket(), lambda: os.pipe()):
    try:
        attempt()
        print("opened", flush=True)
    except OSError as error:
        print(error.errno, flush=True)
"""


@pytest.mark.parametrize(("way", "answers"), [("confined", {"24"}), ("free", {"opened"})])
def test_confined_process_opens_neither_file_nor_socket(way: str, answers: set[str]) -> None:
    """24 is EMFILE: no descriptor is left to open anything with. Without confinement all three open."""
    probe = subprocess.run([sys.executable, "-c", _PROBE, way], capture_output=True, text=True, timeout=60, check=True)
    assert set(probe.stdout.split()) == answers
