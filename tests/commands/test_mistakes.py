"""A person's mistake ends with a sentence and an exit code, whichever command is called. A traceback would be a bug."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands.calls import CALLS, WITH_DIRECTORIES
from tests.running.calling import Answer, call
from tests.running.scene import write_small_config

#: These read articles or files of their own and open no store and no log.
WITHOUT_STORE = {
    "check", "sort", "try", "organisations list", "organisations show", "organisations check", "organisations import",
    "subscriptions list", "subscriptions show", "subscribe", "test-delivery", "feeds check", "feeds discover",
    "feeds import", "feeds export",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A configuration, a data folder, and a file to read."""

    config: Path
    data: Path
    file: Path

    def call(self, name: str) -> Answer:
        """Call a command rightly, here."""
        words = [str(self.file) if word == "FILE" else word for word in CALLS[name]]
        return call(*words, "--config", str(self.config), "--data", str(self.data))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give a good configuration, an empty data folder, and an empty file."""
    file = tmp_path / "articles.jsonl"
    file.write_text('{"id": "x", "schema": "Organization", "properties": {"name": ["Cape Union"]}, "title": "x"}\n')
    (tmp_path / "data").mkdir()
    return Place(write_small_config(tmp_path / "config"), tmp_path / "data", file)


@pytest.mark.parametrize("name", WITH_DIRECTORIES)
def test_a_missing_configuration_is_named(place: Place, name: str) -> None:
    """Whoever calls from the wrong folder is told which file was looked for."""
    answer = Place(place.config.with_name("nowhere"), place.data, place.file).call(name)
    assert answer.code == 2, answer.err
    assert answer.err.startswith(
        f"{place.config.with_name('nowhere')}: expected a folder, got nothing; `wirewatch init"
    )
    assert answer.err.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_DIRECTORIES)
def test_an_empty_configuration_is_named(place: Place, name: str) -> None:
    """A folder without files is a mistake too; what a command does not read it does not miss."""
    empty = place.config.with_name("empty")
    empty.mkdir()
    answer = Place(empty, place.data, place.file).call(name)
    assert answer.code == 2, answer.err
    assert "expected a" in answer.err


@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_DIRECTORIES)
def test_garbage_is_named_with_its_file(place: Place, name: str) -> None:
    """Broken TOML and broken JSON lines, in every file that a command reads."""
    for path in place.config.rglob("*.*"):
        path.write_bytes(b'broker = "sqlite://"\n\x00\xff= [\n')
    answer = place.call(name)
    assert answer.code == 2, answer.err
    assert "cannot read TOML" in answer.err or "groups.jsonl" in answer.err


@pytest.mark.parametrize("name", [name for name in WITH_DIRECTORIES if name not in WITHOUT_STORE])
@pytest.mark.parametrize("spoil", ["no folder", "not a store"])
def test_a_spoilt_store_is_named(place: Place, name: str, spoil: str) -> None:
    """Neither made anew in silence nor a traceback: exit 1, with the place."""
    data = place.file / "data" if spoil == "no folder" else place.data
    for file in ("store.sqlite", "log.sqlite"):
        (place.data / file).write_bytes(_GARBAGE)
    answer = Place(place.config, data, place.file).call(name)
    assert answer.code == 1, (answer.out, answer.err)
    assert str(data) in answer.err or str(place.file) in answer.err
    if spoil == "not a store":
        assert (place.data / "store.sqlite").read_bytes() == _GARBAGE
        assert (place.data / "log.sqlite").read_bytes() == _GARBAGE


_GARBAGE = b"this is no database, but somebody's notes\n" * 100


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_an_output_that_is_full_is_said(place: Place) -> None:
    """A disk that fills while a list is written to it: a sentence and exit 1."""
    command = [str(Path(sys.executable).with_name("wirewatch")), "init", str(place.config.with_name("mine"))]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        answer = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert answer.returncode != 0
    assert "wirewatch: cannot use the output: No space left on device" in answer.stderr
    assert "click" not in answer.stderr
