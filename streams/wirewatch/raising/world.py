"""What a batch is decided by: one version of the configuration, replaced whole on reload, never changed in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from wirewatch import ids
from wirewatch.configuration import Problems
from wirewatch.errors import ConfigError
from wirewatch.knowledge.entities import Knowledge
from wirewatch.settings import Settings
from wirewatch.subscribers import Subscription
from wirewatch.watching.subscriptions import load_subscriptions


@dataclass(frozen=True, slots=True)
class World:
    """One version of everything that decides about alerts."""

    knowledge: Knowledge
    subscriptions: tuple[Subscription, ...]
    settings: Settings
    #: Changes with every change of organisations or subscriptions; stored in each alert that it decides.
    version: str
    #: Ids of the parts of an organisation.
    parts: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        parts: dict[str, tuple[str, ...]] = {}
        for organisation in self.knowledge.organisations.values():
            if organisation.parent_id:
                parts[organisation.parent_id] = (*parts.get(organisation.parent_id, ()), organisation.id)
        object.__setattr__(self, "parts", parts)


def make_world(knowledge: Knowledge, settings: Settings, problems: Problems) -> World:
    """Read the subscriptions and give the World of this configuration. Notes problems."""
    subscriptions = load_subscriptions(settings.config_dir, knowledge, problems)
    version = ids.content_hash(_fingerprint(knowledge), repr(subscriptions))[:12]
    return World(knowledge, subscriptions, settings, version)


class WorldBox:
    """Holds the current World. A batch takes it once at its beginning, so that it is decided by exactly one version."""

    def __init__(self, world: World) -> None:
        self._current = world
        #: Problems of the last reload that was refused; empty when the newest configuration is in force.
        self.refused: tuple[str, ...] = ()
        self.adopted_at: datetime | None = None

    @property
    def current(self) -> World:
        """Give the World in force."""
        return self._current

    def adopt(self, world: World, now: datetime | None = None) -> None:
        """Replace the World whole; batches under way end with the one they began with."""
        self._current = world
        self.refused = ()
        self.adopted_at = now

    def refuse(self, error: ConfigError) -> None:
        """Keep the World in force, and remember why the newer one was not adopted."""
        self.refused = error.problems


def _fingerprint(knowledge: Knowledge) -> str:
    """Give the knowledge's own fingerprint; knowledge made by hand has none, so its content stands in."""
    if knowledge.fingerprint:
        return knowledge.fingerprint
    return ids.content_hash(repr(sorted(knowledge.organisations.items())), repr(knowledge.listings))
