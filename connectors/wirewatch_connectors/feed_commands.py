"""`wirewatch feeds list|check|discover|import|export|quarantine`: what one does with feeds by hand."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import asdict
from pathlib import Path

import click
import msgspec

from wirewatch.clock import SystemClock
from wirewatch.commands.options import with_directories
from wirewatch.configuration import Problems
from wirewatch.settings import Settings, load_settings
from wirewatch.store.database import Database, open_database
from wirewatch.store.feed_health import FeedHealth, FeedState, feed_health
from wirewatch.store.quarantine import list_quarantined
from wirewatch_connectors.checking import FeedCheck, check_feeds, discover_feeds
from wirewatch_connectors.feeds import FEEDS_FILE, FeedSpec, followed_feed, load_feeds
from wirewatch_connectors.opml import read_opml, write_opml, write_toml
from wirewatch_connectors.urls import check_url


@click.group()
def feeds() -> None:
    """List, check, find, import and export feeds."""


@feeds.command("list")
@with_directories
@click.option("--json", "as_lines", is_flag=True, help="One JSON object a line.")
def list_feeds(config_dir: Path, data_dir: Path, as_lines: bool) -> None:
    """Show every feed: how it is, why, when it is polled again; those that need a person come first."""
    settings, specs = _read(config_dir, data_dir)
    now = SystemClock().now()
    database = open_database(settings.store, settings.data_dir)
    try:
        with database.transaction() as connection:
            found = feed_health(connection, now, [followed_feed(spec) for spec in specs])
    finally:
        database.close()
    for health in found:
        click.echo(msgspec.json.encode(asdict(health)).decode() if as_lines else _line(health))
    if not as_lines:
        counts = {state: sum(health.state is state for health in found) for state in FeedState}
        click.echo(f"{len(found)} feeds: " + ", ".join(f"{count} {state}" for state, count in counts.items() if count))


@feeds.command()
@with_directories
@click.argument("ids", nargs=-1)
def check(config_dir: Path, data_dir: Path, ids: tuple[str, ...]) -> None:
    """Fetch and read feeds now (all, or those named), without remembering anything; exit code 1 if any fails."""
    settings, specs = _read(config_dir, data_dir)
    unknown = set(ids) - {spec.id for spec in specs}
    if unknown:
        raise click.UsageError(f"no such feed in {FEEDS_FILE}: {', '.join(sorted(unknown))}")
    chosen = [spec for spec in specs if not ids or spec.id in ids]
    failed = 0

    def show(result: FeedCheck) -> None:
        nonlocal failed
        failed += bool(result.problem)
        click.echo(f"{'FAIL' if result.problem else 'ok  '} {result.feed_id}: {result.problem or result.summary}")

    asyncio.run(check_feeds(settings, chosen, show))
    click.echo(f"{len(chosen) - failed} of {len(chosen)} feeds can be read.")
    if failed:
        sys.exit(1)


@feeds.command()
@with_directories
@click.argument("url")
def discover(config_dir: Path, data_dir: Path, url: str) -> None:
    """Find the feeds of a site and print them as `[[feed]]` tables; exit code 1 if it names none."""
    settings, _ = _read(config_dir, data_dir)
    try:
        check_url(url)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    found = asyncio.run(discover_feeds(settings, url))
    if not found:
        click.echo("The site names no feed that can be read.", err=True)
        sys.exit(1)
    click.echo(write_toml(found), nl=False)


@feeds.command("import")
@with_directories
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--append", is_flag=True, help="Write them into feeds.toml instead of printing them.")
def import_feeds(config_dir: Path, data_dir: Path, file: Path, append: bool) -> None:
    """Read an OPML file; print the feeds that are new as `[[feed]]` tables. What is left out is said."""
    _, specs = _read(config_dir, data_dir)
    try:
        found = read_opml(
            file.read_bytes(), taken_ids=[spec.id for spec in specs], taken_urls=[spec.url for spec in specs]
        )
    except ValueError as error:
        raise click.ClickException(f"{file}: {error}") from error
    for line in found.refused:
        click.echo(f"left out: {line}", err=True)
    if not append:
        click.echo(write_toml(found.feeds), nl=False)
    elif found.feeds:
        path = config_dir / FEEDS_FILE
        aside = path.with_suffix(".toml.new")
        aside.write_text(path.read_text(encoding="utf-8").rstrip() + "\n\n" + write_toml(found.feeds), encoding="utf-8")
        aside.replace(path)
    click.echo(f"{len(found.feeds)} new feeds, {len(found.refused)} left out.", err=True)


@feeds.command()
@with_directories
def export(config_dir: Path, data_dir: Path) -> None:
    """Print all feeds as OPML."""
    _, specs = _read(config_dir, data_dir)
    click.echo(write_opml(spec for spec in specs if not spec.sample), nl=False)


@feeds.command()
@with_directories
@click.argument("feed_id", required=False)
@click.option("--raw", is_flag=True, help="Print the items' own bytes as well.")
def quarantine(config_dir: Path, data_dir: Path, feed_id: str | None, raw: bool) -> None:
    """Show items that could not be read, with the reason; of one feed or of all."""
    settings, _ = _read(config_dir, data_dir)
    database: Database = open_database(settings.store, settings.data_dir)
    try:
        with database.transaction() as connection:
            items = list_quarantined(connection, feed_id)
    finally:
        database.close()
    for item in items:
        click.echo(
            f"{item.last_seen_at:%Y-%m-%d %H:%M} {item.feed_id} {item.item_hash} {item.reason} {item.raw_bytes} B"
        )
        if raw:
            click.echo(item.raw.decode("utf-8", "backslashreplace").encode("unicode_escape").decode("ascii"))
    click.echo(f"{len(items)} items in quarantine.")


def _read(config_dir: Path, data_dir: Path) -> tuple[Settings, tuple[FeedSpec, ...]]:
    problems = Problems()
    settings = load_settings(config_dir, data_dir, os.environ, problems)
    feed_list = load_feeds(settings, problems)
    problems.raise_if_any()
    return settings, feed_list.feeds


def _line(health: FeedHealth) -> str:
    polled = f"{health.last_poll_at:%d %b %H:%M}" if health.last_poll_at else "never"
    following = f"next {health.next_poll_at:%d %b %H:%M}" if health.next_poll_at else "next at once"
    line = (
        f"{health.state:<8} {health.feed_id:<28} polled {polled:<12} {following:<18} {health.articles_last_week} a week"
    )
    if health.moved_to:
        line += f"\n         moved to {health.moved_to}"
    return line + (f"\n         {health.problem}" if health.problem else "")
