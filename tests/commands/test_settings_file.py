"""`config/settings.toml` teaches every setting that there is, and none that is not."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.running.scene import CONFIG
from wirewatch.configuration import Problems, Table
from wirewatch.settings import load_settings


@pytest.fixture
def read_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """Give every key that reading an empty file asks for, with its default: `section.key`, or `key` at the top."""
    asked: dict[str, Any] = {}
    take = Table._take

    def remember(self: Table, key: str, default: Any, *rest: Any) -> Any:
        if not isinstance(default, dict):
            asked[f"{self.place}.{key}".removeprefix(f"{tmp_path.name}/settings.toml: ").lstrip(".")] = default
        return take(self, key, default, *rest)

    monkeypatch.setattr(Table, "_take", remember)
    (tmp_path / "settings.toml").write_text("", encoding="utf-8")
    load_settings(tmp_path, tmp_path / "data", {}, Problems())
    return asked


def flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Give the keys of a document as `section.key`."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        found.update(flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value})
    return found


def test_every_setting_is_written_down_with_its_default(read_keys: dict[str, Any]) -> None:
    """What the file says is what holds without it; only the sample wire is on, for a first look."""
    written = flat(tomllib.loads((CONFIG / "settings.toml").read_text(encoding="utf-8")))
    assert written.pop("sample_wire") is True
    assert read_keys.pop("sample_wire") is False
    assert sorted(written) == sorted(read_keys)
    differing = {
        key: (value, read_keys[key])
        for key, value in written.items()
        if (tuple(value) if isinstance(value, list) else value) != read_keys[key]
    }
    assert differing == {}


def test_every_setting_is_explained() -> None:
    """Each line of the file says what its key is for."""
    lines = (CONFIG / "settings.toml").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "=" in line.partition("#")[0] and not line.partition("#")[2].strip()] == []
