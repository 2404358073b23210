"""The frozen shapes of a language file, once it has been read.

Made by `loading`, used by everything beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from wirewatch.records import Name
from wirewatch.sorting.shapes import Example


class Form(StrEnum):
    """What a way of saying an act tells of its time."""

    #: "has listed", "was listed".
    DONE = "done"
    #: "lists": news in a headline, a state of things elsewhere.
    PRESENT = "present"
    #: "the listing of": whoever governs it decides.
    NOMINAL = "nominal"
    #: "to list", "should list".
    WISHED = "wished"
    #: "will list", "would list": no announcement makes it done.
    FUTURE = "future"
    #: "listed by", "had listed", "is on the list".
    OLD = "old"


class Side(StrEnum):
    """Where something stands, seen from the act."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Act:
    """One way of saying that a list changed."""

    #: `es.designate`: the language and the act's own name.
    id: str
    #: `designation` or `delisting`.
    type: str
    forms: Mapping[Form, re.Pattern[str]]
    #: Each must be met by one of its lexicons, within reach on the side of the language; "target" by any group that
    #: stands where targets may, "body" by any body.
    needs: tuple[tuple[str, ...], ...]
    #: Words within which a lexicon counts.
    reach: int
    #: What between act and label makes it another act: "declared that".
    blockers: re.Pattern[str]
    score: float


@dataclass(frozen=True, slots=True)
class Cues:
    """Words that decide over status."""

    #: Directly at the act: "not".
    negation: re.Pattern[str]
    #: Governing it: "refuse to", "ask for", "decide on".
    denied: re.Pattern[str]
    proposed: re.Pattern[str]
    binding: re.Pattern[str]
    #: Governing it, whatever binds it: "will".
    pending: re.Pattern[str]
    #: Before it, whatever its form: "if".
    hypothetical: re.Pattern[str]
    #: Anywhere near: "already", "since".
    background: re.Pattern[str]
    #: What opens a relative clause, and what comes before the same word when it opens none.
    relative: re.Pattern[str]
    reported: re.Pattern[str]
    #: What leads from those governing to the act where they stand before it though the language puts them behind.
    that: re.Pattern[str]
    #: What a clause ends at, besides a semicolon.
    breaks: re.Pattern[str]
    #: What makes an act one that is suffered: whom it is done to stands before it.
    passive: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Dates:
    """Words of time."""

    fresh: re.Pattern[str]
    old: re.Pattern[str]
    #: Monday first; each with its spellings, folded.
    weekday: re.Pattern[str]
    weekdays: Mapping[str, int]
    #: Day, month and year, as the language writes them; groups `day`, `month`, `year`, `lead`, `follow`.
    written: re.Pattern[str]
    months: Mapping[str, int]
    #: Groups `n` and one of `day`, `week`, `month`, `year`.
    ago: re.Pattern[str]
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Naming:
    """How names of groups that no file holds are met."""

    #: Words that a name follows ("the group"); with `keep_opener` they are a part of it.
    openers: re.Pattern[str]
    keep_opener: bool
    #: Words that end a name where no capitals do.
    closers: re.Pattern[str]
    #: Words that a name stands before ("کو"), as far back as a word that closes names.
    markers: re.Pattern[str]
    #: Small words inside a name.
    inner: frozenset[str]
    #: What stands directly before a group that is not itself the target: "linked to".
    apart: re.Pattern[str]
    #: The same directly behind it: "'s leader".
    apart_after: re.Pattern[str]
    #: What joins the names of several groups.
    joints: re.Pattern[str]
    #: What leads to the body that acts, behind the act: "by".
    by: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Tongue:
    """One file of `config/languages/`."""

    #: BCP 47, two letters.
    code: str
    #: Runs of small letters; a text without any of them holds nothing to read.
    signs: tuple[str, ...]
    acts: tuple[Act, ...]
    lexicons: Mapping[str, re.Pattern[str]]
    cues: Cues
    dates: Dates
    naming: Naming
    #: Where labels and lists, those governing, and targets stand.
    labels: Side
    governors: Side
    targets: Side
    #: Words of this language for bodies, folded, with whom they mean.
    authorities: re.Pattern[str]
    bodies: Mapping[str, Name]
    #: Those of them that the file writes with a capital.
    capitals: frozenset[str]
    programmes: tuple[tuple[str, re.Pattern[str]], ...]
    #: Words before a full stop that end no sentence, folded.
    shortened: frozenset[str]
    examples: tuple[tuple[str, Example], ...]
    counter_examples: tuple[Example, ...]

    def has_sign(self, text: str) -> bool:
        """Tell whether a text may hold something to read. Looking plainly is ten times as fast as a pattern."""
        low = text.lower()
        return any(sign in low for sign in self.signs)
