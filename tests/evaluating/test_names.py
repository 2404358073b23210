"""When a party or a mention is the one that the gold names."""

from __future__ import annotations

import pytest

from tests.evaluating.names import Names
from tests.gold.naming import load_names
from wirewatch.knowledge.entities import Organisation


@pytest.fixture(scope="module")
def names() -> Names:
    """Give names with two organisations, one of which holds the other's name in its own."""
    known = [
        Organisation("eln", "National Liberation Army", "Organization", abbreviations=("ELN",)),
        Organisation("gnla", "Garo National Liberation Army", "Organization", abbreviations=("GNLA",)),
    ]
    return Names({organisation.id: organisation for organisation in known})


def test_longer_name_of_another_is_no_wrong_reading(names: Names) -> None:
    """A mention that resolves to a known group is read as that group alone; its own trap is still noticed."""
    eln = load_names()["ELN"].name
    assert not names.reads_as("gnla", "Garo National Liberation Army", eln)
    assert names.reads_as("eln", "National Liberation Army", eln)


def test_name_that_the_gold_does_not_know_is_compared_by_its_words(names: Names) -> None:
    """Without an entry in the gold's table the words decide, as for roles."""
    assert names.reads_as(None, "Old Quay Front of Ebbmoor", "Old Quay Front")
    assert not names.reads_as(None, "Ebbmoor Circle", "Old Quay Front")
