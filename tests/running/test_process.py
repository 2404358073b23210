"""The real process with the real configuration: signals under load, pipes that close or fill, folders of others."""

from __future__ import annotations

import json
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.process import wirewatch
from tests.running.calling import call
from tests.running.scene import LISTS, Wire, copy_real_config, serving_wire, write_small_config
from tests.stories.test_sample_wire import EXPECTED

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ANY_PORT = {"WIREWATCH_LISTEN": "127.0.0.1:0"}
STOPPED = "Stopped. Nothing was left behind; the next start goes on from here."


@pytest.fixture
def wire() -> Iterator[Wire]:
    """Serve a feed that the test writes."""
    with serving_wire() as served:
        yield served


def alerts_of(config: Path, data: Path) -> list[dict[str, Any]]:
    """Ask the command for all alerts."""
    answer = call("alerts", "--json", "--config", str(config), "--data", str(data), "--limit", "1000")
    assert answer.code == 0, answer.err
    return [json.loads(line) for line in answer.out.splitlines()]


def titles_in(data: Path) -> Counter[str]:
    """Count the articles of the store by title."""
    with sqlite3.connect(data / "store.sqlite") as store:
        return Counter(title for (title,) in store.execute("SELECT title FROM articles"))


def summarise(alert: dict[str, Any]) -> tuple[str | None, ...]:
    """Give what EXPECTED names of an alert."""
    authority = alert["authority"]["id"] if alert["authority"] else None
    organisation = alert["organisation"]["id"]
    return (alert["kind"], alert["event_type"], organisation, authority, alert["programme"], alert["state"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_sample_wire_as_a_stranger_sees_it(tmp_path: Path, number: signal.Signals) -> None:
    """Lines and pages; a signal ends it in order; a second start tells nothing again and loses nothing."""
    config, data = copy_real_config(tmp_path / "config"), tmp_path / "data"
    with wirewatch("run", config=config, data=data, environ=ANY_PORT) as process:
        line = process.line(
            r"\[SAMPLE\] New listing: Balochistan Liberation Army \((United States|US State Department) · FTO\)"
        )
        assert "http://" in line
        assert process.get("/alerts.json")[0] == 200
        process.until(lambda: process.get("/readyz")[0] == 200, "readiness")
        process.line("Security operation")
        code, seconds = process.end(number)
        assert (code, process.out[-1]) == (0, STOPPED)
        assert seconds < 10
        assert [row for row in process.err if "ERROR" in row or "Traceback" in row] == []
    assert not (data / "sample-feeds.toml").exists()

    before, told = alerts_of(config, data), [row for row in process.out if "[SAMPLE]" in row]
    with wirewatch("run", "--until-idle", config=config, data=data, environ=ANY_PORT) as process:
        code, _ = process.end()
    assert code == 0, process.err
    after = alerts_of(config, data)
    assert {alert["id"] for alert in before} <= {alert["id"] for alert in after}
    assert sorted(map(str, map(summarise, after))) == sorted(map(str, EXPECTED))
    again = {row[9:] for row in told} & {row[9:] for row in process.out if "[SAMPLE]" in row}
    assert again == set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_under_load_drains_and_loses_nothing(tmp_path: Path, wire: Wire, number: signal.Signals) -> None:
    """Stopped while hundreds of articles wait; after the next start each is there once, and the alert is one."""
    config, data = write_small_config(tmp_path / "config", wire, sorting_processes=1), tmp_path / "data"
    for count in range(900):
        wire.say(f"Harbour notice {count}", "The harbour master spoke of storms, quays and ferries. " * 60)
    wire.say(LISTS.format("the Tern Liberation Front"))
    with wirewatch("run", config=config, data=data) as process:
        process.line("Harbour Courier: ")
        code, seconds = process.end(number)
    assert code == 0, process.err
    assert seconds < 10
    assert process.out[-1] == STOPPED
    answer = call("run", "--until-idle", "--config", str(config), "--data", str(data))
    assert answer.code == 0, answer.err
    assert titles_in(data) == Counter({title: 1 for title, _ in wire.items})
    [alert] = alerts_of(config, data)
    assert "Tern Liberation Front" in str(alert["headline"])
    lines = [*process.out, *answer.out.splitlines()]
    assert sum("New listing: Tern Liberation Front" in line for line in lines) == 1


def test_new_rules_reach_the_sorting_process(tmp_path: Path, wire: Wire) -> None:
    """A name that was written down while the process ran is found in the next article, in the child that sorts."""
    config, data = write_small_config(tmp_path / "config", wire, sorting_processes=1), tmp_path / "data"
    wire.say("Ferries are late", "Nobody minds.")
    with wirewatch("run", config=config, data=data) as process:
        process.line("Harbour Courier: 1 new")
        process.until(lambda: titles_in(data)["Ferries are late"] == 1, "the first article in the store")
        with (config / "organisations" / "groups.jsonl").open("a", encoding="utf-8") as file:
            file.write('{"id":"sandpiper","schema":"Organization","properties":{"name":["Sandpiper Legion"]}}\n')
        process.send(signal.SIGHUP)
        process.line("The new configuration is in force", err=True)
        wire.say(LISTS.format("the Sandpiper Legion"))
        process.line("New listing: Sandpiper Legion")
        assert process.end(signal.SIGINT)[0] == 0
    [alert] = alerts_of(config, data)
    assert alert["organisation"] == {"id": "sandpiper", "name": "Sandpiper Legion"}


@pytest.mark.parametrize("how", ["closed", "full"])
def test_a_pipe_that_nobody_reads_stops_nothing(tmp_path: Path, wire: Wire, how: str) -> None:
    """With output and errors closed, or full to the brim, articles still become alerts and the end is in order."""
    config, data = write_small_config(tmp_path / "config", wire), tmp_path / "data"
    (config / "settings.toml").write_text(
        (config / "settings.toml").read_text(encoding="utf-8") + '[log]\nlevel = "debug"\n', encoding="utf-8"
    )
    wire.say("Ferries are late", "Nobody minds.")
    with wirewatch("run", config=config, data=data) as process:
        address = process.address
        process.line("Harbour Courier: 1 new")
        if how == "closed":
            process.close_pipes()
        else:
            process.fill_pipes()
        for count in range(50):
            wire.say(f"Harbour notice {count}", "Ferries are late. " * 20)
        wire.say(LISTS.format("the Tern Liberation Front"))
        assert process.address == address
        process.until(lambda: "Tern Liberation Front" in process.get("/alerts.json")[1], "the alert on the page")
        code, seconds = process.end(signal.SIGINT)
    assert code == 0
    assert seconds < 10
