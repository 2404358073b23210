"""Every story on the plain store; and that it comes out the same in one batch, and twice over."""

from __future__ import annotations

import pytest

from tests.stories import events, listings, telling
from tests.stories.acting import Stage, Story, a_store

STORIES = (*listings.STORIES, *events.STORIES, *telling.STORIES)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_story_comes_out_as_written(story: Story) -> None:
    """Each step of the story finds exactly the alerts and notices that it wants."""
    with a_store() as database:
        Stage(database, story.world).play(story.steps)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_story_told_again_changes_nothing(story: Story) -> None:
    """Reprocessing every article of a story makes no alert, no revision and no delivery."""
    with a_store() as database:
        stage = Stage(database, story.world)
        for push in story.pushes:
            stage.push(push)
        alerts, deliveries = stage.alerts(), stage.deliveries()
        for push in story.pushes:
            stage.push(push)
        stage.push(*story.pushes)
        assert stage.alerts() == alerts
        assert stage.deliveries() == deliveries
