"""Who plays what in one event. Filled by `roles` and `owners`, read by `reading`."""

from __future__ import annotations

from dataclasses import dataclass, field

from wirewatch.records import Event, Name
from wirewatch.sorting.actors import Actor, Kind, as_name

#: The cue of an event whose doer is a guess.
GUESS = "sole group"
#: What the cue of an event begins with whose doer another sentence gives.
CREDITED = "credited"


@dataclass(slots=True)
class Cast:
    """Who plays what in one event."""

    agents: list[Actor] = field(default_factory=list)
    targets: list[Actor] = field(default_factory=list)
    #: True when the doer is a guess: the one group that the sentence names.
    guessed: bool = False

    @property
    def authority(self) -> Name | None:
        """Give the one body that acts; None when there are several or none that is a body."""
        bodies = {actor.id: actor for actor in self.agents if actor.kind in (Kind.AUTHORITY, Kind.STATE)}
        return as_name(next(iter(bodies.values()))) if len(bodies) == 1 else None


def is_guess(event: Event) -> bool:
    """Tell whether the rules only guess the doer of an act: its one group, or whom a later sentence credits."""
    return any(cue == GUESS or cue.startswith(CREDITED) for cue in event.cues)
