"""A headless Chromium, where the machine has one, that shows what a page becomes after its scripts have run."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_browser() -> str | None:
    """Give the path of a browser, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def dump_page(url: str) -> str:
    """Give a page as the browser understood it."""
    return _run("--dump-dom", "--virtual-time-budget=4000", url).decode()


def picture_page(url: str, target: Path, *, width: int = 1240, height: int = 1500, dark: bool = False) -> None:
    """Write a picture of a page."""
    scheme = ["--force-dark-mode", "--blink-settings=preferredColorScheme=0"] if dark else []
    _run(f"--screenshot={target}", f"--window-size={width},{height}", "--hide-scrollbars", *scheme, url)


def _run(*arguments: str) -> bytes:
    browser = find_browser()
    assert browser is not None
    with tempfile.TemporaryDirectory() as profile:
        # No sandbox: containers run as root without user namespaces; the pages are our own, on loopback.
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}"]
        command = [browser, *flags, *arguments]
        return subprocess.run(command, check=True, capture_output=True, timeout=90).stdout
