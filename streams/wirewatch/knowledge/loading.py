"""Loads everything under `config/organisations/`: organisations, authorities, decoys and the seed of the register.

Pure: reading the same files gives the same `Knowledge`, so a running process may load anew and swap. Files whose name
begins with `imported-`, `accepted.jsonl` and `contexts.jsonl` may add to organisations of other files; all other ids
are unique.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from wirewatch.configuration import Problems, suggest
from wirewatch.knowledge.dangers import find_dangers
from wirewatch.knowledge.entities import Knowledge, Organisation
from wirewatch.knowledge.reading import SANCTION, Entity, read_date, read_entities
from wirewatch.records import UNVERIFIED, Listing

FOLDER = "organisations"
IMPORTED = "imported-"
#: Names that a person accepted from proposals.
ACCEPTED = "accepted.jsonl"
#: What vouches for short names, and what else bears them.
CONTEXTS = "contexts.jsonl"
#: Topics with a meaning here; any other topic of FollowTheMoney is allowed and ignored.
AUTHORITY_TOPIC = "authority"
DECOY_TOPIC = "decoy"
#: Topics of organisations that carry no arms.
CIVIL_TOPICS = frozenset(("pol", "pol.party", "ngo", "religion"))


def load_knowledge(config_dir: Path, problems: Problems, *, without: str = "") -> Knowledge:
    """Load the organisations files, except the one called `without`; `problems` says what is wrong, file and line."""
    folder = config_dir / FOLDER
    if not folder.is_dir():
        problems.add(FOLDER, "expected a folder with *.jsonl files, got nothing")
        return Knowledge({})
    paths = sorted(folder.glob("*.jsonl"), key=lambda path: (_adds(path.name), path.name))
    digest = hashlib.sha256()
    entities: list[Entity] = []
    for path in paths:
        if path.name == without:
            continue
        entities.extend(read_entities(path, problems))
        digest.update(path.read_bytes() if path.is_file() else b"")
    return build_knowledge(entities, problems, fingerprint=digest.hexdigest()[:12])


def build_knowledge(entities: Iterable[Entity], problems: Problems, *, fingerprint: str = "") -> Knowledge:
    """Make knowledge of entities, checking what they say of each other."""
    organisations: dict[str, Organisation] = {}
    places: dict[str, str] = {}
    sanctions: list[Entity] = []
    decoys: list[str] = []
    for entity in entities:
        first_place = places.get(entity.id)
        if entity.schema == SANCTION:
            sanctions.append(entity)
        elif DECOY_TOPIC in entity.all("topics"):
            decoys.extend((*entity.all("name"), *entity.all("alias")))
        elif first_place is not None and _adds(entity.file) and entity.id in organisations:
            organisations[entity.id] = _add_to(organisations[entity.id], entity)
            continue
        elif entity.file == CONTEXTS:
            message = f"expected the id of an organisation, got {json.dumps(entity.id)}"
            problems.add(f"{entity.place}.id", message + suggest(entity.id, organisations))
            continue
        else:
            organisations[entity.id] = _organisation(entity, problems)
        if first_place is not None:
            problems.add(f"{entity.place}.id", f"expected a new id, got one that {first_place} has")
        places[entity.id] = entity.place
    _check_parents(organisations, places, problems)
    listings = _listings(sanctions, organisations, problems)
    return Knowledge(organisations, listings, find_dangers(organisations.values()), tuple(decoys), fingerprint)


def _adds(file_name: str) -> bool:
    """Tell whether a file may add to organisations of other files."""
    return file_name.startswith(IMPORTED) or file_name in (ACCEPTED, CONTEXTS)


def _organisation(entity: Entity, problems: Problems) -> Organisation:
    names = entity.all("name")
    if not names:
        problems.add(f"{entity.place}.name", "expected a name, got nothing")
    return Organisation(
        id=entity.id,
        name=names[0] if names else entity.id,
        schema=entity.schema,
        aliases=(*names[1:], *entity.all("alias")),
        weak_aliases=entity.all("weakAlias"),
        previous_names=entity.all("previousName"),
        abbreviations=entity.all("abbreviation"),
        parent_id=entity.first("parent") or None,
        countries=entity.all("country"),
        context=entity.all("contextWords"),
        context_people=entity.all("contextPeople"),
        other_senses=entity.all("otherSenses"),
        anti_context=entity.all("antiContextWords"),
        is_authority=AUTHORITY_TOPIC in entity.all("topics"),
        is_civil=bool(entity.all("topics")) and CIVIL_TOPICS.issuperset(entity.all("topics")),
        programmes=entity.all("programmes"),
        metonyms=entity.all("metonym"),
        demonyms=entity.all("demonym"),
    )


def _add_to(known: Organisation, entity: Entity) -> Organisation:
    """Add what another file says to an organisation of ours; its own name and everything else stay."""
    return replace(
        known,
        aliases=_joined(known.aliases, (*entity.all("name"), *entity.all("alias")), known.weak_aliases),
        weak_aliases=_joined(known.weak_aliases, entity.all("weakAlias"), known.aliases),
        previous_names=_joined(known.previous_names, entity.all("previousName")),
        abbreviations=_joined(known.abbreviations, entity.all("abbreviation"), known.aliases),
        countries=_joined(known.countries, entity.all("country")),
        context=_joined(known.context, entity.all("contextWords")),
        context_people=_joined(known.context_people, entity.all("contextPeople")),
        other_senses=_joined(known.other_senses, entity.all("otherSenses")),
        anti_context=_joined(known.anti_context, entity.all("antiContextWords")),
    )


def _joined(ours: tuple[str, ...], theirs: tuple[str, ...], but_not: tuple[str, ...] = ()) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*ours, *(value for value in theirs if value not in but_not))))


def _check_parents(organisations: dict[str, Organisation], places: dict[str, str], problems: Problems) -> None:
    for organisation in organisations.values():
        seen = {organisation.id}
        parent = organisation.parent_id
        while parent is not None:
            if parent not in organisations:
                message = f"expected the id of an organisation, got {json.dumps(parent)}"
                problems.add(f"{places[organisation.id]}.parent", message + suggest(parent, organisations))
                break
            if parent in seen:
                problems.add(f"{places[organisation.id]}.parent", f"expected no circle, got one through {parent}")
                break
            seen.add(parent)
            parent = organisations[parent].parent_id


def _listings(
    sanctions: list[Entity], organisations: dict[str, Organisation], problems: Problems
) -> tuple[Listing, ...]:
    listings: list[Listing] = []
    for entity in sanctions:
        bad = False
        for name in ("entity", "authority"):
            value = entity.first(name)
            if value not in organisations or (name == "authority" and not organisations[value].is_authority):
                kind = "an authority" if name == "authority" else "an organisation"
                message = f"expected the id of {kind}, got {json.dumps(value)}"
                problems.add(f"{entity.place}.{name}", message + suggest(value, organisations))
                bad = True
        since = read_date(entity, "startDate", problems)
        if since is None and not entity.first("startDate"):
            problems.add(f"{entity.place}.startDate", "expected a day like 2025-08-11, got nothing")
        if not entity.first("program"):
            problems.add(f"{entity.place}.program", "expected a programme like FTO, got nothing")
        until = read_date(entity, "endDate", problems)
        if since is not None and until is not None and until < since:
            problems.add(f"{entity.place}.endDate", f"expected a day from {since} on, got {until}")
        if bad or since is None:
            continue
        listings.append(
            Listing(
                organisation_id=entity.first("entity"),
                authority_id=entity.first("authority"),
                programme=entity.first("program"),
                since=since,
                until=until,
                announced=read_date(entity, "listingDate", problems),
                aliases=(*((name, None) for name in entity.all("alias")), *_added(entity, problems)),
                source=_source(entity, problems),
            )
        )
    return tuple(listings)


def _source(entity: Entity, problems: Problems) -> str:
    """Give the source, and say there what nobody has compared with the list itself: the whole entry, or its day."""
    source, what = entity.first("source"), entity.first("unverified")
    if not what:
        return source
    if what not in UNVERIFIED:
        message = f"expected one of {', '.join(UNVERIFIED)}, got {json.dumps(what)}"
        problems.add(f"{entity.place}.unverified", message)
        return source
    return f"{source}; {UNVERIFIED[what]}".removeprefix("; ")


def _added(entity: Entity, problems: Problems) -> list[tuple[str, date | None]]:
    """Read `2025-07-18 The Resistance Front`: a name that a listing took on later, and when."""
    added: list[tuple[str, date | None]] = []
    for value in entity.all("aliasAdded"):
        day, _, name = value.partition(" ")
        try:
            added.append((name.strip(), date.fromisoformat(day)))
        except ValueError:
            message = f"expected a day and a name like 2025-07-18 The Resistance Front, got {json.dumps(value)}"
            problems.add(f"{entity.place}.aliasAdded", message)
    return added
