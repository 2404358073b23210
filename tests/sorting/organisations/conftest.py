"""The shipped organisations, loaded once for all tests of this room."""

from __future__ import annotations

from pathlib import Path

import pytest

from wirewatch.configuration import Problems
from wirewatch.knowledge.entities import Knowledge
from wirewatch.knowledge.loading import load_knowledge
from wirewatch.sorting.organisations import Matcher, load_matcher

CONFIG = Path(__file__).parents[3] / "config"


@pytest.fixture(scope="session")
def shipped() -> Knowledge:
    """Give the knowledge that ships with Wirewatch."""
    problems = Problems()
    knowledge = load_knowledge(CONFIG, problems)
    problems.raise_if_any()
    return knowledge


@pytest.fixture(scope="session")
def matcher(shipped: Knowledge) -> Matcher:
    """Give the matcher of the shipped knowledge."""
    return load_matcher(shipped)
