"""The schedule: who is polled when, what pauses everything, and what never does."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from tests.connectors.desk import a_feed
from tests.connectors.room import Room, open_room
from tests.harness.misbehaving_server import (
    MisbehavingServer,
    Request,
    conditional,
    reply,
    rss,
    serve_misbehaving,
    silent,
)
from wirewatch.clock import SystemClock
from wirewatch.store.feed_health import FeedState, feed_health
from wirewatch.store.feed_memory import load_memories
from wirewatch_connectors import rounds
from wirewatch_connectors.feeds import FeedSpec

ONE = rss(("1", "Storm"))
TWO = rss(("2", "Calm"), ("1", "Storm"))


@pytest.fixture
async def room(tmp_path: Path, server: MisbehavingServer) -> AsyncIterator[Room]:
    """A polling room on the machine's clock."""
    async with open_room(tmp_path, server, clock=SystemClock()) as opened:
        yield opened


def quick(server: MisbehavingServer, feed_id: str, path: str = "/rss", seconds: float = 0.05) -> FeedSpec:
    """Build a feed that is polled again and again."""
    return replace(
        a_feed(feed_id),
        url=server.url(path),
        interval_seconds=seconds,
        min_interval_seconds=seconds,
        max_interval_seconds=seconds,
        tell_history=True,
    )


async def until(condition: object, task: asyncio.Task[None]) -> None:
    """Let the poller work until something is true."""
    async with asyncio.timeout(20):
        while not condition():  # type: ignore[operator]
            if task.done():
                task.result()
                raise AssertionError("the poller ended")
            await asyncio.wait({task}, timeout=0.01)


async def test_once_polls_every_feed_once(room: Room, server: MisbehavingServer) -> None:
    """Good and bad feeds are each asked once; the poller returns when all is durable, and says what it did."""
    server.on("/good", reply(200, ONE))
    server.on("/bad", reply(500))
    feeds = [quick(server, "good", "/good"), quick(server, "bad", "/bad"), quick(server, "absent", "/absent")]
    await room.poller(feeds).run(asyncio.Event(), once=True)
    assert room.titles() == ["Storm"]
    assert dict(server.counts) == {"/good": 1, "/bad": 1, "/absent": 1}
    assert room.said[-1] == "Polled 3 times, 1 articles."
    up = {feed.id: room.metrics.registry.get_sample_value("wirewatch_feed_up", {"feed": feed.id}) for feed in feeds}
    assert up == {"good": 1.0, "bad": 0.0, "absent": 0.0}
    memory = await room.memory("good")
    assert memory is not None
    assert memory.outcome == "changed"


async def test_feeds_are_polled_again_and_news_arrives(room: Room, server: MisbehavingServer) -> None:
    """The poller runs until it is told to stop; what appears meanwhile is published."""
    server.on("/rss", conditional(ONE, etag='"1"'))
    stop = asyncio.Event()
    task = asyncio.create_task(room.poller([quick(server, "quick")]).run(stop, once=False))
    await until(lambda: server.counts["/rss"] >= 3, task)
    server.on("/rss", conditional(TWO, etag='"2"'))
    await until(lambda: "Calm" in room.titles(), task)
    stop.set()
    await task
    assert room.titles() == ["Storm", "Calm"]


async def test_one_feeds_trouble_never_touches_another(room: Room, server: MisbehavingServer) -> None:
    """A feed that hangs, one that wakes a bug in the parser, one that fails: the healthy one keeps its rhythm."""
    server.on("/good", reply(200, ONE))
    server.on("/hangs", silent())
    server.on("/bug", reply(200, ONE))
    room.parser.bugs.add("bug")
    feeds = [quick(server, feed_id, f"/{feed_id}") for feed_id in ("good", "hangs", "bug", "absent")]
    stop = asyncio.Event()
    task = asyncio.create_task(room.poller(feeds).run(stop, once=False))
    await until(lambda: server.counts["/good"] >= 6 and room.count("feed_polls", feed="hangs", outcome="timeout"), task)
    stop.set()
    await task
    assert room.titles() == ["Storm"]
    assert room.count("feed_polls", feed="bug", outcome="bug") == 1
    assert server.counts["/bug"] == 1


