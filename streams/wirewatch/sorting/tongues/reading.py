"""Reads an article in one of the languages of `config/languages/`: acts on lists with status, roles and evidence.

Called by `sorter`. Pure; gives the same `Event` records as English, so that nothing behind it need know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from wirewatch.knowledge.entities import Organisation
from wirewatch.records import Article, Event, Field, Mention, Span, Status
from wirewatch.sorting.settling import merge
from wirewatch.sorting.tongues.casting import Cast, Place, cast_act
from wirewatch.sorting.tongues.dating import find_dates
from wirewatch.sorting.tongues.deciding import Decision, Stretch, decide, opens_relative
from wirewatch.sorting.tongues.lines import Line, Named, cut_sentences
from wirewatch.sorting.tongues.loading import BODY, GROUP
from wirewatch.sorting.tongues.naming import ShortForms, mark_names
from wirewatch.sorting.tongues.shapes import Act, Form, Side, Tongue
from wirewatch.sorting.tongues.writing import write_line

#: The score of what stays unclear: below the border of review, which is .5.
_REVIEWED = 0.45
_WORD = re.compile(r"\w+")


class Spoken(NamedTuple):
    """An act found in a line."""

    act: Act
    form: Form
    start: int
    end: int
    label_end: int


class Tongues:
    """Reads articles in the languages that have a file."""

    def __init__(self, tongues: Mapping[str, Tongue], organisations: Mapping[str, Organisation]) -> None:
        self.by_code = tongues
        self._organisations = organisations
        self._authorities = frozenset(one.id for one in organisations.values() if one.is_authority)
        self._short_forms = ShortForms(organisations.values()) if tongues else ShortForms(())

    def read(
        self, article: Article, mentions: Sequence[Mention], code: str | None
    ) -> tuple[str | None, tuple[Event, ...]]:
        """Give the listings and delistings that an article tells, and its language.

        `code` is the language, or None where nobody knows: then the first language that reads anything is the one.
        """
        for tongue in self.by_code.values():
            if code in (None, tongue.code) and (events := self._read(article, mentions, tongue)):
                return tongue.code, events
        return code, ()

    def _read(self, article: Article, mentions: Sequence[Mention], tongue: Tongue) -> tuple[Event, ...]:
        found: list[Event] = []
        for field, whole in ((Field.TITLE, article.title), (Field.TEXT, article.text)):
            if not tongue.has_sign(whole):
                continue
            named = [mention for mention in mentions if mention.field is field]
            places = [(0, len(whole))] if field is Field.TITLE else cut_sentences(whole, tongue.shortened)
            for position, place in enumerate(places):
                if tongue.has_sign(whole[place[0] : place[1]]):
                    line = write_line(field, whole, place, position, named, self._authorities, tongue)
                    found += self._read_line(article, line, tongue)
        return merge(found)

    def _read_line(self, article: Article, line: Line, tongue: Tongue) -> Iterator[Event]:
        line, groups = mark_names(line, tongue, self._short_forms)
        acts = find_acts(line, tongue, groups)
        if not acts:
            return
        published = article.published_at.date() if article.published_at else None
        dates = find_dates(line.text, tongue.dates, published)
        for at, one in enumerate(acts):
            after = acts[at - 1].end if at else 0
            before = acts[at + 1].start if at + 1 < len(acts) else len(line.text)
            stretch = Stretch(one.form, one.start, one.end, after, before)
            decision = decide(line, tongue, stretch, dates)
            backwards = one.form is Form.OLD or tongue.cues.passive.search(line.text, max(0, one.start - 16), one.end)
            relative = bool(opens_relative(line, tongue, stretch))
            side = Side.BEFORE if backwards or relative else tongue.targets
            place = Place(one.start, one.end, side, max(one.label_end, one.end), decision.status is Status.BACKGROUND)
            cast = cast_act(line, tongue, place, groups, self._organisations)
            if cast.targets or cast.authority:
                yield _event(line, one, cast, decision)


def find_acts(line: Line, tongue: Tongue, groups: Sequence[Named]) -> list[Spoken]:
    """Give the acts of a line in order, without overlaps; the longer of two counts."""
    found: list[Spoken] = []
    for act in tongue.acts:
        for form, pattern in act.forms.items():
            for match in pattern.finditer(line.text, line.dateline):
                label_end = _labelled(line, tongue, act, form, match.span(), groups)
                if label_end is not None:
                    found.append(Spoken(act, form, *match.span(), label_end))
    kept: list[Spoken] = []
    for one in sorted(found, key=lambda spoken: (spoken.start - spoken.end, spoken.start)):
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda spoken: spoken.start)


def _labelled(
    line: Line, tongue: Tongue, act: Act, form: Form, span: tuple[int, int], groups: Sequence[Named]
) -> int | None:
    """Give where the words that an act needs end, within reach on their side; None when it lacks any."""
    start, end = span
    if tongue.labels is Side.AFTER:
        words = list(_WORD.finditer(line.text, end))[: act.reach]
        first, last = start, words[-1].end() if words else end
        stop = line.text.find(";", end, last)
        last = stop if stop >= 0 else last
    else:
        words = list(_WORD.finditer(line.text, 0, start))[-act.reach :]
        first, last = words[0].start() if words else start, end
    # "… which was banned, the group": what is recalled may stand before whom it is recalled of.
    ahead = tongue.targets is Side.BEFORE and form is not Form.OLD
    label_end = end
    for need in act.needs:
        found = [
            match
            for name in need
            if name in tongue.lexicons and (match := tongue.lexicons[name].search(line.text, first, last))
        ]
        if found:
            label_end = max(label_end, *(match.end() for match in found))
        elif not _is_named(line, need, groups, end if ahead else len(line.text)):
            return None
    begin, until = (start, label_end) if tongue.labels is Side.AFTER else (first, end)
    return None if act.blockers.search(line.text, begin, until) else label_end


def _is_named(line: Line, need: Sequence[str], groups: Sequence[Named], before: int) -> bool:
    """Tell whether a line names the body that an act needs, or a group that begins before `before`."""
    return (BODY in need and bool(line.bodies)) or (GROUP in need and any(one.start < before for one in groups))


def _event(line: Line, one: Spoken, cast: Cast, decision: Decision) -> Event:
    start, end = line.original(one.start), line.original(one.end - 1) + 1
    unsure = decision.status is Status.UNCLEAR
    return Event(
        type=one.act.type,
        status=decision.status,
        agents=cast.agents,
        targets=cast.targets,
        authority=cast.authority,
        programme=cast.programme,
        trigger=Span(start, end, line.whole[start:end]),
        evidence=Span(line.start, line.end, line.whole[line.start : line.end]),
        field=line.field,
        cues=decision.cues,
        rule=f"{one.act.id}.{one.form}",
        score=min(one.act.score, _REVIEWED) if unsure else one.act.score,
        occurred_on=decision.day,
    )
