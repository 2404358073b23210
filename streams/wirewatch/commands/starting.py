"""`wirewatch init` and `wirewatch check`: begin a configuration, and see everything that is wrong with one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

from wirewatch.commands.options import with_directories
from wirewatch.errors import WirewatchError
from wirewatch.preparing import Prepared, prepare

#: What a starter configuration holds.
STARTER = ("settings.toml", "feeds.toml", "subscriptions.toml", "organisations", "events", "languages")


def starter_directory() -> Path:
    """Find the starter configuration: `config/` of a source checkout, or what an installed package brings.

    Raises:
        WirewatchError: in neither.
    """
    package = Path(__file__).parents[1]
    checkout = package.parents[1] / "config" if package.parent.name == "streams" else package / "starter"
    for place in (checkout, package / "starter"):
        if (place / "settings.toml").is_file():
            return place
    raise WirewatchError(f"expected the starter configuration beside the package, got nothing: {package}")


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def init(directory: Path) -> None:
    """Write a starter configuration into DIRECTORY, which must be new or empty.

    It holds every setting with its default, public feeds, organisations, event types and three subscriptions.

    Example: wirewatch init config
    """
    if directory.exists() and any(directory.iterdir()):
        raise WirewatchError(f"expected a new or empty folder, got one with files: {directory}")
    starter = starter_directory()
    directory.mkdir(parents=True, exist_ok=True)
    for name in STARTER:
        source = starter / name
        if source.is_dir():
            shutil.copytree(source, directory / name)
        else:
            shutil.copyfile(source, directory / name)
    click.echo(f"Wrote {directory}. Next: wirewatch check --config {directory}; wirewatch run --config {directory}")


@click.command()
@with_directories
def check(config_dir: Path, data_dir: Path) -> None:
    """Read the whole configuration and name every problem with file, key and what was expected.

    Exit 0 when it is good, 2 with all problems at once when it is not. Opens nothing, changes nothing.

    Example: wirewatch check --config config
    """
    prepared = prepare(config_dir, data_dir, os.environ)
    for warning in (*prepared.knowledge.warnings, *missing_secrets(prepared)):
        click.echo(f"warning: {warning}")
    for line in summary(prepared):
        click.echo(line)


def missing_secrets(prepared: Prepared) -> tuple[str, ...]:
    """Name the secret files that are not there yet. Only a warning: they may be put in place by whoever deploys."""
    return tuple(
        f"{road.secret_file}: there is no such file yet; the {road.kind} road of {subscription.id} waits for it"
        for subscription in prepared.world.subscriptions
        for road in subscription.roads
        if road.secret_file is not None and not road.secret_file.is_file()
    )


def summary(prepared: Prepared) -> tuple[str, ...]:
    """Say in a few lines what a configuration holds."""
    knowledge = prepared.knowledge
    watched = sum(not organisation.is_authority for organisation in knowledge.organisations.values())
    authorities = len(knowledge.organisations) - watched
    return (
        f"broker {prepared.settings.broker}, store {prepared.settings.store.split('@')[-1]}",
        f"{watched} organisations, {authorities} authorities, {len(knowledge.listings)} register entries",
        f"{len(prepared.world.subscriptions)} subscriptions",
        "The configuration is good.",
    )
