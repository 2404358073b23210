"""One feed through one poll: what is published, what is remembered, and in which order."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from tests.connectors.desk import a_feed
from tests.connectors.room import Room, open_room
from tests.harness.misbehaving_server import MisbehavingServer, conditional, in_turn, raw, redirect, reply, rss
from wirewatch.errors import PublishError
from wirewatch.store import feed_memory
from wirewatch.store.leases import acquire
from wirewatch.store.quarantine import list_quarantined
from wirewatch_connectors.feeds import FeedSpec
from wirewatch_connectors.full_text import FullText
from wirewatch_connectors.moving import MOVES_BEFORE_TRUST
from wirewatch_connectors.reasons import FetchReason
from wirewatch_connectors.remembering import Rememberer
from wirewatch_connectors.robots import RobotsRules
from wirewatch_connectors.shapes import FetchedBody

ONE = rss(("1", "Storm"))
NOISE = random.Random(1).randbytes(200_000)
TWO = rss(("2", "Calm"), ("1", "Storm"))


@pytest.fixture
async def room(tmp_path: Path, server: MisbehavingServer) -> AsyncIterator[Room]:
    """A polling room that reaches the server."""
    async with open_room(tmp_path, server) as opened:
        yield opened


@pytest.fixture
def feed(server: MisbehavingServer) -> FeedSpec:
    """A feed at `/rss` of the server."""
    return replace(a_feed(), url=server.url("/rss"))


async def test_what_is_new_is_published_and_nothing_twice(
    room: Room, server: MisbehavingServer, feed: FeedSpec
) -> None:
    """Two polls of a feed that grew: each article once."""
    server.on("/rss", in_turn(reply(200, ONE), reply(200, TWO)))
    for _ in range(4):
        await room.poll(feed)
    assert room.titles() == ["Storm", "Calm"]


async def test_a_304_moves_nothing_but_the_clock(room: Room, server: MisbehavingServer, feed: FeedSpec) -> None:
    """The second poll brings the ETag, is answered 304, and the parser is not asked."""
    server.on("/rss", conditional(ONE, etag='"v1"'))
    await room.poll(feed)
    taken = await room.poll(feed)
    assert server.hits[1].headers["if-none-match"] == '"v1"'
    assert taken.memory.outcome == "not_modified"
    assert (room.titles(), room.parser.parsed) == (["Storm"], 1)


async def test_the_same_body_again_is_not_read_again(room: Room, server: MisbehavingServer, feed: FeedSpec) -> None:
    """A host that knows no ETag costs us a hash, no more."""
    server.on("/rss", reply(200, ONE))
    await room.poll(feed)
    taken = await room.poll(feed)
    assert taken.memory.outcome == "unchanged"
    assert (room.titles(), room.parser.parsed) == (["Storm"], 1)


async def test_a_log_that_refuses_leaves_the_memory_where_it_was(
    room: Room, server: MisbehavingServer, feed: FeedSpec
) -> None:
    """Nothing durable, nothing remembered: no ETag goes out at the next poll, and the article arrives."""
    server.on("/rss", conditional(ONE, etag='"v1"'))
    room.publisher.refusing = True
    with pytest.raises(PublishError):
        await room.poll(feed)
    assert await room.memory(feed.id) is None
    room.publisher.refusing = False
    await room.poll(feed)
    assert "if-none-match" not in server.hits[1].headers
    assert room.titles() == ["Storm"]
    assert room.publisher.published[0].history


async def test_a_crash_between_log_and_memory_repeats_the_same_article(
    room: Room, server: MisbehavingServer, feed: FeedSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The article goes out again under the same id and revision, which the log absorbs."""
    server.on("/rss", conditional(ONE, etag='"v1"'))

    def crash(*_: object) -> None:
        raise OperationalError("crash", None, Exception())

    with monkeypatch.context() as patched:
        patched.setattr("wirewatch_connectors.remembering.save_moves", crash)
        with pytest.raises(OperationalError):
            await room.poll(feed)
    assert await room.memory(feed.id) is None
    await room.poll(feed)
    first, again = room.publisher.published
    assert (first.id, first.revision, first.history) == (again.id, again.revision, again.history)


