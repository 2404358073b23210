"""Fixtures of the console."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.console.building import ConsoleBench, open_console


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[ConsoleBench]:
    """Open a console over an empty store."""
    opened = open_console(tmp_path)
    yield opened
    opened.database.close()
