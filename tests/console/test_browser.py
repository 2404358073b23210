"""What a real browser makes of the page."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.console.building import open_console
from tests.console.hostile import MARKUP, active_parts, text_of
from tests.console.serving import serve_console
from tests.console.test_hostile_text import hostile_alert
from tests.harness.browser import dump_page, find_browser, picture_page


@pytest.mark.services
def test_browser_runs_nothing_of_a_feed(tmp_path: Path) -> None:
    """After its scripts have run, the page holds every hostile text as text and nothing active; our own script ran."""
    if find_browser() is None:
        assert os.environ.get("WIREWATCH_REQUIRE_BROWSER") != "1", "WIREWATCH_REQUIRE_BROWSER is set, and none is here"
        pytest.skip("needs chromium; set WIREWATCH_REQUIRE_BROWSER=1 to fail without one")
    bench = open_console(tmp_path)
    hostile = [hostile_alert(words) for words in MARKUP]
    bench.keep(replace(alert, event_key=str(n), id=f"alr-{n:032}") for n, alert in enumerate(hostile))
    with serve_console(bench.app()) as address:
        page = dump_page(f"{address}/")
        picture_page(f"{address}/", tmp_path / "page.png")
    bench.database.close()
    assert active_parts(page) == []
    for words in MARKUP:
        assert words in text_of(page)
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
