"""`wirewatch backtest`: what would have been told, with another configuration or none changed; tells nobody."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click
from tqdm import tqdm

from wirewatch.commands.alerts import plain
from wirewatch.commands.options import with_directories
from wirewatch.commands.reading import now, open_store
from wirewatch.preparing import prepare
from wirewatch.raising.backtesting import Backtest, Past, WouldTell
from wirewatch.raising.backtesting import backtest as run_backtest
from wirewatch.records import Article
from wirewatch.store.articles import article_ids_by_time, load_articles
from wirewatch.store.database import Database
from wirewatch.store.notices import told_events
from wirewatch.store.verdicts import verdict_by_event

#: Articles that are read from the store at once.
PAGE = 500


@click.command()
@click.option("--subscription", "only", help="Only this subscription (its id).")
@click.option("--days", type=click.IntRange(min=1), default=90, show_default=True, help="How far to look back.")
@click.option("--all", "everything", is_flag=True, help="Look back to the first stored article.")
@click.option(
    "--try-config",
    "tried_dir",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder with the configuration to try; else the present one.",
)
@click.option("--with-history", is_flag=True, help="Count articles of first polls as news.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a notice, then one with the sums.")
@with_directories
def backtest(
    config_dir: Path,
    data_dir: Path,
    only: str | None,
    days: int,
    everything: bool,
    tried_dir: Path | None,
    with_history: bool,
    as_json: bool,
) -> None:
    """Run the stored articles through a configuration and report what it would have told, when, and how right."""
    prepared = prepare(tried_dir or config_dir, data_dir, os.environ)
    world = prepared.world
    known = [one.id for one in world.subscriptions]
    if only is not None:
        if only not in known:
            raise click.ClickException(f'expected a subscription ({", ".join(known)}), got "{only}"')
        chosen = tuple(one for one in world.subscriptions if one.id == only)
        world = replace(world, subscriptions=chosen)
    since = None if everything else now() - timedelta(days=days)
    with open_store(prepared.settings) as database:
        with database.transaction() as connection:
            ids = article_ids_by_time(connection, since)
            past = Past(told_events(connection), verdict_by_event(connection))
        with tqdm(total=len(ids), unit=" articles", disable=not sys.stderr.isatty()) as bar:
            result = run_backtest(
                _read(database, ids), prepared.sorter.sort, world, past, with_history=with_history, progress=bar.update
            )
    for notice in result.notices:
        click.echo(json.dumps(_as_json(notice), ensure_ascii=False) if as_json else plain(_shown(notice)))
    click.echo(json.dumps(_sums(result)) if as_json else _summary(result))


def _read(database: Database, ids: tuple[str, ...]) -> Iterator[Article]:
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        with database.transaction() as connection:
            found = load_articles(connection, page)
        yield from (found[article_id].article for article_id in page)


def _as_json(notice: WouldTell) -> dict[str, object]:
    return {
        "subscription": notice.subscription_id,
        "at": notice.at.isoformat().replace("+00:00", "Z"),
        "reason": notice.reason,
        "event_key": notice.alert.event_key,
        "headline": notice.alert.headline,
        "verdict": notice.verdict.value if notice.verdict else None,
        "was_told": notice.was_told,
    }


def _shown(notice: WouldTell) -> str:
    mark = " " if notice.was_told else "+"
    verdict = f" [{notice.verdict.value}]" if notice.verdict else ""
    what = f"{notice.alert.kind.replace('_', ' ')}: {notice.alert.organisation.name} – {notice.alert.headline}"
    return f"{mark} {notice.at:%Y-%m-%d %H:%M}  {notice.subscription_id}: {notice.reason}: {what}{verdict}"


def _sums(result: Backtest) -> dict[str, object]:
    right, judged = result.precision
    return {
        "articles": result.articles,
        "alerts": result.alerts,
        "notices": len(result.notices),
        "right": right,
        "judged": judged,
        "no_longer_told": [{"subscription": who, "event_key": key} for who, key in result.lost],
    }


def _summary(result: Backtest) -> str:
    right, judged = result.precision
    precision = f"{right} of {judged} judged right" if judged else "nobody has judged any of these yet"
    new = sum(not notice.was_told for notice in result.notices)
    lines = [
        f"{result.articles} articles, {result.alerts} alerts, {len(result.notices)} notices; {precision}.",
        f"{new} that were not told in truth (+), {len(result.lost)} told in truth that would not be (-).",
        *(plain(f"- {who}: {key}") for who, key in result.lost),
    ]
    return "\n".join(lines)
