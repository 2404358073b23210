"""Finds out whether an organisation of a list is one that we know, and gives new ones an id.

Called by `running`. Names are compared by all their likely spellings; two organisations that share a name are nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from wirewatch.knowledge.common_words import is_everyday
from wirewatch.knowledge.entities import Organisation
from wirewatch.knowledge.folding import fold_name
from wirewatch.knowledge.importing.shapes import Listed
from wirewatch.knowledge.importing.splitting import is_acronym
from wirewatch.knowledge.spelling import spellings

#: A single word shorter than this says too little to tell two organisations apart.
_LONG_ENOUGH = 6
#: So many everyday words make a name all the same (North Harbour Front).
_MANY_WORDS = 3


class Index:
    """Names of known organisations, by spelling."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._owners: dict[str, set[str]] = {}
        self._authorities: dict[str, str] = {}
        self.ids: set[str] = set()
        for organisation in organisations:
            self.ids.add(organisation.id)
            names = (organisation.name, *organisation.aliases, *organisation.previous_names)
            if organisation.is_authority:
                for name in (*names, *organisation.metonyms):
                    self._authorities.setdefault(fold_name(name), organisation.id)
            else:
                for name in names:
                    for spelling in spellings(name):
                        self._owners.setdefault(spelling, set()).add(organisation.id)

    def find_authority(self, name: str) -> str | None:
        """Give the id of an authority by any of its names; the longest known name inside counts too."""
        folded = fold_name(name)
        if folded in self._authorities:
            return self._authorities[folded]
        inside = [known for known in self._authorities if len(known) > 3 and f" {known} " in f" {folded} "]
        return self._authorities[max(inside, key=len)] if inside else None

    def find(self, listed: Listed) -> str | None:
        """Give the id of the known organisation that a list means, or None."""
        for name in (listed.name, *listed.aliases, *listed.previous_names):
            owners = self._owners.get(fold_name(name), set())
            if len(owners) == 1 and is_telling(name):
                return next(iter(owners))
        return None

    def owners(self, name: str) -> frozenset[str]:
        """Give the ids of all organisations of that name."""
        return frozenset(self._owners.get(fold_name(name), ()))

    def new_id(self, listed: Listed) -> str:
        """Give a free id made of the name."""
        base = re.sub(r"[^a-z0-9]+", "-", fold_name(listed.name)).strip("-")[:60].strip("-")
        base = base or re.sub(r"[^a-z0-9]+", "-", listed.source_id.lower()).strip("-") or "unnamed"
        candidate, number = base, 2
        while candidate in self.ids:
            candidate, number = f"{base}-{number}", number + 1
        self.ids.add(candidate)
        return candidate


def is_telling(name: str) -> bool:
    """Tell whether a name is long and rare enough to stand for one organisation alone."""
    folded = fold_name(name)
    words = folded.split()
    if (is_everyday(name) and len(words) < _MANY_WORDS) or is_acronym(name):
        return False
    return " " in folded or len(folded) >= _LONG_ENOUGH or not folded.isascii()


def sort_names(listed: Listed, known: Organisation | None, index: Index) -> Mapping[str, list[str]]:
    """Sort the names of a list into `alias`, `weakAlias` and `previousName`, without what is known already."""
    own = known.id if known else ""
    have = {fold_name(name) for name in _all_names(known)} if known else {fold_name(listed.name)}
    sorted_names: dict[str, list[str]] = {"alias": [], "weakAlias": [], "previousName": []}
    wanted = [(name, "alias") for name in ((listed.name,) if known else ()) + listed.aliases]
    wanted += [(name, "weakAlias") for name in listed.weak_aliases]
    wanted += [(name, "previousName") for name in listed.previous_names]
    for name, kind in wanted:
        folded = fold_name(name)
        if not folded or folded in have:
            continue
        have.add(folded)
        shared = bool(index.owners(name) - {own})
        sorted_names["weakAlias" if shared or not is_telling(name) else kind].append(name)
    return {kind: names for kind, names in sorted_names.items() if names}


def _all_names(organisation: Organisation) -> tuple[str, ...]:
    return (
        organisation.name,
        *organisation.aliases,
        *organisation.weak_aliases,
        *organisation.previous_names,
        *organisation.abbreviations,
    )
