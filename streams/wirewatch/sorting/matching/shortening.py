"""Finds short forms that a document makes of a long name: "the Saltmarsh Division … Saltmarsh said".

Called by `document` for organisations that it names in full, and by `sorter` for names that no file holds. A word that
is also a place's, a person's or an ordinary word binds nothing, and each use must be one that organisations have.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Container, Iterable, Iterator, Sequence

from wirewatch.knowledge.common_words import is_everyday
from wirewatch.knowledge.entities import Organisation
from wirewatch.knowledge.folding import fold_name
from wirewatch.sorting.matching.beside import signs_beside
from wirewatch.sorting.matching.cases import Lettering
from wirewatch.sorting.matching.signs import OF_GROUPS, Sign

#: What ends the telling part of a name.
_HEADS = frozenset(
    (
        *("army", "brigade", "brigades", "battalion", "cartel", "column", "command", "corps", "division", "faction"),
        *(
            "fighters",
            "force",
            "forces",
            "front",
            "gang",
            "group",
            "guard",
            "guards",
            "legion",
            "liberation",
            "militia",
        ),
        *(
            "movement",
            "network",
            "organisation",
            "organization",
            "party",
            "rebels",
            "resistance",
            "squad",
            "strikeforce",
        ),
        *("tigers", "volunteers", "youth", "circle", "collective", "brotherhood", "league", "union", "society"),
    )
)
#: Letters of a short form below which it is anybody's.
_LEAST = 5
_MOST_WORDS = 2
#: Words before a place.
_AT_PLACES = re.compile(r"\b(?:in|at|near|around|outside|inside|across|towards?|over|of|off)\s+$")
#: "Anna Saltmarsh"
_NAME_BEFORE = re.compile(r"(?<![^\s\"“‘(])([A-Z][a-z]+)\s$")
#: "Saltmarsh, Norland," is a place, "Saltmarsh, 34," a person; so is "Saltmarsh Road" and "Saltmarsh, who".
_SOMETHING_ELSE = re.compile(r",\s*(?:\d\d?\b|who\b|[A-Z]\w+(?:,|\.|\s*$))")
#: What a use of a short form must have beside it.
_USES = OF_GROUPS | {Sign.SPEECH}
_NEVER = frozenset((Sign.TITLE, Sign.LONGER_BEHIND, Sign.LONGER_BEFORE, Sign.NUMBER, Sign.ONE_OF_MANY))


def places_and_persons(organisations: Iterable[Organisation]) -> frozenset[str]:
    """Give the folded words that stand for a place, a people or a person in what is known: they shorten no name."""
    found: set[str] = set()
    for known in organisations:
        names = (
            known.context if not known.is_authority else (known.name, *known.aliases, *known.metonyms, *known.demonyms)
        )
        found.update(fold_name(name) for name in names if name[:1].isupper())
        found.update(word for name in names if name[:1].isupper() for word in fold_name(name).split())
    return frozenset(found)


def short_form(name: str, elsewhere: Container[str] = ()) -> str | None:
    """Give the telling first words of a long name, or None; `elsewhere` holds words that mean something else."""
    words = name.split()
    if words and words[0].lower() == "the":
        words = words[1:]
    telling: list[str] = []
    for word in words:
        if word.lower().strip("’'") in _HEADS:
            break
        telling.append(word)
    if len(telling) == len(words) or not 1 <= len(telling) <= _MOST_WORDS:
        return None
    short = " ".join(telling)
    folded = fold_name(short)
    bad = (
        len(telling[0]) < _LEAST
        or not all(word[0].isupper() and word.isalpha() and not word.isupper() for word in telling)
        or any(is_everyday(word) for word in telling)
        or folded in elsewhere
        or any(word in elsewhere for word in folded.split())
    )
    return None if bad else short


def find_uses(
    text: str, short: str, taken: Sequence[tuple[int, int]], begin: int, title_end: int = 0
) -> Iterator[tuple[int, int]]:
    """Give where a short form stands for its organisation; nowhere if it is also something else in the text.

    It does from `begin` on, where the long name stands, and before `title_end`. `taken` holds the places of names that
    are known already, the long name's among them.
    """
    uses: list[tuple[int, int]] = []
    in_order = sorted(taken)
    starts = [first for first, _ in in_order]
    # How far anything reaches that begins at or before each place.
    reaches = list(itertools.accumulate((last for _, last in in_order), max))
    for match in re.finditer(rf"(?<![\w-]){re.escape(short)}(?![\w-])", text):
        start, end = match.span()
        before = bisect.bisect_left(starts, end) - 1
        if before >= 0 and reaches[before] > start:
            continue
        signs = signs_beside(text, start, end, Lettering.USUAL)
        behind = text[end : end + 40]
        person = _NAME_BEFORE.search(text, max(0, start - 24), start)
        is_person = person is not None and not is_everyday(person.group(1))
        if is_person or signs & _NEVER or _SOMETHING_ELSE.match(behind):
            return
        if _AT_PLACES.search(text, max(0, start - 12), start):
            return
        if (start >= begin or start < title_end) and signs & _USES and Sign.THING not in signs:
            uses.append((start, end))
    yield from uses
