"""The table of names that the labels use: short code → canonical name → surfaces that mean it.

It serves the annotators and the checks of the labels, and is no source of the sorter's own aliases.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent

#: Surfaces up to this length are matched in their own case when we look for unlabelled names ("ETA", "eta").
SHORT_SURFACE = 6


@dataclass(frozen=True, slots=True)
class KnownName:
    """An organisation or an authority that labels may refer to by its code."""

    code: str
    name: str
    surfaces: tuple[str, ...]
    is_authority: bool


@cache
def load_names() -> Mapping[str, KnownName]:
    """Read `names.txt`: code → name.

    Raises:
        ValueError: a line has no three columns, or a code is used twice.
    """
    names: dict[str, KnownName] = {}
    is_authority = False
    for number, line in enumerate((HERE / "names.txt").read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("["):
            is_authority = line == "[authorities]"
        if not line.strip() or line[0] in "[#":
            continue
        columns = [column.strip() for column in line.split("|")]
        if len(columns) != 3 or columns[0] in names:
            raise ValueError(f"names.txt:{number}: expected a new code | name | surfaces, got {line!r}")
        code, name, surfaces = columns
        listed = tuple(surface.strip() for surface in surfaces.split(";") if surface.strip())
        names[code] = KnownName(code, name, (name, *listed), is_authority)
    return names


@cache
def names_by_first_word() -> Mapping[str, frozenset[str]]:
    """Index the organisations by the first word of each surface, without case: a quick test before the patterns."""
    index: defaultdict[str, set[str]] = defaultdict(set)
    for known in load_names().values():
        if not known.is_authority:
            for surface in known.surfaces:
                index[re.findall(r"\w+", surface.casefold())[0]].add(known.name)
    return {word: frozenset(names) for word, names in index.items()}


@cache
def surface_pattern(name: str, *, any_case: bool) -> re.Pattern[str] | None:
    """Build the pattern of all surfaces of a canonical name; None for a name that the table does not hold."""
    surfaces = [s for known in load_names().values() if known.name == name for s in known.surfaces]
    if not surfaces:
        return None
    parts = [
        re.escape(s) if any_case or len(s) <= SHORT_SURFACE else f"(?i:{re.escape(s)})"
        for s in sorted(surfaces, key=len, reverse=True)
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE if any_case else 0)
