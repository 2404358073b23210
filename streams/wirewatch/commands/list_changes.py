"""After `wirewatch organisations import`: raises the alerts of what the list changed, where there is a store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wirewatch.commands.reading import now, read_settings, read_world
from wirewatch.knowledge.importing.differing import ListingChange
from wirewatch.raising import raise_listing_changes
from wirewatch.store.database import open_database


def tell_changes(config_dir: Path, data_dir: Path, changes: Sequence[ListingChange]) -> tuple[str, ...]:
    """Raise the alerts of an import. Gives lines that say what came of it; planned notices leave with the next run.

    Does nothing where nothing changed, and where nothing has run yet: a first import is no news.

    Raises:
        ConfigError: the configuration is not right with the imported list.
    """
    if not changes or not (config_dir / "settings.toml").exists():
        return ()
    settings = read_settings(config_dir, data_dir)
    if settings.store == "sqlite://" and not (data_dir / "store.sqlite").exists():
        return ()
    world = read_world(settings)
    database = open_database(settings.store, data_dir)
    try:
        with database.transaction() as connection:
            alerts = raise_listing_changes(connection, changes, world, now())
    finally:
        database.close()
    return tuple(
        f"{alert.headline} → {', '.join(alert.subscriptions) or 'no subscription'}; {len(alert.sources)} sources"
        for alert in alerts
    )
