"""Decides over the hits of one article, in two passes: what stands alone first, then what the rest vouches for.

Called by `matcher`. A weak name is let in by a strong mention, by the document's own definitions, by its context.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping

from wirewatch.knowledge.entities import Organisation
from wirewatch.records import Field, Mention, Name, Strength
from wirewatch.sorting.matching.cases import Lettering
from wirewatch.sorting.matching.datelines import dateline_end
from wirewatch.sorting.matching.evidence import Evidence
from wirewatch.sorting.matching.hits import Hit
from wirewatch.sorting.matching.judging import ALONE, Judge, Verdict
from wirewatch.sorting.matching.local import SHORT_NAME, Acronym, Definitions
from wirewatch.sorting.matching.patterns import Reading, Tier
from wirewatch.sorting.matching.shortening import find_uses, short_form
from wirewatch.sorting.matching.signs import Sign

#: How sure a document's own definition is, its short form of a long name, a name that two organisations share, 0..1.
_LOCAL = 0.9
_SHORT = 0.8
_AMBIGUOUS = 0.3
#: Readings whose log-odds are nearer than this are both possible.
_TIE = 0.3
#: Datelines are short: an authority that begins further on cannot stand in one.
_DATELINE_REACH = 100
_NO_DEFINITIONS = Definitions("", (), ())


#: Whose name it is, how sure that is, by which rule, and whether it is an authority's.
Decided = tuple[Name | None, Strength, float, str, bool]


def undecided(hit: Hit) -> Decided | None:
    """Decide for an article in which every name stands alone, so that nobody is asked."""
    return None


def take_mentions(
    joined: str, text_begin: int, hits: Iterable[Hit], decide: Callable[[Hit], Decided | None]
) -> tuple[Mention, ...]:
    """Take hits from left to right, the longest first where they overlap.

    Args:
        joined: Title and text.
        text_begin: Where the text begins in it.
        hits: In order.
        decide: What is asked of every hit that does not stand alone wherever it is.
    """
    mentions: list[Mention] = []
    taken_to = 0
    dateline = -1
    for hit in hits:
        start = hit.start
        if start < taken_to:
            continue
        if hit.is_instant:
            reading = hit.readings[0]
            name: Name | None = reading.name
            strength, score, rule, is_authority = Strength.STRONG, ALONE, reading.rule, True
        else:
            decided = decide(hit)
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
                dateline = text_begin + dateline_end(joined[text_begin : text_begin + 2 * _DATELINE_REACH])
            if end <= dateline:
                continue
        mentions.append(
            Mention(start - text_begin, end - text_begin, hit.surface, Field.TEXT, name, strength, score, rule)
        )
    return tuple(mentions)


def _is_doubtful_acronym(hit: Hit) -> bool:
    return 1 < len(hit.surface) <= 6 and hit.readings[0].tier is not Tier.STRONG and not hit.readings[0].is_authority


class Document:
    """The hits of one article on their way to mentions."""

    __slots__ = ("_definitions", "_evidence", "_hits", "_joined", "_judge", "_short", "_text_begin")

    def __init__(
        self,
        joined: str,
        text_begin: int,
        folded: str,
        hits: list[Hit],
        parents: Mapping[str, str | None],
        watched: bool,
        elsewhere: Container[str] = (),
    ) -> None:
        self._joined = joined
        self._text_begin = text_begin
        self._hits = hits
        #: Where a short form of a long name stands, and whose it is.
        self._short: dict[int, Organisation] = {}
        self._evidence = Evidence(joined, folded, hits, parents)
        self._judge = Judge(joined, hits, self._evidence)
        if watched:
            self._collect_strong()
            acronyms = [
                Acronym(hit.start, -hit.minus_end, hit.surface, tuple(reading.organisation for reading in hit.readings))
                for hit in hits
                if _is_doubtful_acronym(hit)
            ]
            self._definitions = Definitions(joined, self._evidence.strong, acronyms)
            self._add_local_hits()
            self._add_short_forms(elsewhere)
        else:
            self._definitions = _NO_DEFINITIONS

    def explain(self) -> Iterator[tuple[Hit, Reading, set[Sign]]]:
        """Give every reading that its signs decide over, with its signs."""
        covered = [(start, end) for start, end, _ in self._evidence.strong]
        for hit, reading, signs in self._judge.explain():
            known = hit.surface in self._definitions.bound or hit.surface in self._definitions.blocked
            inside = any(start <= hit.start and -hit.minus_end <= end for start, end in covered)
            if not (known or inside or self._judge.is_somebody_else(hit)):
                yield hit, reading, signs

    def mentions(self) -> tuple[Mention, ...]:
        """Give what is decided to be meant, from left to right."""
        return take_mentions(self._joined, self._text_begin, self._hits, self._decide)

    def _collect_strong(self) -> None:
        taken_to = 0
        for hit in self._hits:
            if hit.start < taken_to:
                continue
            if hit.is_instant:
                # A state or body: it stands alone, and is no organisation that vouches for another.
                taken_to = -hit.minus_end
                continue
            best = hit.readings[0]
            if best.tier is Tier.DECOY or (
                best.tier is Tier.STRONG
                and not self._judge.is_somebody_else(hit)
                and self._judge.stands_alone(best, hit)
            ):
                taken_to = -hit.minus_end
                owners = {r.organisation.id for r in hit.readings if r.tier is Tier.STRONG and not r.is_authority}
                if len(owners) == 1 and not best.is_authority and best.tier is Tier.STRONG:
                    self._evidence.add_strong(hit.start, -hit.minus_end, best.organisation)

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

    def _add_short_forms(self, elsewhere: Container[str]) -> None:
        """Add the places of first words that stand for a long name: "the Saltmarsh Division … Saltmarsh said"."""
        begins: dict[str, tuple[int, Organisation]] = {}
        for start, end, organisation in self._evidence.strong:
            short = short_form(self._joined[start:end], elsewhere)
            if short is not None:
                begins.setdefault(short, (start, organisation))
        for short, (begin, organisation) in begins.items():
            taken = [(hit.start, -hit.minus_end) for hit in self._hits]
            for start, end in find_uses(self._joined, short, taken, begin, self._text_begin):
                self._short[start] = organisation
                self._hits.append(Hit(start, -end, len(self._hits), short, Lettering.USUAL, (), False, start))
        if self._short:
            self._hits.sort()

    def _decide(self, hit: Hit) -> Decided | None:
        bound = self._definitions.bound.get(hit.surface)
        if bound is not None and not any(reading.tier is Tier.STRONG for reading in hit.readings):
            return bound.as_name, Strength.LOCAL, _LOCAL, "local:definition", False
        if not hit.readings and hit.start in self._short:
            return self._short[hit.start].as_name, Strength.LOCAL, _SHORT, "local:short-form", False
        if not hit.readings or hit.surface in self._definitions.blocked or self._judge.is_somebody_else(hit):
            return None
        if hit.readings[0].tier is Tier.DECOY or any(reading.tier is Tier.DECOY for reading in hit.readings):
            return None, Strength.WEAK, 0.0, "decoy", False
        accepted: list[tuple[Verdict, Reading]] = []
        for reading in hit.readings:
            verdict = self._judge.judge(reading, hit)
            if verdict is not None:
                accepted.append((verdict, reading))
        if not accepted:
            return None
        accepted.sort(key=lambda pair: -pair[0].odds)
        best = [(verdict, reading) for verdict, reading in accepted if verdict.odds > accepted[0][0].odds - _TIE]
        owners = {reading.organisation.id for _, reading in best}
        if len(owners) > 1:
            return None, Strength.WEAK, _AMBIGUOUS, "ambiguous:" + "|".join(sorted(owners)), False
        verdict, reading = best[0]
        return reading.name, verdict.strength, verdict.score, verdict.rule, reading.is_authority
