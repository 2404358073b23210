"""The commands that look at alerts, and the one that adds a subscription."""

from __future__ import annotations

import json
import shutil
import stat
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.stories import listings
from tests.stories.acting import Stage, article_of
from wirewatch.cli import wirewatch
from wirewatch.commands.reading import read_settings, read_world
from wirewatch.errors import ConfigError
from wirewatch.store.database import open_database

CONFIG = Path(__file__).parents[2] / "config"

_SUBSCRIPTIONS = """[[subscription]]
id = "desk"
kinds = ["new_listing"]
[[subscription.road]]
log = true

[[subscription]]
id = "careful"
minimum_independent_sources = 3
[[subscription.road]]
webhook = "https://user:pass@hooks.example/secret-path"
secret_file = "secrets/hook"
"""


def write_organisations(config: Path) -> None:
    """Write one organisation and one authority."""
    lines = (
        {"id": "tide-front", "schema": "Organization", "properties": {"name": ["Tide Front"], "country": ["gb"]}},
        {
            "id": "united-states",
            "schema": "PublicBody",
            "properties": {"name": ["United States"], "programmes": ["FTO", "SDGT"], "topics": ["authority"]},
        },
    )
    (config / "organisations").mkdir(parents=True)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (config / "organisations" / "groups.jsonl").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the shipped configuration, two subscriptions, and a store in which one listing was told."""
    directory = tmp_path_factory.mktemp("place")
    config = directory / "config"
    (config / "events").mkdir(parents=True)
    shutil.copyfile(CONFIG / "events" / "designation.toml", config / "events" / "designation.toml")
    write_organisations(config)
    (config / "settings.toml").write_text("", encoding="utf-8")
    (config / "feeds.toml").write_text("", encoding="utf-8")
    (config / "subscriptions.toml").write_text(_SUBSCRIPTIONS, encoding="utf-8")
    world = read_world(read_settings(config, directory / "data"))
    database = open_database("sqlite://", directory / "data")
    stage = Stage(database, world)
    stage.push(listings.WIRE)
    stage.push(listings.COPY)
    database.close()
    return directory


def call(place: Path, *words: str) -> Result:
    """Call a command on the place."""
    return CliRunner().invoke(
        wirewatch, [*words, "--config", str(place / "config"), "--data", str(place / "data")], catch_exceptions=True
    )


def lines(result: Result) -> list[dict[str, object]]:
    """Read JSON Lines."""
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_alerts_are_json_lines_of_the_contract(place: Path) -> None:
    """Every key of the contract is there, times are RFC 3339, an unknown organisation has an empty id."""
    (alert,) = lines(call(place, "alerts", "--json"))
    contract = {
        "id", "event_key", "revision", "state", "kind", "event_type", "status", "organisation", "authority",
        "programme", "headline", "evidence", "sources", "independent_sources", "first_seen_at", "updated_at",
        "subscriptions", "history", "told",
    }  # fmt: skip
    assert contract <= set(alert)
    assert alert["told"] is True
    assert alert["subscriptions"] == ["careful", "desk"] or alert["subscriptions"] == ["desk", "careful"]
    assert str(alert["updated_at"]).endswith("Z")
    evidence = alert["evidence"]
    assert isinstance(evidence, list)
    assert {"quote", "article_id", "url", "start", "end"} <= set(evidence[0])


def test_alerts_may_be_chosen(place: Path) -> None:
    """Kind, state and organisation narrow the list."""
    assert lines(call(place, "alerts", "--json", "--kind", "delisted")) == []
    assert len(lines(call(place, "alerts", "--json", "--state", "unconfirmed", "--limit", "5"))) == 1
    assert "Tide Front" in call(place, "alerts").output


def test_alerts_without_a_store_say_what_makes_one(tmp_path: Path, place: Path) -> None:
    """An empty data folder is a mistake with a hint, not an empty answer."""
    result = CliRunner().invoke(
        wirewatch, ["alerts", "--config", str(place / "config"), "--data", str(tmp_path / "none")]
    )
    assert result.exit_code == 1
    assert "wirewatch run" in result.output


def test_why_explains_an_article_by_its_address(place: Path) -> None:
    """Sorting, register, grouping, the alert and each subscription's answer are steps with their reasons."""
    steps = lines(call(place, "why", article_of(listings.WIRE).url, "--json"))
    stages = [step["stage"] for step in steps]
    assert [stage for stage in dict.fromkeys(stages) if stage not in ("source", "verdict")] == [
        "article", "sorting", "register", "grouping", "alert", "subscription", "delivery",
    ]  # fmt: skip
    answers = {(step["stage"], step["answer"]) for step in steps}
    assert {("register", "claimed"), ("grouping", "feeds"), ("alert", "unconfirmed")} <= answers
    told = [step for step in steps if step["subject"] == "desk r1"]
    assert told[0]["answer"] == "told"
    careful = [step for step in steps if step["subject"] == "careful r1"]
    assert (careful[0]["answer"], careful[0]["because"]) == ("not told", "too_few_sources")


