"""What one file says of another is checked where both are known."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from wirewatch.errors import ConfigError
from wirewatch.preparing import prepare

CONFIG = Path(__file__).parents[2] / "config"

SUBSCRIPTION = '[[subscription]]\nid = "desk"\nfeeds = ["{feed}"]\n[[subscription.road]]\nlog = true\n'


def a_configuration(folder: Path, feed: str) -> Path:
    """Write a configuration whose only subscription waits for one feed."""
    shutil.copytree(CONFIG, folder / "config")
    (folder / "config/subscriptions.toml").write_text(SUBSCRIPTION.format(feed=feed), encoding="utf-8")
    return folder / "config"


def test_a_subscription_to_a_feed_that_nobody_polls_is_a_problem(tmp_path: Path) -> None:
    """A typing error in a feed's id would otherwise mean silence for ever."""
    with pytest.raises(ConfigError) as refused:
        prepare(a_configuration(tmp_path, "us-state-pres"), tmp_path / "var", {})
    expected = 'subscription "desk".feeds: unknown feed "us-state-pres"; did you mean "us-state-press"?'
    assert [problem for problem in refused.value.problems if expected in problem]


@pytest.mark.parametrize("feed", ["us-state-press", "sample-meridian-wire"])
def test_a_subscription_may_name_a_polled_feed_and_one_of_the_sample_wire(tmp_path: Path, feed: str) -> None:
    """The sample wire's feeds exist although no file lists them before it serves."""
    prepared = prepare(a_configuration(tmp_path, feed), tmp_path / "var", {})
    assert prepared.world.subscriptions[0].feeds == (feed,)
