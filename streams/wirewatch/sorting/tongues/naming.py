"""Finds the names of groups that no file holds, near an act: in quotes, or behind a word such as "the group".

Called by `casting`. A name that is one known organisation's short form after all is given with its id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from wirewatch.knowledge.entities import Organisation
from wirewatch.knowledge.folding import fold_name
from wirewatch.records import Name
from wirewatch.sorting.tongues.lines import Line, Named
from wirewatch.sorting.tongues.shapes import Tongue

#: Words of a name in quotes, and of one that stands open.
_QUOTED_WORDS = 7
_OPEN_WORDS = 6
#: Words of an open name in a script without capitals.
_CAPLESS_WORDS = 3
#: No name is longer.
_NAME_CHARACTERS = 120
_QUOTED = re.compile(r'"([^"]{2,70})"')
_WORD = re.compile(r"[\w'’.&/-]+")
_CAPITALLED = re.compile(r"[A-ZÀ-ÞŁŞŽČ0-9][\w'’.&/-]*")


class ShortForms:
    """Which organisation a name means that stands where a listed group's name must stand."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        owners: dict[str, set[Name]] = {}
        for one in organisations:
            if not one.is_authority:
                for name in (*one.abbreviations, *one.weak_aliases, one.name, *one.aliases):
                    owners.setdefault(fold_name(name), set()).add(one.as_name)
        self._owners: Mapping[str, Name] = {
            name: next(iter(names)) for name, names in owners.items() if len(names) == 1
        }

    def find(self, name: str) -> Name | None:
        """Give the one organisation that bears a name, or None."""
        return self._owners.get(fold_name(name))


def mark_names(line: Line, tongue: Tongue, short_forms: ShortForms) -> tuple[Line, list[Named]]:
    """Give a line in which names that no file holds are marked too, with every group that it names, in order."""
    found = find_names(line, tongue, short_forms)
    letters = list(line.text)
    for one in found:
        letters[one.start : one.end] = "G" * (one.end - one.start)
    return replace(line, text="".join(letters)), sorted((*line.groups, *found), key=lambda one: one.start)


def find_names(line: Line, tongue: Tongue, short_forms: ShortForms) -> list[Named]:
    """Give the names of a line that no mention covers, in order."""
    found: list[Named] = []
    for start, end in (*_quoted(line, tongue), *_opened(line, tongue), *_marked(line, tongue)):
        if any(start < one.end and one.start < end for one in found) or re.search("[GA]", line.text[start:end]):
            continue
        written = line.whole[line.original(start) : line.original(end - 1) + 1].strip(" ,.;:")
        known = short_forms.find(written)
        found.append(Named(start, end, known.id if known else None, known.name if known else written))
    return sorted(found)


def _quoted(line: Line, tongue: Tongue) -> Iterator[tuple[int, int]]:
    """Give what stands in quotes and reads like a name: some words, none of a list or a label."""
    for match in _QUOTED.finditer(line.text):
        start, end = match.span(1)
        inside = line.text[start:end]
        first = line.whole[line.original(start)]
        if (
            len(inside.split()) <= _QUOTED_WORDS
            and not (first.islower() and first != first.upper())
            and not any(pattern.search(inside) for pattern in tongue.lexicons.values())
        ):
            yield start, end


def _opened(line: Line, tongue: Tongue) -> Iterator[tuple[int, int]]:
    """Give what follows a word that opens names: a run of capitals, or some words of a script without them."""
    for match in tongue.naming.openers.finditer(line.text):
        begin = match.end()
        last = line.text.rfind(" ", match.start(), begin) + 1
        if last and line.whole[line.original(last)].isupper():
            # "al Frente de la Marea": the last word is the name's first.
            begin = last
        words = list(_WORD.finditer(line.text, begin, min(len(line.text), begin + _NAME_CHARACTERS)))
        if not words or line.text[begin : words[0].start()].strip():
            continue
        first = line.whole[line.original(words[0].start())]
        taken = _capitals(line, tongue, words) if first.lower() != first.upper() else _capless(line, tongue, words)
        if taken:
            yield (match.start() if tongue.naming.keep_opener else words[0].start()), taken


def _marked(line: Line, tongue: Tongue) -> Iterator[tuple[int, int]]:
    """Give what stands before a word that marks names, as far back as a word that closes them."""
    for match in tongue.naming.markers.finditer(line.text):
        words = list(_WORD.finditer(line.text, line.dateline, match.start()))
        begin, end = 0, match.start()
        for word in reversed(words[-_CAPLESS_WORDS - 1 :]):
            closed = tongue.naming.closers.fullmatch(word.group()) or word.group()[-1] in "AG"
            if closed or line.text[word.end() : end].strip():
                break
            begin = end = word.start()
        else:
            continue
        if begin:
            yield begin, match.start() - 1


def _capitals(line: Line, tongue: Tongue, words: list[re.Match[str]]) -> int:
    """Give where a run of capitalised words ends, small words inside it allowed; 0 when there is none."""
    end, count = 0, 0
    for at, word in enumerate(words[:_OPEN_WORDS]):
        if at and line.text[words[at - 1].end() : word.start()] != " ":
            break
        if not count and tongue.naming.closers.fullmatch(word.group()):
            break
        if _CAPITALLED.match(line.whole, line.original(word.start())):
            end, count = word.end(), count + 1
        elif not count or word.group() not in tongue.naming.inner:
            break
    return end


def _capless(line: Line, tongue: Tongue, words: list[re.Match[str]]) -> int:
    """Give where a name ends in a script without capitals: before a word that closes names."""
    end = 0
    for at, word in enumerate(words[: _CAPLESS_WORDS + 1]):
        if tongue.naming.closers.fullmatch(word.group()):
            return end
        if at == _CAPLESS_WORDS or (at and line.text[words[at - 1].end() : word.start()] != " "):
            break
        end = word.end()
    return 0
