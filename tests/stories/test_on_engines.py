"""The same stories through a real stream, on the embedded engine and on Kafka: what was written holds there too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import pytest

from tests.harness.streams import Engine, RunningStream, running_stream
from tests.stories.acting import Push, Stage, Story, StorySorter, Told, Wants, article_of, check_alerts
from tests.stories.test_stories import STORIES
from wirewatch import wire
from wirewatch.raising import World, WorldBox, raise_alerts
from wirewatch.records import Alert, Article, SortedArticle
from wirewatch.store.tables import metadata
from wirewatch.topics import ALERTS

#: A start takes seconds, so stories share one stream and the store is emptied between them. The default suite runs
#: those that show the promises of delivery; `slow` runs all.
SHORT = (
    "claim_then_confirmation",
    "copies_are_one_source",
    "announcement_and_publication",
    "golden_announcement",
    "bid_and_block",
    "revision_takes_it_back",
    "first_poll_is_history",
    "attack_and_claim",
)


class ChangingSorter:
    """Sorts by the story that runs now."""

    version = "stories"

    def __init__(self) -> None:
        self.now: StorySorter | None = None

    def sort(self, article: Article) -> SortedArticle:
        """Sort."""
        assert self.now is not None
        return self.now.sort(article)


def raise_at_its_time(connection: Any, items: Sequence[SortedArticle], world: World, now: datetime) -> Sequence[Alert]:
    """Raise articles when the story says that they came: mutes and digests depend on the day."""
    return raise_alerts(connection, items, world, max(item.article.fetched_at or now for item in items))


async def play(story: Story, stream: RunningStream, sorter: ChangingSorter, box: WorldBox) -> None:
    """Empty the store, run one story through the stream, and check what it wants."""
    sorter.now = StorySorter(story)
    box.replace(story.world)
    with stream.database.transaction() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name != "schema_version":
                connection.execute(table.delete())
    stage = Stage(stream.database, story.world)
    for position, step in enumerate(story.steps):
        where = f"{story.name}, step {position}"
        match step:
            case Push():
                await stream.publish(article_of(step))
                await stream.idle()
            case Wants():
                check_alerts(stage.alerts(), step.wants, where)
            case Told():
                assert stage.notices() == sorted(step.notices), where


async def run_stories(engine: Engine, stories: Iterator[Story]) -> None:
    """Run stories, one after the other, through one stream."""
    settings = engine.settings()
    await engine.prepare(settings)
    sorter, chosen = ChangingSorter(), list(stories)
    assert chosen
    box = WorldBox(chosen[0].world)
    async with running_stream(settings, sorter=sorter, raise_alerts=raise_at_its_time, world=box) as stream:
        for story in chosen:
            await play(story, stream, sorter, box)
        assert await stream.dead_letters() == []
        told = [wire.decode(Alert, record.value, topic=ALERTS.name) for record in await stream.records(ALERTS)]
        assert {alert.event_key for alert in told} >= {
            alert.event_key for alert in Stage(stream.database, box.current).alerts()
        }


async def test_the_main_stories_hold_on_this_engine(engine: Engine) -> None:
    """Reports, copies, confirmation, publication, bids, retraction, history and events come out as written."""
    await run_stories(engine, (story for story in STORIES if story.name in SHORT))


@pytest.mark.slow
@pytest.mark.timeout(600)  # On Kafka each of some seventy articles is waited for through two topics.
async def test_every_story_holds_on_this_engine(engine: Engine) -> None:
    """No story depends on the plain store."""
    await run_stories(engine, iter(STORIES))
