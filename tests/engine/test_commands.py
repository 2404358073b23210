"""`wirewatch topics` and `wirewatch dead-letters`, on both engines, also while a stream runs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import pytest
from click.testing import CliRunner, Result

from tests.builders import an_article
from tests.harness.streams import Engine, PlainSorter, Witness, running_stream
from wirewatch.cli import wirewatch
from wirewatch.engine.sqlite.files import own
from wirewatch.errors import EngineError
from wirewatch.settings import Settings


def invoke(settings: Settings, *words: str) -> Result:
    """Run a command with the directories of some settings."""
    group, action, *rest = words
    directories = ["--config", str(settings.config_dir), "--data", str(settings.data_dir)]
    return CliRunner().invoke(wirewatch, [group, action, *directories, *rest], standalone_mode=False)


async def told(settings: Settings, *words: str) -> list[str]:
    """Run a command that succeeds, off the event loop; give its lines."""
    result = await asyncio.to_thread(invoke, settings, *words)
    assert result.exception is None, result.exception
    return result.stdout.splitlines()


async def raised(settings: Settings, *words: str) -> str:
    """Run a command that a person must be told about; give what it says."""
    result = await asyncio.to_thread(invoke, settings, *words)
    assert isinstance(result.exception, EngineError)
    return str(result.exception)


def _of(lines: Sequence[str], name: str) -> dict[str, object]:
    (found,) = [state for state in map(json.loads, lines) if str(state["name"]).endswith(name)]
    assert isinstance(found, dict)
    return found


async def test_topics_are_made_and_described(engine: Engine) -> None:
    """What the table says is what the engine has; making them twice changes nothing."""
    settings = engine.settings()
    made = await told(settings, "topics", "create", "--json")
    assert await told(settings, "topics", "create", "--json") == made
    alerts = _of(made, "alerts.v1")
    assert (alerts["exists"], alerts["partitions"], alerts["compacted"], alerts["retention_seconds"]) == (
        True, 8 if settings.embedded else settings.kafka.partitions, True, None,
    )  # fmt: skip
    assert _of(made, "articles.v1")["retention_seconds"] == 30 * 86_400
    assert "articles.v1" in "\n".join(await told(settings, "topics", "describe"))


async def test_what_waits_is_told_while_the_stream_runs(engine: Engine) -> None:
    """Describing needs no ownership of the log; the lag is 0 when all is handled."""
    settings = engine.settings()
    await engine.prepare(settings)
    async with running_stream(settings) as stream:
        await stream.publish(*[an_article(f"article {number}") for number in range(20)])
        await stream.idle()
        articles = _of(await told(settings, "topics", "describe", "--json"), "articles.v1")
    assert (articles["records"], articles["lag"]) == (20, 0)


async def test_a_dead_letter_is_listed_shown_and_replayed(engine: Engine) -> None:
    """List it, see its bytes, mend the cause, put it back: it is handled, and listed no more."""
    settings = engine.settings()
    await engine.prepare(settings)
    async with running_stream(settings, sorter=PlainSorter(["bad"])) as stream:
        await stream.publish(an_article("bad"), an_article("good"))
        await stream.idle()
        (line,) = await told(settings, "dead-letters", "list", "--json")
        letter = json.loads(line)
        assert (letter["stage"], letter["reason"], letter["replayed"]) == ("sort", "raised", False)
        shown = "\n".join(await told(settings, "dead-letters", "show", letter["id"]))
        assert "ValueError: poison: bad" in shown
        raw = "\n".join(await told(settings, "dead-letters", "show", letter["id"], "--raw"))
        assert json.loads(raw)["title"] == "bad"
    if settings.embedded:
        held = own(settings.data_dir / "log.sqlite")
        told_off = await raised(settings, "dead-letters", "replay", letter["id"])
        assert "to replay, stop it, replay, and start it again" in told_off
        held.release()
    assert await told(settings, "dead-letters", "replay", letter["id"]) == ["1 replayed."]
    assert await told(settings, "dead-letters", "list") == []
    assert len(await told(settings, "dead-letters", "list", "--replayed")) == 1
    witness = Witness()
    async with running_stream(settings, raise_alerts=witness) as stream:
        await stream.idle()
    assert witness.seen == ["bad"]


async def test_replaying_everything_takes_each_letter_once(engine: Engine) -> None:
    """`--all` puts back what was not put back yet."""
    settings = engine.settings()
    await engine.prepare(settings)
    async with running_stream(settings, sorter=PlainSorter(["bad 1", "bad 2"])) as stream:
        await stream.publish(an_article("bad 1"), an_article("bad 2"))
        await stream.idle()
    assert await told(settings, "dead-letters", "replay", "--all") == ["2 replayed."]
    assert await told(settings, "dead-letters", "replay", "--all") == ["0 replayed."]


async def test_an_unknown_letter_is_a_persons_mistake(engine: Engine) -> None:
    """The message says how to find the right one."""
    settings = engine.settings()
    await engine.prepare(settings)
    assert "`wirewatch dead-letters list` shows them" in await raised(settings, "dead-letters", "show", "dead-0")


async def test_without_a_log_the_commands_say_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Reading makes nothing."""
    settings = Engine("sqlite", "sqlite://", tmp_path_factory.mktemp("nothing")).settings()
    assert "there is no log yet" in await raised(settings, "topics", "describe")
    assert not (settings.data_dir / "log.sqlite").exists()
