"""A small configuration of invented groups, and a feed on loopback whose items a test writes."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape

from tests.builders import NOON
from tests.knowledge.small import an_entity, write_config

REPOSITORY = Path(__file__).parents[2]
CONFIG = REPOSITORY / "config"


#: The smallest event type: what a configuration holds costs time at every start.
ARREST = """type = "arrest"
definition = "Somebody is taken into custody."

[[rule]]
id = "arrest"
verbs = ["arrest"]
roles = { subject = "agent", object = "target" }
"""

#: What a test looks for in alerts: the group is not on any list before.
LISTS = "The US State Department designated {} as a Foreign Terrorist Organization on Tuesday."


@dataclass
class Wire:
    """A feed that a test tells what to say."""

    port: int = 0
    items: list[tuple[str, str]] = field(default_factory=list)
    asked: int = 0

    @property
    def address(self) -> str:
        """Give the pair by which the guard lets requests through."""
        return f"127.0.0.1:{self.port}"

    def say(self, title: str, text: str = "") -> None:
        """Put an article into the feed."""
        self.items.append((title, text))

    def document(self) -> bytes:
        """Write the feed as RSS 2.0."""
        items = "".join(
            f"<item><guid>{number}</guid><title>{escape(title)}</title><description>{escape(text)}</description>"
            f"<link>https://harbour-courier.example/{number}</link><pubDate>{format_datetime(NOON)}</pubDate></item>"
            for number, (title, text) in enumerate(self.items)
        )
        return f'<rss version="2.0"><channel><title>Harbour Courier</title>{items}</channel></rss>'.encode()


@contextlib.contextmanager
def serving_wire() -> Iterator[Wire]:
    """Serve a feed from a thread until the block ends."""
    wire = Wire()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wire.asked += 1
            body = wire.document()
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    wire.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield wire
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def a_subscription(name: str, *, organisations: str = '["any"]') -> str:
    """Write a subscription that is told on the log road."""
    return f'[[subscription]]\nid = "{name}"\norganisations = {organisations}\n[[subscription.road]]\nlog = true\n'


def a_feed(wire: Wire) -> str:
    """Write the feed, polled five times a second, its first articles told too."""
    return (
        f'[[feed]]\nid = "harbour-courier"\nurl = "http://{wire.address}/rss"\nname = "Harbour Courier"\n'
        'tier = "wire"\nhistory = "tell"\ninterval_seconds = 0.2\n'
    )


def write_small_config(config: Path, wire: Wire | None = None, *, sorting_processes: int = 0) -> Path:
    """Write a whole configuration with two invented groups and, with a wire, its feed; gives the folder."""
    config.mkdir(parents=True, exist_ok=True)
    allow = f'["{wire.address}"]' if wire else "[]"
    (config / "settings.toml").write_text(
        f'[console]\nlisten = "127.0.0.1:0"\n[fetch]\nallow_addresses = {allow}\n[engine]\nbatch_wait_seconds = 0.02\n'
        f"commit_interval_seconds = 0.05\nsorting_processes = {sorting_processes}\n",
        encoding="utf-8",
    )
    (config / "feeds.toml").write_text(a_feed(wire) if wire else "", encoding="utf-8")
    (config / "subscriptions.toml").write_text(a_subscription("everything"), encoding="utf-8")
    write_config(
        config,
        an_entity("tern-front", name="Tern Liberation Front", country="xx", topics="crime.terror"),
        an_entity("gull-brigade", name="Grey Gull Brigade", country="xx", topics="crime.terror"),
    )
    events = config / "events"
    events.mkdir(exist_ok=True)
    shutil.copyfile(CONFIG / "events" / "designation.toml", events / "designation.toml")
    (events / "arrest.toml").write_text(ARREST, encoding="utf-8")
    return config


def copy_real_config(config: Path) -> Path:
    """Copy what `wirewatch init` would write, without the public feeds; gives the folder."""
    config.mkdir(parents=True)
    for name in ("settings.toml", "subscriptions.toml"):
        shutil.copyfile(CONFIG / name, config / name)
    for name in ("organisations", "events"):
        shutil.copytree(CONFIG / name, config / name)
    (config / "feeds.toml").write_text("", encoding="utf-8")
    return config
