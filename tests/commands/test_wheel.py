"""The wheel as a stranger gets it: `wirewatch init` and `wirewatch check` away from any checkout."""

from __future__ import annotations

import filecmp
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.running.calling import call
from tests.running.scene import CONFIG, REPOSITORY
from wirewatch.commands.starting import STARTER, starter_directory

#: What a build reads.
SOURCES = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE")


def run(words: Sequence[str | Path], cwd: Path) -> str:
    """Run a command that must succeed; give its output."""
    answer = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy what a build reads, so that it leaves nothing in the repository."""
    copy = tmp_path / "checkout"
    copy.mkdir()
    for name in SOURCES:
        shutil.copyfile(REPOSITORY / name, copy / name)
    for name in ("streams", "connectors", "config"):
        shutil.copytree(REPOSITORY / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def build(checkout: Path, target: str) -> Path:
    """Build a wheel; give its path."""
    wheels = checkout / "wheels"
    run([sys.executable, "-m", "hatchling", "build", "-t", target, "-d", wheels], checkout)
    [wheel] = wheels.glob("*.whl")
    return wheel


def test_init_writes_what_the_checkout_holds(tmp_path: Path) -> None:
    """In a checkout the starter configuration is `config/` itself, never a copy that grew stale."""
    assert starter_directory() == CONFIG
    answer = call("init", str(tmp_path / "mine"))
    assert answer.code == 0, answer.err
    assert f"wirewatch check --config {tmp_path}/mine" in answer.out
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == sorted(STARTER)
    again = call("init", str(tmp_path / "mine"))
    assert (again.code, again.err) == (
        1, f"wirewatch: expected a new or empty folder, got one with files: {tmp_path}/mine\n",
    )  # fmt: skip


def test_the_build_names_every_part_of_the_starter() -> None:
    """The wheel brings what `wirewatch init` writes; only a slow test builds it."""
    hook = (REPOSITORY / "hatch_build.py").read_text(encoding="utf-8")
    assert [name for name in STARTER if f'"{name}"' not in hook] == []


@pytest.mark.slow
def test_an_editable_install_has_no_copy(checkout: Path) -> None:
    """Only the real wheel brings the starter configuration."""
    with zipfile.ZipFile(build(checkout, "wheel:editable")) as wheel:
        assert [name for name in wheel.namelist() if "starter" in name] == []


@pytest.mark.slow
def test_an_installed_wheel_begins_a_configuration_that_is_good(checkout: Path, tmp_path: Path) -> None:
    """Built, installed into an environment of its own beside the locked dependencies, away from the sources."""
    wheel = build(checkout, "wheel")
    home = tmp_path / "environment"
    run([sys.executable, "-m", "venv", "--without-pip", home], tmp_path)
    python = home / "bin" / "python"
    run([sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel], tmp_path)
    [packages] = home.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")

    where = run(
        [python, "-c", "import wirewatch, wirewatch_connectors as c; print(wirewatch.__file__, c.__file__)"], tmp_path
    )
    assert where.count(str(packages)) == 2
    command, mine = home / "bin" / "wirewatch", tmp_path / "mine"
    run([command, "init", mine], tmp_path)
    assert "The configuration is good." in run(
        [command, "check", "--config", mine, "--data", tmp_path / "var"], tmp_path
    )
    for name in STARTER:
        if (CONFIG / name).is_dir():
            compared = filecmp.dircmp(checkout / "config" / name, mine / name)
            assert (compared.left_only, compared.right_only, compared.diff_files) == ([], [], [])
        else:
            assert filecmp.cmp(checkout / "config" / name, mine / name, shallow=False)
