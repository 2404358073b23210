"""`wirewatch poll` as a process: signals, metrics, exit codes."""

import asyncio
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.harness.misbehaving_server import MisbehavingServer, conditional, rss, serve_misbehaving


def write_feeds(config: Path, server: MisbehavingServer, *names: str, more: str = "") -> None:
    """Write a configuration whose feeds are polled often."""
    config.mkdir(exist_ok=True)
    (config / "settings.toml").write_text(
        f'metrics_listen = "127.0.0.1:0"\n[fetch]\nallow_addresses = ["{server.allowed}"]\n', encoding="utf-8"
    )
    tables = [f'[[feed]]\nid = "{name}"\nurl = "{server.url(f"/{name}")}"\ninterval_seconds = 0.2\n' for name in names]
    (config / "feeds.toml").write_text("\n".join(tables) + more, encoding="utf-8")


async def read_until(process: asyncio.subprocess.Process, words: str) -> str:
    """Read what the process says until a line holds these words; gives the line."""
    assert process.stdout is not None
    async with asyncio.timeout(60):
        while True:
            line = (await process.stdout.readline()).decode()
            assert line, f"ended before it said {words!r}"
            if words in line:
                return line


async def ask_until(session: aiohttp.ClientSession, address: str, words: str) -> None:
    """Ask a page until it holds these words: a poll is told of before its gauges are set."""
    async with asyncio.timeout(30):
        while True:
            async with session.get(address) as answer:
                if words in await answer.text():
                    return
            await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_a_poller_runs_reloads_shows_metrics_and_stops_in_order(tmp_path: Path) -> None:
    """It polls, serves /metrics and /readyz, keeps the last good feeds on a bad reload, adopts a good one, exits 0."""
    config = tmp_path / "config"
    async with serve_misbehaving() as server:
        for name in ("one", "two"):
            server.on(f"/{name}", conditional(rss((name, name)), etag='"1"'))
        write_feeds(config, server, "one")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from wirewatch.cli import main; main()", "poll"),
            *("--config", str(config), "--data", str(tmp_path / "var")),
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            address = (await read_until(process, "Metrics are at")).split()[-1]
            await read_until(process, "one: 1 new")
            async with aiohttp.ClientSession() as session:
                await ask_until(session, address, 'wirewatch_feed_up{feed="one"} 1.0')
                async with session.get(address.replace("metrics", "readyz")) as answer:
                    assert answer.status == 200
            write_feeds(config, server, "one", "two", more='\n[[feed]]\nid = "three"\nurl = "ftp://x.example/"\n')
            process.send_signal(signal.SIGHUP)
            await read_until(process, 'feed[2] "three".url')
            write_feeds(config, server, "one", "two")
            process.send_signal(signal.SIGHUP)
            await read_until(process, "two: 1 new")
            async with aiohttp.ClientSession() as session:
                for outcome in ("refused", "adopted"):
                    counted = f'wirewatch_configuration_reloads_total{{outcome="{outcome}"}} 1.0'
                    await ask_until(session, address, counted)
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(15):
                assert await process.wait() == 0
        finally:
            if process.returncode is None:
                process.kill()


@pytest.mark.slow
async def test_a_wrong_configuration_ends_with_2_and_every_problem(tmp_path: Path) -> None:
    """No traceback, no half start: all problems on standard error."""
    config = tmp_path / "config"
    async with serve_misbehaving() as server:
        write_feeds(config, server, "one", more='\n[[feed]]\nid = "B"\nurl = "/etc/passwd"\ncolour = "red"\n')
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from wirewatch.cli import main; main()", "poll", "--once"),
        *("--config", str(config), "--data", str(tmp_path / "var")),
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert process.returncode == 2
    assert said.decode().count("feed[1]") == 3
    assert "Traceback" not in said.decode()
