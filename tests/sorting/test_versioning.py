"""The sorter's version: what a result depends on is in it."""

from __future__ import annotations

from pathlib import Path

from tests.sorting.conftest import CONFIG
from wirewatch.knowledge.entities import Knowledge
from wirewatch.sorting.versioning import hash_files, hash_shipped_files, name_version


def test_a_changed_table_or_model_file_changes_the_hash(tmp_path: Path) -> None:
    """Bytes and names of shipped files count; code, which has a version of its own, does not."""
    table, code = tmp_path / "cues.toml", tmp_path / "cues.py"
    table.write_text("a = 1", encoding="utf-8")
    code.write_text("A = 1", encoding="utf-8")
    before = hash_files([("tables/cues.toml", table), ("tables/cues.py", code)])
    code.write_text("A = 2", encoding="utf-8")
    assert hash_files([("tables/cues.toml", table), ("tables/cues.py", code)]) == before
    table.write_text("a = 2", encoding="utf-8")
    assert hash_files([("tables/cues.toml", table)]) != before
    assert hash_files([("tables/clues.toml", table)]) != hash_files([("tables/cues.toml", table)])


def test_version_names_code_shipped_files_events_and_organisations() -> None:
    """The version has four parts, and the last changes with the organisations alone."""
    one, other = (name_version(Knowledge({}, fingerprint=name * 12), CONFIG) for name in "ab")
    assert one.split("-")[1] == hash_shipped_files()[:8]
    assert one.split("-")[:3] == other.split("-")[:3]
    assert one.split("-")[3] != other.split("-")[3]
