"""Who plays what in one event. Filled by `roles` and `owners`, read by `reading`."""

from __future__ import annotations

from dataclasses import dataclass, field

from wirewatch.records import Name
from wirewatch.sorting.actors import Actor, Kind, as_name


@dataclass(slots=True)
class Cast:
    """Who plays what in one event."""

    agents: list[Actor] = field(default_factory=list)
    targets: list[Actor] = field(default_factory=list)

    @property
    def authority(self) -> Name | None:
        """Give the one body that acts; None when there are several or none that is a body."""
        bodies = {actor.id: actor for actor in self.agents if actor.kind in (Kind.AUTHORITY, Kind.STATE)}
        return as_name(next(iter(bodies.values()))) if len(bodies) == 1 else None
