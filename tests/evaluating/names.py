"""Compares names of the gold with parties of the sorter, through the gold's own table and the organisations file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from tests.gold.naming import load_names
from wirewatch.knowledge.entities import Organisation


def plain(name: str) -> str:
    """Fold a name to small letters, digits and single spaces."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    folded = re.sub(r"[’'`\"“”.]", "", folded)
    return re.sub(r"^the ", "", re.sub(r"[\W_]+", " ", folded).strip())


def _written(organisation: Organisation) -> frozenset[str]:
    """Give every full name of an organisation, folded: the gold's own table holds fewer groups than the file."""
    names = (organisation.name, *organisation.aliases, *organisation.previous_names)
    return frozenset(plain(one) for one in names)


class Names:
    """Knows which canonical gold names a written name can mean."""

    def __init__(self, organisations: Mapping[str, Organisation]) -> None:
        self._organisations = organisations
        self._canonical: dict[str, set[str]] = {}
        for known in load_names().values():
            for surface in known.surfaces:
                self._canonical.setdefault(plain(surface), set()).add(known.name)
        self._authorities = {known.name for known in load_names().values() if known.is_authority}

    def meanings(self, identity: str | None, name: str) -> frozenset[str]:
        """Give the canonical names that an organisation's id or a bare name can mean; itself when none."""
        written = [name]
        organisation = self._organisations.get(identity or "")
        if organisation is not None:
            written += [
                organisation.name,
                *organisation.aliases,
                *organisation.previous_names,
                *organisation.abbreviations,
            ]
        found: set[str] = set()
        for surface in written:
            found |= self._canonical.get(plain(surface), set())
        return frozenset(found) or frozenset((plain(name),))

    def known(self, identity: str | None, name: str) -> bool:
        """Tell whether the gold's table holds it."""
        return any(meaning in self._canonical_names() for meaning in self.meanings(identity, name))

    def is_authority(self, identity: str | None, name: str) -> bool:
        """Tell whether it is a body, by the gold's table or by the organisations file."""
        organisation = self._organisations.get(identity or "")
        return (organisation is not None and organisation.is_authority) or bool(
            self.meanings(identity, name) & self._authorities
        )

    def same(self, identity: str | None, name: str, gold: str) -> bool:
        """Tell whether a party is the one that the gold names."""
        meanings = self.meanings(identity, name)
        organisation = self._organisations.get(identity or "")
        if gold in meanings or (organisation is not None and plain(gold) in _written(organisation)):
            return True
        one, other = plain(name), plain(gold)
        short, long = sorted((one, other), key=len)
        return one == other or (len(short.split()) > 1 and re.search(rf"\b{re.escape(short)}\b", long) is not None)

    def reads_as(self, identity: str | None, name: str, gold: str) -> bool:
        """Tell whether a mention is read as the one that the gold names, and not as another whose longer name holds it.

        The Garo National Liberation Army is no wrong reading of the National Liberation Army.
        """
        if identity in self._organisations:
            return gold in self.meanings(identity, name)
        return self.same(identity, name, gold)

    def _canonical_names(self) -> set[str]:
        return {known.name for known in load_names().values()}
