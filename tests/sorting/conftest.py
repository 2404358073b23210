"""One sorter with the project's own configuration for the whole session: loading takes a second."""

from __future__ import annotations

import pytest

from tests.evaluation import CONFIG, open_sorter
from wirewatch.knowledge.entities import Knowledge
from wirewatch.sorting.sorter import Sorter

__all__ = ["CONFIG"]


@pytest.fixture(scope="session")
def opened() -> tuple[Sorter, Knowledge]:
    """Load the configuration that ships."""
    return open_sorter()


@pytest.fixture(scope="session")
def sorter(opened: tuple[Sorter, Knowledge]) -> Sorter:
    """Give the sorter of the configuration that ships."""
    return opened[0]
