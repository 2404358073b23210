"""Adopts a new configuration in a running process: all of it at once, or nothing.

Called on SIGHUP by `commands.running`. Articles in hand are finished by the configuration that they began with.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from wirewatch.errors import ConfigError
from wirewatch.metrics import Metrics
from wirewatch.preparing import Prepared
from wirewatch.raising import WorldBox
from wirewatch.records import Article, SortedArticle
from wirewatch.sorting.sorter import Sorter

log = logging.getLogger(__name__)


class SorterBox:
    """Holds the sorter of now; a reload replaces it whole."""

    def __init__(self, sorter: Sorter) -> None:
        self.current = sorter

    def sort(self, article: Article) -> SortedArticle:
        """Sort one article by exactly one version of the rules."""
        return self.current.sort(article)


async def reload_when_asked(
    asked: asyncio.Event,
    read: Callable[[], Prepared],
    adopt: Callable[[Prepared], None],
    refuse: Callable[[tuple[str, ...]], None],
    metrics: Metrics,
) -> None:
    """Each time `asked` is set, read the configuration anew and adopt it, or keep the last good one and say why."""
    while True:
        await asked.wait()
        asked.clear()
        try:
            prepared = await asyncio.to_thread(read)
        except ConfigError as error:
            metrics.configuration_reloads.labels("refused").inc()
            refuse(error.problems)
            for problem in error.problems:
                # A person's mistake: the problem says it all, a traceback would hide it.
                log.error("The new configuration is refused, the old one stays: %s", problem)  # noqa: TRY400
            continue
        adopt(prepared)
        metrics.configuration_reloads.labels("adopted").inc()
        log.info("The new configuration is in force.", extra={"version": prepared.world.version})


def adopter(sorter_box: SorterBox, world_box: WorldBox, reload: asyncio.Event) -> Callable[[Prepared], None]:
    """Give what puts a prepared configuration in the place of the old one and tells the connectors."""

    def adopt(prepared: Prepared) -> None:
        sorter_box.current = prepared.sorter
        world_box.replace(prepared.world)
        reload.set()

    return adopt
