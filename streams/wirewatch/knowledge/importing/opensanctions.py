"""Reads OpenSanctions data: FollowTheMoney entities (JSON Lines) and `targets.simple.csv`.

Source: OpenSanctions; check its licence for your use (CC BY-NC 4.0, commercial licences are sold).
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from wirewatch.errors import ConfigError
from wirewatch.knowledge.importing.shapes import Entry, Fields, Ledger, Listed, read_day

#: Finds the id of an authority by its name, or None.
FindAuthority = Callable[[str], str | None]
_ORGANISATIONS = ("Organization", "Company", "LegalEntity", "PublicBody", "Airline")
_IGNORED = (
    *("topics", "sourceUrl", "notes", "summary", "address", "addressEntity", "registrationNumber", "website", "email"),
    *("phone", "legalForm", "incorporationDate", "dissolutionDate", "jurisdiction", "mainCountry", "description"),
    *("modifiedAt", "createdAt", "wikidataId", "keywords", "idNumber", "taxNumber", "innCode", "leiCode", "imoNumber"),
    *("classification", "status", "program", "programId", "position", "sector", "uniqueEntityId", "permId", "ogrnCode"),
    *("swiftBic", "publisher", "publisherUrl", "alephUrl", "retrievedAt", "okpoCode", "isinCode", "ricCode", "parent"),
)
_SANCTION_IGNORED = (
    *("country", "sourceUrl", "reason", "provisions", "status", "authorityId", "summary", "modifiedAt", "programUrl"),
    *("duration", "unscId", "recordId", "description", "publisher", "date", "listingDate"),
)


class _Line(msgspec.Struct):
    id: str
    schema: str
    properties: dict[str, list[str]]


def read_ftm(path: Path, ledger: Ledger, find_authority: FindAuthority) -> Iterator[Listed]:
    """Give the organisations of an entities file with what its Sanction entities say of them."""
    organisations: list[_Line] = []
    entries: dict[str, list[Entry]] = defaultdict(list)
    decoder = msgspec.json.Decoder(_Line)
    with path.open("rb") as file:
        for number, text in enumerate(file, start=1):
            if not text.strip():
                continue
            try:
                line = decoder.decode(text)
            except msgspec.MsgspecError as error:
                raise ConfigError((f"{path.name}:{number}: expected a FollowTheMoney entity: {error}",)) from error
            if line.schema == "Sanction":
                for owner, entry in _sanctions(line, ledger, find_authority):
                    entries[owner].append(entry)
            elif line.schema in _ORGANISATIONS:
                organisations.append(line)
            else:
                ledger.left_out[line.schema] += 1
    for line in organisations:
        fields = Fields(line.properties, ledger)
        names = fields.all("name")
        yield Listed(
            source_id=line.id,
            name=names[0] if names else line.id,
            schema=line.schema,
            aliases=(*names[1:], *fields.all("alias")),
            weak_aliases=(*fields.all("weakAlias"), *fields.all("abbreviation")),
            previous_names=fields.all("previousName"),
            countries=tuple(code for code in fields.all("country") if len(code) == 2),
            entries=tuple(entries.get(line.id, ())),
        )
        fields.ignore(*_IGNORED)
        fields.close()


def read_simple_csv(path: Path, ledger: Ledger, find_authority: FindAuthority) -> Iterator[Listed]:
    """Give the organisations of a `targets.simple.csv`, whose sanctions read "Authority - Programme - day"."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not {"id", "schema", "name"} <= set(reader.fieldnames or ()):
            raise ConfigError((f"{path.name}: expected columns id, schema, name, got {reader.fieldnames}",))
        for row in reader:
            fields = Fields({name: (value or "",) for name, value in row.items() if name is not None}, ledger)
            schema = fields.first("schema")
            if schema not in _ORGANISATIONS:
                ledger.left_out[schema or "no schema"] += 1
                continue
            entries = [
                entry for text in _split(fields.first("sanctions")) if (entry := _entry(text, ledger, find_authority))
            ]
            yield Listed(
                source_id=fields.first("id"),
                name=fields.first("name"),
                schema=schema,
                aliases=_split(fields.first("aliases")),
                countries=tuple(code for code in _split(fields.first("countries")) if len(code) == 2),
                entries=tuple(entries),
            )
            fields.ignore("birth_date", "addresses", "identifiers", "phones", "emails", "program_ids", "dataset")
            fields.ignore("first_seen", "last_seen", "last_change")
            fields.close()


def _sanctions(line: _Line, ledger: Ledger, find_authority: FindAuthority) -> Iterator[tuple[str, Entry]]:
    fields = Fields(line.properties, ledger)
    authority = fields.first("authority")
    authority_id = find_authority(authority)
    programme = fields.first("programId") or fields.first("program")
    since = read_day(fields.first("startDate") or next(iter(line.properties.get("listingDate", [])), ""), ledger)
    until = read_day(fields.first("endDate"), ledger)
    owners = fields.all("entity")
    fields.ignore("program", *_SANCTION_IGNORED)
    fields.close()
    if authority_id is None:
        ledger.unknown[f'unknown authority "{authority[:60]}"'] += 1
        return
    for owner in owners:
        yield owner, Entry(authority_id, programme or "listed", since, until, f"OpenSanctions, {line.id}")


def _entry(text: str, ledger: Ledger, find_authority: FindAuthority) -> Entry | None:
    parts = [part.strip() for part in text.split(" - ")]
    authority_id = find_authority(parts[0])
    if authority_id is None:
        ledger.unknown[f'unknown authority "{parts[0][:60]}"'] += 1
        return None
    day = parts[-1] if len(parts) > 2 and parts[-1][:4].isdigit() else ""
    programme = parts[1] if len(parts) > 1 and parts[1] != day else "listed"
    return Entry(authority_id, programme, read_day(day, ledger), source=f"OpenSanctions, {text[:80]}")


def _split(value: Any) -> tuple[str, ...]:
    return tuple(part for piece in str(value or "").split(";") if (part := piece.strip()))
