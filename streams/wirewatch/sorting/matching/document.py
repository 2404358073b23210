"""Decides over the hits of one article, in two passes: what stands alone first, then what the rest vouches for.

Called by `matcher`. A weak name is let in by a strong mention, by the document's own definitions, by its context.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from wirewatch.knowledge.common_words import is_everyday
from wirewatch.knowledge.entities import Organisation
from wirewatch.records import Field, Mention, Name, Strength
from wirewatch.sorting.matching.cases import Lettering, needs_company
from wirewatch.sorting.matching.company import Company
from wirewatch.sorting.matching.datelines import dateline_end
from wirewatch.sorting.matching.hits import Hit
from wirewatch.sorting.matching.local import SHORT_NAME, Acronym, Definitions
from wirewatch.sorting.matching.patterns import SHORT, Case, Reading, Tier

#: How sure each way of matching is, 0..1.
_ALONE = 0.95
_LOCAL = 0.9
_WITH_STRONG = 0.85
_WITH_CONTEXT = 0.7
_WITH_GROUP_WORDS = 0.65
_AMBIGUOUS = 0.3
#: Datelines are short: an authority that begins further on cannot stand in one.
_DATELINE_REACH = 100
#: What follows the name of a firm, a club, a person, or of an acronym that is explained.
_SOMEBODY_ELSE = re.compile(
    r",? (?:Ltd|Limited|Inc|plc|PLC|LLC|GmbH|Corp|Corporation|Holdings|FC|SC|AG|Pty|Motors|Records|Museum)\b"
    r"| [A-Z][a-z]+, (?:an?|\d\d)\b| (?:is|was) (?:an|the) acronym (?:for|of)| stands for\b"
)
#: What begins an explanation of what the name is.
_EXPLAINED = re.compile(r"[\"”’']?(?:,| is| was) (?:an?|the name|the title|what|one)\b")
_NO_DEFINITIONS = Definitions("", (), ())

#: Score, strength and rule of an accepted reading.
_Verdict = tuple[float, Strength, str]


def _is_doubtful_acronym(hit: Hit) -> bool:
    return 1 < len(hit.surface) <= 6 and hit.readings[0].tier is not Tier.STRONG and not hit.readings[0].is_authority


class Document:
    """The hits of one article on their way to mentions."""

    __slots__ = (
        *("_company", "_countries", "_definitions", "_hits", "_joined"),
        *("_parents", "_strong", "_strong_ids", "_text_begin"),
    )

    def __init__(
        self,
        joined: str,
        text_begin: int,
        folded: str,
        hits: list[Hit],
        parents: Mapping[str, str | None],
        watched: bool,
    ) -> None:
        self._joined = joined
        self._text_begin = text_begin
        self._hits = hits
        self._parents = parents
        self._company = Company(folded)
        self._strong: list[tuple[int, int, Organisation]] = []
        self._strong_ids: set[str] = set()
        self._countries: frozenset[str] | None = None
        if watched:
            self._collect_strong()
            acronyms = [
                Acronym(hit.start, -hit.minus_end, hit.surface, tuple(reading.organisation for reading in hit.readings))
                for hit in hits
                if _is_doubtful_acronym(hit)
            ]
            self._definitions = Definitions(joined, self._strong, acronyms)
            self._add_local_hits()
        else:
            self._definitions = _NO_DEFINITIONS

    def mentions(self) -> tuple[Mention, ...]:
        """Take hits from left to right, the longest first where they overlap."""
        mentions: list[Mention] = []
        taken_to = 0
        text_begin = self._text_begin
        dateline = -1
        for hit in self._hits:
            start = hit.start
            if start < taken_to:
                continue
            if hit.is_instant:
                reading = hit.readings[0]
                name: Name | None = reading.name
                strength, score, rule, is_authority = Strength.STRONG, _ALONE, reading.rule, True
            else:
                decided = self._decide(hit)
                if decided is None:
                    continue
                name, strength, score, rule, is_authority = decided
            end = taken_to = -hit.minus_end
            if rule == "decoy":
                continue
            if start < text_begin:
                mentions.append(Mention(start, end, hit.surface, Field.TITLE, name, strength, score, rule))
                continue
            if is_authority and start - text_begin < _DATELINE_REACH:
                if dateline < 0:
                    dateline = text_begin + dateline_end(self._joined[text_begin : text_begin + 2 * _DATELINE_REACH])
                if end <= dateline:
                    continue
            mentions.append(
                Mention(start - text_begin, end - text_begin, hit.surface, Field.TEXT, name, strength, score, rule)
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
                and not self._is_somebody_else(hit)
                and not needs_company(best, hit.surface, hit.letters)
                and not self._is_bad(best)
            ):
                taken_to = -hit.minus_end
                owners = {r.organisation.id for r in hit.readings if r.tier is Tier.STRONG and not r.is_authority}
                if len(owners) == 1 and not best.is_authority and best.tier is Tier.STRONG:
                    self._strong.append((hit.start, -hit.minus_end, best.organisation))
                    self._strong_ids.add(best.organisation.id)

    def _add_local_hits(self) -> None:
        """Add the places of short names that only this document knows."""
        new = self._definitions.bound.keys() - {hit.surface for hit in self._hits}
        if not new:
            return
        for match in SHORT_NAME.finditer(self._joined):
            short = match.group().rstrip(".")
            if short in new:
                start, end = match.start(), match.start() + len(short)
                self._hits.append(Hit(start, -end, len(self._hits), short, Lettering.USUAL, (), False, start))
        self._hits.sort()

    def _is_bad(self, reading: Reading) -> bool:
        """Tell whether the article speaks against a name, and not for it."""
        organisation = reading.organisation
        if not organisation.anti_context or not self._company.has_anti_context(organisation):
            return False
        return not self._company.has_own_context(organisation)

    def _decide(self, hit: Hit) -> tuple[Name | None, Strength, float, str, bool] | None:
        bound = self._definitions.bound.get(hit.surface)
        if bound is not None and not any(reading.tier is Tier.STRONG for reading in hit.readings):
            return bound.as_name, Strength.LOCAL, _LOCAL, "local:definition", False
        if not hit.readings or hit.surface in self._definitions.blocked or self._is_somebody_else(hit):
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
            return None, Strength.WEAK, _AMBIGUOUS, "ambiguous:" + "|".join(sorted(owners)), False
        (score, strength, rule), reading = best[0]
        return reading.name, strength, score, rule, reading.is_authority

    def _judge(self, reading: Reading, hit: Hit) -> _Verdict | None:
        organisation = reading.organisation
        alone = not needs_company(reading, hit.surface, hit.letters)
        if reading.tier is Tier.STRONG and alone:
            if self._is_bad(reading):
                return None
            return _ALONE, Strength.STRONG, reading.rule
        if reading.is_authority:
            return self._judge_authority(reading, hit)
        unreliable = hit.letters is Lettering.SMALL or hit.letters is Lettering.CAPITALS
        if unreliable and reading.case is Case.EXACT and is_everyday(hit.surface):
            return None
        if organisation.id in self._strong_ids or self._has_kin(organisation.id):
            return _WITH_STRONG, Strength.WEAK, f"weak:{reading.kind}:with_strong"
        if reading.case is Case.DOTTED or self._company.has_anti_context(organisation):
            return None
        if self._company.has_own_context(organisation):
            return _WITH_CONTEXT, Strength.WEAK, f"weak:{reading.kind}:with_context"
        near = hit.folded_start, hit.folded_start + len(hit.surface)
        telling = reading.tier is Tier.WEAK and not unreliable and not is_everyday(hit.surface)
        if telling and self._company.has_terror_words(*near):
            return _WITH_GROUP_WORDS, Strength.WEAK, f"weak:{reading.kind}:with_terror_words"
        if reading.tier is Tier.ABBREVIATION and len(hit.surface) >= SHORT and self._country_is_named(organisation):
            return _WITH_GROUP_WORDS, Strength.WEAK, f"weak:{reading.kind}:with_country"
        if reading.tier <= Tier.ABBREVIATION and self._company.has_group_words(*near):
            return _WITH_GROUP_WORDS, Strength.WEAK, f"weak:{reading.kind}:with_group_words"
        return None

    def _judge_authority(self, reading: Reading, hit: Hit) -> _Verdict | None:
        if hit.letters is Lettering.SMALL and is_everyday(hit.surface):
            return None
        if reading.tier is Tier.STRONG:
            return _ALONE, Strength.STRONG, reading.rule
        organisation = reading.organisation
        if self._company.has_anti_context(organisation) or not self._company.has_own_context(organisation):
            return None
        return _WITH_CONTEXT, Strength.WEAK, f"weak:{reading.kind}:with_context"

    def _is_somebody_else(self, hit: Hit) -> bool:
        """Tell whether a name is another's here: Hamas Abdi, a left back. Saltcloud is a hot sauce."""
        if not hit.readings or hit.readings[0].is_authority:
            return False
        end = -hit.minus_end
        if " " not in hit.surface and _SOMEBODY_ELSE.match(self._joined, end):
            return True
        return _EXPLAINED.match(self._joined, end) is not None and not self._has_any_company(hit)

    def _has_any_company(self, hit: Hit) -> bool:
        """Tell whether anything in the whole article speaks of armed groups or of this organisation."""
        return self._company.has_group_words_anywhere() or any(
            self._company.has_own_context(reading.organisation) or self._country_is_named(reading.organisation)
            for reading in hit.readings
        )

    def _country_is_named(self, organisation: Organisation) -> bool:
        """Tell whether the article names a country of the organisation, by any name of its authorities."""
        if self._countries is None:
            self._countries = frozenset(
                country
                for hit in self._hits
                for reading in hit.readings
                if reading.is_authority and reading.tier is Tier.STRONG
                for country in reading.organisation.countries
            )
        return not self._countries.isdisjoint(organisation.countries)

    def _has_kin(self, organisation_id: str) -> bool:
        parent = self._parents.get(organisation_id)
        return parent in self._strong_ids or any(
            self._parents.get(strong) == organisation_id for strong in self._strong_ids
        )
