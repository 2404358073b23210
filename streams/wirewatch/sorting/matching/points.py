"""Weighs signs: what each adds to the log-odds that a name is the organisation that we know.

Called by `judging`. Read once from the package; `python -m tests.sorting.organisations.aliases.training` writes it.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from wirewatch.sorting.matching.signs import Sign

#: Log-odds from which a name is read. Above even odds: a wrong name costs more than a missed one.
ENOUGH = 0.8


@dataclass(frozen=True, slots=True)
class Points:
    """A logistic model over signs."""

    #: Without any sign.
    start: float
    signs: Mapping[Sign, float]

    def weigh(self, signs: AbstractSet[Sign]) -> float:
        """Give the log-odds."""
        # Sets have no order: a plain sum could give two equal places different odds in another process.
        return self.start + math.fsum(self.signs.get(sign, 0.0) for sign in signs)

    def best_reasons(self, signs: AbstractSet[Sign], most: int = 2) -> list[Sign]:
        """Give the signs that speak most for the name, the heaviest first."""
        good = [sign for sign in signs if self.signs.get(sign, 0.0) > 0]
        return sorted(good, key=lambda sign: (-self.signs[sign], sign))[:most]


@cache
def load_points() -> Points:
    """Read the table of the package."""
    table = tomllib.loads((files("wirewatch.sorting") / "tables" / "points.toml").read_text(encoding="utf-8"))
    signs = {Sign(name): float(points) for name, points in table["points"].items()}
    return Points(float(table["start"]), signs)
