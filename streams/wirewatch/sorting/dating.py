"""Finds the date that belongs to a trigger.

Called by `reading`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from wirewatch.sorting.clauses import Clause, ClauseKind
from wirewatch.sorting.dates import Age, DateCue
from wirewatch.sorting.passages import Passage
from wirewatch.sorting.text import Token
from wirewatch.sorting.verbs import Reading, Use

ACT_YEAR = re.compile(
    r"\b(?:act|law|code|order|ordinance|resolution|regulations|ordinance|treaty|convention)(?: \([^)]*\))?(?: of)?,? $"
)


_TAKES_EFFECT = re.compile(r"\b(?:effect|effective|force)(?: from| on| as of)?\W*$")
_MODIFYING_YEAR = re.compile(r"(?:\b(?:the|a|an|its|their|his|her)|'s) (?:\w+ )?$")


def nearest_date(
    dates: Sequence[DateCue], passage: Passage, reading: Reading, clause: Clause, verbish: Sequence[bool]
) -> DateCue | None:
    """Give the date that belongs to the trigger: the nearest of its clause, with no other verb between."""
    tokens = passage.tokens
    best: tuple[float, DateCue] | None = None
    for cue in dates:
        at = next(
            (at for at, token in enumerate(tokens) if token.start <= cue.start < token.end or token.start >= cue.start),
            -1,
        )
        if at < 0:
            continue
        if not clause.start - (2 if clause.kind is ClauseKind.TEMPORAL else 0) <= at < clause.end:
            ago = (
                clause.kind is ClauseKind.TEMPORAL
                and clause.opener_at - 4 <= at < clause.start
                and cue.text.endswith((clause.opener, "day", "morning", "night"))
                and cue.end >= tokens[clause.opener_at].start - 1
                and not (cue.text.endswith("day") and clause.opener != "when")
            )
            # "Last year, before it met, Norland banned …": a date at the head of the sentence dates the main clause.
            fronted = clause.kind is ClauseKind.MAIN and at <= 2 and "," in (t.low for t in tokens[at : at + 5])
            if not ago and not fronted:
                continue
        if cue.age is Age.FUTURE and _TAKES_EFFECT.search(passage.low, max(0, cue.start - 30), cue.start):
            continue
        if reading.use is Use.PARTICIPLE and at > _aside_end(tokens, reading) > 0:
            continue
        noun = reading.use is Use.NOUN
        modifying = (
            cue.text[:1].isdigit()
            and len(cue.text) == 4
            and _MODIFYING_YEAR.search(passage.low, max(0, cue.start - 20), cue.start)
        )
        if modifying and not (noun and 0 < reading.first - at <= 4):
            continue
        low, high = sorted((at, reading.first))
        between = sum(verbish[low + 1 : high]) if high > low + 1 else 0
        if at < reading.start:
            between = max(0, between - sum(verbish[reading.start : reading.first]))
        distance = abs(at - reading.first) + 8 * between + (0 if at > reading.first else 0.5)
        if noun and between > 1:
            continue
        if best is None or distance < best[0]:
            best = (distance, cue)
    return best[1] if best else None


def _aside_end(tokens: Sequence[Token], reading: Reading) -> int:
    """Give the comma that ends an aside around a participle ("the Front, banned by Oslo, …"), or -1."""
    if not any(token.low == "," for token in tokens[max(0, reading.start - 4) : reading.start]):
        return -1
    return next((at for at in range(reading.last + 1, len(tokens)) if tokens[at].low == ","), -1)
