"""Decides the status of an act from its form, from who governs it and from what its line says of time.

Called by `reading`. In doubt nothing is new: an act that nothing calls fresh is unclear, for a person to review.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from wirewatch.records import Status
from wirewatch.sorting.dates import Age, DateCue
from wirewatch.sorting.tongues.lines import Line
from wirewatch.sorting.tongues.shapes import Form, Side, Tongue

#: Characters in which who governs an act stands, about fifteen words.
_GOVERNING = 95
#: Characters between two governors of which the first governs the second.
_BESIDE = 14
#: Characters within which a "not" belongs to the act.
_NEGATING = 16
#: Characters by which a date is farther for every comma between.
_COMMA = 14
#: Sentences from whose place on a bare "has listed" is no news by itself.
_DEEP = 2
#: Characters before the act in which a relative clause may have been opened.
_RELATIVE = 48
#: Characters between a comma and the word that opens a relative clause behind it: ", de la que".
_ASIDE = 8


class Decision(NamedTuple):
    """A status and the cues that made it."""

    status: Status
    cues: tuple[str, ...]
    #: The day of the act, where a word of time that counts tells it.
    day: date | None = None


class Stretch(NamedTuple):
    """An act in its line, and what of the line is free of other acts around it."""

    form: Form
    start: int
    end: int
    #: Where the act before ends, and where the next begins.
    after: int
    before: int


class Governor(NamedTuple):
    """Words that govern an act, and how far from it they stand, in characters."""

    distance: int
    start: int
    end: int
    words: str


def decide(line: Line, tongue: Tongue, act: Stretch, dates: Sequence[DateCue]) -> Decision:
    """Give the status of an act."""
    cues = tongue.cues
    begin, end = _clause(line, tongue, act)
    if negation := _negated(line, tongue, act):
        return Decision(Status.DENIED, (f"negated: {negation}",))
    if tongue.governors is Side.BEFORE:
        governing = max(begin, act.start - _GOVERNING), act.start
    else:
        governing = act.end, min(end, act.end + _GOVERNING)
    open_form = act.form in (Form.WISHED, Form.NOMINAL, Form.FUTURE)
    if tongue.governors is Side.AFTER and (that := list(cues.that.finditer(line.text, begin, act.start))):
        # "… denied that X is being listed": here they do stand before it.
        saying = cues.denied.search(line.text, max(begin, that[-1].start() - _GOVERNING // 3), that[-1].start())
        if saying:
            return Decision(Status.DENIED, (f"denied: {saying.group()}",))
    if open_form and (denial := _nearest(cues.denied, line.text, *governing, tongue.governors)):
        return Decision(Status.DENIED, (f"denied: {denial.words}",))
    if line.is_question:
        return Decision(Status.PROPOSED, ("question",))
    if condition := cues.hypothetical.search(line.text, max(begin, act.start - _GOVERNING), act.start):
        return Decision(Status.PROPOSED, (f"condition: {condition.group()}",))
    if not open_form:
        # "Approved a motion that declares": what is passed declares.
        passed = _nearest(cues.binding, line.text, *governing, tongue.governors) if act.form is Form.PRESENT else None
        return _by_time(line, tongue, act, dates, (f"bound: {passed.words}",) if passed else ())
    binding, pending, proposal = (
        _nearest(pattern, line.text, *governing, tongue.governors)
        for pattern in (cues.binding, cues.pending, cues.proposed)
    )
    if pending:
        return Decision(Status.PROPOSED, (f"proposed: {pending.words}",))
    # "Will announce the listing": what is proposed may be the decision.
    if proposal and (
        binding is None or proposal.distance <= binding.distance or 0 < binding.start - proposal.end <= _BESIDE
    ):
        return Decision(Status.PROPOSED, (f"proposed: {proposal.words}",))
    if act.form is Form.FUTURE or (act.form is Form.WISHED and binding is None):
        return Decision(Status.PROPOSED, ("wish or future",))
    told = (f"bound: {binding.words}",) if binding else ()
    return _by_time(line, tongue, act, dates, told)


def _by_time(line: Line, tongue: Tongue, act: Stretch, dates: Sequence[DateCue], told: tuple[str, ...]) -> Decision:
    when = _when(line, tongue, act, dates, _clause(line, tongue, act))
    if when is not None and when[0] is Age.OLD:
        return Decision(Status.BACKGROUND, (*told, f"old: {when[1]}"), when[2])
    if when is not None and when[0] is Age.FUTURE and not told:
        return Decision(Status.PROPOSED, (f"future: {when[1]}",))
    if when is not None and when[0] is Age.FRESH and act.form is not Form.NOMINAL:
        return Decision(Status.NEW, (*told, f"fresh: {when[1]}"), when[2])
    if act.form is Form.OLD:
        return Decision(Status.BACKGROUND, ("state or participle",))
    if (opener := opens_relative(line, tongue, act)) and not (told and act.form is Form.PRESENT):
        return Decision(Status.BACKGROUND, (f"relative: {opener}",))
    if act.form is Form.PRESENT and not line.headline and not told:
        status = Status.UNCLEAR if line.position < _DEEP else Status.BACKGROUND
        return Decision(status, ("present outside a headline",))
    if act.form is Form.NOMINAL and not told:
        if when is not None and line.position < _DEEP:
            return Decision(Status.NEW, ("noun", f"fresh: {when[1]}"), when[2])
        status = Status.UNCLEAR if line.headline or line.position == 0 else Status.BACKGROUND
        return Decision(status, ("bare noun",))
    if line.headline or line.position < _DEEP:
        return Decision(Status.NEW, (*told, "headline" if line.headline else "first sentences"))
    return Decision(Status.UNCLEAR, (*told, "no word of time, deep in the article"))


def _clause(line: Line, tongue: Tongue, act: Stretch) -> tuple[int, int]:
    """Give the stretch around an act up to a semicolon, a word that breaks clauses, or another act."""
    begin, end = act.after, act.before
    for pattern in (tongue.cues.breaks, _SEMICOLON):
        for match in pattern.finditer(line.text, begin, end):
            if match.end() <= act.start:
                begin = match.end()
            elif match.start() >= act.end:
                end = match.start()
                break
    # What is told of a listing behind a noun ("its listing, which dates from 2019") is told of the act.
    begin_aside = act.end if act.form is not Form.NOMINAL else end
    for match in tongue.cues.relative.finditer(line.text, begin_aside, end):
        # "…, on which it had been since": another clause with times of its own.
        if "," in line.text[max(act.end, match.start() - _ASIDE) : match.start()]:
            return begin, match.start()
    return begin, end


_SEMICOLON = re.compile(";")


def _negated(line: Line, tongue: Tongue, act: Stretch) -> str:
    begin, end = max(act.after, act.start - _NEGATING), act.start
    if tongue.governors is Side.AFTER:
        begin, end = act.start, min(act.before, act.end + _NEGATING)
    match = tongue.cues.negation.search(line.text, begin, end)
    return match.group().strip() if match else ""


def _nearest(pattern: re.Pattern[str], text: str, begin: int, end: int, side: Side) -> Governor | None:
    """Give what fits nearest to the act that stands on the other side of the stretch."""
    found = [
        Governor(
            end - match.end() if side is Side.BEFORE else match.start() - begin, *match.span(), match.group().strip()
        )
        for match in pattern.finditer(text, begin, end)
    ]
    return min(found) if found else None


def _when(
    line: Line, tongue: Tongue, act: Stretch, dates: Sequence[DateCue], clause: tuple[int, int]
) -> tuple[Age, str, date | None] | None:
    """Give the age that the nearest word of time gives an act, of those that no other act stands nearer to."""
    best: tuple[int, Age, str, date | None] | None = None
    marks = [(cue.start, cue.end, cue.age, cue.text, cue.day) for cue in dates]
    marks += [(*match.span(), Age.OLD, match.group(), None) for match in tongue.cues.background.finditer(line.text)]
    for start, end, age, words, day in marks:
        if end <= line.dateline or start < clause[0] - 1 or end > clause[1] + 1:
            continue
        if start >= act.end:
            distance = start - act.end + _COMMA * line.text.count(",", act.end, start)
        elif end <= act.start:
            distance = act.start - end + _COMMA * line.text.count(",", end, act.start)
        else:
            distance = 0
        if best is None or distance < best[0]:
            best = distance, age, words.strip(), day
    return best[1:] if best else None


def opens_relative(line: Line, tongue: Tongue, act: Stretch) -> str:
    """Give the word that opens the relative clause in which an act stands, or ""."""
    begin = max(act.after, act.start - _RELATIVE)
    openers = list(tongue.cues.relative.finditer(line.text, begin, act.start))
    if not openers:
        return ""
    opener = openers[-1]
    if any(match.end() >= opener.start() - 1 for match in tongue.cues.reported.finditer(line.text, 0, opener.start())):
        return ""
    return opener.group().strip()
