"""settings.toml: every problem at once, each with its place, what was expected and what was got."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from wirewatch.configuration import Problems
from wirewatch.settings import Settings, load_settings

Load = Callable[..., tuple[Settings, list[str]]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Give a function that writes settings.toml and reads it."""

    def write_and_load(text: str, **environ: str) -> tuple[Settings, list[str]]:
        (tmp_path / "settings.toml").write_text(text, encoding="utf-8")
        problems = Problems()
        return load_settings(tmp_path, tmp_path / "var", environ, problems), problems.found

    return write_and_load


def test_an_empty_file_gives_safe_defaults(load: Load) -> None:
    """Loopback only, embedded log and store, no sample wire."""
    settings, problems = load("")
    assert problems == []
    assert (settings.broker, settings.store, settings.sample_wire) == ("sqlite://", "sqlite://", False)
    assert (settings.console.host, settings.console.port) == ("127.0.0.1", 8321)
    assert settings.fetch.allow_addresses == ()


def test_all_problems_are_reported_at_once_with_their_place(load: Load) -> None:
    """One start tells everything that must be mended."""
    _, problems = load(
        'broker = "rabbit://x"\nsample_wire = "yes"\nstroe = 1\n'
        '[engine]\nbatch_size = 0\n[fetch]\nallow_addresses = ["intranet:80"]\n'
    )
    text = "\n".join(problems)
    assert len(problems) == 5
    assert 'settings.toml: broker: expected "sqlite://" or "kafka://host:port,…", got "rabbit://x"' in text
    assert 'sample_wire: expected true or false, got "yes"' in text
    assert 'stroe: unknown key; did you mean "store"?' in text
    assert "engine.batch_size: expected an integer >= 1 and <= 10000, got 0" in text
    assert 'fetch.allow_addresses: expected "address:port" with a literal IP address, got "intranet:80"' in text


def test_politeness_is_a_setting_within_bounds(load: Load) -> None:
    """How many feeds of a host are asked at once and how far apart; what cannot be is refused."""
    settings, problems = load("[fetch]\nmax_concurrent_per_host = 4\nhost_spacing_seconds = 0.5\n")
    assert problems == []
    assert (settings.fetch.max_concurrent_per_host, settings.fetch.host_spacing_seconds) == (4, 0.5)
    _, problems = load(
        '[fetch]\nmax_concurrent_per_host = 0\nhost_spacing_seconds = -1\nuser_agent = "Späher\\r\\nX: 1"\n'
    )
    text = "\n".join(problems)
    assert len(problems) == 3
    assert "fetch.max_concurrent_per_host: expected an integer >= 1, got 0" in text
    assert "fetch.host_spacing_seconds: expected a number >= 0, got -1" in text
    assert "fetch.user_agent: expected printable ASCII, got 'Späher\\r\\nX: 1'" in text


def test_the_environment_overrides_deployment_facts(load: Load, tmp_path: Path) -> None:
    """WIREWATCH_BROKER wins over the file, and …_FILE over both."""
    secret = tmp_path / "store-url"
    secret.write_text("postgresql://u:secret@db/w\n", encoding="utf-8")
    settings, problems = load("", WIREWATCH_BROKER="kafka://broker:9092", WIREWATCH_STORE_FILE=str(secret))
    assert problems == []
    assert settings.broker == "kafka://broker:9092"
    assert settings.store == "postgresql://u:secret@db/w"


def test_listening_beyond_loopback_needs_a_token(load: Load) -> None:
    """Nobody opens the console to a network by accident."""
    _, problems = load('[console]\nlisten = "0.0.0.0:8321"\n')
    assert problems == [
        next(p for p in problems if "console.token_file: expected a file with a token, because 0.0.0.0" in p)
    ]


def test_a_password_in_a_bad_store_url_is_not_shown(load: Load) -> None:
    """A problem may be copied into a ticket."""
    _, problems = load('store = "mysql://user:hunter2@db/w"\n')
    assert len(problems) == 1
    assert "hunter2" not in problems[0]


def test_a_missing_file_and_a_broken_file_are_one_problem_each(load: Load, tmp_path: Path) -> None:
    """Neither ends in a traceback."""
    _, broken = load("broker = \n")
    assert len(broken) == 1
    assert "cannot read TOML" in broken[0]
    problems = Problems()
    load_settings(tmp_path / "nowhere", tmp_path, {}, problems)
    assert problems.found == ["nowhere/settings.toml: expected a file, got nothing"]


@pytest.mark.parametrize(
    ("variable", "word", "expected"),
    [
        ("WIREWATCH_BROKER", "kafka://", 'broker: expected "sqlite://" or "kafka://host:port,…", got "kafka://"'),
        ("WIREWATCH_BROKER", "kafka://a:9092,b", 'broker: expected "sqlite://" or "kafka://host:port,…"'),
        ("WIREWATCH_SAMPLE_WIRE", "perhaps", 'sample_wire: expected true or false, got "perhaps"'),
        ("WIREWATCH_METRICS_LISTEN", "9100", 'metrics_listen: expected "address:port", got "9100"'),
        ("WIREWATCH_METRICS_LISTEN", "127.0.0.1:99999", 'metrics_listen: expected "address:port"'),
        ("WIREWATCH_LISTEN", "8321", 'console.listen: expected "address:port", got "8321"'),
        (
            "WIREWATCH_PUBLIC_URL",
            "desk",
            "console.public_url: expected an address that begins with http:// or https://",
        ),
        ("WIREWATCH_LOG_FORMAT", "xml", 'log.format: expected one of "text", "json", got "xml"'),
        ("WIREWATCH_REPLICATION_FACTOR", "0", "environment: WIREWATCH_REPLICATION_FACTOR: expected an integer >= 1"),
        ("WIREWATCH_STORE_FILE", "/nowhere/store", "environment: WIREWATCH_STORE_FILE: cannot read /nowhere/store"),
    ],
)
def test_a_wrong_word_of_the_environment_is_named(load: Load, variable: str, word: str, expected: str) -> None:
    """What comes by a variable is held to the same rules as what stands in the file."""
    _, problems = load("", **{variable: word})
    assert len(problems) == 1
    assert expected in problems[0]
