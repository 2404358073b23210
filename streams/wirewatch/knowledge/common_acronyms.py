"""Knows short forms that papers use every day for something harmless, so that a name like it needs better company.

Called when aliases are compiled and by the report of dangerous aliases.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def is_common_acronym(name: str) -> bool:
    """Tell whether a name, written in capitals, is a short form of everyday news ("RAF", "PDF", "Cv")."""
    return name.upper() in _acronyms()


@cache
def _acronyms() -> frozenset[str]:
    text = files("wirewatch.knowledge").joinpath("common_acronyms.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
