"""The connector on the sample wire: the first whole walk from feeds to a publisher."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes import FakePublisher
from wirewatch.clock import SystemClock
from wirewatch.configuration import Problems
from wirewatch.connecting import ConnectorContext
from wirewatch.metrics import Metrics
from wirewatch.sample_wire.serving import serve_sample_wire
from wirewatch.sample_wire.story import load_story
from wirewatch.settings import load_settings
from wirewatch.store.database import open_database
from wirewatch_connectors.polling import RssConnector


@pytest.fixture
async def context(tmp_path: Path) -> AsyncIterator[ConnectorContext]:
    """A connector's context with the sample wire told whole, and no feed besides."""
    config, data = tmp_path / "config", tmp_path / "var"
    config.mkdir()
    (config / "settings.toml").write_text("sample_wire = true\n", encoding="utf-8")
    (config / "feeds.toml").write_text("", encoding="utf-8")
    problems = Problems()
    settings = load_settings(config, data, {}, problems)
    problems.raise_if_any()
    database = open_database("sqlite://", data)
    clock = SystemClock()
    async with serve_sample_wire(data, clock, at_once=True):
        yield ConnectorContext(settings, clock, database, Metrics(), FakePublisher(), lambda line: None)
    database.close()


async def test_every_item_of_the_sample_wire_is_published_once(context: ConnectorContext) -> None:
    """All five formats, the broken one too, give all their articles; a second start gives none."""
    publisher = context.publisher
    assert isinstance(publisher, FakePublisher)
    await RssConnector().run(context, asyncio.Event(), once=True)
    titles = sorted((article.feed_id, article.title) for article in publisher.published)
    assert titles == sorted((article.feed_id, article.title) for article in load_story())
    assert all(article.sample and article.history and article.tell_history for article in publisher.published)
    await RssConnector().run(context, asyncio.Event(), once=True)
    assert len(publisher.published) == len(titles)
