"""Reads OFAC's Specially Designated Nationals: `sdn.xml`, or `sdn.csv` with `alt.csv` and `add.csv` beside it.

Source: US Treasury, Office of Foreign Assets Control; public domain. Gives organisations only; the list has no dates.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from wirewatch.knowledge.importing.countries import country_code
from wirewatch.knowledge.importing.shapes import Entry, Fields, Ledger, Listed
from wirewatch.knowledge.importing.trees import children, iterate, leaf_values, text_of

_SOURCE = "OFAC, Specially Designated Nationals list"
_SDN_COLUMNS = (
    *("ent_num", "SDN_Name", "SDN_Type", "Program", "Title", "Call_Sign", "Vess_type", "Tonnage", "GRT"),
    *("Vess_flag", "Vess_owner", "Remarks"),
)
_ALT_COLUMNS = ("ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks")
_ADD_COLUMNS = ("ent_num", "add_num", "address", "city", "country", "add_remarks")


def read_sdn_xml(path: Path, ledger: Ledger) -> Iterator[Listed]:
    """Give the entities of an `sdn.xml`."""
    for element in iterate(path, "sdnEntry"):
        kind = text_of(element, "sdnType")
        if kind != "Entity":
            ledger.left_out[kind or "no type"] += 1
            continue
        fields = Fields(leaf_values(element), ledger)
        fields.ignore("sdnType", "remarks", "title", "firstName")
        names = _Names()
        for aka in children(element, "akaList", "aka"):
            known = Fields(leaf_values(aka), ledger)
            known.ignore("uid", "firstName")
            names.add(known.first("lastName"), known.first("type"), known.first("category"))
            known.close()
        countries = []
        for address in children(element, "addressList", "address"):
            place = Fields(leaf_values(address), ledger)
            countries.append(place.first("country"))
            place.ignore("uid", "address1", "address2", "address3", "city", "stateOrProvince", "postalCode")
            place.close()
        programmes = [text for program in children(element, "programList", "program") if (text := program.text)]
        for group in (
            "idList",
            "nationalityList",
            "citizenshipList",
            "dateOfBirthList",
            "placeOfBirthList",
            "vesselInfo",
        ):
            if children(element, group):
                ledger.ignored[group] += 1
        yield _listed(fields.first("uid"), fields.first("lastName"), names, countries, programmes)
        fields.close()


def read_sdn_csv(path: Path, ledger: Ledger) -> Iterator[Listed]:
    """Give the entities of an `sdn.csv`; `alt.csv` and `add.csv` beside it give aliases and countries."""
    stem = path.name.lower()
    names: dict[str, _Names] = defaultdict(_Names)
    countries: dict[str, list[str]] = defaultdict(list)
    for row in _rows(path.with_name(path.name[: -len(stem)] + stem.replace("sdn", "alt")), _ALT_COLUMNS, ledger):
        number = row.first("ent_num")
        remarks = row.first("alt_remarks").lower()
        names[number].add(row.first("alt_name"), row.first("alt_type"), "weak" if "weak" in remarks else "strong")
        row.ignore("alt_num")
        row.close()
    for row in _rows(path.with_name(path.name[: -len(stem)] + stem.replace("sdn", "add")), _ADD_COLUMNS, ledger):
        countries[row.first("ent_num")].append(row.first("country"))
        row.ignore("add_num", "address", "city", "add_remarks")
        row.close()
    for row in _rows(path, _SDN_COLUMNS, ledger):
        kind = row.first("SDN_Type")
        if kind:
            ledger.left_out[kind] += 1
            continue
        number = row.first("ent_num")
        programmes = [part.strip(" []") for part in row.first("Program").split("] [")]
        row.ignore("Title", "Remarks", "Call_Sign", "Vess_type", "Tonnage", "GRT", "Vess_flag", "Vess_owner")
        yield _listed(number, row.first("SDN_Name"), names[number], countries[number], programmes)
        row.close()


class _Names:
    def __init__(self) -> None:
        self.strong: list[str] = []
        self.weak: list[str] = []
        self.former: list[str] = []

    def add(self, name: str, kind: str, category: str) -> None:
        if name:
            former = kind.lower().startswith("f.k.a")
            (self.weak if category == "weak" else self.former if former else self.strong).append(name)


def _listed(number: str, name: str, names: _Names, countries: Iterable[str], programmes: Iterable[str]) -> Listed:
    entries = [
        # The State Department designates FTOs; OFAC only shows them.
        Entry("us-state" if programme == "FTO" else "us-treasury", programme, None, source=f"{_SOURCE}, {number}")
        for programme in programmes
        if programme
    ]
    codes = dict.fromkeys(code for country in countries if (code := country_code(country)))
    return Listed(
        number,
        name,
        "Organization",
        tuple(names.strong),
        tuple(names.weak),
        tuple(names.former),
        tuple(codes),
        tuple(entries),
    )


def _rows(path: Path, columns: tuple[str, ...], ledger: Ledger) -> Iterator[Fields]:
    if not path.is_file():
        ledger.left_out[f"file {path.name} (not there)"] += 1
        return
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for row in csv.reader(file):
            # The files end with one control-Z.
            if not row or row == ["\x1a"] or row[0] == columns[0]:
                continue
            if len(row) != len(columns):
                ledger.unknown[f"{path.name}: expected {len(columns)} columns, got {len(row)}"] += 1
                continue
            yield Fields({name: (value,) for name, value in zip(columns, row, strict=True)}, ledger)
