"""The small parts that a process stands on: lines that block nobody, a crew that fails together, addresses."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.fakes import FakeClock
from tests.running.calling import keeping_logs
from wirewatch.errors import EngineError
from wirewatch.logs import NOTICES, configure_logging
from wirewatch.running import Crew
from wirewatch.sample_wire.serving import serve_sample_wire
from wirewatch.sample_wire.story import FEEDS, STORY_SECONDS
from wirewatch.serving import bind, serve
from wirewatch.settings import LogSettings
from wirewatch.speaking import Speaker


class Stuck(io.StringIO):
    """A stream that takes nothing until it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()

    def write(self, text: str) -> int:
        """Wait, then write."""
        self.free.wait(20)
        return super().write(text)


def test_lines_come_in_order_and_whole() -> None:
    """What was said is written when the speaker has closed."""
    stream = io.StringIO()
    speaker = Speaker(stream)
    for number in range(100):
        speaker.say(f"line {number}")
    speaker.close()
    assert stream.getvalue().splitlines() == [f"line {number}" for number in range(100)]


def test_lines_that_found_no_room_are_counted() -> None:
    """Saying never waits; how much was not written is said when there is room again."""
    stream = Stuck()
    speaker = Speaker(stream, waiting_lines=5)
    for number in range(30):
        speaker.say(f"line {number}")
    stream.free.set()
    while not speaker.idle:
        threading.Event().wait(0.005)
    speaker.say("at last")
    speaker.close()
    lines = stream.getvalue().splitlines()
    [told] = [line for line in lines if "were not written" in line]
    assert int(told.split()[0]) + len(lines) - 2 == 30
    assert lines[-1] == "at last"


def test_a_letter_that_the_terminal_cannot_show_is_escaped() -> None:
    """A line is never lost to an encoding."""
    program = (
        "import sys; from wirewatch.speaking import Speaker; s = Speaker(sys.stdout); s.say('Ziraat – قوة'); s.close()"
    )
    environ = {**os.environ, "PYTHONIOENCODING": "ascii"}
    answer = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, check=True)
    assert answer.stdout == b"Ziraat \\u2013 \\u0642\\u0648\\u0629\n"
    assert answer.stderr == b""


@pytest.mark.parametrize("level", ["info", "error"])
def test_notices_are_plain_lines_on_output_whatever_the_level(level: str) -> None:
    """A subscriber of the log road reads them by name; a log level is about the machinery."""
    errors, output = io.StringIO(), io.StringIO()
    with keeping_logs():
        configure_logging(LogSettings("text", level), errors, output)
        link = "http://127.0.0.1:8321/alerts/alr-1"
        logging.getLogger(NOTICES).info("New listing: Tern Front \x1b[31m", extra={"link": link, "alert_id": "alr-1"})
        logging.getLogger("wirewatch.x").error("Something else.")
    [line] = output.getvalue().splitlines()
    assert line[9:] == f"New listing: Tern Front \\x1b[31m  {link}"
    assert "New listing" not in errors.getvalue()
    assert "Something else." in errors.getvalue()


def test_notices_are_json_among_the_others_when_json_is_wanted() -> None:
    """A collector of logs finds every field."""
    errors, output = io.StringIO(), io.StringIO()
    with keeping_logs():
        configure_logging(LogSettings("json", "warning"), errors, output)
        logging.getLogger(NOTICES).info("New listing: Tern Front", extra={"alert_id": "alr-1"})
    assert output.getvalue() == ""
    line = json.loads(errors.getvalue())
    assert (line["message"], line["alert_id"]) == ("New listing: Tern Front", "alr-1")


async def test_a_part_that_fails_ends_the_waiting() -> None:
    """Whoever waits for a signal hears of a part that is gone, and why."""

    async def fail() -> None:
        raise EngineError("the log is gone")

    async def last() -> None:
        await asyncio.Event().wait()

    crew = Crew()
    lasting = crew.start("lasting", last())
    crew.start("failing", fail())
    with pytest.raises(EngineError, match="the log is gone"):
        await crew.until(asyncio.Event().wait())
    lasting.cancel()


async def test_parts_that_end_do_not_end_the_waiting() -> None:
    """A part may be done; the others go on until what was awaited is there."""
    done = asyncio.Event()

    async def soon() -> None:
        await asyncio.sleep(0)
        done.set()

    crew = Crew()
    crew.start("soon", soon())
    await crew.until(done.wait())
    await crew.end()


async def test_an_application_is_served_on_a_free_port_and_let_go() -> None:
    """Port 0 takes a free one; after the block the address can be taken again."""

    async def hello(request: object) -> PlainTextResponse:
        return PlainTextResponse("hello")

    application = Starlette(routes=[Route("/", hello)])
    async with serve(application, "127.0.0.1", 0) as address, httpx.AsyncClient() as client:
        assert (await client.get(address)).text == "hello"
        port = int(address.rpartition(":")[2])
        with pytest.raises(EngineError, match=f"cannot listen: 127.0.0.1:{port}: Address already in use"):
            bind("127.0.0.1", port)
    bind("127.0.0.1", port).close()


async def test_the_sample_story_begins_when_somebody_listens(tmp_path: Path) -> None:
    """However long the rest takes to start, the first poll sees the beginning and a later one the end."""
    clock = FakeClock()
    async with serve_sample_wire(tmp_path, clock, at_once=False) as address, httpx.AsyncClient() as client:
        clock.move(3600)
        feed = f"{address}/{FEEDS[0].file}"
        begun = (await client.get(feed)).content
        clock.move(STORY_SECONDS + 1)
        ended = (await client.get(feed)).content
    assert len(begun) < len(ended)
