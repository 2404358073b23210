"""`wirewatch deliveries` and `wirewatch test-delivery` as a person calls them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tests.delivering.building import SECRET, a_delivery, open_store
from tests.harness.receiver import Receiver
from wirewatch.commands import deliveries as commands
from wirewatch.records import Delivery, DeliveryState
from wirewatch.store import outbox
from wirewatch.store.database import open_database


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a configuration that subscribes nobody yet, and an empty store."""
    config = tmp_path / "config"
    for name in ("organisations", "events", "secrets"):
        (config / name).mkdir(parents=True)
    (config / "settings.toml").write_text("", encoding="utf-8")
    (config / "subscriptions.toml").write_text("", encoding="utf-8")
    (config / "secrets" / "hook").write_text(SECRET, encoding="utf-8")
    (tmp_path / "var").mkdir()
    open_store(tmp_path / "var").close()
    return tmp_path


def keep(folder: Path, *planned: Delivery) -> None:
    """Put notices into the store."""
    database = open_database("sqlite://", folder / "var")
    with database.transaction() as connection:
        outbox.insert_deliveries(connection, planned)
    database.close()


def call(folder: Path, *words: str) -> Result:
    """Call `wirewatch deliveries …`."""
    return _invoke(commands.deliveries, [*words, "--config", str(folder / "config"), "--data", str(folder / "var")])


def test_list_shows_the_newest_first_and_can_be_restricted(folder: Path) -> None:
    """By state, subscription and alert; as JSON with the body."""
    failed = a_delivery(2, subscription="attacks", state=DeliveryState.FAILED, last_error="no \x1b[31m")
    keep(folder, a_delivery(1), failed)
    everything = call(folder, "list").output.splitlines()
    assert ["attacks" in line for line in everything] == [True, False]
    assert "\x1b" not in everything[0]
    assert call(folder, "list", "--state", "failed").output.count("\n") == 1
    [line] = call(folder, "list", "--subscription", "listings", "--json").output.splitlines()
    assert json.loads(line)["body"]["type"] == "alert.opened"


def test_replay_plans_failures_again(folder: Path) -> None:
    """Failed notices become pending with the same id; an unknown id is named."""
    keep(folder, a_delivery(1, state=DeliveryState.FAILED), a_delivery(2, state=DeliveryState.DELIVERED))
    assert call(folder, "replay", "--failed").output == "1 planned again.\n"
    assert a_delivery(1).id in call(folder, "list", "--state", "pending").output
    assert "msg-nothing" in call(folder, "replay", "msg-nothing").output
    assert call(folder, "replay").exit_code == 2


def test_show_tells_every_attempt_and_the_body(folder: Path) -> None:
    """What is sent can be seen whole, and byte for byte."""
    keep(folder, a_delivery(1))
    shown = call(folder, "show", a_delivery(1).id).output
    assert '"type": "alert.opened"' in shown
    assert call(folder, "show", a_delivery(1).id, "--raw").stdout_bytes == a_delivery(1).body
    assert call(folder, "show", "msg-nothing").exit_code == 1
    assert "listings/webhook-0" in call(folder, "log", "listings").output


async def test_test_delivery_says_how_each_road_went(folder: Path, receiver: Receiver) -> None:
    """A road that is open says so; one that is not says why, and the exit code is 1; no URL is repeated."""
    subscribe(folder, f'webhook = "{receiver.url()}"\nsecret_file = "secrets/hook"', "log = true")
    (folder / "config" / "settings.toml").write_text(
        f'[delivery]\nallow_addresses = ["{receiver.address}"]\n', encoding="utf-8"
    )
    well = await _in_thread(folder, "listings")
    assert (well.exit_code, well.output) == (0, "webhook-0: delivered\nlog-1: delivered\n")
    assert json.loads(receiver.posts[0].body)["data"]["sample"] is True

    (folder / "config" / "settings.toml").write_text("", encoding="utf-8")
    refused = await _in_thread(folder, "listings", "--road", "webhook-0")
    assert refused.exit_code == 1
    assert "blocked_address" in refused.output
    assert receiver.url() not in refused.output


def test_test_delivery_names_what_it_does_not_know(folder: Path) -> None:
    """An unknown subscription or road is answered with what there is."""
    subscribe(folder, "log = true")
    wrong = _invoke(commands.test_delivery, ["listing", *_directories(folder)])
    assert 'did you mean "listings"?' in wrong.output
    assert "log-0" in _invoke(commands.test_delivery, ["listings", "--road", "webhook-0", *_directories(folder)]).output


def subscribe(folder: Path, *roads: str) -> None:
    """Write one subscription."""
    blocks = "\n".join(f"[[subscription.road]]\n{road}" for road in roads)
    text = f'[[subscription]]\nid = "listings"\norganisations = ["any"]\n{blocks}\n'
    (folder / "config" / "subscriptions.toml").write_text(text, encoding="utf-8")


async def _in_thread(folder: Path, *words: str) -> Result:
    return await asyncio.to_thread(_invoke, commands.test_delivery, [*words, *_directories(folder)])


def _directories(folder: Path) -> list[str]:
    return ["--config", str(folder / "config"), "--data", str(folder / "var")]


def _invoke(command: click.Command, words: Sequence[str]) -> Result:
    return CliRunner().invoke(command, list(words))
