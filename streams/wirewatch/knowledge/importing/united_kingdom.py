"""Reads the United Kingdom's lists: OFSI's consolidated list and the UK Sanctions List, both as CSV.

Source: HM Treasury (OFSI) and the Foreign, Commonwealth and Development Office; Open Government Licence.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from wirewatch.errors import ConfigError
from wirewatch.knowledge.importing.countries import country_code
from wirewatch.knowledge.importing.shapes import Entry, Fields, Ledger, Listed, read_day
from wirewatch.knowledge.importing.splitting import split_names

AUTHORITY = "uk-treasury"
#: The same column in the two files.
_COLUMNS = {
    "id": ("Group ID", "Unique ID"),
    "kind": ("Group Type", "Designation Type", "Individual, Entity, Ship"),
    "alias type": ("Alias Type", "Name type"),
    "alias quality": ("Alias Quality", "Alias strength"),
    "regime": ("Regime", "Regime Name"),
    "since": ("UK Sanctions List Date Designated", "Date Designated"),
    "listed": ("Listed On",),
    "country": ("Country", "Address Country"),
    "script": ("Name Non-Latin Script", "Name non-latin script"),
}
_NAME_PARTS = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
_IGNORED = (
    *("Title", "Non-Latin Script Type", "Non-Latin Script Language", "Non-latin script type", "Position"),
    *("Non-latin script language", "Other Information", "Last Updated", "Post/Zip Code", "Phone number", "Website"),
    *("OFSI Group ID", "UN Reference Number", "Designation source", "Sanctions Imposed", "UK Statement of Reasons"),
    *("Address Postal Code", "Email address", "D.O.B", "DOB", "Nationality", "Nationality(/ies)", "Gender"),
    *("Town of Birth", "Country of Birth", "Town of birth", "Country of birth", "Business registration number (s)"),
    *("Parent company", "Subsidiaries", "Type of entity"),
)
_IGNORED_PREFIXES = (
    "Address ",
    "Passport",
    "National Identi",
    "Ship ",
    "IMO",
    "Hull",
    "Current ",
    "Previous ",
    "Tonnage",
)


def read_uk_csv(path: Path, ledger: Ledger) -> Iterator[Listed]:
    """Give the entities of either list; rows of one number are the names of one entity.

    Raises:
        ConfigError: no header line is to be found.
    """
    groups: dict[str, list[_Row]] = defaultdict(list)
    for row in _rows(path, ledger):
        if row.kind.lower() != "entity":
            ledger.left_out[row.kind.lower() or "no type"] += 1
        else:
            groups[row.number].append(row)
    for number, rows in groups.items():
        rows.sort(key=lambda row: row.alias_type.lower() != "primary name")
        first = split_names(rows[0].name)
        aliases = list(first.aliases)
        weak: list[str] = []
        former = list(first.previous)
        for row in rows[1:]:
            names = split_names(row.name)
            found = [name for name in (names.name, *names.aliases) if name and name != first.name]
            is_former = row.alias_type.lower().startswith(("fka", "f.k.a"))
            (former if is_former else weak if "low" in row.quality.lower() else aliases).extend(found)
        aliases.extend(row.script for row in rows if row.script)
        since = min((row.since for row in rows if row.since), default=None)
        source = f"UK sanctions list, {number} ({rows[0].regime})"
        yield Listed(
            source_id=number,
            name=first.name,
            aliases=tuple(dict.fromkeys(aliases)),
            weak_aliases=tuple(dict.fromkeys(weak)),
            previous_names=tuple(dict.fromkeys(former)),
            countries=tuple(dict.fromkeys(code for row in rows if (code := country_code(row.country)))),
            entries=(Entry(AUTHORITY, "UK", since, source=source),),
        )


class _Row:
    def __init__(self, fields: Fields, ledger: Ledger) -> None:
        self.number = _take(fields, "id")
        self.kind = _take(fields, "kind")
        self.alias_type = _take(fields, "alias type")
        self.quality = _take(fields, "alias quality")
        self.regime = _take(fields, "regime")
        listed = _take(fields, "listed")
        self.since = read_day(_take(fields, "since") or listed, ledger, day_first=True)
        self.country = _take(fields, "country")
        self.script = _take(fields, "script")
        self.name = " ".join(part for name in _NAME_PARTS if (part := fields.first(name)))
        fields.ignore(*_IGNORED)
        fields.ignore_prefix(*_IGNORED_PREFIXES)
        fields.close()


def _take(fields: Fields, what: str) -> str:
    return next((value for name in _COLUMNS[what] if (value := fields.first(name))), "")


def _rows(path: Path, ledger: Ledger) -> Iterator[_Row]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        header: list[str] | None = None
        for row in csv.reader(file):
            if header is None:
                header = [cell.strip() for cell in row] if "Name 6" in [cell.strip() for cell in row] else None
            elif any(row):
                yield _Row(Fields({name: (value,) for name, value in zip(header, row, strict=False)}, ledger), ledger)
    if header is None:
        raise ConfigError((f'{path.name}: expected a header line with "Name 6", got none',))
