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
ENOUGH = 0.2


@dataclass(frozen=True, slots=True)
class Points:
    """A logistic model over signs."""

    #: Without any sign.
    start: float
    signs: Mapping[Sign, float]
    #: What the signs add or take besides when the name is a short form of everyday news.
    for_common: Mapping[Sign, float]

    def weigh(self, signs: AbstractSet[Sign]) -> float:
        """Give the log-odds."""
        # Sets have no order: a plain sum could give two equal places different odds in another process.
        return self.start + math.fsum(self._of(sign, Sign.COMMON in signs) for sign in signs)

    def best_reasons(self, signs: AbstractSet[Sign], most: int = 2) -> list[Sign]:
        """Give the signs that speak most for the name, the heaviest first."""
        points = {sign: self._of(sign, Sign.COMMON in signs) for sign in signs}
        good = [sign for sign in signs if points[sign] > 0]
        return sorted(good, key=lambda sign: (-points[sign], sign))[:most]

    def _of(self, sign: Sign, is_common: bool) -> float:
        return self.signs.get(sign, 0.0) + (self.for_common.get(sign, 0.0) if is_common else 0.0)


@cache
def load_points() -> Points:
    """Read the table of the package."""
    table = tomllib.loads((files("wirewatch.sorting") / "tables" / "points.toml").read_text(encoding="utf-8"))
    signs, for_common = (
        {Sign(name): float(points) for name, points in table[part].items()} for part in ("points", "for-common")
    )
    return Points(float(table["start"]), signs, for_common)
