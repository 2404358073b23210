"""Reads the European Union's consolidated list of financial sanctions: CSV (semicolons) and XML.

Source: European Commission, Financial Sanctions Database; reuse allowed (Decision 2011/833/EU). Gives entities only.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from wirewatch.errors import ConfigError
from wirewatch.knowledge.importing.shapes import Entry, Fields, Ledger, Listed, read_day
from wirewatch.knowledge.importing.splitting import split_names
from wirewatch.knowledge.importing.trees import children, iterate

AUTHORITY = "eu-council"
_ENTITY = ("E", "enterprise")


def read_eu_csv(path: Path, ledger: Ledger) -> Iterator[Listed]:
    """Give the entities of the CSV, where every name is a row."""
    names: dict[str, list[str]] = defaultdict(list)
    about: dict[str, tuple[str, str, str]] = {}
    countries: dict[str, list[str]] = defaultdict(list)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.DictReader(file, delimiter=";")
        if "Entity_LogicalId" not in (reader.fieldnames or ()):
            raise ConfigError((f'{path.name}: expected a column "Entity_LogicalId", got none',))
        for row in reader:
            fields = Fields({name: (value or "",) for name, value in row.items() if name is not None}, ledger)
            number = fields.first("Entity_LogicalId")
            kind = fields.first("Entity_SubjectType_ClassificationCode") or fields.first("Entity_SubjectType")
            if kind not in _ENTITY:
                ledger.left_out[{"P": "person"}.get(kind, kind or "no type")] += 1
                continue
            if name := fields.first("NameAlias_WholeName"):
                names[number].append(name)
            if country := fields.first("Address_CountryIso2Code").lower():
                countries[number].append(country)
            day = fields.first("Entity_DesignationDate") or fields.first("Entity_Regulation_EntryIntoForceDate")
            about.setdefault(
                number, (fields.first("Entity_EU_ReferenceNumber"), day, fields.first("Entity_Regulation_NumberTitle"))
            )
            fields.ignore("fileGenerationDate", "Entity_SubjectType")
            fields.ignore_prefix("Entity_", "NameAlias_", "Address_", "BirthDate_", "Identification_", "Citizenship_")
            fields.close()
    for number, found in names.items():
        reference, day, regulation = about[number]
        yield _listed(reference or number, found, [], countries[number], day, regulation, ledger)


def read_eu_xml(path: Path, ledger: Ledger) -> Iterator[Listed]:
    """Give the entities of the XML."""
    for element in iterate(path, "sanctionEntity"):
        kind = next((child.get("classificationCode", "") for child in children(element, "subjectType")), "")
        if kind not in _ENTITY:
            ledger.left_out[{"P": "person"}.get(kind, kind or "no type")] += 1
            continue
        fields = Fields({name: (value,) for name, value in element.attrib.items()}, ledger)
        strong: list[str] = []
        weak: list[str] = []
        for known in children(element, "nameAlias"):
            alias = Fields({name: (value,) for name, value in known.attrib.items()}, ledger)
            (weak if alias.first("strong") == "false" else strong).append(alias.first("wholeName"))
            alias.ignore(
                "firstName", "middleName", "lastName", "function", "gender", "title", "nameLanguage", "logicalId"
            )
            alias.ignore("regulationLanguage")
            alias.close()
        countries = [child.get("countryIso2Code", "").lower() for child in children(element, "address")]
        regulation = next(iter(children(element, "regulation")), None)
        day = fields.first("designationDate")
        title = ""
        if regulation is not None:
            law = Fields({name: (value,) for name, value in regulation.attrib.items()}, ledger)
            day = day or law.first("entryIntoForceDate") or law.first("publicationDate")
            title = law.first("numberTitle")
            law.ignore("regulationType", "organisationType", "programme", "logicalId", "publicationDate")
            law.close()
        number = fields.first("euReferenceNumber") or fields.first("logicalId")
        fields.ignore("designationDetails", "unitedNationId", "logicalId")
        fields.close()
        names = [name for name in strong if name] or [name for name in weak if name]
        if names:
            yield _listed(number, names, weak, countries, day, title, ledger)


def _listed(
    number: str, names: list[str], weak: list[str], countries: list[str], day: str, regulation: str, ledger: Ledger
) -> Listed:
    first, *others = (split_names(name) for name in names)
    aliases = [*first.aliases, *(name for other in others for name in (other.name, *other.aliases))]
    source = "EU consolidated financial sanctions list, " + (f"{number} ({regulation})" if regulation else number)
    return Listed(
        source_id=number,
        name=first.name,
        aliases=tuple(dict.fromkeys(name for name in aliases if name and name != first.name)),
        weak_aliases=tuple(dict.fromkeys(name for name in weak if name and name != first.name)),
        previous_names=(*first.previous, *(name for other in others for name in other.previous)),
        countries=tuple(dict.fromkeys(code for code in countries if len(code) == 2 and code.isalpha())),
        entries=(Entry(AUTHORITY, "EU", read_day(day, ledger), source=source),),
    )
