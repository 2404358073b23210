"""Finds what a line says of time, and how old that is on the day of publication.

Called by `reading`. Fourteen days are the border between news and background, as in English (`sorting.dates`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from wirewatch.knowledge.folding import fold_name
from wirewatch.sorting.dates import FRESH_DAYS, Age, DateCue
from wirewatch.sorting.tongues.shapes import Dates

_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def find_dates(text: str, dates: Dates, published: date | None) -> list[DateCue]:
    """Give the phrases of time in a folded line, in order and without overlaps; the longer of two counts."""
    found = sorted(_all_dates(text, dates, published), key=lambda cue: cue.start - cue.end)
    kept: list[DateCue] = []
    for cue in found:
        if not any(cue.start < other.end and other.start < cue.end for other in kept):
            kept.append(cue)
    return sorted(kept, key=lambda cue: cue.start)


def _all_dates(text: str, dates: Dates, published: date | None) -> Iterator[DateCue]:
    for pattern, age in ((dates.fresh, Age.FRESH), (dates.old, Age.OLD)):
        for match in pattern.finditer(text):
            yield DateCue(*match.span(), match.group(), age)
    for match in dates.weekday.finditer(text):
        wanted = dates.weekdays.get(match.group())
        day = (
            published - timedelta(days=(published.weekday() - wanted) % 7) if published and wanted is not None else None
        )
        yield DateCue(*match.span(), match.group(), Age.FRESH, day)
    for match in dates.ago.finditer(text):
        days = _days(match, dates)
        day = published - timedelta(days=days) if published and days < 3650 else None
        yield DateCue(*match.span(), match.group(), Age.OLD if days > FRESH_DAYS else Age.FRESH, day)
    for match in dates.written.finditer(text):
        placed = _place(match, dates, published)
        if placed is not None:
            yield DateCue(*match.span(), match.group(), *placed)


def _days(match: re.Match[str], dates: Dates) -> int:
    """Count the days of "three weeks ago"; a unit without a number ("years ago") is several."""
    number, unit = None, "day"
    for name, value in match.groupdict().items():
        if value and name.startswith("n") and name[1:].isdigit():
            number = int(value) if value.isdecimal() else dates.numbers.get(fold_name(value), 1)
        elif value:
            unit = name.rstrip("0123456789")
    return (3 if number is None else number) * _DAYS[unit]


def _place(match: re.Match[str], dates: Dates, published: date | None) -> tuple[Age, date | None] | None:
    if match.group("alone"):
        return _of_year(int(match.group("alone")), published)
    month = dates.months[match.group("month")]
    day, year = match.group("day"), match.group("year")
    if not (day or year or match.group("lead") or match.group("follow")):
        # A bare month may be a name.
        return None
    if published is None:
        return Age.OLD, None
    if day:
        return _of_day(int(day), month, int(year) if year else None, published)
    first = date(int(year) if year else published.year - (month > published.month), month, 1)
    if (first.year, first.month) == (published.year, published.month):
        return Age.FRESH, None
    return (Age.FUTURE if first > published else Age.OLD), None


def _of_year(year: int, published: date | None) -> tuple[Age, date | None] | None:
    if published is None or year < published.year:
        return Age.OLD, None
    return (Age.FUTURE, None) if year > published.year else None


def _of_day(day: int, month: int, year: int | None, published: date) -> tuple[Age, date | None] | None:
    try:
        found = date(year or published.year, month, day)
        if year is None and (found - published).days > 1:
            found = found.replace(year=found.year - 1)
    except ValueError:
        return None
    behind = (published - found).days
    if behind < -1:
        return Age.FUTURE, found
    return (Age.FRESH if behind <= FRESH_DAYS else Age.OLD), found
