"""Reads the words of time of a language file: weekdays, months, "three weeks ago", "yesterday".

Called by `loading`; what the patterns find is placed by `dating`.
"""

from __future__ import annotations

import re

from wirewatch.configuration import Table
from wirewatch.knowledge.folding import fold_name
from wirewatch.sorting.tongues.phrases import NOTHING, PhraseReader
from wirewatch.sorting.tongues.shapes import Dates

_UNITS = ("day", "week", "month", "year")


def read_dates(table: Table, prefixes: tuple[str, ...]) -> Dates:
    """Turn the table of a language's words of time into patterns. Notes problems."""
    reader = PhraseReader(table, prefixes)
    weekdays = _numbered(table, "weekdays", 7, first=0)
    months = _numbered(table, "months", 12, first=1)
    units = table.table("units")
    unit = "|".join(
        f"(?P<{name}>{'|'.join(map(re.escape, map(fold_name, units.texts(name, ()))))})"
        for name in _UNITS
        if units.has(name)
    )
    units.close()
    words = table.table("numbers")
    numbers = {fold_name(word): words.integer(word) for word in words.names()}
    words.close()
    number = "|".join((r"\d{1,3}", *map(re.escape, sorted(numbers, key=len, reverse=True))))
    ago = [
        f"{_led(before)}(?:(?P<n{place}>{number}) )?(?:{_renamed(unit, place)}){_followed(after)}"
        for place, (before, _, after) in enumerate(phrase.partition("…") for phrase in table.texts("ago", ()))
    ]
    fillers = "|".join(fold_name(word) for word in table.texts("fillers", ()))
    between = f" (?:(?:{fillers}) )?" if fillers else " "
    leads = "|".join(fold_name(word) for word in table.texts("leads", ())) or NOTHING.pattern
    follows = "|".join(fold_name(word) for word in table.texts("follows", ())) or NOTHING.pattern
    month = "|".join(sorted(map(re.escape, months), key=len, reverse=True)) or NOTHING.pattern
    dates = Dates(
        fresh=reader.phrases("fresh"),
        old=reader.phrases("old"),
        weekday=reader.compiled("weekdays", tuple(weekdays)),
        weekdays=weekdays,
        written=re.compile(
            rf"(?<!\w)(?:(?P<lead>{leads}) )?(?:(?P<day>\d{{1,2}}){between})?(?P<month>{month})"
            rf"(?!\w)(?:{between}(?P<year>\d{{4}}))?(?P<follow> (?:{follows})(?!\w))?"
            r"|(?<!\w)(?P<alone>(?:19|20)\d\d)(?!\d)"
        ),
        months=months,
        ago=re.compile(rf"(?<!\w)(?:{'|'.join(ago)})(?!\w)") if ago and unit else NOTHING,
        numbers=numbers,
    )
    table.close()
    return dates


def _led(words: str) -> str:
    return f"{fold_name(words)} " if words.strip() else ""


def _followed(words: str) -> str:
    return f" {fold_name(words)}" if words.strip() else ""


def _renamed(pattern: str, place: int) -> str:
    return re.sub(r"\?P<(\w+)>", rf"?P<\g<1>{place}>", pattern)


def _numbered(table: Table, key: str, count: int, *, first: int) -> dict[str, int]:
    """Read names in their order, each with its spellings parted by `|`."""
    names = table.texts(key, ())
    if names and len(names) != count:
        table.problem(key, f"expected {count} names, got {len(names)}")
    return {fold_name(one): place for place, name in enumerate(names, first) for one in name.split("|")}
