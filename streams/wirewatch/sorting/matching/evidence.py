"""Gathers the signs of one reading at one place: beside it, around it, of its organisation's own, of the name itself.

Called by `judging`. Finds, never decides.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping, Sequence

from wirewatch.knowledge.common_words import is_everyday
from wirewatch.knowledge.entities import Organisation
from wirewatch.sorting.matching.beside import signs_beside
from wirewatch.sorting.matching.cases import Lettering
from wirewatch.sorting.matching.company import Company
from wirewatch.sorting.matching.hits import Hit
from wirewatch.sorting.matching.local import Sure
from wirewatch.sorting.matching.patterns import SHORT, Reading, Tier
from wirewatch.sorting.matching.places import Place, find_places
from wirewatch.sorting.matching.signs import OF_GROUPS, OF_ITS_WORDS, OF_OWN, OF_PLACE, OF_TOPIC, Sign

#: How near, in characters, another group must be named to count as company.
_NEAR_GROUP = 60
#: How near a region or town counts more than elsewhere.
_NEAR_PLACE = 150
#: A name that begins farther before a place than this does not end near it; so many names stand near one at most.
_FARTHEST = 200
_MOST_NEAR = 40
#: "Dutch party ABC", "ABC of Illinois", "ABC, Ottawa"; and how far before a name such words begin at most.
_KIND = re.compile(r"(?<![^\s\"“‘(])[A-ZÀ-Þ][\w'’\-]+(?: [a-z][\w\-]+){1,3} [\"“‘']?$")
_SEAT = re.compile(r"[\"”’']?(?: of| in| from|,) (?:the )?(?=[A-ZÀ-Þ])")
_KIND_REACH = 50
#: What may stand between an owner and what is its: "Colombia's ABC", "Colombian ABC".
_OWNS = frozenset((" ", "'s ", "’s ", "' ", "’ ", "'s “", "’s “", "'s \""))


class Evidence:
    """What one article offers for and against its hits; computed when first asked for."""

    __slots__ = (
        *("_counted", "_countries", "_hits", "_joined", "_owners", "_parents", "_places", "_strong_ids"),
        *("company", "strong"),
    )

    def __init__(self, joined: str, folded: str, hits: Sequence[Hit], parents: Mapping[str, str | None]) -> None:
        self._joined = joined
        self._hits = hits
        self._parents = parents
        self.company = Company(folded, frozenset(hit.folded_start for hit in hits if hit.readings[0].is_authority))
        #: Where organisations are named in full; `add_strong` fills it.
        self.strong: list[Sure] = []
        self._strong_ids: set[str] = set()
        self._countries: frozenset[str] | None = None
        self._owners: dict[int, frozenset[str]] | None = None
        self._places: list[Place] | None = None
        self._counted: dict[frozenset[str], tuple[int, int]] = {}

    def add_strong(self, start: int, end: int, organisation: Organisation) -> None:
        """Note a place where an organisation is named for sure."""
        self.strong.append((start, end, organisation))
        self._strong_ids.add(organisation.id)

    def is_named(self, organisation_id: str) -> bool:
        """Tell whether an organisation, a part of it or what it is a part of is named for sure."""
        if organisation_id in self._strong_ids:
            return True
        parent = self._parents.get(organisation_id)
        return parent in self._strong_ids or any(
            self._parents.get(strong) == organisation_id for strong in self._strong_ids
        )

    def signs_beside(self, reading: Reading, hit: Hit) -> set[Sign]:
        """Give what stands right beside a place, and who owns it."""
        found = signs_beside(self._joined, hit.start, -hit.minus_end, hit.letters)
        owner = self._owner(hit.start)
        if owner is not None:
            found.discard(Sign.OWNER_UNKNOWN)
            found.discard(Sign.LONGER_BEFORE)
            found.add(Sign.OWNER_FOREIGN if owner.isdisjoint(reading.organisation.countries) else Sign.OWNER_OWN)
        return found

    def _signs_of_origin(self, organisation: Organisation, start: int, end: int) -> set[Sign]:
        """Tell whose kind of thing it is ("Dutch party ABC"), and where it sits ("ABC of Illinois")."""
        found: set[Sign] = set()
        if not organisation.countries:
            return found
        kind = _KIND.search(self._joined, max(0, start - _KIND_REACH), start)
        seat = _SEAT.match(self._joined, end)
        for at, own, foreign in (
            (kind and kind.start(), Sign.KIND_OWN, Sign.KIND_FOREIGN),
            (seat and seat.end(), Sign.SEAT_OWN, Sign.SEAT_FOREIGN),
        ):
            countries = self._countries_at(at) if at is not None else None
            if countries:
                found.add(foreign if countries.isdisjoint(organisation.countries) else own)
        return found

    def _countries_at(self, start: int) -> frozenset[str]:
        """Give the countries of the state, town or people whose name begins at a place; none if nothing does."""
        places = self._find_places()
        at = bisect.bisect_left(places, start, key=lambda place: place.start)
        return places[at].countries if at < len(places) and places[at].start == start else frozenset()

    def _count_places(self, countries: frozenset[str]) -> tuple[int, int]:
        """Count the places of some countries, and those of others."""
        counted = self._counted.get(countries)
        if counted is None:
            places = self._find_places()
            own = sum(not countries.isdisjoint(place.countries) for place in places)
            counted = self._counted[countries] = own, len(places) - own
        return counted

    def _find_places(self) -> list[Place]:
        if self._places is None:
            self._places = find_places(self._joined)
        return self._places

    def signs(self, reading: Reading, hit: Hit) -> set[Sign]:
        """Give everything that speaks for or against a reading."""
        organisation = reading.organisation
        start, end = hit.start, -hit.minus_end
        folded_start = hit.folded_start + 1
        folded_end = folded_start + len(hit.surface)
        found = self.signs_beside(reading, hit)
        found |= self.company.signs_around(folded_start, folded_end)
        found |= self.company.signs_of_own(organisation, folded_start, folded_end)
        if self.country_is_named(organisation):
            found.add(Sign.COUNTRY_NAMED)
        elif self._countries:
            found.add(Sign.FOREIGN_ONLY)
        found |= self._signs_of_places(organisation, start, end)
        found |= self._signs_of_origin(organisation, start, end)
        found |= self._signs_of_others(organisation.id, start, end)
        found |= _signs_of_name(reading, hit)
        if Sign.COMMON in found and not found & OF_GROUPS:
            found.add(Sign.COMMON_BARE)
        if Sign.COMMON in found and not found & OF_ITS_WORDS:
            found.add(Sign.COMMON_UNTIED)
        if not found & OF_OWN:
            found.add(Sign.NOT_OWN if found & OF_GROUPS else Sign.UNTIED)
        if found & OF_PLACE and not found & (OF_GROUPS | OF_TOPIC):
            found.add(Sign.ONLY_PLACE)
        return found

    def _signs_of_places(self, organisation: Organisation, start: int, end: int) -> set[Sign]:
        """Tell whose regions and towns are named, near and elsewhere."""
        if not organisation.countries:
            return set()
        places, countries = self._find_places(), frozenset(organisation.countries)
        own_far, foreign_far = self._count_places(countries)
        own_near = foreign_near = False
        # Only places near the name are asked one by one: an article may hold thousands of both.
        first = bisect.bisect_right(places, start - _NEAR_PLACE, key=lambda place: place.end)
        for at in range(first, len(places)):
            place = places[at]
            if place.start >= end + _NEAR_PLACE:
                break
            apart = place.start >= end or start >= place.end
            if countries.isdisjoint(place.countries):
                foreign_far -= 1
                foreign_near = foreign_near or apart
            else:
                own_far -= 1
                own_near = own_near or apart
        found: set[Sign] = set()
        if own_near:
            found.add(Sign.TOWN_OWN_NEAR)
        elif foreign_near:
            found.add(Sign.TOWN_FOREIGN_NEAR)
        if own_far:
            found.add(Sign.TOWN_OWN_FAR)
        elif not own_near and (foreign_near or foreign_far):
            found.add(Sign.TOWN_FOREIGN_ONLY)
        return found

    def _signs_of_others(self, organisation_id: str, start: int, end: int) -> set[Sign]:
        """Tell whether other groups are named, and whether one is near. Places are in order."""
        if not self._strong_ids - {organisation_id}:
            return set()
        first = bisect.bisect_left(self.strong, start - _FARTHEST, key=lambda sure: sure[0])
        for other_start, other_end, other in self.strong[first : first + _MOST_NEAR]:
            if other_start > end + _NEAR_GROUP:
                break
            near = min(abs(other_start - end), abs(other_end - start)) < _NEAR_GROUP
            if near and other.id != organisation_id:
                return {Sign.OTHER_GROUP, Sign.OTHER_GROUP_NEAR}
        return {Sign.OTHER_GROUP}

    def country_is_named(self, organisation: Organisation) -> bool:
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

    def _owner(self, start: int) -> frozenset[str] | None:
        """Give the countries of the state or body right before a place, if it owns what stands there."""
        if self._owners is None:
            self._owners = {
                -hit.minus_end: frozenset(hit.readings[0].organisation.countries)
                for hit in self._hits
                if hit.readings and hit.readings[0].is_authority
            }
        for length in (1, 2, 3, 4):
            countries = self._owners.get(start - length)
            if countries and self._joined[start - length : start] in _OWNS:
                return countries
        return None


def _signs_of_name(reading: Reading, hit: Hit) -> set[Sign]:
    found: set[Sign] = set()
    if reading.tier is Tier.WEAK:
        found.add(Sign.WEAK)
    elif reading.tier is Tier.STRONG:
        found.add(Sign.FULL)
    if " " in hit.surface and reading.tier is not Tier.STRONG:
        found.add(Sign.WORDS)
    elif len(hit.surface) < SHORT:
        found.add(Sign.SHORT)
    if reading.is_common and not (hit.surface[1:].upper() != hit.surface[1:] and " " not in hit.surface):
        found.add(Sign.COMMON)
    if (
        hit.surface[:1].isupper()
        and not hit.surface[1:].islower()
        and not hit.surface.isupper()
        and " " not in hit.surface
    ):
        found.add(Sign.MIXED)
    if is_everyday(hit.surface):
        found.add(Sign.EVERYDAY)
    if hit.letters is not Lettering.USUAL:
        found.add(Sign.UNRELIABLE)
    return found
