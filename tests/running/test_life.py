"""`wirewatch run` as a user runs it, on a small configuration: one process, one story."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.harness.process import Process, wirewatch
from tests.running.calling import call
from tests.running.scene import LISTS, Wire, a_subscription, serving_wire, write_small_config

BROKEN = '[[subscription]]\nid = "everything"\norganisations = ["tern-frond"]\nrythm = "daily"\n'


@pytest.fixture
def wire() -> Iterator[Wire]:
    """Serve a feed that the test writes."""
    with serving_wire() as served:
        yield served


def alerts_of(config: Path, data: Path) -> list[dict[str, object]]:
    """Ask the command for all alerts."""
    answer = call("alerts", "--json", "--config", str(config), "--data", str(data))
    assert answer.code == 0, answer.err
    return [json.loads(line) for line in answer.out.splitlines()]


def reloads(process: Process, outcome: str) -> float:
    """Give how often a new configuration was adopted or refused."""
    _, metrics = process.get("/metrics")
    name = f'wirewatch_configuration_reloads_total{{outcome="{outcome}"}} '
    return next((float(line.rpartition(" ")[2]) for line in metrics.splitlines() if line.startswith(name)), 0.0)


@pytest.mark.slow
def test_a_day_in_the_life_of_a_process(tmp_path: Path, wire: Wire) -> None:
    """Start, alert, pages, a second instance, a wrong and a right reload, Ctrl-C; then nothing is told again."""
    config, data = write_small_config(tmp_path / "config", wire), tmp_path / "data"
    wire.say(LISTS.format("the Tern Liberation Front"))
    with wirewatch("run", config=config, data=data) as process:
        told = process.line("New listing: Tern Liberation Front")
        assert "US State Department" in told or "United States" in told
        assert "FTO" in told
        assert "http://127.0.0.1:" in told
        assert "log_line" not in told
        assert "=" not in told
        _every_page_answers(process)

        second = call("run", "--config", str(config), "--data", str(data))
        assert second.code == 1
        assert second.err.count("\n") == 1, second.err
        assert f"the log is in use: {data}/log.sqlite: owned by process {process.child.pid}" in second.err

        good = (config / "subscriptions.toml").read_text(encoding="utf-8")
        (config / "subscriptions.toml").write_text(BROKEN, encoding="utf-8")
        process.send(signal.SIGHUP)
        process.line('organisations: unknown organisation "tern-frond"; did you mean "tern-front"', err=True)
        process.line("rythm: unknown key; did you mean", err=True)
        assert reloads(process, "refused") == 1
        assert "tern-frond" in process.get("/")[1]

        (config / "subscriptions.toml").write_text(good + a_subscription("late"), encoding="utf-8")
        process.send(signal.SIGHUP)
        process.until(lambda: reloads(process, "adopted") > 0, "the new configuration in force")
        assert "tern-frond" not in process.get("/")[1]
        process.line("Read feeds.toml again")
        assert reloads(process, "adopted") == 1  # one signal, whoever reads anew because of it
        wire.say(LISTS.format("the Grey Gull Brigade"))
        process.until(
            lambda: sum("Grey Gull Brigade" in line for line in process.out) == 2,
            "both subscriptions told of the second",
        )
        code, seconds = process.end(signal.SIGINT)
    assert (code, process.out[-1]) == (0, "Stopped. Nothing was left behind; the next start goes on from here.")
    assert seconds < 10
    assert "Traceback" not in "\n".join(process.err)

    before = alerts_of(config, data)
    assert {str(alert["headline"]) for alert in before} == {title for title, _ in wire.items}
    again = call("run", "--until-idle", "--config", str(config), "--data", str(data))
    assert again.code == 0, again.err
    assert "New listing" not in again.out
    assert alerts_of(config, data) == before


def _every_page_answers(process: Process) -> None:
    status, page = process.get("/")
    assert status == 200
    assert "Tern Liberation Front" in page
    status, feed = process.get("/alerts.json")
    assert status == 200
    assert "Tern Liberation Front" in feed
    status, atom = process.get("/alerts.atom")
    assert status == 200
    assert len(ElementTree.fromstring(atom).findall("{http://www.w3.org/2005/Atom}entry")) == 1
    status, metrics = process.get("/metrics")
    assert status == 200
    assert "wirewatch_alerts" in metrics
    assert process.get("/healthz")[0] == 200
    status, readiness = process.get("/readyz")
    assert (status, json.loads(readiness)["ready"]) == (200, True)
