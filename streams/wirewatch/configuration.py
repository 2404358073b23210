"""Reads TOML strictly and collects every problem instead of stopping at the first.

Called by `settings`, by `watching.subscriptions` and by connectors for their own files. A problem reads
`config/feeds.toml: feed[3] "reuters-business".interval_minutes: expected an integer >= 1, got "fast"`.
Never reads the environment, never decides what to do about a problem.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from wirewatch.errors import ConfigError

Value = TypeVar("Value")


@dataclass(slots=True)
class Problems:
    """Collects problems of any number of files, to be raised all at once."""

    found: list[str] = field(default_factory=list)

    def add(self, place: str, message: str) -> None:
        """Note one problem at `file: key`."""
        self.found.append(f"{place}: {message}")

    def raise_if_any(self) -> None:
        """Raise a ConfigError with all that was found."""
        if self.found:
            raise ConfigError(tuple(self.found))


class Table:
    """One TOML table being read. Take keys from it, then `close` it: what was not taken is an unknown key."""

    def __init__(self, place: str, values: dict[str, Any], problems: Problems) -> None:
        self.place = place
        self.problems = problems
        self._values = values
        self._known: list[str] = []

    def problem(self, key: str, message: str) -> None:
        """Note a problem with one key of this table."""
        self.problems.add(f"{self.place}{key}" if self.place.endswith(" ") else f"{self.place}.{key}", message)

    def has(self, key: str) -> bool:
        """Tell whether the key is set."""
        return key in self._values

    def names(self) -> tuple[str, ...]:
        """Give every key that is set, where names are the operator's own."""
        return tuple(self._values)

    def text(self, key: str, default: str | None = None, *, choices: Iterable[str] | None = None) -> str:
        """Take a string; without a default it must be there and not be empty."""
        allowed = tuple(choices) if choices is not None else None
        expected = "a string" if allowed is None else "one of " + ", ".join(map(json.dumps, allowed))

        def fits(value: Any) -> bool:
            if not isinstance(value, str) or (allowed is not None and value not in allowed):
                return False
            return bool(value.strip()) or default is not None

        return str(self._take(key, default, "", expected, fits))

    def flag(self, key: str, default: bool) -> bool:
        """Take true or false."""
        return bool(self._take(key, default, default, "true or false", lambda value: isinstance(value, bool)))

    def integer(self, key: str, default: int | None = None, *, minimum: int = 0, maximum: int | None = None) -> int:
        """Take a whole number within bounds."""
        expected = f"an integer >= {minimum}" + (f" and <= {maximum}" if maximum is not None else "")

        def fits(value: Any) -> bool:
            return type(value) is int and value >= minimum and (maximum is None or value <= maximum)

        return int(self._take(key, default, minimum, expected, fits))

    def number(self, key: str, default: float | None = None, *, minimum: float = 0.0) -> float:
        """Take a number."""

        def fits(value: Any) -> bool:
            return type(value) in (int, float) and value >= minimum

        return float(self._take(key, default, minimum, f"a number >= {minimum:g}", fits))

    def texts(
        self, key: str, default: tuple[str, ...] | None = None, *, choices: Iterable[str] | None = None
    ) -> tuple[str, ...]:
        """Take a list of strings."""
        allowed = tuple(choices) if choices is not None else None
        expected = "a list of strings"
        if allowed is not None:
            expected = "a list of " + ", ".join(map(json.dumps, allowed))

        def fits(value: Any) -> bool:
            return isinstance(value, list | tuple) and all(
                isinstance(item, str) and (allowed is None or item in allowed) for item in value
            )

        return tuple(self._take(key, default, (), expected, fits))

    def day(self, key: str) -> date | None:
        """Take a day, written as TOML writes one (2026-01-31, no quotes) or as a string; a missing one is None."""
        if not self.has(key):
            return None

        def fits(value: Any) -> bool:
            if isinstance(value, str):
                try:
                    date.fromisoformat(value)
                except ValueError:
                    return False
                return True
            return type(value) is date

        value = self._take(key, None, None, "a day such as 2026-01-31", fits)
        return date.fromisoformat(value) if isinstance(value, str) else value

    def table(self, key: str) -> Table:
        """Take a sub-table; a missing one is empty."""
        empty: dict[str, Any] = {}
        values = self._take(key, empty, empty, "a table", lambda value: isinstance(value, dict))
        return Table(self._inner(key), values, self.problems)

    def tables(self, key: str, *, named_by: str = "id") -> list[Table]:
        """Take an array of tables; a missing one is empty. `named_by` is the key that names each in problems."""
        values = self._take(
            key,
            [],
            [],
            f"an array of tables [[{key}]]",
            lambda value: isinstance(value, list) and all(isinstance(item, dict) for item in value),
        )
        return [
            Table(self._inner(_numbered(key, n, item, named_by)), item, self.problems) for n, item in enumerate(values)
        ]

    def close(self) -> None:
        """Report every key that nobody took."""
        for key in self._values:
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, n=1)
                hint = f"; did you mean {json.dumps(near[0])}?" if near else ""
                self.problem(key, f"unknown key{hint}")

    def _inner(self, key: str) -> str:
        return f"{self.place}{key}" if self.place.endswith(" ") else f"{self.place}.{key}"

    def _take(self, key: str, default: Any, fallback: Any, expected: str, fits: Callable[[Any], bool]) -> Any:
        self._known.append(key)
        if key not in self._values:
            if default is None:
                self.problem(key, f"expected {expected}, got nothing")
                return fallback
            return default
        value = self._values[key]
        if fits(value):
            return value
        self.problem(key, f"expected {expected}, got {_shown(value)}")
        return fallback if default is None else default


def read_toml(path: Path, problems: Problems) -> Table:
    """Read a TOML file as a table. A missing or broken file is one problem and gives an empty table."""
    shown = "/".join(path.parts[-2:])
    values: dict[str, Any] = {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        problems.add(shown, "expected a file, got nothing")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.add(shown, f"cannot read TOML: {error}")
    return Table(f"{shown}: ", values, problems)


def suggest(word: str, known: Iterable[str]) -> str:
    """Give `; did you mean "x"?` for a near miss, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {json.dumps(near[0])}?" if near else ""


def _numbered(key: str, position: int, item: dict[str, Any], named_by: str) -> str:
    name = item.get(named_by)
    return f"{key}[{position}]" + (f" {json.dumps(name)}" if isinstance(name, str) else "")


def _shown(value: Any) -> str:
    shown = json.dumps(value, default=str, ensure_ascii=False)
    return shown if len(shown) <= 80 else shown[:77] + "…"