def test_why_may_be_asked_for_one_subscription(place: Path) -> None:
    """Other subscriptions are left out; an unknown one is a mistake that names those there are."""
    (alert,) = lines(call(place, "alerts", "--json"))
    steps = lines(call(place, "why", str(alert["id"]), "--subscription", "careful", "--json"))
    assert all("desk" not in str(step["subject"]) for step in steps)
    wrong = call(place, "why", str(alert["id"]), "--subscription", "desc")
    assert wrong.exit_code == 1
    assert "desk, careful" in wrong.output


def test_why_of_something_unknown_says_what_was_expected(place: Path) -> None:
    """The message names what may be asked and where a lost article may be."""
    result = call(place, "why", "https://nowhere.example/")
    assert result.exit_code == 1
    assert "expected the address or id of a stored article" in result.output
    assert "dead-letters" in result.output


def test_a_verdict_is_kept_and_measured_by_backtest(place: Path) -> None:
    """A verdict is taken by id; the stored articles can be run again; wrong ids and words are mistakes."""
    (alert,) = lines(call(place, "alerts", "--json"))
    given = call(place, "verdict", str(alert["id"]), "true", "--reader", "night shift", "--note", "seen in the gazette")
    assert given.exit_code == 0, given.output
    (*notices, sums) = lines(call(place, "backtest", "--all", "--json"))
    assert sums["articles"] == 2
    assert len(notices) == sums["notices"]
    assert call(place, "verdict", "alr-none", "true").exit_code == 1
    assert call(place, "verdict", str(alert["id"]), "maybe").exit_code == 2


def test_subscriptions_are_shown_without_their_secrets(place: Path) -> None:
    """Paths and credentials of webhooks stay in the file."""
    for shown in (call(place, "subscriptions", "list"), call(place, "subscriptions", "list", "--json")):
        assert shown.exit_code == 0, shown.output
        assert "hooks.example" in shown.output
        assert "secret-path" not in shown.output
        assert "pass" not in shown.output
    one = call(place, "subscriptions", "show", "careful")
    assert "minimum_independent_sources" in one.output
    assert call(place, "subscriptions", "show", "none").exit_code == 1


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Give a folder with a small configuration."""
    write_organisations(tmp_path / "config")
    (tmp_path / "config" / "subscriptions.toml").write_text("# Ours.\n", encoding="utf-8")
    return tmp_path


def test_subscribe_adds_a_block_and_a_fresh_secret(desk: Path) -> None:
    """The file keeps what it said, the block is valid, the secret is fit for Standard Webhooks and nobody else's."""
    hook = "http://127.0.0.1:9901/hook"
    words = ("--organisation", "tide-front", "--kind", "new_listing", "--webhook", hook, "--description", 'The "desk"')
    result = call(desk, "subscribe", "tides", *words)
    assert result.exit_code == 0, result.output
    text = (desk / "config" / "subscriptions.toml").read_text(encoding="utf-8")
    assert text.startswith("# Ours.\n\n[[subscription]]\n")
    (block,) = tomllib.loads(text)["subscription"]
    assert block["organisations"] == ["tide-front"]
    assert block["description"] == 'The "desk"'
    secret = desk / "config" / block["road"][0]["secret_file"]
    assert secret.read_text(encoding="utf-8").startswith("whsec_")
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert not list((desk / "config").glob(".subscriptions*"))


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("tides", "--organisation", "tide-frontt", "--log"), 'did you mean "tide-front"?'),
        (("Tides", "--log"), "expected lower-case words"),
        (("tides", "--email", "nobody"), "expected one address"),
    ],
)
def test_subscribe_refuses_what_the_file_would_refuse(desk: Path, words: tuple[str, ...], complaint: str) -> None:
    """A wrong wish changes nothing on disk."""
    result = call(desk, "subscribe", *words)
    assert isinstance(result.exception, ConfigError)
    assert complaint in str(result.exception)
    assert (desk / "config" / "subscriptions.toml").read_text(encoding="utf-8") == "# Ours.\n"
    assert not (desk / "config" / "secrets").exists()


def test_subscribing_twice_under_one_id_is_refused(desk: Path) -> None:
    """Ids are never reused."""
    assert call(desk, "subscribe", "tides", "--log").exit_code == 0
    again = call(desk, "subscribe", "tides", "--log")
    assert isinstance(again.exception, ConfigError)
    assert "again" in str(again.exception)


def test_subscribe_wants_exactly_one_road(desk: Path) -> None:
    """None or two roads are a mistake of usage."""
    assert call(desk, "subscribe", "tides").exit_code == 2
    assert call(desk, "subscribe", "tides", "--log", "--email", "a@example.org").exit_code == 2
