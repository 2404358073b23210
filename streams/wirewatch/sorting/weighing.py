"""Logistic models: what every feature of a wording, or every sign of a doer, adds to the odds. Read once.

Called by `rereading` and `convicting`; written by `make model`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

#: Keeps weights of the size that the training's penalty expects.
SCALE = 5.0


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model: what every feature adds to the log-odds."""

    #: Where no feature is known.
    start: float
    features: Mapping[str, float]

    def weigh(self, features: Iterable[str]) -> float:
        """Give the log-odds; long sentences do not count for more than short ones."""
        known = [self.features[feature] for feature in features if feature in self.features]
        return self.start + SCALE * sum(known) / math.sqrt(max(1, len(known)))

    def strongest(self, features: Iterable[str], count: int) -> tuple[tuple[str, float], ...]:
        """Give the features that move the log-odds most, with how much each adds."""
        known = {feature: self.features[feature] for feature in features if feature in self.features}
        share = SCALE / math.sqrt(max(1, len(known)))
        order = sorted(known, key=lambda feature: (-abs(known[feature]), feature))
        return tuple((feature, share * known[feature]) for feature in order[:count])


@cache
def load_weights() -> Mapping[str, Weights]:
    """Read the models of the package.

    `new` says that a new listing is told and `removal` that the listing told is an ending; `background`, `proposed`,
    `denied` and `none` say what a sentence that tells no new listing tells of one.
    """
    return {name: _as_weights(table) for name, table in _read("wording").items()}


@cache
def load_doers() -> Weights:
    """Read the model of who did an act of violence."""
    return _as_weights(_read("doers"))


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(
        (files("wirewatch.sorting") / "tables" / f"{name}.json").read_text(encoding="utf-8")
    )
    return read


def _as_weights(table: Mapping[str, Any]) -> Weights:
    return Weights(table["start"], table["features"])
