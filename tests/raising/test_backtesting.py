"""A backtest says what another configuration would have told, and tells nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.stories import events, listings
from tests.stories.acting import Push, Stage, Story, StorySorter, a_store, article_of
from tests.stories.scenery import a_subscription, a_world, everything
from tests.stories.test_stories import STORIES
from wirewatch.raising import World
from wirewatch.raising.backtesting import Backtest, Past, backtest
from wirewatch.store.verdicts import Verdict

NOTHING = Past(frozenset(), {})
PUSHES = (listings.WIRE, listings.COPY, listings.OWN, listings.NOTICE, events.BOMBING)


def run(
    world: World, past: Past = NOTHING, pushes: tuple[Push, ...] = PUSHES, *, with_history: bool = False
) -> Backtest:
    """Run articles through a configuration."""
    articles = sorted(map(article_of, pushes), key=lambda article: article.published_at or article.fetched_at)  # type: ignore[arg-type, return-value]
    sorter = StorySorter(Story("backtest", "", world, pushes))
    return backtest(articles, sorter.sort, world, past, with_history=with_history)


def told(result: Backtest) -> list[tuple[str, str, str]]:
    """Give what would have been told."""
    return [(one.subscription_id, one.reason, one.alert.event_key.split("/")[0]) for one in result.notices]


def test_each_notice_has_the_time_at_which_it_would_have_come() -> None:
    """Two sources come with the second voice, at that article's minute; the confirmation later."""
    result = run(a_world(a_subscription(minimum_independent_sources=2)))
    assert [(one.reason, f"{one.at:%Y-%m-%d %H:%M}") for one in result.notices] == [
        ("first", "2025-03-03 15:00"),
    ]
    assert (result.articles, result.alerts) == (5, 2)


def test_another_subscription_would_have_told_more() -> None:
    """The events that only the wider subscription takes come out as new, those it drops as lost."""
    narrow = run(a_world(a_subscription("desk")))
    wide = run(a_world(everything("desk")))
    assert len(told(narrow)) < len(told(wide))
    past = Past(frozenset((one.subscription_id, one.alert.event_key) for one in wide.notices), {})
    again = run(a_world(a_subscription("desk")), past)
    assert {key.split("/")[0] for _, key in again.lost} == {"event"}
    assert all(one.was_told for one in again.notices)


def test_precision_counts_judged_events_once() -> None:
    """Two notices of one event that people called right are one of one; unsure and unjudged are not counted."""
    first = run(a_world())
    keys = {one.alert.event_key: one for one in first.notices}
    listing = next(key for key in keys if key.startswith("list/"))
    event = next(key for key in keys if key.startswith("event/"))
    assert run(a_world(), Past(frozenset(), {listing: Verdict.TRUE, event: Verdict.UNSURE})).precision == (1, 1)
    assert run(a_world(), Past(frozenset(), {listing: Verdict.TRUE, event: Verdict.FALSE})).precision == (1, 2)


def test_history_tells_only_when_asked() -> None:
    """Articles of first polls stay silent, as in truth, unless the backtest counts them as news."""
    old = tuple(replace(push, history=True) for push in PUSHES)
    assert told(run(a_world(), pushes=old)) == []
    assert told(run(a_world(), pushes=old, with_history=True)) == told(run(a_world()))


def test_the_real_store_is_not_touched() -> None:
    """A backtest plans nothing anywhere but in its scratch store."""
    with a_store() as database:
        stage = Stage(database, a_world())
        run(a_world())
        assert stage.alerts() == ()
        assert stage.deliveries() == ()


@pytest.mark.parametrize("name", ["golden_announcement", "bid_and_block", "delisting_is_told", "two_attacks"])
def test_a_backtest_of_a_story_finds_the_storys_alerts(name: str) -> None:
    """Run from the store, a story gives as many alerts as it gave when it happened."""
    (story,) = (one for one in STORIES if one.name == name)
    with a_store() as database:
        stage = Stage(database, story.world)
        for push in story.pushes:
            stage.push(push)
        happened = len(stage.alerts())
    assert run(story.world, pushes=story.pushes).alerts == happened
