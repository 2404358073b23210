"""Takes the pictures of the README: `python -m tests.console.picture OUT.png [PATH] [--dark]`.

Runs the sample wire once into a folder of its own, serves the console over what it left, and asks a headless browser.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.console.serving import serve_console
from tests.delivering.building import some_settings
from tests.harness.browser import picture_page
from wirewatch.clock import SystemClock
from wirewatch.console.pages import build_console
from wirewatch.console.readiness import Readiness
from wirewatch.metrics import Metrics
from wirewatch.records import AlertKind
from wirewatch.store.alerts import list_alerts
from wirewatch.store.database import open_database

REPOSITORY = Path(__file__).resolve().parents[2]


def fill_from_sample_wire(folder: Path) -> Path:
    """Let the sample wire tell its whole story into a folder; gives the data folder."""
    config, data = folder / "config", folder / "data"
    shutil.copytree(REPOSITORY / "config", config)
    (config / "feeds.toml").write_text("", encoding="utf-8")
    (config / "settings.toml").write_text(
        'sample_wire = true\n[console]\nlisten = "127.0.0.1:0"\npublic_url = "http://127.0.0.1:8321"\n',
        encoding="utf-8",
    )
    program = "from wirewatch.cli import main; main()"
    command = [sys.executable, "-c", program, "run", "--config", str(config), "--data", str(data), "--until-idle"]
    subprocess.run(command, check=True, timeout=300, capture_output=True)
    return data


def main() -> None:
    """Take one picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    parser.add_argument("path", nargs="?", default="/")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--height", type=int, default=1500)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = open_database("sqlite://", fill_from_sample_wire(Path(folder)))

        async def ready() -> Readiness:
            return Readiness(True)

        box: Any = SimpleNamespace(current=SimpleNamespace(subscriptions=()), refused=())
        settings = some_settings(Path(folder))
        with serve_console(build_console(settings, database, Metrics(), box, ready, SystemClock())) as address:
            path = chosen.path
            if path == "alert":
                [alert, *_] = asyncio.run(database.run(list_alerts, kinds=[AlertKind.NEW_LISTING]))
                path = f"/alerts/{alert.id}"
            picture_page(f"{address}{path}", chosen.target.resolve(), dark=chosen.dark, height=chosen.height)
        database.close()


if __name__ == "__main__":
    main()
