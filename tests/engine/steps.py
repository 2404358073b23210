"""Steps that misbehave on purpose, importable by a spawned process."""

from __future__ import annotations

import os
import time

from wirewatch.engine.handling import Output

#: Kept between calls, as a leak would.
_leaked: list[bytearray] = []


def misbehave(value: bytes | None) -> Output:
    """Do what the value says."""
    word = (value or b"").decode()
    if word.startswith("hang"):
        time.sleep(3600)  # noqa: TID251 - that is what hanging is
    if word.startswith("abort"):
        os.abort()
    if word.startswith("raise"):
        raise ValueError(word)
    if word.startswith("leak"):
        _leaked.append(bytearray(300_000_000))
    return Output(word.encode(), b"done " + word.encode())


def shout(value: bytes | None) -> Output:
    """Do the same work in another way."""
    return Output(value or b"", (value or b"").upper())
