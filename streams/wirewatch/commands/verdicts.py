"""`wirewatch verdict`: what a person says of an alert; precision per rule and per subscription follows from it."""

from __future__ import annotations

from pathlib import Path

import click

from wirewatch.commands.alerts import plain
from wirewatch.commands.options import with_directories
from wirewatch.commands.reading import now, open_store, read_settings
from wirewatch.store.alerts import find_alert
from wirewatch.store.dossiers import load_dossier
from wirewatch.store.verdicts import Verdict, give_verdict


@click.command()
@click.argument("alert")
@click.argument("verdict", type=click.Choice([verdict.value for verdict in Verdict]))
@click.option("--reader", default="", help="Who says so; a reader's newer verdict replaces the older one.")
@click.option("--note", default="", help="Why, for those who read it later.")
@with_directories
def verdict(config_dir: Path, data_dir: Path, alert: str, verdict: str, reader: str, note: str) -> None:
    """Say whether ALERT (its id or event key) was right."""
    settings = read_settings(config_dir, data_dir)
    with open_store(settings) as database, database.transaction() as connection:
        found = find_alert(connection, alert)
        if found is None:
            raise click.ClickException(f'expected the id or event key of an alert, got "{alert}"')
        dossier = load_dossier(connection, found.event_key)
        rules = {rule for item in dossier.contributions for rule in item.rules} if dossier else set()
        give_verdict(
            connection, found.id, Verdict(verdict), now(), reader=reader, note=note, rules=tuple(sorted(rules))
        )
    click.echo(plain(f"{verdict}: {found.headline}"))
