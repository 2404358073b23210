"""`wirewatch alerts`: every alert in the store, for people or as JSON Lines."""

from __future__ import annotations

import json
from pathlib import Path

import click

from wirewatch import wire
from wirewatch.commands.options import with_directories
from wirewatch.commands.reading import open_store, read_settings
from wirewatch.records import Alert, AlertKind, AlertState
from wirewatch.store.alerts import list_alerts


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, as the contract describes it.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in AlertKind]),
    help="Only of this kind; may be repeated.",
)
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in AlertState]),
    help="Only in this state; may be repeated.",
)
@click.option("--organisation", help="Only alerts about this organisation (its id).")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many, the latest changed first.")
@with_directories
def alerts(
    config_dir: Path,
    data_dir: Path,
    as_json: bool,
    kinds: tuple[str, ...],
    states: tuple[str, ...],
    organisation: str | None,
    limit: int | None,
) -> None:
    """Print the alerts, the latest changed first."""
    settings = read_settings(config_dir, data_dir)
    with open_store(settings) as database, database.transaction() as connection:
        found = list_alerts(
            connection,
            limit=limit,
            kinds=[AlertKind(kind) for kind in kinds],
            states=[AlertState(state) for state in states],
            organisation_id=organisation,
        )
    for alert in found:
        click.echo(json.dumps(wire.as_json(alert), ensure_ascii=False) if as_json else describe(alert))


def describe(alert: Alert) -> str:
    """Give an alert as a few lines for a terminal; control characters of feeds never reach it."""
    marks = [word for word, holds in (("SAMPLE", alert.sample), ("history", alert.history)) if holds]
    authority = alert.authority.name if alert.authority else "authority not named"
    head = f"{alert.updated_at:%Y-%m-%d %H:%M}  {alert.kind.replace('_', ' ')}, {alert.state}"
    count = len(alert.sources) + alert.more_sources
    lines = [
        " ".join([head, *(f"[{mark}]" for mark in marks)]),
        f"  {alert.organisation.name} · {authority}" + (f" · {alert.programme}" if alert.programme else ""),
        f"  {alert.headline}",
        *(f'  "{evidence.quote}"' for evidence in alert.evidence[:1]),
        f"  {count} source{'' if count == 1 else 's'}, {alert.independent_sources} independent · {alert.id}",
    ]
    return "\n".join(plain(line) for line in lines)


def plain(text: str) -> str:
    """Give text with every control character made visible, so that no feed can drive a terminal."""
    return "".join(char if char.isprintable() else "\ufffd" for char in " ".join(text.split(" ")))
