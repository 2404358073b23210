"""What every command shares: where the configuration and the data lie, and how it says what it found wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from wirewatch.errors import ConfigError

Command = TypeVar("Command", bound=Callable[..., Any])


def with_directories(command: Command) -> Command:
    """Give a command `--config DIR` and `--data DIR`, passed as `config_dir` and `data_dir`."""
    config = click.option(
        "--config",
        "config_dir",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("config"),
        show_default=True,
        callback=_existing,
        help="Folder with settings.toml, feeds.toml, subscriptions.toml, organisations/, events/, languages/.",
    )
    data = click.option(
        "--data",
        "data_dir",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("var"),
        show_default=True,
        help="Folder for the log, the store and what else must survive a restart.",
    )
    return config(data(command))


def _existing(_context: click.Context, _parameter: click.Parameter, folder: Path) -> Path:
    """Refuse a folder that is not there, before each file in it is missed one by one."""
    if not folder.is_dir():
        raise ConfigError(
            (f"{folder}: expected a folder, got nothing; `wirewatch init {folder}` writes one to begin with",)
        )
    return folder
