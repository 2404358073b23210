"""Prometheus' and Alertmanager's own tools judge what we give them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

CONFIG = Path(__file__).parents[2] / "config"

pytestmark = pytest.mark.services


def tool(name: str) -> str:
    """Find a program; its absence fails where it must be there, and is said elsewhere."""
    found = shutil.which(name)
    if found is None:
        if os.environ.get("WIREWATCH_REQUIRE_PROMETHEUS") == "1":
            pytest.fail(f"expected {name} (Debian: prometheus, prometheus-alertmanager), got nothing")
        pytest.skip(f"{name} is not installed (Debian: prometheus, prometheus-alertmanager)")
    return found


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a tool in the configuration folder."""
    return subprocess.run(command, cwd=CONFIG, capture_output=True, text=True, check=False)


def test_every_rule_fires_on_its_story_and_stays_silent_on_its_twin() -> None:
    """`promtool test rules` runs the stories."""
    done = run(tool("promtool"), "test", "rules", "prometheus/tests/wirewatch_test.yml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_stories_can_fail(tmp_path: Path) -> None:
    """With one threshold of the rules changed, promtool says which story broke."""
    shutil.copytree(CONFIG / "prometheus", tmp_path / "prometheus")
    rules = tmp_path / "prometheus/rules/wirewatch.yml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("> 900", "> 9000"), encoding="utf-8")
    done = run(tool("promtool"), "test", "rules", str(tmp_path / "prometheus/tests/wirewatch_test.yml"))
    assert done.returncode != 0
    assert "WirewatchOutboxAges" in done.stdout + done.stderr


def test_prometheus_and_alertmanager_accept_their_configuration() -> None:
    """`promtool check config` and `amtool check-config` find nothing."""
    for command in (
        (tool("promtool"), "check", "config", "prometheus/prometheus.yml"),
        (tool("amtool"), "check-config", "alertmanager/alertmanager.yml"),
    ):
        done = run(*command)
        assert done.returncode == 0, done.stdout + done.stderr
