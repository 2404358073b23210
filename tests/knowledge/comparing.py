"""Compares the register with published lists: `python -m tests.knowledge.comparing --data DIR` (with `watch/` in it).

Tells, list by list, who is missing, whose days differ, which names are not known, and which names that a list calls
weak would match alone. Rows that the list's own editor did not verify are told apart.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from wirewatch.configuration import Problems
from wirewatch.knowledge.entities import Knowledge, Organisation
from wirewatch.knowledge.folding import fold_name
from wirewatch.knowledge.loading import load_knowledge
from wirewatch.knowledge.spelling import spellings
from wirewatch.records import Listing

CONFIG = Path(__file__).parents[2] / "config"
#: Programmes of the UN list whose entities ship with Wirewatch as groups, by our name.
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_UN_PROGRAMMES = {"Al-Qaida": "UN1267", "Taliban": "UN1988"}


class Register:
    """What we know, by any name."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._listings: dict[str, list[Listing]] = {}
        for listing in knowledge.listings:
            self._listings.setdefault(listing.organisation_id, []).append(listing)
        self.organisations = knowledge.organisations
        self._by_name: dict[str, set[str]] = {}
        for known in knowledge.organisations.values():
            if not known.is_authority:
                for name in names_of(known):
                    self._by_name.setdefault(fold_name(name), set()).add(known.id)

    def find(self, names: list[str]) -> Organisation | None:
        """Give the organisation that the first telling name means."""
        # "MUJAO" may stand behind the name in brackets.
        for name in [way for written in names for way in (written, _BRACKETS.sub("", written))]:
            for spelling in (fold_name(name), *spellings(name)):
                ids = self._by_name.get(spelling, set())
                if len(ids) == 1:
                    return self.organisations[next(iter(ids))]
        return None

    def listings(self, organisation_id: str, programmes: tuple[str, ...]) -> list[Listing]:
        """Give the lines of an organisation under some programmes, the oldest first."""
        lines = self._listings.get(organisation_id, [])
        return sorted((x for x in lines if x.programme in programmes), key=lambda x: x.since)


def names_of(known: Organisation) -> tuple[str, ...]:
    """Give every name of an organisation."""
    return (
        known.name,
        *known.aliases,
        *known.previous_names,
        *known.abbreviations,
        *known.weak_aliases,
    )


def strong_names_of(known: Organisation) -> set[str]:
    """Give the folded names that match alone."""
    weak = {fold_name(name) for name in (*known.weak_aliases, *known.abbreviations)}
    return {fold_name(name) for name in (known.name, *known.aliases, *known.previous_names)} - weak


def compare_fto(register: Register, rows: list[Mapping[str, Any]]) -> Iterator[str]:
    """Compare with every Foreign Terrorist Organization ever designated."""
    for row in rows:
        mark = "" if row["verified"] else " [list: unverified]"
        known = register.find([row["name"], *row["former_names"], *row["aliases"]])
        if known is None:
            yield f"missing: {row['name']}{mark}"
            continue
        lines = register.listings(known.id, ("FTO",))
        since, until = _day(row["designated"]), _day(row["delisted"])
        if not any((line.since, line.until) == (since, until) for line in lines):
            ours = ", ".join(f"{line.since}–{line.until}" for line in lines) or "nothing"
            yield f"days: {known.id}: list has {since}–{until}, we have {ours}{mark}"
        yield from _unknown_names(known, [*row["aliases"], *row["former_names"]], mark)


def compare_ofac(register: Register, rows: list[Mapping[str, Any]]) -> Iterator[str]:
    """Compare names with OFAC's list, weak ones above all."""
    for row in rows:
        known = register.find([row["name"], *row["aliases"], *row["former"]])
        if known is None:
            if row["is_fto"]:
                yield f"missing: {row['name']}"
            continue
        for name in row["weak_aliases"]:
            if fold_name(name) in strong_names_of(known):
                yield f"weak on the list, alone with us: {known.id}: {name}"
        if row["is_fto"]:
            yield from _unknown_names(known, [*row["aliases"], *row["former"], *row["weak_aliases"]], "")


def compare_un(register: Register, rows: list[Mapping[str, Any]]) -> Iterator[str]:
    """Compare with the entities of the UN list."""
    for row in rows:
        known = register.find([row["name"], *row["aliases"]])
        if known is None:
            yield f"missing: {row['id']} {row['name']}"
            continue
        programme = _UN_PROGRAMMES.get(row["list_type"])
        if programme and not any(x.since == _day(row["listed_on"]) for x in register.listings(known.id, (programme,))):
            ours = ", ".join(str(x.since) for x in register.listings(known.id, (programme,))) or "nothing"
            yield f"days: {known.id} {programme}: list has {row['listed_on']}, we have {ours}"
        yield from _unknown_names(known, row["aliases"], "")


def compare_eu(register: Register, rows: list[Mapping[str, Any]]) -> Iterator[str]:
    """Compare with the EU's lists of ISIL, Al-Qaida and other terrorist entities."""
    for row in rows:
        known = register.find([row["name"], *row["aliases"]])
        if known is None:
            yield f"missing: {row['name']}"
            continue
        since = _day(row["start"])
        lines = register.listings(known.id, ("EU", "EU-TAQA", "EU-TERR"))
        if since and not any(line.since == since for line in lines):
            ours = ", ".join(str(line.since) for line in lines) or "nothing"
            yield f"days: {known.id} EU ({row['program']}): list has {since}, we have {ours}"
        weak = [row["weak"]] if isinstance(row["weak"], str) and row["weak"] else list(row["weak"] or [])
        for name in (part.strip() for value in weak for part in value.split(";")):
            if name and fold_name(name) in strong_names_of(known):
                yield f"weak on the list, alone with us: {known.id}: {name}"


def _unknown_names(known: Organisation, names: list[str], mark: str) -> Iterator[str]:
    ours = {spelling for name in names_of(known) for spelling in (fold_name(name), *spellings(name))}
    for name in names:
        if fold_name(name) not in ours and not ours & set(spellings(name)):
            yield f"name not known: {known.id}: {name}{mark}"


def _day(value: str | None) -> date | None:
    """Read a day as the lists write it: 2015-03-27, 6.10.2001, 21 Oct. 2013."""
    if not value:
        return None
    for style in ("%d.%m.%Y", "%d %b. %Y", "%d %b %Y", "%d %B %Y"):
        try:
            return datetime.strptime(value.strip(), style).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return date.fromisoformat(value[:10])


def main(arguments: list[str]) -> int:
    """Print the differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--names", action="store_true", help="tell names that we do not know, too")
    options = parser.parse_args(arguments)
    register = Register(load_knowledge(CONFIG, Problems()))
    for file, compare in (
        ("fto.jsonl", compare_fto),
        ("ofac_fto_sdgt_2021.jsonl", compare_ofac),
        ("un_entities_20260227.jsonl", compare_un),
        ("eu_terror_entities.jsonl", compare_eu),
    ):
        rows = [json.loads(line) for line in (options.data / "watch" / file).read_text(encoding="utf-8").splitlines()]
        found = list(compare(register, rows))
        shown = [line for line in found if options.names or not line.startswith("name not known")]
        unknown = len(found) - sum(not line.startswith("name not known") for line in found)
        sys.stdout.write(f"== {file}: {len(rows)} rows, {len(found) - unknown} differences, {unknown} unknown names\n")
        sys.stdout.write("".join(f"  {line}\n" for line in shown))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
