"""Decides whether one reading of one place holds: alone, vouched for by a full name, or by its signs.

Called by `document`. What stands beside a name and in the article is weighed for the article as a whole: one short name
means one thing in one article, and its clearest use decides.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from wirewatch.knowledge.common_words import is_everyday
from wirewatch.records import Strength
from wirewatch.sorting.matching.cases import Lettering, needs_company
from wirewatch.sorting.matching.evidence import Evidence
from wirewatch.sorting.matching.hits import Hit
from wirewatch.sorting.matching.patterns import Case, Reading, Tier
from wirewatch.sorting.matching.points import ENOUGH, load_points
from wirewatch.sorting.matching.signs import (
    AGAINST,
    EVIDENCE,
    OF_ITS_WORDS,
    OF_OWN,
    Sign,
)

#: How sure each way of matching is, 0..1.
ALONE = 0.95
_WITH_STRONG = 0.85
_WITH_CONTEXT = 0.7
#: The least and the most that signs can give.
_SIGNS_LEAST, _SIGNS_MOST = 0.5, 0.8
#: Log-odds that a name needs for which nothing but a place speaks.
_ENOUGH_FOR_PLACES = 1.3
#: Uses of one short name in one article that are weighed.
_MOST_USES = 8
#: What follows the name of a firm, a club, a person, or of an acronym that is explained.
_SOMEBODY_ELSE = re.compile(
    r",? (?:Ltd|Limited|Inc|plc|PLC|LLC|GmbH|Corp|Corporation|Holdings|FC|SC|AG|Pty|Motors|Records|Museum)\b"
    r"| [A-Z][a-z]+, (?:an?|\d\d)\b| (?:is|was) (?:an|the) acronym (?:for|of)| stands for\b| is short for\b"
)
#: What begins an explanation of what the name is.
_EXPLAINED = re.compile(r"[\"”’']?(?:,| is| was) (?:an?|the name|the title|what|one)\b")
#: What speaks for a name that could be ordinary words.
_FOR = frozenset((Sign.MEMBERS, Sign.PEOPLE, Sign.BRANDED, Sign.TELLING_NEAR, Sign.TELLING_FAR, Sign.OTHER_GROUP))

_ALIVE = frozenset(
    (Sign.SPEECH, Sign.OWNER_OWN, Sign.OTHER_GROUP_NEAR, Sign.OWN_NAME_NEAR, Sign.MIXED, Sign.OWNS_THING)
)

_OWN_COUNTRY = frozenset((Sign.OWN_COUNTRY_NEAR, Sign.OWN_COUNTRY_FAR, Sign.OWNER_OWN))

#: Log-odds that stand for certainty: alone, and with a full name.
_SURE, _NEARLY_SURE = 100.0, 50.0


class Verdict(NamedTuple):
    """What is said of a reading that holds."""

    score: float
    strength: Strength
    rule: str
    #: Log-odds; readings of the same words are compared by them.
    odds: float


class Judge:
    """What is known of one article while its hits are judged."""

    __slots__ = ("_alone", "_evidence", "_hits", "_joined", "_known_signs", "_odds", "_uses")

    def __init__(self, joined: str, hits: Sequence[Hit], evidence: Evidence) -> None:
        self._joined = joined
        self._hits = hits
        self._evidence = evidence
        self._uses: dict[str, list[Hit]] | None = None
        self._odds: dict[tuple[str, str], tuple[float, str]] = {}
        self._alone: dict[tuple[int, str], bool] = {}
        self._known_signs: dict[tuple[int, str, Tier, str], AbstractSet[Sign]] = {}

    def stands_alone(self, reading: Reading, hit: Hit) -> bool:
        """Tell whether a reading needs nothing but its own words, in this article."""
        return (
            reading.tier is Tier.STRONG
            and not needs_company(reading, hit.surface, hit.letters)
            and not self._is_bad(reading)
            and (reading.is_authority or self._has_no_other_sense(reading, hit))
        )

    def judge(self, reading: Reading, hit: Hit) -> Verdict | None:
        """Give score, strength and rule of a reading that holds."""
        organisation = reading.organisation
        if reading.tier is Tier.STRONG and not needs_company(reading, hit.surface, hit.letters):
            return Verdict(ALONE, Strength.STRONG, reading.rule, _SURE) if self.stands_alone(reading, hit) else None
        if reading.is_authority:
            return self._judge_authority(reading, hit)
        if (
            hit.letters in (Lettering.SMALL, Lettering.CAPITALS)
            and reading.case is Case.EXACT
            and is_everyday(hit.surface)
        ):
            return None
        if self._evidence.is_named(organisation.id):
            return Verdict(_WITH_STRONG, Strength.WEAK, f"weak:{reading.kind}:with_strong", _NEARLY_SURE)
        if reading.case is Case.DOTTED or self._evidence.company.has_anti_context(organisation):
            return None
        odds, reasons = self._weigh(reading, hit)
        if odds < ENOUGH:
            return None
        if _is_barred(reading, hit, self._signs(reading, hit), odds):
            return None
        score = min(_SIGNS_MOST, max(_SIGNS_LEAST, round(1 / (1 + math.exp(-odds)), 2)))
        return Verdict(score, Strength.WEAK, f"weak:{reading.kind}:{reasons}", odds)

    def explain(self) -> Iterator[tuple[Hit, Reading, set[Sign]]]:
        """Give every reading that its signs decide over, with its signs."""
        for hit in self._hits:
            for reading in hit.readings:
                organisation = reading.organisation
                if reading.is_authority or reading.tier is Tier.DECOY or reading.case is Case.DOTTED:
                    continue
                if self._evidence.company.has_anti_context(organisation):
                    continue
                if reading.tier is Tier.STRONG and not needs_company(reading, hit.surface, hit.letters):
                    continue
                if not self._evidence.is_named(organisation.id):
                    yield hit, reading, self._evidence.signs(reading, hit)

    def _weigh(self, reading: Reading, hit: Hit) -> tuple[float, str]:
        """Give the log-odds of a short name in this article, by its clearest use, and the reasons."""
        key = hit.surface, reading.organisation.id
        known = self._odds.get(key)
        if known is None:
            if self._uses is None:
                self._uses = {}
                for other in self._hits:
                    self._uses.setdefault(other.surface, []).append(other)
            points = load_points()
            known = -math.inf, ""
            for use in self._uses.get(hit.surface, [hit])[:_MOST_USES]:
                signs = self._signs(reading, use)
                odds = points.weigh(signs)
                if odds > known[0]:
                    known = odds, "+".join(points.best_reasons(signs))
            self._odds[key] = known
        return known

    def _signs(self, reading: Reading, hit: Hit) -> AbstractSet[Sign]:
        """Give the signs of a reading at one place; they are asked for to weigh it, and again to decide."""
        key = hit.number, reading.alias, reading.tier, reading.organisation.id
        known = self._known_signs.get(key)
        if known is None:
            known = self._known_signs[key] = self._evidence.signs(reading, hit)
        return known

    def _has_no_other_sense(self, reading: Reading, hit: Hit) -> bool:
        """Tell whether a full name is meant: "Shining Path" may be a choir where nothing speaks of groups."""
        key = hit.start, reading.organisation.id
        known = self._alone.get(key)
        if known is None:
            known = self._alone[key] = self._is_meant(reading, hit)
        return known

    def _is_meant(self, reading: Reading, hit: Hit) -> bool:
        evidence, organisation = self._evidence, reading.organisation
        beside = evidence.signs_beside(reading, hit)
        # The whole article is read last: most names stand in one where nothing speaks against them.
        if beside & _FOR or (Sign.AFTER_GROUP in beside and not beside & AGAINST):
            return True
        if not (reading.is_plain or beside & AGAINST or self._has_other_sense(reading, hit)):
            return True
        if evidence.company.has_own_context(organisation) or evidence.country_is_named(organisation):
            return True
        violent = evidence.company.speaks_of_groups()
        if violent and not (reading.is_plain and beside & AGAINST):
            return True
        return bool(evidence.signs(reading, hit) & _FOR)

    def _has_other_sense(self, reading: Reading, hit: Hit) -> bool:
        """Tell whether words of something else that bears the name stand near: neutrons beside ISIS."""
        start = hit.folded_start + 1
        return self._evidence.company.has_other_sense_near(reading.organisation, start, start + len(hit.surface))

    def _is_bad(self, reading: Reading) -> bool:
        """Tell whether the article speaks against a name, and not for it."""
        organisation = reading.organisation
        if not organisation.anti_context or not self._evidence.company.has_anti_context(organisation):
            return False
        return not self._evidence.company.has_own_context(organisation)

    def _judge_authority(self, reading: Reading, hit: Hit) -> Verdict | None:
        if hit.letters is Lettering.SMALL and is_everyday(hit.surface):
            return None
        if reading.tier is Tier.STRONG:
            return Verdict(ALONE, Strength.STRONG, reading.rule, _SURE)
        organisation = reading.organisation
        if self._evidence.company.has_anti_context(organisation) or not self._evidence.company.has_own_context(
            organisation
        ):
            return None
        return Verdict(_WITH_CONTEXT, Strength.WEAK, f"weak:{reading.kind}:with_context", ENOUGH)

    def is_somebody_else(self, hit: Hit) -> bool:
        """Tell whether a name is another's here: Hamas Abdi, a left back. Saltcloud is a hot sauce."""
        if not hit.readings or hit.readings[0].is_authority:
            return False
        end = -hit.minus_end
        if " " not in hit.surface and _SOMEBODY_ELSE.match(self._joined, end):
            return True
        return _EXPLAINED.match(self._joined, end) is not None and not self._has_any_company(hit)

    def _has_any_company(self, hit: Hit) -> bool:
        """Tell whether anything in the whole article speaks of armed groups or of this organisation."""
        return self._evidence.company.speaks_of_groups() or any(
            self._evidence.company.has_own_context(reading.organisation)
            or self._evidence.country_is_named(reading.organisation)
            for reading in hit.readings
        )


def _is_barred(reading: Reading, hit: Hit, signs: AbstractSet[Sign], odds: float) -> bool:
    """Tell whether something forbids a short name at its place, however much speaks for it in the article."""
    if not signs & EVIDENCE:
        return True
    if Sign.LONGER_BEFORE in signs and not hit.surface.isupper():
        # "Red Lantern Brotherhood" is another one; "Continuity IRA" may be told by its acronym.
        return True
    if Sign.ONLY_PLACE in signs and odds < _ENOUGH_FOR_PLACES and not signs & _ALIVE:
        # A place vouches for a name that acts or speaks there; a visa is only bought there.
        return True
    if Sign.ONLY_PLACE in signs and Sign.SHORT in signs and not signs & (OF_ITS_WORDS | _OWN_COUNTRY):
        return True
    # Where capitals tell nothing, a country is too little for an everyday word.
    own = OF_ITS_WORDS if hit.letters in (Lettering.SMALL, Lettering.CAPITALS) else OF_OWN
    everyday = reading.tier is Tier.WEAK and is_everyday(hit.surface) and not hit.surface.isupper()
    return everyday and not signs & own
