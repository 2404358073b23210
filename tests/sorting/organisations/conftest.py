"""The shipped organisations, loaded once for all tests of this room."""

from __future__ import annotations

import pytest

from wirewatch.knowledge.entities import Knowledge
from wirewatch.sorting.organisations import Matcher
from wirewatch.sorting.sorter import Sorter


@pytest.fixture(scope="session")
def shipped(opened: tuple[Sorter, Knowledge]) -> Knowledge:
    """Give the knowledge that ships with Wirewatch."""
    return opened[1]


@pytest.fixture(scope="session")
def matcher(sorter: Sorter) -> Matcher:
    """Give the matcher of the shipped knowledge."""
    assert isinstance(sorter.matcher, Matcher)
    return sorter.matcher
