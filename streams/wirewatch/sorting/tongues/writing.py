"""Writes a sentence for matching: folded, with known names in capitals that fill their place.

`G` stands for a letter of a group's name, `A` for one of a body's: patterns then see who stands where, and no word of
a name is taken for a word of the sentence. Folded text has no capitals of its own. Called by `reading`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Sequence

from wirewatch.knowledge.folding import Folded, fold
from wirewatch.records import Field, Mention, Name, Strength
from wirewatch.sorting.tongues.lines import Line, Named
from wirewatch.sorting.tongues.shapes import Tongue

#: Signs that stay in the folded text; all others are spaces there.
_KEPT = frozenset(',;:?؟،؛()[]«»“”"')
_PLAIN = {"؟": "?", "،": ",", "؛": ";", "[": "(", "]": ")", "“": '"', "”": '"', "«": '"', "»": '"'}
#: A first line up to this length without a full stop is a headline.
_HEADLINE_CHARACTERS = 160
#: "QUITO.- ", "Madrid, 9 sep. (Agency) — ", "واشنگٹن: ": whoever stands there acts for nobody.
_DATELINE = re.compile(
    r"[^\n.:—«\"]{2,60}?(?:\([^()\n]{2,40}\)[.\s]*[—–:-]|\.-|\.\s?[—–]|\s[—–]\s)|[^\n.،,:—«\"]{2,20}:"
)
#: A dateline by a colon has so many words at most: "البيت الأبيض:" speaks.
_COLON_WORDS = 1
#: Letters that may stand before a word without a space, and one more.
_PREFIX = 4


def write_line(
    field: Field,
    whole: str,
    place: tuple[int, int],
    position: int,
    mentions: Sequence[Mention],
    authorities: Container[str],
    tongue: Tongue,
) -> Line:
    """Fold one sentence and mark the names in it. `mentions` are those of the field."""
    start, end = place
    sentence = whole[start:end]
    folded = fold(sentence)
    letters = list(folded.text)
    for sign in re.finditer(r"[^\w\s]", sentence):
        if sign.group() in _KEPT:
            letters[_folded_at(folded, sign.start())] = _PLAIN.get(sign.group(), sign.group())
    dateline = _dateline_end(sentence) if field is Field.TEXT and position == 0 else 0
    begin = _folded_at(folded, dateline - 1) if dateline else 0
    named = [
        (
            _folded_at(folded, one.start - start),
            _folded_at(folded, one.end - start - 1) + 1,
            one.organisation,
            one.surface,
        )
        for one in mentions
        if start <= one.start and one.end <= end and one.strength is not Strength.FUZZY
    ]
    named += [
        (match.start(), match.end(), body, "")
        for match in tongue.authorities.finditer(folded.text)
        if (body := _body(match.group(), tongue, whole[start + folded.original(match.start())])) is not None
    ]
    groups: list[Named] = []
    bodies: list[Named] = []
    taken: list[tuple[int, int]] = []
    for first, last, organisation, surface in sorted(named, key=lambda one: one[0] - one[1]):
        if any(first < stop and other < last for other, stop in taken):
            continue
        taken.append((first, last))
        one = Named(first, last, *((organisation.id, organisation.name) if organisation else (None, surface)))
        acts = one.id in authorities
        letters[first:last] = ("A" if acts else "G") * (last - first)
        if not acts:
            groups.append(one)
        elif first >= begin:
            bodies.append(one)
    return Line(
        field=field,
        whole=whole,
        start=start,
        end=end,
        text="".join(letters),
        groups=tuple(sorted(groups)),
        bodies=tuple(sorted(bodies)),
        headline=field is Field.TITLE
        or (position == 0 and whole[end - 1] not in ".!?…؟۔" and end - start < _HEADLINE_CHARACTERS),
        position=position,
        dateline=begin,
        folded=folded,
    )


def _dateline_end(sentence: str) -> int:
    """Give where the dateline of a first sentence ends, or 0."""
    match = _DATELINE.match(sentence)
    if match is None:
        return 0
    words = match.group()
    speaks = words.endswith(":") and ")" not in words and len(words.split()) > _COLON_WORDS
    return 0 if speaks else match.end()


def _body(word: str, tongue: Tongue, letter: str) -> Name | None:
    """Give whom a word means; a prefix of the language may stand before what the file holds.

    `letter` is how it begins in the text: what the file writes with a capital needs one.
    """
    for at in range(_PREFIX):
        held = word[at:]
        if held in tongue.bodies:
            return None if held in tongue.capitals and letter.islower() else tongue.bodies[held]
    return None


def _folded_at(folded: Folded, offset: int) -> int:
    """Give the place in the folded text of a place in the sentence."""
    if not folded.has_cuts:
        return offset + 1
    return min(bisect_left(range(len(folded.text)), offset, key=folded.original), len(folded.text) - 1)
