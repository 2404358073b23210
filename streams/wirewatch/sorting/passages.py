"""The shapes that reading takes and gives: one sentence with what was found in it, one event with how it was read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from wirewatch.records import Event, Field, Name
from wirewatch.sorting.actors import Actor
from wirewatch.sorting.clauses import Clause
from wirewatch.sorting.dates import DateCue
from wirewatch.sorting.scanning import Hit, Scan
from wirewatch.sorting.text import Sentence, Token
from wirewatch.sorting.verbs import Reading


class Passage(NamedTuple):
    """One sentence with everything that was found in it."""

    text: str
    low: str
    field: Field
    sentence: Sentence
    tokens: Sequence[Token]
    actors: Sequence[Actor]
    hits: Sequence[Hit]
    #: The words of lexicons in it, and the same in bits.
    scan: Scan
    held: int
    published: date | None
    #: The last date before it, where the field looks back to one.
    previous: DateCue | None
    #: The one group that the whole article names; None when it names several or none.
    only: Name | None


class Found(NamedTuple):
    """An event and the reading behind it, for `wirewatch try`."""

    event: Event
    reading: Reading
    clause: Clause
    dates: tuple[DateCue, ...]
    #: Position of the sentence in its field.
    position: int
