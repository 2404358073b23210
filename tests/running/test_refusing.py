"""What `wirewatch run` refuses to start on: damaged, newer, taken, unwritable. One sentence each, nothing made anew."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.running.calling import Answer, call
from tests.running.scene import LISTS, serving_wire, write_small_config

pytestmark = pytest.mark.timeout(60)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a configuration, and a data folder in which a process has lived."""
    folder = tmp_path_factory.mktemp("lived")
    with serving_wire() as wire:
        for number in range(40):
            wire.say(f"Harbour notice {number}", "Nothing happened. " * 40)
        wire.say(LISTS.format("the Tern Liberation Front"))
        write_small_config(folder / "config", wire)
        answer = run(folder)
    assert answer.code == 0, answer.err
    assert "New listing: Tern Liberation Front" in answer.out
    return folder


@pytest.fixture
def place(lived: Path, tmp_path: Path) -> Path:
    """Give a copy of it, at rest."""
    write_small_config(tmp_path / "config")
    (tmp_path / "data").mkdir()
    for name in ("store.sqlite", "log.sqlite"):
        with sqlite3.connect(lived / "data" / name) as source, sqlite3.connect(tmp_path / "data" / name) as copy:
            source.backup(copy)
    return tmp_path


def run(folder: Path) -> Answer:
    """Run until idle."""
    return call("run", "--until-idle", "--config", str(folder / "config"), "--data", str(folder / "data"))


def _spoil_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"not SQLite at all, not even a little")


def _spoil_pages(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        for offset in range(4096, size, 4096):
            file.seek(offset)
            file.write(b"\xff" * 64)


def _cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


@pytest.mark.parametrize("name", ["store.sqlite", "log.sqlite"])
@pytest.mark.parametrize("spoil", [_spoil_header, _spoil_pages, _cut])
def test_a_damaged_file_is_refused_with_a_hint_and_left_alone(
    place: Path, name: str, spoil: Callable[[Path], None]
) -> None:
    """Exit 1, the file's name, how to go on; byte for byte what it was."""
    spoil(place / "data" / name)
    before = (place / "data" / name).read_bytes()
    answer = run(place)
    assert answer.code == 1, answer.out
    assert answer.err.count("\n") == 1, answer.err
    assert f"cannot open the {name.partition('.')[0]}: " in answer.err
    assert str(place / "data" / name) in answer.err
    assert "restore it from a backup, or move it" in answer.err
    assert (place / "data" / name).read_bytes() == before


def test_without_damage_it_starts(place: Path) -> None:
    """The check refuses nothing that is whole, and tells nothing again."""
    answer = run(place)
    assert answer.code == 0, answer.err
    assert "New listing" not in answer.out


def test_a_store_of_a_newer_program_is_refused(place: Path) -> None:
    """Nothing is written into what this program does not understand."""
    with sqlite3.connect(place / "data" / "store.sqlite") as store:
        store.execute("UPDATE schema_version SET version = 99")
    answer = run(place)
    assert answer.code == 1
    assert "expected a store of version 1 or older, got 99; run the newer program" in answer.err
    assert answer.err.count("\n") == 1


def test_a_taken_port_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which address, why, and where another is chosen."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("WIREWATCH_LISTEN", address)
        answer = run(place)
    assert answer.code == 1
    assert answer.err == (
        f"wirewatch: cannot listen: {address}: Address already in use; name a free address in settings.toml or "
        "WIREWATCH_LISTEN\n"
    )
    assert "Stopped" not in answer.out


def test_an_address_that_is_not_ours_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A documentation address cannot be listened on."""
    token = place / "config" / "token"
    token.write_text("x" * 40, encoding="utf-8")
    monkeypatch.setenv("WIREWATCH_LISTEN", "192.0.2.1:8321")
    monkeypatch.setenv("WIREWATCH_TOKEN_FILE", str(token))
    answer = run(place)
    assert answer.code == 1
    assert "cannot listen: 192.0.2.1:8321" in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("listen", ["localhost:0", "[::1]:0"])
def test_names_of_loopback_can_be_listened_on(place: Path, monkeypatch: pytest.MonkeyPatch, listen: str) -> None:
    """Whatever name one gives the own machine."""
    monkeypatch.setenv("WIREWATCH_LISTEN", listen)
    answer = run(place)
    assert answer.code == 0, answer.err
    assert "Alerts are shown at http://" in answer.out


@contextmanager
def as_somebody_else(*folders: Path) -> Iterator[None]:
    """Take the right to write into folders away; root gives up being root for it."""
    for folder in folders:
        folder.chmod(0o555)
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("begun", [True, False])
def test_a_data_folder_that_cannot_be_written_is_named(place: Path, tmp_path: Path, begun: bool) -> None:
    """Exit 1 and the folder's name, whether there is a store already or not."""
    data = place / "data"
    assert run(place).code == 0  # also loads what is loaded late
    if not begun:
        shutil.rmtree(data)
        data.mkdir()
    for folder in (tmp_path, *tmp_path.parents):
        if folder == tmp_path or folder.name.startswith(("pytest-", "popen-")):
            folder.chmod(0o755)
    with as_somebody_else(data):
        answer = run(place)
    data.chmod(0o755)
    assert answer.code == 1, answer.out
    assert answer.err.count("\n") == 1, answer.err
    assert str(data) in answer.err
    assert "let this user write in the folder" in answer.err or "Permission denied" in answer.err
