"""What a batch is decided by: one version of the configuration, replaced whole on reload, never changed in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wirewatch import ids
from wirewatch.knowledge.entities import Knowledge
from wirewatch.records import AlertKind
from wirewatch.settings import Settings
from wirewatch.subscribers import Subscription


@dataclass(frozen=True, slots=True)
class World:
    """One version of everything that decides about alerts."""

    knowledge: Knowledge
    subscriptions: tuple[Subscription, ...]
    settings: Settings
    #: Of rules and organisations; the sorter's.
    version: str
    #: Ids of feeds that a subscription may name; None when nobody looked.
    feeds: frozenset[str] | None = None
    #: `version` and a hash of the subscriptions: what an alert names as `decided_by`.
    fingerprint: str = field(init=False)
    #: Subscriptions that ask for bare mentions; mentions are kept for nobody else.
    for_mentions: tuple[Subscription, ...] = field(init=False)
    #: Ids of the parts of an organisation.
    parts: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        parts: dict[str, tuple[str, ...]] = {}
        for organisation in self.knowledge.organisations.values():
            if organisation.parent_id:
                parts[organisation.parent_id] = (*parts.get(organisation.parent_id, ()), organisation.id)
        object.__setattr__(self, "parts", parts)
        asking = tuple(one for one in self.subscriptions if AlertKind.MENTION_ONLY in one.kinds)
        object.__setattr__(self, "for_mentions", asking)
        object.__setattr__(self, "fingerprint", f"{self.version}+{ids.content_hash(repr(self.subscriptions))[:8]}")


class WorldBox:
    """Holds the World in force. A batch takes it once at its beginning, so that exactly one version decides it."""

    def __init__(self, world: World) -> None:
        self._current = world
        #: Problems of the newest configuration that was refused; empty when the newest is in force.
        self.refused: tuple[str, ...] = ()

    @property
    def current(self) -> World:
        """Give the World in force."""
        return self._current

    def replace(self, world: World) -> None:
        """Put a World in the place of the one in force; batches under way end with the one they began with."""
        self._current = world
        self.refused = ()

    def refuse(self, problems: tuple[str, ...]) -> None:
        """Note why a newer configuration was not adopted; the World in force stays."""
        self.refused = problems
