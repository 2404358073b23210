"""Times told in decades are old, however they begin."""

from __future__ import annotations

from datetime import date

import pytest

from wirewatch.sorting.dates import Age, find_dates

TUESDAY = date(2025, 8, 12)


@pytest.mark.parametrize(
    ("phrase", "age"),
    [
        ("a decade ago", Age.OLD),
        ("a decade after its listing", Age.OLD),
        ("two decades earlier", Age.OLD),
        ("a generation ago", Age.OLD),
        ("a fortnight ago", Age.FRESH),
        ("a day after", Age.FRESH),
        ("hours after", Age.FRESH),
    ],
)
def test_units_that_begin_alike_are_told_apart(phrase: str, age: Age) -> None:
    """A decade is no day."""
    assert [cue.age for cue in find_dates(phrase, 0, len(phrase), TUESDAY)] == [age]


def test_to_this_day_is_no_fresh_date() -> None:
    """To this day: it says how long something has lasted."""
    phrase = "it has listed none of them to this day"
    assert find_dates(phrase, 0, len(phrase), TUESDAY) == []
