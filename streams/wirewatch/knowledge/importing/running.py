"""Imports one list: read it, find out whom it means, write `imported-<list>.jsonl` at once, tell what changed.

Called by `wirewatch organisations import`. The file is written whole or not at all. A copy of the one before stays
until the changes were dealt with (`Imported.settle`), so that a crash between the two loses none of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from wirewatch.configuration import Problems
from wirewatch.errors import ConfigError
from wirewatch.knowledge.entities import Knowledge
from wirewatch.knowledge.importing.detecting import Format, detect_format
from wirewatch.knowledge.importing.differing import ListingChange, diff_listings
from wirewatch.knowledge.importing.european_union import read_eu_csv, read_eu_xml
from wirewatch.knowledge.importing.ofac import read_sdn_csv, read_sdn_xml
from wirewatch.knowledge.importing.opensanctions import read_ftm, read_simple_csv
from wirewatch.knowledge.importing.resolving import Index, sort_names
from wirewatch.knowledge.importing.shapes import Entry, Ledger, Listed
from wirewatch.knowledge.importing.united_kingdom import read_uk_csv
from wirewatch.knowledge.importing.united_nations import read_un_xml
from wirewatch.knowledge.loading import FOLDER, IMPORTED, load_knowledge
from wirewatch.knowledge.writing import copy_file, write_lines
from wirewatch.records import Listing

#: Stands for "long ago, the list does not say when": no article is about such a listing.
UNKNOWN_DAY = date(1900, 1, 1)
Reader = Callable[[Path, Ledger], Iterator[Listed]]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    path: Path
    organisations: int
    #: How many of them we knew already.
    known: int
    changes: tuple[ListingChange, ...]
    ledger: Ledger

    def settle(self) -> None:
        """Say that the changes were dealt with. Until then another import tells them again."""
        _copy_of(self.path).unlink(missing_ok=True)


def import_list(
    config_dir: Path,
    source: Path,
    today: date,
    *,
    list_format: Format | None = None,
    name: str = "",
    programmes: Iterable[str] = (),
    dry_run: bool = False,
) -> Imported:
    """Import a file. `programmes` keeps only organisations listed under one of them; empty keeps all.

    An entry without a day takes `today` when the list was imported before and it is new, else `UNKNOWN_DAY`.

    Raises:
        ConfigError: the file or the organisations files cannot be read.
    """
    if not source.is_file():
        raise ConfigError((f"{source}: expected a file, got nothing",))
    kind = list_format or detect_format(source)
    if kind is None:
        known = ", ".join(Format)
        raise ConfigError((f"{source.name}: expected one of {known}, got something else; give --format",))
    list_name = name or kind.split("-")[0]
    target = config_dir / FOLDER / f"{IMPORTED}{list_name}.jsonl"
    problems = Problems()
    load_knowledge(config_dir, problems)
    problems.raise_if_any()
    own = load_knowledge(config_dir, Problems(), without=target.name)
    index = Index(own.organisations.values())
    ledger = Ledger()
    wanted = frozenset(programmes)
    merged: dict[str, dict[str, Any]] = {}
    sanctions: list[dict[str, Any]] = []
    old_entries = _entries_of(target)
    count = known_count = 0
    for listed in _reader(kind, index)(source, ledger):
        entries = [entry for entry in listed.entries if not wanted or entry.programme in wanted]
        if not listed.name or (wanted and not entries):
            ledger.left_out["other programme" if listed.name else "no name"] += 1
            continue
        count += 1
        organisation_id = index.find(listed)
        organisation = own.organisations.get(organisation_id) if organisation_id else None
        known_count += organisation is not None
        if organisation_id is None:
            organisation_id = index.new_id(listed)
        names = sort_names(listed, organisation, index)
        _merge(merged, organisation_id, listed, names, is_new=organisation is None)
        for entry in entries:
            since = entry.since or _day_unknown(organisation_id, entry, old_entries, today)
            if since is not None and not _is_known(own, organisation_id, entry):
                sanctions.append(_sanction(list_name, listed, organisation_id, entry, since, names.get("alias", [])))
    lines = [*merged.values(), *{sanction["id"]: sanction for sanction in sanctions}.values()]
    if not dry_run:
        if target.is_file() and not _copy_of(target).is_file():
            copy_file(target, _copy_of(target))
        write_lines(target, lines)
    after = _entries(lines)
    changes = diff_listings(old_entries.values(), after) if old_entries else ()
    return Imported(target, count, known_count, changes, ledger)


def _reader(kind: Format, index: Index) -> Reader:
    readers: dict[Format, Reader] = {
        Format.OFAC_XML: read_sdn_xml,
        Format.OFAC_CSV: read_sdn_csv,
        Format.UN_XML: read_un_xml,
        Format.UK_CSV: read_uk_csv,
        Format.EU_CSV: read_eu_csv,
        Format.EU_XML: read_eu_xml,
        Format.OPENSANCTIONS_FTM: partial(read_ftm, find_authority=index.find_authority),
        Format.OPENSANCTIONS_CSV: partial(read_simple_csv, find_authority=index.find_authority),
    }
    return readers[kind]


_Key = tuple[str, str, str]


def _entries_of(target: Path) -> dict[_Key, Listing]:
    """Give the listings of the last import that was settled: of the copy kept of it, else of the file itself."""
    path = _copy_of(target) if _copy_of(target).is_file() else target
    if not path.is_file():
        return {}
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {_listing_key(listing): listing for listing in _entries(lines)}


def _copy_of(target: Path) -> Path:
    return target.with_name(target.name + ".before")


def _listing_key(listing: Listing) -> _Key:
    return listing.organisation_id, listing.authority_id, listing.programme


def _day_unknown(organisation_id: str, entry: Entry, old: dict[_Key, Listing], today: date) -> date:
    known = old.get((organisation_id, entry.authority_id, entry.programme))
    if known is not None:
        return known.since
    return today if old else UNKNOWN_DAY


def _is_known(own: Knowledge, organisation_id: str, entry: Entry) -> bool:
    """Tell whether a file of ours holds this entry, with a day that the list does not have or has too."""
    return any(
        listing.organisation_id == organisation_id
        and listing.programme == entry.programme
        and listing.until == entry.until
        for listing in own.listings
    )


def _merge(
    merged: dict[str, dict[str, Any]], organisation_id: str, listed: Listed, names: Any, *, is_new: bool
) -> None:
    entity = merged.get(organisation_id)
    if entity is None:
        properties: dict[str, list[str]] = {"name": [listed.name]} if is_new else {}
        entity = merged[organisation_id] = {
            "id": organisation_id,
            "schema": listed.schema,
            "properties": properties,
        }
    for kind, values in (*names.items(), ("country", list(listed.countries))):
        have = entity["properties"].setdefault(kind, [])
        have.extend(value for value in values if value not in have)
    entity["properties"] = {kind: values for kind, values in entity["properties"].items() if values}


def _sanction(
    list_name: str, listed: Listed, organisation_id: str, entry: Entry, since: date, aliases: list[str]
) -> dict[str, Any]:
    slug = re.sub(r"[^a-z0-9]+", "-", f"{list_name}-{listed.source_id}-{entry.programme}".lower()).strip("-")
    properties = {
        "entity": [organisation_id],
        "authority": [entry.authority_id],
        "program": [entry.programme],
        "startDate": [since.isoformat()],
        "source": [entry.source],
    }
    if entry.until is not None:
        properties["endDate"] = [entry.until.isoformat()]
    if aliases:
        properties["alias"] = list(aliases)
    return {"id": slug, "schema": "Sanction", "properties": properties}


def _entries(lines: Iterable[dict[str, Any]]) -> list[Listing]:
    return [
        Listing(
            organisation_id=properties["entity"][0],
            authority_id=properties["authority"][0],
            programme=properties["program"][0],
            since=date.fromisoformat(properties["startDate"][0]),
            until=date.fromisoformat(properties["endDate"][0]) if "endDate" in properties else None,
            aliases=tuple((name, None) for name in properties.get("alias", ())),
            source=properties["source"][0],
        )
        for line in lines
        if line["schema"] == "Sanction" and (properties := line["properties"])
    ]
