"""Reads the United Nations Security Council Consolidated List (XML).

Source: UN Security Council, https://scsanctions.un.org. Gives entities only.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wirewatch.knowledge.importing.countries import country_code
from wirewatch.knowledge.importing.shapes import Entry, Fields, Ledger, Listed, read_day
from wirewatch.knowledge.importing.splitting import split_names
from wirewatch.knowledge.importing.trees import children, iterate, leaf_values

AUTHORITY = "un-security-council"
#: List type → the programme that we call it by.
PROGRAMMES = {
    "Al-Qaida": "UN1267",
    "Taliban": "UN1988",
    "Somalia": "UN751",
    "DRC": "UN1533",
    "CAR": "UN2745",
    "Haiti": "UN2653",
    "Yemen": "UN2140",
    "Iraq": "UN1518",
    "Iran": "UN1737",
    "DPRK": "UN1718",
    "Libya": "UN1970",
    "Sudan": "UN1591",
    "South Sudan": "UN2206",
    "GB": "UN2048",
}


def read_un_xml(path: Path, ledger: Ledger) -> Iterator[Listed]:
    """Give the entities of a consolidated list."""
    for _ in iterate(path, "INDIVIDUAL"):
        ledger.left_out["individual"] += 1
    for element in iterate(path, "ENTITY"):
        fields = Fields(leaf_values(element), ledger)
        aliases: list[str] = []
        weak: list[str] = []
        former: list[str] = []
        for known in children(element, "ENTITY_ALIAS"):
            alias = Fields(leaf_values(known), ledger)
            quality = alias.first("QUALITY").lower()
            names = split_names(alias.first("ALIAS_NAME"))
            found = [name for name in (names.name, *names.aliases) if name]
            (former if quality.startswith("f.k.a") else weak if quality == "low" else aliases).extend(found)
            alias.ignore("NOTE")
            alias.close()
        countries = []
        for place in children(element, "ENTITY_ADDRESS"):
            address = Fields(leaf_values(place), ledger)
            countries.append(address.first("COUNTRY"))
            address.ignore("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "NOTE")
            address.close()
        names = split_names(fields.first("FIRST_NAME"))
        aliases[:0] = [*names.aliases, *fields.all("NAME_ORIGINAL_SCRIPT")]
        list_type = fields.first("UN_LIST_TYPE")
        number = fields.first("REFERENCE_NUMBER")
        since = read_day(fields.first("LISTED_ON"), ledger)
        until = read_day(fields.first("DELISTED_ON"), ledger)
        programme = PROGRAMMES.get(list_type)
        if programme is None:
            ledger.unknown[f'unknown list type "{list_type}"'] += 1
        entries = (
            (Entry(AUTHORITY, programme, since, until, f"UN Security Council Consolidated List, {number}"),)
            if programme
            else ()
        )
        fields.ignore(
            "DATAID", "VERSIONNUM", "SUBMITTED_ON", "SUBMITTED_BY", "COMMENTS1", "SORT_KEY", "SORT_KEY_LAST_MOD"
        )
        fields.close()
        ledger.ignored["LAST_DAY_UPDATED"] += bool(children(element, "LAST_DAY_UPDATED"))
        codes = dict.fromkeys(code for country in countries if (code := country_code(country)))
        yield Listed(
            number,
            names.name,
            "Organization",
            tuple(aliases),
            tuple(weak),
            (*names.previous, *former),
            tuple(codes),
            entries,
        )
