"""The two ways into the log: articles are durable when `publish` returns, or it raises."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import an_article
from tests.fakes import FakeClock
from tests.harness.kafka_nodes import free_ports
from tests.harness.streams import Engine, running_stream
from wirewatch import wire
from wirewatch.clock import SystemClock
from wirewatch.engine.fitting import encode_to_fit
from wirewatch.engine.reading import read_topic
from wirewatch.engine.sqlite.files import own
from wirewatch.engine.topics_admin import topic_name
from wirewatch.errors import EngineError, PublishError
from wirewatch.metrics import Metrics
from wirewatch.records import Article
from wirewatch.topics import ARTICLES
from wirewatch_connectors import publishing
from wirewatch_connectors.publishing import open_publisher


async def test_published_articles_are_in_the_log_under_their_id(engine: Engine) -> None:
    """The key is the article's id; the value reads back as the article."""
    settings = engine.settings()
    await engine.prepare(settings)
    publisher = open_publisher(settings, SystemClock(), Metrics())
    articles = [an_article(f"article {number}") for number in range(30)]
    await publisher.publish(articles)
    await publisher.publish([])
    await publisher.close()
    topic = topic_name(settings, ARTICLES)
    found = {record.key: record.value async for record in read_topic(settings, topic)}
    assert {key: wire.decode(Article, value, topic=topic) for key, value in found.items()} == {
        article.id.encode(): article for article in articles
    }


async def test_an_article_that_is_too_large_is_cut_and_published(engine: Engine) -> None:
    """It is in the log, marked as truncated; the broker never sees a record that it would refuse for ever."""
    settings = engine.settings()
    await engine.prepare(settings)
    publisher = open_publisher(settings, SystemClock(), Metrics())
    await publisher.publish([an_article("large", text="ä" * 2_000_000), an_article("small")])
    await publisher.close()
    topic = topic_name(settings, ARTICLES)
    found = [wire.decode(Article, record.value, topic=topic) async for record in read_topic(settings, topic)]
    assert {(article.title, article.truncated) for article in found} == {("large", True), ("small", False)}


@given(
    st.text(max_size=3_000),
    st.text(max_size=3_000),
    st.text(alphabet='\x01"\\é𝄞', max_size=3_000),
    st.integers(min_value=3_000, max_value=20_000),
)
def test_what_is_cut_always_fits(title: str, guid: str, text: str, max_bytes: int) -> None:
    """Whatever the text is made of, the encoded article is within the limit and can be read again."""
    article = an_article(title, text=text, guid=guid, authors=("a" * 500,))
    encoded = encode_to_fit(article, max_bytes)
    assert len(encoded) <= max(max_bytes, 3_000)
    assert wire.decode(Article, encoded, topic="t").id == article.id
    assert json.loads(encoded)["truncated"] is (len(wire.encode(article)) > max_bytes - 1_024)


async def test_a_publisher_is_told_who_owns_the_embedded_log(tmp_path: Path) -> None:
    """A second process cannot publish into it; the message says what to do instead."""
    settings = Engine("sqlite", "sqlite://", tmp_path).settings()
    held = own(settings.data_dir / "log.sqlite")
    with pytest.raises(EngineError, match="owned by process"):
        open_publisher(settings, FakeClock(), Metrics())
    held.release()


async def test_publisher_and_stream_share_one_log_in_either_order_of_closing(tmp_path: Path) -> None:
    """The log is closed with its last user, and then another process may own it."""
    settings = Engine("sqlite", "sqlite://", tmp_path).settings()
    early = open_publisher(settings, SystemClock(), Metrics())
    async with running_stream(settings) as stream:
        await early.publish([an_article("early")])
        await early.close()
        await stream.publish(an_article("late"))
        await stream.idle()
    own(settings.data_dir / "log.sqlite").release()


async def test_a_broker_that_is_away_fails_the_publish_and_not_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening dials nobody; publishing raises PublishError within its timeout, so that the feed's memory stays."""
    monkeypatch.setattr(publishing, "BLOCK_SECONDS", 0.2)
    (port,) = free_ports(1)
    settings = Engine("kafka", f"kafka://127.0.0.1:{port}", tmp_path).settings()
    publisher = open_publisher(settings, SystemClock(), Metrics())
    with pytest.raises(PublishError, match="1 articles could not be sent"):
        await publisher.publish([an_article("lost?")])
    await publisher.close()


async def test_a_broker_that_accepts_and_never_answers_fails_the_publish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A black hole is a failure within the timeout, not a poll that hangs."""
    monkeypatch.setattr(publishing, "BLOCK_SECONDS", 0.3)
    hole = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = hole.sockets[0].getsockname()[1]
    settings = Engine("kafka", f"kafka://127.0.0.1:{port}", tmp_path).settings()
    publisher = open_publisher(settings, SystemClock(), Metrics())
    with pytest.raises(PublishError, match="1 articles could not be sent"):
        await publisher.publish([an_article("lost?")])
    await publisher.close()
    hole.close()
