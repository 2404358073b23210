"""`--help` teaches, quickly; wrong words are answered with a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.commands.calls import CALLS, every_command
from tests.running.calling import call
from wirewatch.cli import SHORT_HELP

EVERY = dict(every_command())


def test_the_list_of_commands_says_what_each_command_says_of_itself() -> None:
    """The table that saves loading them is true."""
    assert {name: EVERY[name].get_short_help_str(300) for name in SHORT_HELP} == SHORT_HELP
    assert set(SHORT_HELP) == {name for name in EVERY if " " not in name}


def test_the_list_of_commands_loads_none_of_them() -> None:
    """`wirewatch --help` is there in a tenth of a second, because the heavy libraries are left alone."""
    program = (
        "import sys; from wirewatch.cli import wirewatch\n"
        "wirewatch(['--help'], standalone_mode=False)\n"
        "print([name for name in ('spacy', 'faust', 'sqlalchemy', 'kafka', 'aiohttp') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "[]"
    assert all(f"  {name} " in answer.stdout for name in SHORT_HELP)


@pytest.mark.parametrize("name", EVERY)
def test_help_teaches(name: str) -> None:
    """Usage, a sentence, and a sentence for every option; exit 0."""
    answer = call(*name.split(), "--help")
    assert answer.code == 0, answer.err
    assert f"Usage: wirewatch {name} " in answer.out
    sentence = (EVERY[name].help or "").split("\n\n")[0]
    assert sentence.endswith("."), sentence
    for parameter in EVERY[name].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"


@pytest.mark.parametrize("name", EVERY)
def test_wrong_words_get_a_sentence(name: str) -> None:
    """An unknown option, and whatever is missing, ends with exit 2 and where help is."""
    answer = call(*CALLS.get(name, name.split()), "--frobnicate")
    assert answer.code == 2
    assert "frobnicate" in answer.err
    assert "--help" in answer.err
    assert answer.out == ""


@pytest.mark.parametrize("name", [name for name, words in CALLS.items() if len(words) > len(name.split())])
def test_missing_words_get_a_sentence(name: str) -> None:
    """What must be named is named in the answer."""
    if not any(isinstance(parameter, click.Argument) and parameter.required for parameter in EVERY[name].params):
        return
    answer = call(*name.split())
    assert answer.code == 2
    assert "Missing argument" in answer.err


def test_an_unknown_command_is_named() -> None:
    """A slip of the fingers ends with exit 2."""
    answer = call("rnu")
    assert answer.code == 2
    assert "rnu" in answer.err


def test_the_version_is_told(tmp_path: Path) -> None:
    """One line, exit 0."""
    answer = call("--version")
    assert answer.code == 0
    assert answer.out.startswith("wirewatch, version ")
