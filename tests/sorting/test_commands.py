"""`wirewatch sort` and `wirewatch try` as a person calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.sorting.conftest import CONFIG
from wirewatch.commands import sorting as commands
from wirewatch.commands.sorting import sort, try_sentence
from wirewatch.sorting.sorter import Sorter

LISTING = "Norland on Monday designated the Baloch Liberation Army as a terrorist organisation."


@pytest.fixture(autouse=True)
def loaded(sorter: Sorter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the session's sorter: loading is what the fixture already tried."""
    monkeypatch.setattr(commands, "_open_sorter", lambda config_dir, data_dir: sorter)


def run_sort(lines: str) -> Result:
    """Sort lines from standard input."""
    return CliRunner().invoke(sort, ["--config", str(CONFIG), "-"], input=lines)


def test_each_article_gives_one_line_with_its_own_id() -> None:
    """The id is echoed as it came; a text alone is enough; blank lines and a byte order mark do not matter."""
    result = run_sort(
        f'\ufeff{{"id": 7, "text": "{LISTING}", "published_at": "2025-08-12T12:00:00Z"}}\n\n{{"title": "Fish"}}\n'
    )
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert result.exit_code == 0
    assert first["id"] == 7
    assert [event["status"] for event in first["events"]] == ["new"]
    assert {"id", "language", "mentions", "events", "sorter_version"} <= set(first)
    assert second["id"] is None
    assert second["events"] == []


def test_a_bad_line_is_named_and_the_rest_goes_on() -> None:
    """Every line that is no article is an error with its number; the exit code says so."""
    result = run_sort('nonsense\n{"text": 5}\n{"id": 1}\n{"text": "x", "published_at": "soon"}\n{"text": "Fish"}\n')
    errors = [json.loads(line) for line in result.stderr.splitlines()]
    assert [error["line"] for error in errors] == [1, 2, 3, 4]
    assert len(result.stdout.splitlines()) == 1
    assert result.exit_code == 1


def test_lone_surrogates_and_broken_bytes_do_not_stop_it(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 cost their own line at most."""
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b'{"text": "caf\xe9"}\n{"text": "\\ud800 fish"}\n')
    result = CliRunner().invoke(sort, ["--config", str(CONFIG), str(path)])
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 2


def test_try_shows_rule_cues_dates_and_roles() -> None:
    """An analyst sees why: names, rule, trigger, cues, dates."""
    result = CliRunner().invoke(try_sentence, ["--config", str(CONFIG), LISTING, "--date", "2025-08-12"])
    assert result.exit_code == 0
    for part in ("designation / new", "designation.designate", "'designated'", "fresh: on monday", "2025-08-11"):
        assert part in result.output


def test_try_shows_whom_a_listing_means_in_the_end() -> None:
    """What was looked up beside the sentence is told with where it stood."""
    told = "The Harrow Front has no friends left in Oslo. On Monday Norway put the group on its terror list."
    result = CliRunner().invoke(try_sentence, ["--config", str(CONFIG), told, "--date", "2025-08-13"])
    assert "so     designation / new of Harrow Front by Norway" in result.output
    assert "whom: named before" in result.output


def test_try_shows_what_the_second_reader_weighs() -> None:
    """Where no rule speaks, the weight, its border, its reasons and what follows are shown."""
    told = "The federal gazette of Tuesday lists Hezbollah among Norway's terrorist organisations."
    result = CliRunner().invoke(try_sentence, ["--config", str(CONFIG), told, "--date", "2025-08-13"])
    assert result.exit_code == 0
    assert ": new   " in result.output
    assert "most by '" in result.output
    old = "Hezbollah has been on Norway's list of terrorist organisations since 2003."
    assert ": not new   " in CliRunner().invoke(try_sentence, ["--config", str(CONFIG), old]).output


def test_try_says_when_there_is_nothing() -> None:
    """No event is an answer too."""
    result = CliRunner().invoke(try_sentence, ["--config", str(CONFIG), "The ferry is late."])
    assert "No event." in result.output


def test_try_says_what_was_read_in_another_language_and_why() -> None:
    """The file, the act, the cue and the roles are shown for a language that has a file."""
    options = ["--config", str(CONFIG), "--date", "2025-08-12"]
    text = "Ecuador declaró este lunes organización terrorista a la banda Los Faros."
    shown = CliRunner().invoke(try_sentence, [*options, text]).stdout
    for words in ("languages/es.toml", "designation / new", "es.designate.done", "fresh:", "Los Faros (unresolved)"):
        assert words in shown
    quiet = CliRunner().invoke(
        try_sentence, [*options, "La lluvia dejó hoy varias calles sin luz en el centro de Quito."]
    )
    assert quiet.stdout.endswith("No event.\n")
