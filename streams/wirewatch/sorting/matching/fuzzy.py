"""Finds names that are nearly one that we know ("Balochistan Libration Army"): for a person to review, never more.

Called by `matcher` where a telling word of a known name stands outside of every mention. Costs nothing elsewhere,
because the telling words are patterns of the same automaton.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz

from wirewatch.knowledge.common_words import is_everyday
from wirewatch.knowledge.entities import Organisation
from wirewatch.knowledge.folding import fold_name

#: Likeness, 0..100, from which two names are nearly the same. One wrong letter in twenty gives 95.
_NEAR = 91.0
#: Letters of a name below which one wrong letter makes another name.
_LONG = 14
#: Letters of a word below which it tells nothing.
_TELLING = 6
#: A word that more names share is no help to find one.
_MOST_NAMES = 60
#: Words that are no everyday words and yet stand in every other article.
_IN_THE_NEWS = frozenset(
    ("africa", "african", "jewish", "muslim", "muslims", "pacific", "homeland", "palestine", "militant", "militants")
)
_CAPITAL = r"[A-ZÀ-Þ][\w'’]*"
_SMALL = r"(?:of|the|e|i|al|ul|ud|de|del|la|wal)"
_BEFORE = re.compile(rf"(?:(?:{_CAPITAL}|{_SMALL})[ \-]){{0,5}}$")
_BEHIND = re.compile(rf"(?:[ \-](?:{_CAPITAL}|{_SMALL}(?=[ \-]{_CAPITAL}))){{0,5}}")
#: Characters on either side in which the rest of a name may stand.
_REACH = 60


class NearNames:
    """Long names of watched organisations, by their telling words."""

    __slots__ = ("_names", "words")

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        names: dict[str, Organisation] = {}
        places: set[str] = set()
        for organisation in organisations:
            known = (organisation.name, *organisation.aliases, *organisation.previous_names)
            if organisation.is_authority:
                places.update(fold_name(name) for name in (*known, *organisation.metonyms, *organisation.demonyms))
            elif organisation.schema != "Company":
                for name in known:
                    if name in organisation.weak_aliases:
                        continue
                    folded = " ".join(fold_name(name).split())
                    if folded.isascii() and " " in folded and len(folded) >= _LONG:
                        names.setdefault(folded, organisation)
        counts = Counter(word for name in names for word in set(name.split()))
        by_word: dict[str, list[tuple[str, Organisation]]] = defaultdict(list)
        for name, organisation in names.items():
            for word in set(name.split()):
                if (
                    len(word) >= _TELLING
                    and word not in places
                    and counts[word] <= _MOST_NAMES
                    and not is_everyday(word)
                ):
                    by_word[word].append((name, organisation))
        self._names = dict(by_word)
        self.words = frozenset(by_word)

    def find(self, text: str, start: int, end: int, word: str) -> tuple[int, int, Organisation, float] | None:
        """Give the near name around a telling word: where it stands, whose it is, and the likeness (0..100)."""
        before = _BEFORE.search(text, max(0, start - _REACH), start)
        behind = _BEHIND.match(text, end, end + _REACH)
        first = before.start() if before else start
        last = behind.end() if behind else end
        if first == start and last == end:
            return None
        phrase = text[first:last]
        folded = " ".join(fold_name(phrase).split())
        if len(folded) < _LONG or " " not in folded:
            return None
        skipped = len(phrase) - len(re.sub(r"^(?:the|The|of|and|for) ", "", phrase))
        folded = " ".join(fold_name(phrase[skipped:]).split())
        best: tuple[float, Organisation] | None = None
        for name, organisation in self._names.get(word, ()):
            if abs(len(name) - len(folded)) > 3:
                continue
            likeness = fuzz.ratio(folded, name, score_cutoff=_NEAR)
            # A name that is the same and yet no mention was left out for a reason.
            if _NEAR <= likeness < 100 and (best is None or likeness > best[0]):
                best = (likeness, organisation)
        return None if best is None else (first + skipped, last, best[1], best[0])
