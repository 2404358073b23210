"""What `/readyz` answers: whether this process makes progress, and if not, why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a process does its work, not only whether its port is open."""

    ready: bool
    #: One sentence each, for a person.
    problems: tuple[str, ...] = ()
    #: What it was judged by: lag, seconds since the last commit, …
    figures: Mapping[str, float | str] = field(default_factory=dict)


ReadinessCheck = Callable[[], Awaitable[Readiness]]
