"""Reads FollowTheMoney entities, one JSON object a line, strictly: each property is used, ignored by name, or wrong.

Called by `loading` for `config/organisations/*.jsonl`. Never decides what an entity means.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from wirewatch.configuration import Problems

#: Schemata that may be watched; the last one is an authority.
ORGANISATION_SCHEMATA = ("Organization", "Company", "LegalEntity", "PublicBody", "Airline", "Vessel")
SANCTION = "Sanction"
#: Properties of organisations that we use. The last line is ours, not FollowTheMoney's.
_USED = frozenset(
    (
        *("name", "alias", "weakAlias", "previousName", "abbreviation", "parent", "country", "topics"),
        *("contextWords", "contextPeople", "antiContextWords", "otherSenses", "metonym", "demonym", "programmes"),
    )
)
#: Properties of FollowTheMoney that may stand there for people and other tools.
_IGNORED = frozenset(
    ("notes", "description", "sourceUrl", "summary", "website", "wikidataId", "publisher", "modifiedAt", "keywords")
)
_SANCTION_USED = frozenset(
    (
        "entity",
        "authority",
        "program",
        "startDate",
        "endDate",
        "listingDate",
        "aliasAdded",
        "source",
        "alias",
        "unverified",
    )
)
_SANCTION_IGNORED = frozenset(("sourceUrl", "reason", "provisions", "status", "authorityId", "summary", "modifiedAt"))
_KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_COUNTRY = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class Entity:
    """One line, with its place for problems: `organisations/groups.jsonl:12 "ttp"`."""

    place: str
    file: str
    id: str
    schema: str
    properties: Mapping[str, tuple[str, ...]]

    def first(self, name: str) -> str:
        """Give the first value of a property, or ""."""
        values = self.properties.get(name, ())
        return values[0] if values else ""

    def all(self, name: str) -> tuple[str, ...]:
        """Give all values of a property."""
        return self.properties.get(name, ())


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    schema: str
    properties: dict[str, list[str]]


def read_entities(path: Path, problems: Problems) -> Iterator[Entity]:
    """Give the entities of a file; what is wrong becomes a problem and is left out."""
    shown = "/".join(path.parts[-2:])
    decoder = msgspec.json.Decoder(_Line)
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        problems.add(shown, f"cannot read: {error}")
        return
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        place = f"{shown}:{number}"
        try:
            line = decoder.decode(text)
        except msgspec.MsgspecError as error:
            expected = '{"id": …, "schema": …, "properties": {name: [values]}}'
            problems.add(place, f"expected {expected}, got {_cut(text)}: {error}")
            continue
        place = f"{place} {json.dumps(line.id, ensure_ascii=False)}"
        if _check(line, place, problems):
            yield Entity(place, path.name, line.id, line.schema, {k: tuple(v) for k, v in line.properties.items()})


def read_date(entity: Entity, name: str, problems: Problems) -> date | None:
    """Give a date property; a value that is no day is a problem."""
    value = entity.first(name)
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        problems.add(f"{entity.place}.{name}", f"expected a day like 2025-08-11, got {_cut(json.dumps(value))}")
        return None


def _check(line: _Line, place: str, problems: Problems) -> bool:
    good = True
    if not _KEBAB.fullmatch(line.id):
        problems.add(
            f"{place}.id", f"expected lower-case kebab like north-harbour-front, got {_cut(json.dumps(line.id))}"
        )
        good = False
    if line.schema == SANCTION:
        used, ignored = _SANCTION_USED, _SANCTION_IGNORED
    elif line.schema in ORGANISATION_SCHEMATA:
        used, ignored = _USED, _IGNORED
    else:
        known = ", ".join((*ORGANISATION_SCHEMATA, SANCTION))
        problems.add(f"{place}.schema", f"expected one of {known}, got {_cut(json.dumps(line.schema))}")
        return False
    for name, values in line.properties.items():
        if name not in used and name not in ignored:
            near = difflib.get_close_matches(name, [*used, *ignored], n=1)
            hint = f"; did you mean {json.dumps(near[0])}?" if near else ""
            problems.add(f"{place}.{name}", f"unknown property{hint}")
            good = False
        if any(not value.strip() for value in values):
            problems.add(f"{place}.{name}", "expected names or words, got an empty string")
            good = False
    for country in line.properties.get("country", ()):
        if not _COUNTRY.fullmatch(country):
            problems.add(f"{place}.country", f"expected two small letters like pk, got {_cut(json.dumps(country))}")
            good = False
    return good


def _cut(value: Any) -> str:
    shown = str(value)
    return shown if len(shown) <= 80 else shown[:77] + "…"
