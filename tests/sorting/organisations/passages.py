"""Reads the passages of this room: traps (what must not be found) and readings (what must be)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of a passages file."""

    expected: str
    title: str
    text: str

    def __str__(self) -> str:
        """Give the beginning of the passage, for the name of its test."""
        return (self.title or self.text)[:40]


def read_passages(name: str) -> list[Passage]:
    """Read `expected | text` or `expected | title | text`, without comments."""
    passages: list[Passage] = []
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            expected, *parts = (part.strip() for part in line.split(" | "))
            title, text = ("", parts[0]) if len(parts) == 1 else (parts[0], parts[1])
            passages.append(Passage(expected, title, text.rstrip(" |")))
    return passages
