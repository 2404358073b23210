"""Keeps what a long-running process has loaded out of the garbage collector's way. Called by `run`, `stream`, `poll`.

A full collection walks every object: with the organisations, the events and the model loaded that is a tenth of a
second in which nothing else happens, again and again.
"""

from __future__ import annotations

import gc


def settle_memory() -> None:
    """Collect once, and look no more at what is left. Call it again when much of that was replaced."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
