"""The frozen shapes of an import: what a list says of an organisation, and what became of every field of the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

#: What a field may be worth: nothing.
_EMPTY = ("", "-0-", "na", "n/a", "null", "none")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a register as a list gives it."""

    authority_id: str
    programme: str
    #: None when the list does not say.
    since: date | None
    until: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One organisation of a list."""

    #: As the list numbers it.
    source_id: str
    name: str
    #: FollowTheMoney schema.
    schema: str = "Organization"
    aliases: tuple[str, ...] = ()
    weak_aliases: tuple[str, ...] = ()
    previous_names: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass(slots=True)
class Ledger:
    """Counts what became of every field and every record of a list: used, ignored by name, or unknown."""

    used: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    #: Fields that hold something and that no reader knows, and values that cannot be read.
    unknown: Counter[str] = field(default_factory=Counter)
    #: Records left out, by what they are ("individual", "vessel").
    left_out: Counter[str] = field(default_factory=Counter)

    def problems(self) -> tuple[str, ...]:
        """Give one sentence for everything that was neither used nor ignored by name."""
        return tuple(f"{what} ({times} times)" for what, times in sorted(self.unknown.items()))


class Fields:
    """One record being read. Take or ignore fields by name; `close` reports what is left and not empty."""

    def __init__(self, values: Mapping[str, Iterable[str]], ledger: Ledger) -> None:
        self._values = {name: [v for v in map(_clean, given) if v] for name, given in values.items()}
        self._ledger = ledger

    def all(self, name: str) -> tuple[str, ...]:
        """Take every value of a field."""
        values = self._values.pop(name, [])
        if values:
            self._ledger.used[name] += 1
        return tuple(values)

    def first(self, name: str) -> str:
        """Take the first value of a field, or ""."""
        return next(iter(self.all(name)), "")

    def ignore(self, *names: str) -> None:
        """Leave fields aside by name."""
        for name in names:
            if self._values.pop(name, None):
                self._ledger.ignored[name] += 1

    def ignore_prefix(self, *prefixes: str) -> None:
        """Leave all fields aside whose names begin so."""
        self.ignore(*[name for name in self._values if name.startswith(prefixes)])

    def close(self) -> None:
        """Report every field that holds something and that nobody took."""
        for name, values in self._values.items():
            if values:
                self._ledger.unknown[f'unknown field "{name}"'] += 1


def read_day(value: str, ledger: Ledger, *, day_first: bool = False) -> date | None:
    """Read 2005-05-02, 02/05/2005 (day first) or 05/02/2005 (OFAC); "" is None, anything else is noted."""
    text = value.strip()
    if not text:
        return None
    try:
        if text[2:3] in "/." and text[5:6] == text[2:3]:
            first, second, year = int(text[:2]), int(text[3:5]), int(text[6:10])
            return date(year, second, first) if day_first else date(year, first, second)
        return date.fromisoformat(text[:10])
    except ValueError:
        ledger.unknown[f'unreadable day "{text[:20]}"'] += 1
        return None


def _clean(value: str) -> str:
    # A list is somebody else's file: nothing of it may drive a terminal.
    text = " ".join("".join(char if char.isprintable() else " " for char in value).split())
    return "" if text.lower() in _EMPTY else text
