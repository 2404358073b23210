"""`wirewatch topics`: makes the topics of the table, and says what waits in them."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from wirewatch.clock import SystemClock
from wirewatch.commands.options import with_directories
from wirewatch.configuration import Problems
from wirewatch.engine.topics_admin import TopicState, create_topics, describe_topics
from wirewatch.settings import Settings, load_settings

_DAY_SECONDS = 86_400


@click.group()
def topics() -> None:
    """Make and describe the topics of the log."""


@topics.command()
@with_directories
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def create(config_dir: Path, data_dir: Path, as_json: bool) -> None:
    """Make the topics that are missing (names, keys, partitions, retention, compaction from one table)."""
    _show(asyncio.run(create_topics(_settings(config_dir, data_dir), SystemClock())), as_json=as_json)


@topics.command()
@with_directories
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def describe(config_dir: Path, data_dir: Path, as_json: bool) -> None:
    """Say which topics there are, how large, and what the stream has yet to read."""
    _show(asyncio.run(describe_topics(_settings(config_dir, data_dir))), as_json=as_json)


def _settings(config_dir: Path, data_dir: Path) -> Settings:
    problems = Problems()
    settings = load_settings(config_dir, data_dir, os.environ, problems)
    problems.raise_if_any()
    return settings


def _show(states: Sequence[TopicState], *, as_json: bool) -> None:
    if as_json:
        for state in states:
            click.echo(json.dumps(asdict(state)))
        return
    row = "{:<24} {:<16} {:>10} {:>11} {:>10} {:>10} {:>8}"
    click.echo(row.format("topic", "key", "partitions", "replication", "retention", "records", "waiting"))
    for state in states:
        kept = "compacted" if state.compacted else f"{(state.retention_seconds or 0) // _DAY_SECONDS} days"
        if not state.exists:
            click.echo(row.format(state.name, state.key, "missing", "-", kept, "-", "-"))
            continue
        waiting = "-" if state.lag is None else state.lag
        click.echo(
            row.format(state.name, state.key, state.partitions, state.replication_factor, kept, state.records, waiting)
        )