async def test_a_log_out_of_reach_pauses_polling_and_nothing_is_lost(
    room: Room, server: MisbehavingServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the log down from the start there is no storm, one line says so, and all arrives when it is back."""
    monkeypatch.setattr(rounds, "_FIRST_PAUSE_SECONDS", 0.05)
    feeds = [quick(server, f"feed-{number}", f"/{number}") for number in range(20)]
    for number in range(20):
        server.on(f"/{number}", conditional(rss((str(number), f"News {number}")), etag='"1"'))
    room.publisher.refusing = True
    stop = asyncio.Event()
    task = asyncio.create_task(room.poller(feeds).run(stop, once=False))
    await until(lambda: any("pauses" in line for line in room.said), task)
    asked = sum(server.counts.values())
    assert asked <= 40
    room.publisher.refusing = False
    await until(lambda: len(room.titles()) == 20, task)
    stop.set()
    await task
    assert sum("pauses" in line for line in room.said) == 1
    assert any("goes on" in line for line in room.said)
    assert sum("cannot be kept" in record.getMessage() for record in caplog.records) == 1


async def test_a_step_of_the_wall_clock_neither_storms_nor_stops(
    room: Room, server: MisbehavingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day forward or back changes what is written on records, not how often feeds are asked."""
    server.on("/rss", conditional(ONE, etag='"1"'))
    stop = asyncio.Event()
    task = asyncio.create_task(room.poller([quick(server, "quick", seconds=0.1)]).run(stop, once=False))
    await until(lambda: server.counts["/rss"] >= 2, task)
    true_now = SystemClock.now
    for step in (timedelta(days=1), timedelta(days=-2)):
        monkeypatch.setattr(SystemClock, "now", lambda clock, step=step: true_now(clock) + step)
        before, started = server.counts["/rss"], room.clock.monotonic()
        await until(lambda before=before: server.counts["/rss"] >= before + 3, task)
        elapsed = room.clock.monotonic() - started
        assert server.counts["/rss"] - before <= elapsed / 0.1 + 1
    stop.set()
    await task


async def test_a_restart_waits_until_a_feed_is_due(room: Room, server: MisbehavingServer) -> None:
    """What was polled a moment ago is not polled at once again because the process is new."""
    server.on("/rss", reply(200, ONE))
    feed = quick(server, "slow", seconds=3600)
    await room.poller([feed]).run(asyncio.Event(), once=True)
    stop = asyncio.Event()
    server.on("/other", reply(200, TWO))
    task = asyncio.create_task(room.poller([feed, quick(server, "other", "/other")]).run(stop, once=False))
    await until(lambda: server.counts["/other"] >= 2, task)
    stop.set()
    await task
    assert server.counts["/rss"] == 1


async def test_a_reload_adopts_a_good_file_and_refuses_a_bad_one(room: Room, server: MisbehavingServer) -> None:
    """A new feed is polled after the signal; a broken file leaves the last good one in force, and says why."""
    for name in ("one", "two"):
        server.on(f"/{name}", conditional(rss((name, name)), etag='"1"'))
    path = room.settings.config_dir / "feeds.toml"

    def written(*names: str) -> str:
        return "".join(f'[[feed]]\nid = "{n}"\nurl = "{server.url("/" + n)}"\ninterval_seconds = 0.05\n' for n in names)

    path.write_text(written("one"), encoding="utf-8")
    stop = asyncio.Event()
    task = asyncio.create_task(room.poller([quick(server, "one", "/one")]).run(stop, once=False))
    await until(lambda: server.counts["/one"] >= 1, task)
    path.write_text(written("one", "two") + "\n[[feed]]\nid = 3\n", encoding="utf-8")
    room.reload.set()
    await until(lambda: room.count("configuration_reloads", outcome="refused"), task)
    before = server.counts["/one"]
    await until(lambda: server.counts["/one"] > before, task)
    assert server.counts["/two"] == 0
    assert any("feed[2].id" in line for line in room.said)
    path.write_text(written("two"), encoding="utf-8")
    room.reload.set()
    await until(lambda: server.counts["/two"] >= 2, task)
    stop.set()
    await task
    assert room.titles() == ["one", "two"]
    health = await room.database.run(feed_health, room.clock.now())
    assert [(feed.feed_id, feed.state) for feed in health] == [("two", FeedState.UP)]


@pytest.mark.parametrize(("alone", "counted"), [(True, 1), (False, 0)])
async def test_a_reload_is_counted_by_whoever_owns_the_signal(
    room: Room, server: MisbehavingServer, alone: bool, counted: int
) -> None:
    """`poll` counts what it adopts; in `run` the process has counted it before the connector is told."""
    server.on("/one", conditional(ONE, etag='"1"'))
    feeds = f'[[feed]]\nid = "one"\nurl = "{server.url("/one")}"\n'
    (room.settings.config_dir / "feeds.toml").write_text(feeds, encoding="utf-8")
    room.alone = alone
    stop = asyncio.Event()
    task = asyncio.create_task(room.poller([quick(server, "one", "/one")]).run(stop, once=False))
    room.reload.set()
    await until(lambda: any("again" in line for line in room.said), task)
    stop.set()
    await task
    assert room.count("configuration_reloads", outcome="adopted") == counted


async def test_stopping_ends_the_polls_in_hand(room: Room, server: MisbehavingServer) -> None:
    """A feed that hangs does not hold up the end; its memory has not moved, its lease is free."""
    server.on("/rss", silent())
    stop = asyncio.Event()
    task = asyncio.create_task(room.poller([quick(server, "hangs")]).run(stop, once=False))
    await until(lambda: server.counts["/rss"] == 1, task)
    stop.set()
    async with asyncio.timeout(5):
        await task
    assert await room.memory("hangs") is None
    assert [health.poller for health in await room.database.run(feed_health, room.clock.now())] == [""]


async def test_a_second_poller_takes_over_and_nothing_is_lost(tmp_path: Path, server: MisbehavingServer) -> None:
    """On SQLite the newest process polls; what it repeats from the moment of the change has the same ids."""
    feeds = [quick(server, f"feed-{number}", f"/{number}") for number in range(10)]
    for number in range(10):
        server.on(f"/{number}", conditional(rss((str(number), f"News {number}")), etag='"1"'))
    async with open_room(tmp_path, server, clock=SystemClock()) as room:
        one, two = room.poller(feeds), room.poller(feeds)
        stop_one, stop_two = asyncio.Event(), asyncio.Event()
        first = asyncio.create_task(one.run(stop_one, once=False))
        await until(lambda: len(room.titles()) == 10, first)
        second = asyncio.create_task(two.run(stop_two, once=False))
        await until(lambda: len(two._leases.tokens) == 10, second)
        stop_one.set()
        await first
        server.on("/3", conditional(rss(("new", "Fresh"), ("3", "News 3")), etag='"2"'))
        await until(lambda: "Fresh" in room.titles(), second)
        stop_two.set()
        await second
    titles = {article.id: article.title for article in room.publisher.published}
    assert sorted(titles.values()) == sorted([*(f"News {number}" for number in range(10)), "Fresh"])


async def test_a_slow_host_does_not_hold_up_other_hosts(tmp_path: Path, server: MisbehavingServer) -> None:
    """Fifty feeds of a host that hangs leave the feeds of another host their rhythm."""
    async with serve_misbehaving(host="127.0.0.3") as slow:
        slow.on("/rss", silent())
        server.on("/rss", conditional(ONE, etag='"1"'))
        feeds = [quick(slow, f"slow-{number}", f"/rss?{number}") for number in range(50)]
        async with open_room(tmp_path, server, slow, clock=SystemClock()) as room:
            stop = asyncio.Event()
            task = asyncio.create_task(room.poller([*feeds, quick(server, "good")]).run(stop, once=False))
            await until(lambda: server.counts["/rss"] >= 5, task)
            stop.set()
            await task


async def test_a_poller_that_was_paused_forgets_nothing_of_its_feeds(room: Room, server: MisbehavingServer) -> None:
    """A lease that looks stale costs one poll, not the memory: what comes next is news, not a first poll's history."""
    server.on("/rss", conditional(ONE, etag='"1"'))
    poller = room.poller([quick(server, "quick")])
    stop = asyncio.Event()
    task = asyncio.create_task(poller.run(stop, once=False))
    await until(lambda: server.counts["/rss"] >= 2, task)
    poller._leases._spoke_at = float("-inf")  # as after a long SIGSTOP
    server.on("/rss", conditional(TWO, etag='"2"'))
    await until(lambda: room.count("stage_dropped", stage="publish", reason="stopped") == 1, task)
    poller._beat_at = float("-inf")
    poller._due.plan("quick", 0.0)
    poller._wake.set()
    await until(lambda: "Calm" in room.titles(), task)
    stop.set()
    await task
    assert [article.history for article in room.publisher.published] == [True, False]


async def test_memories_that_could_not_be_read_are_read_at_the_next_heartbeat(
    room: Room, server: MisbehavingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that fails just after the leases were taken leaves no feed unpolled for ever, and none polled blindly."""
    server.on("/rss", reply(200, ONE))
    load, failures = load_memories, [1]

    def fail_once(*args: object) -> object:
        if failures.pop() if failures else 0:
            raise OperationalError("disk I/O error", None, Exception())
        return load(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(rounds, "load_memories", fail_once)
    monkeypatch.setattr(rounds, "HEARTBEAT_SECONDS", 0.1)
    stop = asyncio.Event()
    task = asyncio.create_task(room.poller([quick(server, "quick")]).run(stop, once=False))
    await until(lambda: room.titles() == ["Storm"], task)
    stop.set()
    await task
    assert failures == []


async def test_no_more_feeds_are_in_hand_than_there_are_connections(room: Room, server: MisbehavingServer) -> None:
    """Fifty feeds and four connections: all are polled again and again, four at a time, in the order they fell due."""
    asked: list[str] = []
    inside = most = 0
    answer = conditional(ONE, etag='"1"')

    async def counting(request: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal inside, most
        asked.append(request.path)
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0)
        await answer(request, writer)
        inside -= 1

    feeds = [quick(server, f"feed-{number}", f"/{number}") for number in range(50)]
    for number in range(50):
        server.on(f"/{number}", counting)
    room.settings = replace(room.settings, fetch=replace(room.settings.fetch, max_connections=4))
    poller = room.poller(feeds)
    stop = asyncio.Event()
    task = asyncio.create_task(poller.run(stop, once=False))
    await until(lambda: len(asked) >= 200, task)
    assert len(poller._running) <= 4
    stop.set()
    await task
    assert most <= 4
    counts = Counter(asked)
    assert len(counts) == 50
    assert max(counts.values()) - min(counts.values()) <= 2


async def test_feeds_that_wait_for_their_host_leave_the_connections_to_others(
    tmp_path: Path, server: MisbehavingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty feeds of one spaced host, two connections: a feed of another host keeps its rhythm all the same."""
    server.on("/rss", conditional(ONE, etag='"1"'))
    async with serve_misbehaving(host="127.0.0.3") as spaced, open_room(tmp_path, server, spaced) as made:
        made.clock = SystemClock()
        fetch = replace(made.settings.fetch, max_connections=2, host_spacing_seconds=5.0)
        made.settings = replace(made.settings, fetch=fetch)
        monkeypatch.setattr(rounds, "_own_hosts", lambda context, feed_list: frozenset({"127.0.0.1"}))
        spaced.on("/rss", reply(200, TWO))
        feeds = [quick(spaced, f"spaced-{number}", f"/rss?{number}", seconds=0.0) for number in range(20)]
        stop = asyncio.Event()
        task = asyncio.create_task(made.poller([*feeds, quick(server, "good")]).run(stop, once=False))
        await until(lambda: server.counts["/rss"] >= 5, task)
        assert sum(spaced.counts.values()) == 1
        stop.set()
        await task


async def test_once_asks_a_feed_again_neither_at_once_nor_at_all(room: Room, server: MisbehavingServer) -> None:
    """With `once` every feed is due, also one that its memory puts off; each is asked once."""
    server.on("/rss", conditional(ONE, etag='"1"'))
    feed = quick(server, "slow", seconds=3600.0)
    for polls in (1, 2):
        await room.poller([feed]).run(asyncio.Event(), once=True)
        assert server.counts["/rss"] == polls
