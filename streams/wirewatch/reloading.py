"""Adopts a new configuration in a running process: all of it at once, or nothing.

Called on SIGHUP by `commands.running`, and when a program changed a subscription. Articles in hand are finished by the
configuration that they began with. Files that somebody is still writing are read again; a file that was emptied is
taken for an accident.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from wirewatch.errors import ConfigError
from wirewatch.metrics import Metrics
from wirewatch.preparing import Prepared
from wirewatch.raising import WorldBox
from wirewatch.records import Article, SortedArticle
from wirewatch.sorting.sorter import Sorter

log = logging.getLogger(__name__)

#: How often files that change while they are read are read again; reading takes a second or two.
ATTEMPTS = 5


class SorterBox:
    """Holds the sorter of now; a reload replaces it whole."""

    def __init__(self, sorter: Sorter) -> None:
        self.current = sorter

    def sort(self, article: Article) -> SortedArticle:
        """Sort one article by exactly one version of the rules."""
        return self.current.sort(article)


class CarefulReader:
    """Reads a configuration whose files somebody may be writing at this moment."""

    def __init__(self, config_dir: Path, read: Callable[[], Prepared]) -> None:
        self._config_dir = config_dir
        self._read = read
        self._before = self._look()

    def __call__(self) -> Prepared:
        """Read files that are at rest and whole.

        Raises:
            ConfigError: with every problem; also when a file was emptied, or changes again and again.
        """
        for _ in range(ATTEMPTS):
            files = self._look()
            emptied = sorted(
                path for path, (size, _) in self._before.items() if size and files.get(path, (1, 0))[0] == 0
            )
            problems = tuple(f"{path}: expected what it held or more, got an empty file" for path in emptied)
            prepared = None
            try:
                prepared = self._read()
            except ConfigError as error:
                problems += error.problems
            if self._look() != files:
                continue
            if problems or prepared is None:
                raise ConfigError(problems)
            self._before = files
            return prepared
        raise ConfigError((f"{self._config_dir}: expected files at rest, got files that change while they are read",))

    def _look(self) -> Mapping[Path, tuple[int, int]]:
        """Give the size and the time of the last change of every file."""
        found = {}
        for path in self._config_dir.rglob("*"):
            try:
                state = path.stat()
            except OSError:  # gone since it was listed: the next look differs
                continue
            if path.suffix in (".toml", ".jsonl") and path.is_file():
                found[path] = (state.st_size, state.st_mtime_ns)
        return found


class Reloader:
    """Reads the configuration anew and adopts it, or keeps the last good one and says why; one reading at a time."""

    def __init__(
        self,
        read: Callable[[], Prepared],
        adopt: Callable[[Prepared], None],
        refuse: Callable[[tuple[str, ...]], None],
        metrics: Metrics,
    ) -> None:
        self._read = read
        self._adopt = adopt
        self._refuse = refuse
        self._metrics = metrics
        self._lock = asyncio.Lock()
        self._begun = 0
        self._problems: tuple[str, ...] = ()

    async def __call__(self) -> tuple[str, ...]:
        """Reload once; gives the problems for which the new configuration was refused, none when it is in force.

        Who waits while another reads shares one reading that begins after both had asked.
        """
        begun = self._begun
        async with self._lock:
            if self._begun == begun:
                self._begun += 1
                self._problems = await self._reload()
            return self._problems

    async def _reload(self) -> tuple[str, ...]:
        try:
            prepared = await asyncio.to_thread(self._read)
        except ConfigError as error:
            for problem in error.problems:
                # A person's mistake: the problem says it all, a traceback would hide it.
                log.error("The new configuration is refused, the old one stays: %s", problem)  # noqa: TRY400
            return self._refused(error.problems)
        except Exception as error:
            # A bug must not end reloading unseen, nor the work that goes on.
            log.exception("Reading the new configuration ended in a bug, the old one stays.")
            return self._refused((f"reading the configuration ended in a bug: {error!r}",))
        self._adopt(prepared)
        self._metrics.configuration_reloads.labels("adopted").inc()
        log.info("The new configuration is in force.", extra={"version": prepared.world.version})
        return ()

    def _refused(self, problems: tuple[str, ...]) -> tuple[str, ...]:
        self._refuse(problems)
        self._metrics.configuration_reloads.labels("refused").inc()
        return problems


async def reload_when_asked(asked: asyncio.Event, reload: Reloader) -> None:
    """Reload each time `asked` is set."""
    while True:
        await asked.wait()
        asked.clear()
        await reload()


def adopter(sorter_box: SorterBox, world_box: WorldBox, reload: asyncio.Event) -> Callable[[Prepared], None]:
    """Give what puts a prepared configuration in the place of the old one and tells the connectors."""

    def adopt(prepared: Prepared) -> None:
        sorter_box.current = prepared.sorter
        world_box.replace(prepared.world)
        reload.set()

    return adopt
