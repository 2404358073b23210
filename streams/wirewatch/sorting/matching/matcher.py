"""Finds organisations and authorities in an article, in two passes over the hits of one scan.

The first pass takes what stands alone; the second lets weak names in where the first, the document's own definitions or
their context vouch for them. Pure: the same article gives the same mentions. Never decides what an event is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wirewatch.knowledge.common_words import is_everyday
from wirewatch.knowledge.entities import Organisation
from wirewatch.knowledge.folding import fold
from wirewatch.records import Article, Field, Mention, Name, Strength
from wirewatch.sorting.matching.cases import Lettering, is_shouted, is_written_well, lettering, needs_company
from wirewatch.sorting.matching.company import Company
from wirewatch.sorting.matching.datelines import dateline_end
from wirewatch.sorting.matching.local import Definitions
from wirewatch.sorting.matching.patterns import SHORT, Automaton, Case, Reading, Tier

#: Between title and text: two signs, so that no name reaches across.
_GAP = "\n\n"
#: How sure each way of matching is, 0..1.
_SCORES = {"alone": 0.95, "local": 0.9, "with strong": 0.85, "with context": 0.7, "ambiguous": 0.3}

#: Score, strength and rule of an accepted reading.
_Verdict = tuple[float, Strength, str]


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    surface: str
    letters: Lettering
    readings: tuple[Reading, ...]
    #: Where it stands in the folded text.
    folded_start: int = 0


class Matcher:
    """Finds mentions. Hold one per knowledge; it keeps no state between articles."""

    __slots__ = ("_automaton", "_parents")

    def __init__(self, automaton: Automaton, parents: Mapping[str, str | None]) -> None:
        self._automaton = automaton
        self._parents = parents

    def find(self, article: Article) -> tuple[Mention, ...]:
        """Give the mentions of an article in order of title, text and position; offsets count into their field."""
        joined = article.title + _GAP + article.text
        folded = fold(joined)
        found = list(self._automaton.iter(folded.text))
        if not found:
            return ()
        text_begin = len(article.title) + len(_GAP)
        hits = _written_well(article, joined, text_begin, folded.original, found)
        if not hits:
            return ()
        return _Document(joined, text_begin, folded.text, hits, self._parents).mentions()


def _written_well(
    article: Article,
    joined: str,
    text_begin: int,
    original: Callable[[int], int],
    found: list[tuple[int, tuple[int, int, tuple[Reading, ...]]]],
) -> list[_Hit]:
    in_title = in_text = None
    hits: list[_Hit] = []
    for last, (length, padded, readings) in found:
        start = original(last - length + 1 + padded)
        end = original(last - padded) + 1
        surface = joined[start:end]
        if start < text_begin:
            letters = in_title = in_title or lettering(article.title, title=True)
        else:
            letters = in_text = in_text or lettering(article.text, title=False)
        if end - start <= SHORT and letters is Lettering.USUAL and is_shouted(joined, start, end):
            letters = Lettering.CAPITALS
        good = tuple(reading for reading in readings if is_written_well(reading, surface, letters))
        if good:
            hits.append(_Hit(start, end, surface, letters, good, last - length + 1))
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    return hits


class _Document:
    """The hits of one article on their way to mentions."""

    __slots__ = ("_company", "_definitions", "_hits", "_joined", "_parents", "_strong", "_strong_ids", "_text_begin")

    def __init__(
        self, joined: str, text_begin: int, folded: str, hits: list[_Hit], parents: Mapping[str, str | None]
    ) -> None:
        self._joined = joined
        self._text_begin = text_begin
        self._hits = hits
        self._parents = parents
        self._company = Company(folded)
        self._strong: list[tuple[int, int, Organisation]] = []
        self._strong_ids: set[str] = set()
        if any(not reading.is_authority for hit in hits for reading in hit.readings):
            self._collect_strong()
            self._definitions = Definitions(joined, self._strong)
            self._add_local_hits()
        else:
            self._definitions = Definitions("", ())

    def mentions(self) -> tuple[Mention, ...]:
        """Take hits from left to right, the longest first where they overlap."""
        mentions: list[Mention] = []
        taken_to = 0
        dateline = -1
        for hit in self._hits:
            if hit.start < taken_to:
                continue
            decided = self._decide(hit)
            if decided is None:
                continue
            taken_to = hit.end
            name, strength, score, rule, is_authority = decided
            if rule == "decoy":
                continue
            in_title = hit.start < self._text_begin
            if is_authority and not in_title and hit.start - self._text_begin < 120:
                if dateline < 0:
                    dateline = self._text_begin + dateline_end(self._joined[self._text_begin : self._text_begin + 200])
                if hit.end <= dateline:
                    continue
            shift = 0 if in_title else self._text_begin
            field = Field.TITLE if in_title else Field.TEXT
            mentions.append(
                Mention(hit.start - shift, hit.end - shift, hit.surface, field, name, strength, score, rule)
            )
        return tuple(mentions)

    def _collect_strong(self) -> None:
        taken_to = 0
        for hit in self._hits:
            if hit.start < taken_to:
                continue
            best = hit.readings[0]
            if best.tier is Tier.DECOY or (
                best.tier is Tier.STRONG
                and not needs_company(best, hit.surface, hit.letters)
                and not self._is_bad(best)
            ):
                taken_to = hit.end
                owners = {r.organisation.id for r in hit.readings if r.tier is Tier.STRONG and not r.is_authority}
                if len(owners) == 1 and not best.is_authority and best.tier is Tier.STRONG:
                    self._strong.append((hit.start, hit.end, best.organisation))
                    self._strong_ids.add(best.organisation.id)

    def _add_local_hits(self) -> None:
        """Add the places of short names that only this document knows."""
        known = {hit.surface for hit in self._hits}
        for short in self._definitions.bound:
            if short not in known:
                for match in re.finditer(rf"(?<![\w-]){re.escape(short)}(?![\w-])", self._joined):
                    self._hits.append(_Hit(match.start(), match.end(), short, Lettering.USUAL, ()))
        self._hits.sort(key=lambda hit: (hit.start, -hit.end))

    def _is_bad(self, reading: Reading) -> bool:
        """Tell whether the article speaks against a name, and not for it."""
        organisation = reading.organisation
        if not organisation.anti_context or not self._company.has_anti_context(organisation):
            return False
        return not self._company.has_own_context(organisation)

    def _decide(self, hit: _Hit) -> tuple[Name | None, Strength, float, str, bool] | None:
        bound = self._definitions.bound.get(hit.surface)
        if bound is not None and not any(reading.tier is Tier.STRONG for reading in hit.readings):
            return bound.as_name, Strength.LOCAL, _SCORES["local"], "local:definition", False
        if not hit.readings or hit.surface in self._definitions.blocked:
            return None
        if hit.readings[0].tier is Tier.DECOY or any(reading.tier is Tier.DECOY for reading in hit.readings):
            return None, Strength.WEAK, 0.0, "decoy", False
        accepted: list[tuple[_Verdict, Reading]] = []
        for reading in hit.readings:
            verdict = self._judge(reading, hit)
            if verdict is not None:
                accepted.append((verdict, reading))
        if not accepted:
            return None
        best_score = max(verdict[0] for verdict, _ in accepted)
        best = [(verdict, reading) for verdict, reading in accepted if verdict[0] == best_score]
        owners = {reading.organisation.id for _, reading in best}
        if len(owners) > 1:
            return None, Strength.WEAK, _SCORES["ambiguous"], "ambiguous:" + "|".join(sorted(owners)), False
        (score, strength, rule), reading = best[0]
        return reading.name, strength, score, rule, reading.is_authority

    def _judge(self, reading: Reading, hit: _Hit) -> _Verdict | None:
        organisation = reading.organisation
        alone = not needs_company(reading, hit.surface, hit.letters)
        if reading.tier is Tier.STRONG and alone:
            if self._is_bad(reading):
                return None
            return _SCORES["alone"], Strength.STRONG, f"strong:{reading.kind}"
        if reading.is_authority:
            return self._judge_authority(reading, hit)
        unreliable = hit.letters is Lettering.SMALL or hit.letters is Lettering.CAPITALS
        if unreliable and reading.case is Case.EXACT and is_everyday(hit.surface):
            return None
        if organisation.id in self._strong_ids or self._has_kin(organisation.id):
            return _SCORES["with strong"], Strength.WEAK, f"weak:{reading.kind}:with_strong"
        if reading.case is Case.DOTTED or self._company.has_anti_context(organisation):
            return None
        if self._company.has_own_context(organisation):
            return _SCORES["with context"], Strength.WEAK, f"weak:{reading.kind}:with_context"
        enough = Tier.STRONG if unreliable else Tier.ABBREVIATION
        if reading.tier <= enough and self._company.has_group_words(
            hit.folded_start, hit.folded_start + len(hit.surface)
        ):
            return _SCORES["with context"] - 0.05, Strength.WEAK, f"weak:{reading.kind}:with_group_words"
        return None

    def _judge_authority(self, reading: Reading, hit: _Hit) -> _Verdict | None:
        if hit.letters is Lettering.SMALL and is_everyday(hit.surface):
            return None
        if reading.tier is Tier.STRONG:
            return _SCORES["alone"], Strength.STRONG, f"strong:{reading.kind}"
        organisation = reading.organisation
        if self._company.has_anti_context(organisation) or not self._company.has_own_context(organisation):
            return None
        return _SCORES["with context"], Strength.WEAK, f"weak:{reading.kind}:with_context"

    def _has_kin(self, organisation_id: str) -> bool:
        parent = self._parents.get(organisation_id)
        return parent in self._strong_ids or any(
            self._parents.get(strong) == organisation_id for strong in self._strong_ids
        )
