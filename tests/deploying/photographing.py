"""Takes a picture of a page with a headless Chromium, off the network."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path


def photograph(page: str, target: Path, *, width: int = 1500, height: int = 1250) -> None:
    """Write a PNG of an HTML page.

    Raises:
        RuntimeError: there is no Chromium, or it took no picture.
    """
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        raise RuntimeError("expected chromium (Debian package chromium), got nothing")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        file = Path(profile) / "page.html"
        file.write_text(page, encoding="utf-8")
        subprocess.run(
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                f"--user-data-dir={profile}/profile",
                f"--window-size={width},{height}",
                f"--screenshot={target}",
                file.as_uri(),
            ],
            check=False,
            capture_output=True,
            timeout=60,
        )
    if not target.is_file():
        raise RuntimeError(f"expected a picture, got nothing: {target}")
