"""A new configuration in a running process: adopted whole, or refused whole and said so."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.builders import an_article
from tests.running.scene import LISTS, a_subscription, write_small_config
from wirewatch.errors import ConfigError
from wirewatch.metrics import Metrics
from wirewatch.preparing import Prepared, prepare
from wirewatch.raising import WorldBox
from wirewatch.reloading import ATTEMPTS, CarefulReader, Reloader, SorterBox, adopter, reload_when_asked

pytestmark = pytest.mark.timeout(60)


@dataclass
class Running:
    """The part of a process that a reload touches."""

    config: Path
    world_box: WorldBox
    sorter_box: SorterBox
    metrics: Metrics
    reload: asyncio.Event
    asked: asyncio.Event

    def counted(self, outcome: str) -> float:
        """Give how often a configuration was adopted or refused."""
        return (
            self.metrics.registry.get_sample_value("wirewatch_configuration_reloads_total", {"outcome": outcome}) or 0
        )

    async def ask(self) -> None:
        """Ask for a reload, as SIGHUP does, and wait until it is decided."""
        before = self.counted("adopted") + self.counted("refused")
        self.asked.set()
        while self.counted("adopted") + self.counted("refused") == before:  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.005)


@asynccontextmanager
async def running(config: Path, read: Callable[[], Prepared]) -> AsyncIterator[Running]:
    """Adopt what `read` gives whenever it is asked."""
    prepared = read()
    reload, asked, metrics = asyncio.Event(), asyncio.Event(), Metrics()
    found = Running(config, WorldBox(prepared.world), SorterBox(prepared.sorter), metrics, reload, asked)
    adopt = adopter(found.sorter_box, found.world_box, reload)
    task = asyncio.create_task(reload_when_asked(asked, Reloader(read, adopt, found.world_box.refuse, metrics)))
    yield found
    task.cancel()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Write a good configuration."""
    return write_small_config(tmp_path / "config")


def reading(config: Path) -> CarefulReader:
    """Read as a process does."""
    return CarefulReader(config, lambda: prepare(config, config.with_name("data"), {}))


@pytest.mark.parametrize(
    ("file", "words", "problem"),
    [
        ("subscriptions.toml", '[[subscription]]\nid = "mine"\n', "expected at least one [[subscription.road]]"),
        ("subscriptions.toml", "[[subscription", "cannot read TOML"),
        ("subscriptions.toml", "", "expected what it held or more, got an empty file"),
        ("organisations/groups.jsonl", '{"id": "tern-fr', "groups.jsonl:1"),
        ("organisations/groups.jsonl", "", "expected what it held or more, got an empty file"),
        ("feeds.toml", '[[feed]]\nid = "a"\n', 'feed[0] "a".url: expected a string, got nothing'),
        ("events/arrest.toml", "[[rule]]\n", "arrest.toml"),
        ("settings.toml", 'broker = "rabbit://"\n', "settings.toml: broker"),
    ],
)
async def test_a_wrong_configuration_leaves_the_old_one_in_force(
    config: Path, caplog: pytest.LogCaptureFixture, file: str, words: str, problem: str
) -> None:
    """Counted, logged, kept for the console; and as soon as the file is right, the new one is in force."""
    async with running(config, reading(config)) as process:
        before = (process.world_box.current, process.sorter_box.current)
        good = (config / file).read_text(encoding="utf-8")
        (config / file).write_text(words, encoding="utf-8")
        with caplog.at_level(logging.ERROR):
            await process.ask()
        assert (process.world_box.current, process.sorter_box.current) == before
        assert process.counted("refused") == 1
        assert any(problem in told for told in process.world_box.refused), process.world_box.refused
        assert all(told in caplog.text for told in process.world_box.refused)
        assert "the old one stays" in caplog.text
        assert not process.reload.is_set()

        (config / file).write_text(good, encoding="utf-8")
        await process.ask()
        assert (process.counted("adopted"), process.world_box.refused) == (1, ())
        assert process.world_box.current is not before[0]
        assert process.reload.is_set()


async def test_a_file_that_is_gone_leaves_the_old_configuration_in_force(config: Path) -> None:
    """A deleted subscriptions.toml does not silence anybody."""
    async with running(config, reading(config)) as process:
        (config / "subscriptions.toml").unlink()
        await process.ask()
        assert process.counted("refused") == 1
        assert [subscription.id for subscription in process.world_box.current.subscriptions] == ["everything"]


async def test_new_rules_and_names_sort_the_next_article(config: Path) -> None:
    """A group that was written down a moment ago is found, by a sorter of another version."""
    article = an_article(LISTS.format("the Sandpiper Legion"))
    async with running(config, reading(config)) as process:
        before = process.sorter_box.sort(article)
        with (config / "organisations" / "groups.jsonl").open("a", encoding="utf-8") as file:
            file.write('{"id":"sandpiper","schema":"Organization","properties":{"name":["Sandpiper Legion"]}}\n')
        await process.ask()
        after = process.sorter_box.sort(article)
    assert [found.organisation.id for found in before.mentions if found.organisation] == ["us-state"]
    assert "sandpiper" in [found.organisation.id for found in after.mentions if found.organisation]
    assert before.sorter_version != after.sorter_version


def test_a_half_written_file_is_read_again_when_it_is_whole(config: Path) -> None:
    """What changes while it is read is never adopted, though every half of it reads well."""
    seen: list[int] = []

    def read() -> Prepared:
        prepared = prepare(config, config.with_name("data"), {})
        seen.append(len(prepared.world.subscriptions))
        if len(seen) == 2:  # the first half stands, the writer goes on
            with (config / "subscriptions.toml").open("a", encoding="utf-8") as file:
                file.write(a_subscription("second"))
        return prepared

    careful = CarefulReader(config, read)
    assert len(careful().world.subscriptions) == 1
    assert len(careful().world.subscriptions) == 2
    assert seen == [1, 1, 2]


def test_files_that_never_rest_are_refused(config: Path) -> None:
    """A writer in a loop does not keep a process reading for ever."""
    reads = 0

    def read() -> Prepared:
        nonlocal reads
        reads += 1
        os.utime(config / "subscriptions.toml", ns=(reads, reads))
        return prepare(config, config.with_name("data"), {})

    with pytest.raises(ConfigError, match="expected files at rest"):
        CarefulReader(config, read)()
    assert reads == ATTEMPTS


async def test_a_bug_while_reading_does_not_end_reloading(config: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is told with its traceback, the old configuration stays, and the next reload works."""
    careful, broken = reading(config), False

    def read() -> Prepared:
        if broken:
            raise ZeroDivisionError("a bug")
        return careful()

    async with running(config, read) as process:
        broken = True
        await process.ask()
        assert process.counted("refused") == 1
        assert "ZeroDivisionError" in caplog.text
        assert "ZeroDivisionError" in "".join(process.world_box.refused)
        broken = False
        await process.ask()
        assert (process.counted("adopted"), process.world_box.refused) == (1, ())
