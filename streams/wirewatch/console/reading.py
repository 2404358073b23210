"""What every page holds: the open store, the current world, the templates. And how a page's arguments are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from jinja2 import Environment
from starlette.exceptions import HTTPException

from wirewatch.clock import Clock
from wirewatch.console.readiness import ReadinessCheck
from wirewatch.console.rendering import clean_page
from wirewatch.delivering.sending import Subscribers
from wirewatch.metrics import Metrics
from wirewatch.records import Alert, Source
from wirewatch.settings import Settings
from wirewatch.store.database import Database

Choice = TypeVar("Choice", bound=StrEnum)

MAX_LIMIT = 1000


class CurrentWorld(Protocol):
    """What pages need of `raising.WorldBox`."""

    @property
    def current(self) -> Subscribers:
        """Give the configuration in force."""
        ...

    @property
    def refused(self) -> tuple[str, ...]:
        """Give the problems of a newer configuration that was not adopted."""
        ...


@dataclass(frozen=True, slots=True)
class Console:
    """All that pages may use."""

    settings: Settings
    database: Database
    metrics: Metrics
    world_box: CurrentWorld
    readiness: ReadinessCheck
    clock: Clock
    templates: Environment

    def render(self, template: str, here: str, *, live: bool = False, **values: Any) -> str:
        """Render a page; `here` is the menu entry that it belongs to."""
        page = self.templates.get_template(template).render(here=here, live=live, sources_of=sources_of, **values)
        return clean_page(page)


def sources_of(alert: Alert) -> dict[str, Source]:
    """Give the sources of an alert by article."""
    return {source.article_id: source for source in alert.sources}


def choose(kind: type[Choice], value: str | None, name: str) -> Choice | None:
    """Read an argument that must be one of an enum's words, or be absent.

    Raises:
        HTTPException: 400, it is another word.
    """
    if not value:
        return None
    try:
        return kind(value)
    except ValueError as error:
        expected = ", ".join(kind)
        raise HTTPException(400, f"{name}: expected one of {expected}, got {value[:40]!r}") from error


def read_limit(arguments: Mapping[str, str], default: int) -> int:
    """Read how many are wanted.

    Raises:
        HTTPException: 400, not a number from 1 to 1000.
    """
    value = arguments.get("limit", str(default))
    if not value.isascii() or not value.isdigit() or not 1 <= int(value[:9]) <= MAX_LIMIT:
        raise HTTPException(400, f"limit: expected a number from 1 to {MAX_LIMIT}, got {value[:40]!r}")
    return int(value)