async def test_remembering_before_publishing_loses_articles(
    room: Room, server: MisbehavingServer, feed: FeedSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: with the order turned round, the refused article never arrives. So the tests above can fail."""
    server.on("/rss", conditional(ONE, etag='"v1"'))
    publish = room.publisher.publish

    async def too_late(articles: object) -> None:
        if room.publisher.refusing:
            return  # says that it is durable, and it is not
        await publish(articles)  # type: ignore[arg-type]

    monkeypatch.setattr(room.publisher, "publish", too_late)
    room.publisher.refusing = True
    await room.poll(feed)
    room.publisher.refusing = False
    await room.poll(feed)
    assert room.titles() == []


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Please log in</body></html>",
        b"502 Bad Gateway",
        b"",
        b"x",
        b"\x89PNG\r\n\x1a\n" + bytes(5000),
        NOISE,
    ],
    ids=["login page", "proxy text", "nothing", "one byte", "picture", "noise"],
)
async def test_what_is_no_feed_leaves_everything_seen_untouched(
    room: Room, server: MisbehavingServer, feed: FeedSpec, body: bytes
) -> None:
    """A login page, a proxy's text, nothing, a picture: `not_a_feed`; when the feed is back, nothing is news again."""
    server.on(
        "/rss", in_turn(reply(200, ONE, {"ETag": '"v1"'}), reply(200, body, {"ETag": '"login"'}), reply(200, TWO))
    )
    await room.poll(feed)
    taken = await room.poll(feed)
    assert taken.failed
    assert taken.memory.outcome == "not_a_feed"
    assert taken.memory.etag == '"v1"'
    await room.poll(feed)
    assert room.titles() == ["Storm", "Calm"]
    memory = await room.memory(feed.id)
    assert memory is not None
    assert (memory.error, memory.failures) == ("", 0)


async def test_a_failing_feed_is_backed_off_and_comes_back_by_itself(
    room: Room, server: MisbehavingServer, feed: FeedSpec
) -> None:
    """Each 404 doubles the wait up to a day, with its reason; one 200 sets all right."""
    server.on("/rss", in_turn(*[reply(404)] * 9, reply(200, ONE)))
    waits = []
    for _ in range(9):
        taken = await room.poll(feed)
        assert taken.memory.outcome == FetchReason.NOT_FOUND
        assert taken.memory.next_poll_at is not None
        waits.append(taken.wait_seconds)
    assert waits[1] > 1.5 * waits[0]
    assert 86_400 <= waits[-1] <= 1.1 * 86_400
    taken = await room.poll(feed)
    assert not taken.failed
    assert taken.wait_seconds <= feed.max_interval_seconds * 1.1


async def test_a_feed_that_is_gone_says_so_and_recovers(room: Room, server: MisbehavingServer, feed: FeedSpec) -> None:
    """410 is a state of its own, asked again after a week; a 200 ends it."""
    server.on("/rss", in_turn(reply(200, ONE), reply(410), reply(200, TWO)))
    await room.poll(feed)
    taken = await room.poll(feed)
    assert taken.memory.gone
    assert taken.wait_seconds >= 7 * 86_400
    taken = await room.poll(feed)
    assert not taken.memory.gone
    assert room.titles() == ["Storm", "Calm"]


@pytest.mark.parametrize(
    ("asked", "least", "most"), [("10", 60, 1_200), ("7200", 7_200, 7_200), ("1000000000", 86_400, 86_400)]
)
async def test_retry_after_moves_the_next_poll(
    room: Room, server: MisbehavingServer, feed: FeedSpec, asked: str, least: float, most: float
) -> None:
    """A host that asks for time gets it, between a minute and a day."""
    server.on("/rss", reply(429, b"", {"Retry-After": asked}))
    taken = await room.poll(feed)
    assert least <= taken.wait_seconds <= most


async def test_a_permanent_move_is_trusted_after_repeated_successes_only(
    room: Room, server: MisbehavingServer, feed: FeedSpec
) -> None:
    """The old address is asked three times, then the new one; when the new one fails, the old one is asked again."""
    server.on("/rss", redirect("/new", 301))
    server.on("/new", reply(200, ONE))
    for _ in range(MOVES_BEFORE_TRUST):
        await room.poll(feed)
    assert server.counts["/rss"] == MOVES_BEFORE_TRUST
    await room.poll(feed)
    await room.poll(feed)
    assert server.counts["/rss"] == MOVES_BEFORE_TRUST
    server.on("/new", reply(404))
    await room.poll(feed)
    await room.poll(feed)
    assert server.counts["/rss"] == MOVES_BEFORE_TRUST + 1


async def test_a_permanent_move_to_a_blocked_host_is_never_learned(
    room: Room, server: MisbehavingServer, feed: FeedSpec
) -> None:
    """A redirect into a private network fails each time, and the stored address stays."""
    server.on("/rss", redirect("http://10.0.0.1/rss", 301))
    for _ in range(MOVES_BEFORE_TRUST + 1):
        taken = await room.poll(feed)
        assert taken.memory.outcome == FetchReason.BLOCKED_ADDRESS
        assert taken.memory.moved_to == ""


async def test_another_url_in_the_configuration_forgets_validators_and_keeps_what_was_seen(
    room: Room, server: MisbehavingServer, feed: FeedSpec
) -> None:
    """An operator who mends the URL gets no old news: the ETag is not sent, the items are known."""
    server.on("/rss", conditional(ONE, etag='"v1"'))
    server.on("/new", conditional(TWO, etag='"v1"'))
    await room.poll(feed)
    await room.poll(replace(feed, url=server.url("/new")))
    assert "if-none-match" not in server.hits[1].headers
    assert room.titles() == ["Storm", "Calm"]


async def test_a_document_cut_short_is_asked_for_whole_again(
    room: Room, server: MisbehavingServer, feed: FeedSpec
) -> None:
    """Eight of ten items arrive and give no ETag to hide behind; the two missing ones arrive next time, once."""
    whole = rss(*((str(number), f"News {number}") for number in range(10)))
    cut = whole[: whole.index(b"<item><guid isPermaLink='false'>8") + 20]
    server.on("/rss", in_turn(reply(200, cut, {"ETag": '"v1"'}), conditional(whole, etag='"v1"')))
    await room.poll(feed)
    assert len(room.titles()) == 8
    await room.poll(feed)
    await room.poll(feed)
    assert sorted(room.titles()) == [f"News {number}" for number in range(10)]


async def test_a_feed_that_is_always_degraded_still_gets_its_304s(
    room: Room, server: MisbehavingServer, feed: FeedSpec
) -> None:
    """The same broken body twice is how this feed is: from then on its ETag is used."""
    server.on("/rss", conditional(ONE.replace(b"</channel></rss>", b""), etag='"v1"'))
    await room.poll(feed)
    await room.poll(feed)
    taken = await room.poll(feed)
    assert taken.memory.outcome == "not_modified"
    assert room.titles() == ["Storm"]


async def test_a_host_that_breaks_the_protocol_on_304_is_asked_plainly_next(
    room: Room, server: MisbehavingServer, feed: FeedSpec
) -> None:
    """A body behind a 304 fails one poll; the next one goes without conditions, so the feed is not lost for good."""
    rotten = raw(b"HTTP/1.1 304 Not Modified\r\n\r\n<rss>surprise</rss>")
    server.on("/rss", in_turn(reply(200, ONE, {"ETag": '"v1"'}), rotten, conditional(TWO, etag='"v1"')))
    for _ in range(3):
        await room.poll(feed)
    assert room.titles() == ["Storm", "Calm"]


async def test_a_suspected_gap_is_counted_and_polled_sooner(
    room: Room, server: MisbehavingServer, feed: FeedSpec
) -> None:
    """When no item is shared with the last poll, the feed moves faster than we do."""
    feed = replace(feed, min_interval_seconds=300.0)
    other = rss(("8", "Later"), ("9", "Latest"))
    server.on("/rss", in_turn(reply(200, ONE), reply(200, other)))
    first = await room.poll(feed)
    second = await room.poll(feed)
    assert room.count("feed_gap_suspected", feed=feed.id) == 1
    assert second.wait_seconds < first.wait_seconds
    assert second.wait_seconds < 1.1 * 300


async def test_the_first_items_of_an_empty_feed_are_news_and_no_gap(
    room: Room, server: MisbehavingServer, feed: FeedSpec
) -> None:
    """Nothing was missed when nothing was there; and what comes then was not there at the first poll."""
    server.on("/rss", in_turn(reply(200, rss()), reply(200, ONE)))
    await room.poll(feed)
    await room.poll(feed)
    assert room.titles() == ["Storm"]
    assert [article.history for article in room.publisher.published] == [False]
    assert room.count("feed_gap_suspected", feed=feed.id) == 0


async def test_items_that_cannot_be_read_are_kept_for_a_person(
    room: Room, server: MisbehavingServer, feed: FeedSpec
) -> None:
    """One broken item costs none of the others; its bytes and the reason are in quarantine, once."""
    body = b'{"version": "https://jsonfeed.org/version/1.1", "items": [null, 7, {"id": "1", "title": "Storm"}]}'
    server.on("/rss", in_turn(reply(200, body), reply(200, body + b" ")))
    await room.poll(feed)
    await room.poll(feed)
    with room.database.transaction() as connection:
        kept = list_quarantined(connection, feed.id)
    assert room.titles() == ["Storm"]
    assert sorted(item.raw for item in kept) == [b"7", b"null"]


async def test_every_stage_accounts_for_what_it_took(room: Room, server: MisbehavingServer, feed: FeedSpec) -> None:
    """Received = sent + dropped for fetch, parse, decide and publish, after polls of every kind."""
    server.on("/rss", in_turn(reply(200, ONE), reply(200, ONE), reply(500), reply(200, b"no feed"), reply(200, TWO)))
    for _ in range(5):
        await room.poll(feed)
    room.publisher.refusing = True
    server.on("/rss", reply(200, rss(("3", "Gale"), ("2", "Calm"))))
    with pytest.raises(PublishError):
        await room.poll(feed)
    for stage in ("fetch", "parse", "decide", "publish"):
        dropped = sum(
            sample.value
            for metric in room.metrics.stage_dropped.collect()
            for sample in metric.samples
            if sample.name.endswith("_total") and sample.labels["stage"] == stage
        )
        received, sent = (room.count(f"stage_{what}", stage=stage) for what in ("received", "sent"))
        assert received == sent + dropped > 0, stage


async def test_a_feed_that_another_poller_took_meanwhile_is_not_published(
    room: Room, server: MisbehavingServer, feed: FeedSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A poller that slept through its lease wakes up, publishes nothing and moves nothing."""
    server.on("/rss", reply(200, ONE))
    parse = room.parser.parse

    async def sleep_first(*args: object, **kwargs: object) -> object:
        room.clock.move(3600)  # type: ignore[union-attr]
        await room.database.run(acquire, "another", [feed.id], room.clock.now(), 30.0, 1)
        return await parse(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(room.parser, "parse", sleep_first)
    taken = await room.poll(feed)
    assert not taken.held
    assert room.titles() == []
    assert await room.memory(feed.id) is None


async def test_polls_that_end_together_are_remembered_in_few_transactions(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred memories that move at once share commits: one runs, the rest ride in the next."""
    commits = 0
    save = feed_memory.save_moves

    def counted(*args: object) -> frozenset[str]:
        nonlocal commits
        commits += 1
        return save(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("wirewatch_connectors.remembering.save_moves", counted)
    feeds = [f"feed-{number}" for number in range(100)]
    tokens = await room.database.run(acquire, "me", feeds, room.clock.now(), 30.0, 100)
    rememberer = Rememberer(room.database, room.clock, "me", tokens)
    moves = [feed_memory.Move(feed_memory.FeedMemory(feed_id, "https://news.example/")) for feed_id in feeds]
    assert all(await asyncio.gather(*(rememberer.move(move) for move in moves)))
    assert commits <= 3


async def test_a_memory_that_lost_its_items_does_not_tell_old_news_as_new(
    room: Room, server: MisbehavingServer, feed: FeedSpec
) -> None:
    """After a restored backup without items, what the feed shows is history again, under the ids that it had."""
    server.on("/rss", in_turn(reply(200, ONE), reply(200, TWO)))
    await room.poll(feed)
    with room.database.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM feed_items")
    await room.poll(feed)
    first, *again = room.publisher.published
    assert all(article.history for article in again)
    assert {article.title: article.id for article in again}["Storm"] == first.id


async def test_full_text_replaces_the_summary_before_the_log(
    room: Room, server: MisbehavingServer, feed: FeedSpec
) -> None:
    """Where a feed asks for it, the page's text goes out; identity and change still come from the feed."""

    async def extract(body: bytes, *, content_type: str, url: str) -> str:
        return "The whole story. " * 10

    async def fetch(url: str, *, feed_id: str, accept: str = "", max_body_bytes: int | None = None) -> FetchedBody:
        return FetchedBody(200, b"<html>" if "robots" not in url else b"", url, {"content-type": "text/html"})

    server.on("/rss", reply(200, ONE))
    room.full_text = FullText(fetch, extract, RobotsRules(room.clock, "Wirewatch/test"), room.clock, room.metrics)
    await room.poll(replace(feed, full_text=True))
    await room.poll(replace(feed, full_text=True))
    (article,) = room.publisher.published
    assert article.text.startswith("The whole story.")
