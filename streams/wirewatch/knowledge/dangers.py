"""Reports aliases that load but may bite: too short, an everyday word, or shared between organisations.

Called by `loading`; the sentences end up in `Knowledge.warnings` and in `wirewatch organisations check`.
"""

from __future__ import annotations

from collections.abc import Iterable

from wirewatch.knowledge.entities import Organisation


def find_dangers(organisations: Iterable[Organisation]) -> tuple[str, ...]:
    """Give one sentence for every dangerous alias."""
    return ()
