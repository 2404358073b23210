"""One sorter with the project's own configuration for the whole session: loading takes a second."""

from __future__ import annotations

from pathlib import Path

import pytest

from wirewatch.configuration import Problems
from wirewatch.knowledge.loading import load_knowledge
from wirewatch.sorting.sorter import Sorter, load_sorter

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="session")
def sorter() -> Sorter:
    """Load the configuration that ships."""
    problems = Problems()
    loaded = load_sorter(load_knowledge(CONFIG, problems), CONFIG, problems)
    problems.raise_if_any()
    return loaded
