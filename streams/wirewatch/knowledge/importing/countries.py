"""Gives the ISO code of a country as a sanctions list writes it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from wirewatch.knowledge.folding import fold_name


def country_code(name: str) -> str:
    """Give two small letters, or "" for a place that is no country we know."""
    return _codes().get(fold_name(name), "") if name else ""


@cache
def _codes() -> dict[str, str]:
    text = files("wirewatch.knowledge.importing").joinpath("countries.txt").read_text(encoding="utf-8")
    codes: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            code, _, names = line.partition(" ")
            codes.update((fold_name(name), code) for name in names.split(";"))
    return codes
