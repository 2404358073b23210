"""The frozen shapes of event types as data: what a file under `config/events/` says, once it has been read.

Made by `loading`, used by `scanning`, `reading` and the tests that run every example.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wirewatch.records import Status
from wirewatch.sorting.inflecting import Form

#: The types that the second reader weighs and whose targets are looked up.
LISTINGS = ("designation", "delisting")


class Slot(StrEnum):
    """A place in the sentence, seen from the trigger."""

    SUBJECT = "subject"
    OBJECT = "object"
    BY = "by"
    OF = "of"
    ON = "on"
    AGAINST = "against"
    FROM = "from"
    TO = "to"
    FOR = "for"
    WITH = "with"
    BETWEEN = "between"
    IN = "in"
    POSSESSIVE = "possessive"


class Role(StrEnum):
    """What somebody in a slot is to the event. `AUTHORITY` is an agent that lists, bans, sanctions or rules."""

    AGENT = "agent"
    TARGET = "target"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of saying an event type."""

    #: `designation.label`: the file's type and the rule's own name.
    id: str
    type: str
    #: Written forms, folded, with what each can be.
    forms: Mapping[str, frozenset[Form]]
    roles: Mapping[Slot, Role]
    #: Each element must hold: one of its words is a lexicon found in the sentence, `target` or `organisation`.
    needs: tuple[tuple[str, ...], ...] = ()
    #: One of these words must follow the trigger; lexicon names begin with `@`, and `@authority` is any body or state.
    followed_by: tuple[str, ...] = ()
    #: One of these words must stand within reach before the trigger; lexicon names begin with `@`.
    preceded_by: tuple[str, ...] = ()
    #: One of these prepositions must stand between the trigger and what follows it.
    path: tuple[str, ...] = ()
    #: Tokens between the trigger and what must follow it.
    reach: int = 10
    #: Lexicons or words (found anywhere in the sentence) that make the trigger mean something else.
    blockers: tuple[str, ...] = ()
    #: True when groups whose members are acted on are targets too.
    members: bool = False
    #: Status of the bare noun, when nothing else tells.
    nominal: Status = Status.BACKGROUND
    #: Status of "is listed", when nothing else tells.
    stative: Status = Status.BACKGROUND
    #: What a finished act is: `new`, but `revoked` for a truce that was called off, `denied` for "nobody claimed".
    done: Status = Status.NEW
    #: False when the nouns speak of an act only under a verb of doing ("held talks").
    alone: bool = True
    #: True when only a headline says it so: "FARC off EU list".
    headline: bool = False
    #: Roles that somebody must play, or there is no event.
    requires: tuple[str, ...] = ()
    #: "group": what a state does is another type; "state": what an armed group does is another type; "" for both.
    #: "forces": only what the armed forces of a state do, named or not.
    doer: str = ""
    score: float = 0.9


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with what must, or must not, come out of it."""

    text: str
    published: date | None
    #: Statuses of the file's own type, in any order; empty for a counter-example.
    statuses: tuple[Status, ...]
    targets: tuple[str, ...] | None = None
    agents: tuple[str, ...] | None = None
    authority: str | None = None
    programme: str | None = None


@dataclass(frozen=True, slots=True)
class EventType:
    """One file of `config/events/`."""

    type: str
    definition: str
    plover: str
    plover_mode: str
    cameo: str
    #: Types that explain the same words better: found close by in the same sentence, they take this one's place.
    yields_to: tuple[str, ...]
    rules: tuple[Rule, ...]
    examples: tuple[Example, ...]
    counter_examples: tuple[Example, ...]
