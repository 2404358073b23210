"""`wirewatch why`: explains, step by step, why an article or an alert was told, or was not."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from sqlalchemy import Connection

from wirewatch.commands.alerts import plain
from wirewatch.commands.options import with_directories
from wirewatch.commands.reading import now, open_store, read_settings, read_world
from wirewatch.raising.explaining import Step, explain_alert, explain_article
from wirewatch.raising.world import World
from wirewatch.store.alerts import find_alert
from wirewatch.store.articles import find_by_url, load_articles


@click.command()
@click.argument("what")
@click.option("--subscription", help="Only what concerns this subscription (its id).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a step.")
@with_directories
def why(config_dir: Path, data_dir: Path, what: str, subscription: str | None, as_json: bool) -> None:
    """Explain WHAT: an article's address or id, or an alert's id or event key."""
    settings = read_settings(config_dir, data_dir)
    world = read_world(settings)
    known = [one.id for one in world.subscriptions]
    if subscription is not None and subscription not in known:
        raise click.ClickException(f'expected a subscription ({", ".join(known)}), got "{subscription}"')
    with open_store(settings) as database, database.transaction() as connection:
        steps = _explain(connection, what, world, subscription)
    for step in steps:
        click.echo(json.dumps(asdict(step), ensure_ascii=False) if as_json else _shown(step))


def _explain(connection: Connection, what: str, world: World, subscription: str | None) -> tuple[Step, ...]:
    alert = find_alert(connection, what)
    if alert is not None:
        return explain_alert(connection, alert, world, subscription)
    item = load_articles(connection, [what]).get(what) or find_by_url(connection, what)
    if item is None:
        message = f'expected the address or id of a stored article, or the id of an alert, got "{what}"'
        raise click.ClickException(
            f"{message}; it may not have been fetched, or was dropped: see wirewatch dead-letters"
        )
    return explain_article(connection, item, world, now(), subscription)


def _shown(step: Step) -> str:
    head = plain(f"{step.stage:<13}{step.answer:<22}{step.subject}")
    return f"{head}\n{'':<35}{plain(step.because)}" if step.because else head
