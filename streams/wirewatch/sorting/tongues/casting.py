"""Finds who is put on the list and who puts them there, by where they stand around the act.

Called by `reading`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from wirewatch.knowledge.entities import Organisation
from wirewatch.records import Name, Party
from wirewatch.sorting.programmes import name_programme
from wirewatch.sorting.tongues.lines import Line, Named
from wirewatch.sorting.tongues.shapes import Side, Tongue

#: Groups and bodies farther from the act than this, in characters, play no part in it.
_REACH = 180
#: What standing on the less usual side of the act weighs, in characters.
_OTHER_SIDE = 45
#: What a "by" before a body is worth, in characters.
_BY = 120
#: What a comma between a body and the act weighs, in characters.
_COMMA = 12
#: Words that may join two groups.
_JOINTS = 4
_BRACKETS = re.compile(r"\([^)]*\)")
_WORD = re.compile(r"\w+")


class Place(NamedTuple):
    """Where an act stands in a line, and on which side whom it is done to is looked for first."""

    start: int
    end: int
    targets: Side
    #: Where the words that name list or label end, or `end`.
    label_end: int
    #: True where the act is only recalled of a group ("a leader of X, which …"): whom else it names matters less.
    recalled: bool


class Cast(NamedTuple):
    """Who takes part in an act."""

    targets: tuple[Party, ...]
    authority: Name | None
    agents: tuple[Party, ...]
    programme: str | None


def cast_act(
    line: Line,
    tongue: Tongue,
    place: Place,
    groups: Sequence[Named],
    organisations: Mapping[str, Organisation],
) -> Cast:
    """Give whom an act is done to, by whom, and on which list."""
    targets = _targets(line, tongue, place, groups)
    body = _body(line, tongue, place, groups)
    authority = Name(body.id, body.name) if body is not None and body.id else None
    programme = next((name for name, words in tongue.programmes if words.search(line.text)), None)
    if programme is None:
        known = organisations.get(authority.id) if authority else None
        own, countries = (known.programmes, known.countries) if known else ((), ())
        programme = name_programme("", 0, 0, 0, authority, own, countries)
    agents = (_party(line, body),) if body is not None else ()
    return Cast(tuple(_party(line, one) for one in targets), authority, agents, programme)


def _targets(line: Line, tongue: Tongue, place: Place, groups: Sequence[Named]) -> list[Named]:
    runs: list[list[Named]] = []
    for one in groups:
        if runs and _joined(line, tongue, runs[-1][-1], one):
            runs[-1].append(one)
        else:
            runs.append([one])
    near = [
        (min(_distance(place, one, place.targets) for one in run), at)
        for at, run in enumerate(runs)
        if place.recalled or not any(_stands_apart(line, tongue, one) for one in run)
    ]
    near = [(distance, at) for distance, at in near if distance <= _REACH]
    if not near:
        return []
    # One group by two names is one target.
    return list({(one.id or one.name): one for one in reversed(runs[min(near)[1]])}.values())[::-1]


def _distance(place: Place, one: Named, side: Side) -> int:
    if one.end <= place.start:
        return place.start - one.end + (_OTHER_SIDE if side is Side.AFTER else 0)
    return max(0, one.start - place.end) + (_OTHER_SIDE if side is Side.BEFORE else 0)


def _stands_apart(line: Line, tongue: Tongue, one: Named) -> bool:
    """Tell whether words directly beside a name say that another is meant: "linked to", "the leader of"."""
    begin = max(0, one.start - 40)
    following = tongue.naming.apart_after.search(line.text, one.end)
    if following and not line.text[one.end : following.start()].strip(' "'):
        return True
    return any(
        not line.text[match.end() : one.start].strip(' "')
        for match in tongue.naming.apart.finditer(line.text, begin, one.start)
    )


def _joined(line: Line, tongue: Tongue, one: Named, other: Named) -> bool:
    words = _WORD.findall(_BRACKETS.sub(" ", line.text[one.end : other.start]))
    # "the Lebanese" between two names is a body's adjective.
    return len(words) <= _JOINTS and all(word[0] == "A" or tongue.naming.joints.fullmatch(word) for word in words)


def _body(line: Line, tongue: Tongue, place: Place, groups: Sequence[Named]) -> Named | None:
    weighed = sorted(_weigh_bodies(line, tongue, place, groups), key=lambda pair: pair[0])
    return weighed[0][1] if weighed and weighed[0][0] <= _REACH else None


def _weigh_bodies(line: Line, tongue: Tongue, place: Place, groups: Sequence[Named]) -> Iterator[tuple[int, Named]]:
    for one in line.bodies:
        if _stands_apart(line, tongue, one) or any(_belongs(line, tongue, group, one) for group in groups):
            continue
        if one.end <= place.start:
            commas = line.text.count(",", one.end, place.start)
            yield place.start - one.end + _COMMA * commas, one
            continue
        begin = place.label_end if one.start >= place.label_end else place.end
        distance = max(0, one.start - begin) + (0 if begin != place.end else _OTHER_SIDE // 2)
        by = any(
            not line.text[match.end() : one.start].strip(' "')
            for match in tongue.naming.by.finditer(line.text, max(0, one.start - 20), one.start)
        )
        yield distance - (_BY if by else 0), one


def _belongs(line: Line, tongue: Tongue, group: Named, body: Named) -> bool:
    """Tell whether a body directly behind a group says where the group is from: "the Guards of Iran"."""
    between = line.text[group.end : body.start]
    words = _WORD.findall(between)
    return group.end < body.start and len(words) == 1 and "," not in between and words[0] in tongue.naming.inner


def _party(line: Line, one: Named) -> Party:
    return Party(one.id, one.name, line.original(one.start), line.original(one.end - 1) + 1)
