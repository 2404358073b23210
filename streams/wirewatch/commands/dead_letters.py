"""`wirewatch dead-letters`: what no stage could handle; look at it, and put it back when the cause is mended."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import click

from wirewatch import wire
from wirewatch.clock import SystemClock
from wirewatch.commands.options import with_directories
from wirewatch.configuration import Problems
from wirewatch.engine.replaying import ListedLetter, can_be_replayed, list_dead_letters, replay
from wirewatch.errors import EngineError
from wirewatch.logs import escape
from wirewatch.settings import Settings, load_settings


@click.group(name="dead-letters")
def dead_letters() -> None:
    """List, show and replay the records that no stage could handle."""


@dead_letters.command(name="list")
@with_directories
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with the raw value in base64.")
@click.option("--replayed", is_flag=True, help="Also those that were replayed.")
def list_letters(config_dir: Path, data_dir: Path, as_json: bool, replayed: bool) -> None:
    """List the dead letters, the oldest first."""
    for listed in asyncio.run(list_dead_letters(_settings(config_dir, data_dir))):
        if listed.replayed and not replayed:
            continue
        click.echo(json.dumps(_plain(listed)) if as_json else _line(listed))


@dead_letters.command()
@with_directories
@click.argument("letter_id", metavar="ID")
@click.option("--raw", is_flag=True, help="Only the record's value, byte for byte, to standard output.")
def show(config_dir: Path, data_dir: Path, letter_id: str, raw: bool) -> None:
    """Show one dead letter: where it came from, what went wrong, and its bytes."""
    listed = _find(asyncio.run(list_dead_letters(_settings(config_dir, data_dir))), letter_id)
    if raw:
        click.get_binary_stream("stdout").write(listed.letter.value)
        return
    letter = listed.letter
    for name in ("id", "topic", "partition", "offset", "stage", "reason", "error", "attempts", "failed_at"):
        click.echo(f"{name:<10} {escape(str(getattr(letter, name)))}")
    click.echo(f"{'replayed':<10} {'yes' if listed.replayed else 'no'}")
    click.echo(f"{'key':<10} {letter.key!r}")
    click.echo(f"{'value':<10} {len(letter.value)} bytes")
    click.echo(escape(letter.value.decode("utf-8", "backslashreplace")))


@dead_letters.command(name="replay")
@with_directories
@click.argument("letter_id", metavar="ID", required=False)
@click.option("--all", "everything", is_flag=True, help="Every letter that was not replayed yet.")
def replay_letters(config_dir: Path, data_dir: Path, letter_id: str | None, everything: bool) -> None:
    """Put one dead letter, or all, back onto the topic it came from."""
    if (letter_id is None) == (not everything):
        raise click.UsageError("expected the ID of a dead letter, or --all")
    settings = _settings(config_dir, data_dir)

    async def work() -> int:
        listed = await list_dead_letters(settings)
        waiting = [one for one in listed if not one.replayed and can_be_replayed(one.letter)]
        chosen = waiting if everything else [_find(listed, letter_id or "")]
        if chosen:
            await replay(settings, [one.letter for one in chosen], SystemClock())
        return len(chosen)

    click.echo(f"{asyncio.run(work())} replayed.")


def _settings(config_dir: Path, data_dir: Path) -> Settings:
    problems = Problems()
    settings = load_settings(config_dir, data_dir, os.environ, problems)
    problems.raise_if_any()
    return settings


def _find(listed: list[ListedLetter], letter_id: str) -> ListedLetter:
    for one in listed:
        if one.letter.id == letter_id:
            return one
    raise EngineError(f"there is no such dead letter: {letter_id}; `wirewatch dead-letters list` shows them")


def _plain(listed: ListedLetter) -> dict[str, object]:
    return {**wire.as_json(listed.letter), "replayed": listed.replayed}


def _line(listed: ListedLetter) -> str:
    letter = listed.letter
    place = f"{letter.topic}[{letter.partition}]@{letter.offset}"
    error = letter.error.splitlines()[0] if letter.error else ""
    at = f"{letter.failed_at:%Y-%m-%dT%H:%M:%SZ}"
    return f"{letter.id}  {at}  {letter.stage}  {letter.reason}  {place}  {escape(error[:80])}"
