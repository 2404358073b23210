"""What one file says of another is checked where both are known."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from wirewatch.errors import ConfigError
from wirewatch.preparing import prepare

CONFIG = Path(__file__).parents[2] / "config"

SUBSCRIPTION = """
[[subscription]]
id = "desk"
feeds = ["us-state-press", "sample-meridian-wire", "us-state-pres"]
[[subscription.road]]
log = true
"""


def test_a_subscription_to_a_feed_that_nobody_polls_is_a_problem(tmp_path: Path) -> None:
    """A typing error in a feed's id would mean silence for ever; a polled feed and one of the sample wire are right."""
    shutil.copytree(CONFIG, tmp_path / "config")
    (tmp_path / "config/subscriptions.toml").write_text(SUBSCRIPTION, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        prepare(tmp_path / "config", tmp_path / "var", {})
    (problem,) = refused.value.problems
    assert 'subscription "desk".feeds: unknown feed "us-state-pres"; did you mean "us-state-press"?' in problem
