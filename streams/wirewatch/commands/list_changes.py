"""After `wirewatch organisations import`: raises the alerts of what the list changed, where there is a store."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from wirewatch.commands.reading import now
from wirewatch.knowledge.importing.differing import ListingChange
from wirewatch.preparing import prepare
from wirewatch.raising import raise_listing_changes
from wirewatch.store.database import open_database


def tell_changes(config_dir: Path, data_dir: Path, changes: Sequence[ListingChange]) -> tuple[str, ...]:
    """Raise the alerts of an import. Gives lines that say what came of it; planned notices leave with the next run.

    Raises:
        ConfigError: the configuration is not right with the imported list.
    """
    prepared = prepare(config_dir, data_dir, os.environ)
    settings = prepared.settings
    if not changes or (settings.store == "sqlite://" and not (data_dir / "store.sqlite").exists()):
        return ()
    database = open_database(settings.store, data_dir)
    try:
        with database.transaction() as connection:
            alerts = raise_listing_changes(connection, changes, prepared.world, now())
    finally:
        database.close()
    return tuple(
        f"alert: {alert.headline} → {', '.join(alert.subscriptions) or 'no subscription'}, {len(alert.sources)} sources"
        for alert in alerts
    )
