"""Writes an organisations file at once: a reader sees the old file or the new one, never a half."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def write_lines(target: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Write JSON Lines beside the target, make them durable, and put them in its place."""
    _replace(target, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode())


def copy_file(source: Path, target: Path) -> None:
    """Copy a file in the same way."""
    _replace(target, source.read_bytes())


def _replace(target: Path, content: bytes) -> None:
    beside = target.with_name(target.name + ".new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, target)
