"""Writes an accepted name into the organisations files: `accepted.jsonl`, whole or not at all.

Called by `wirewatch organisations accept`. Never decides whether a name deserves it; a person did.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from wirewatch.configuration import Problems, suggest
from wirewatch.errors import ConfigError
from wirewatch.knowledge.importing.resolving import Index
from wirewatch.knowledge.importing.shapes import Listed
from wirewatch.knowledge.importing.splitting import is_acronym
from wirewatch.knowledge.loading import ACCEPTED, FOLDER, load_knowledge
from wirewatch.knowledge.reading import read_entities
from wirewatch.knowledge.writing import write_lines


def accept_proposal(
    config_dir: Path, name: str, *, organisation_id: str = "", source: str = "", countries: Iterable[str] = ()
) -> str:
    """Add a name to an organisation, or make a new one of it when `organisation_id` is "". Gives its id.

    Accepting the same name again changes nothing.

    Raises:
        ConfigError: the organisation is unknown, the name empty, or the files are wrong already.
    """
    name = " ".join(name.split())
    if not any(letter.isalnum() for letter in name):
        raise ConfigError((f"expected a name, got {json.dumps(name)}",))
    problems = Problems()
    knowledge = load_knowledge(config_dir, problems)
    problems.raise_if_any()
    if organisation_id and organisation_id not in knowledge.organisations:
        hint = suggest(organisation_id, knowledge.organisations)
        raise ConfigError((f'expected the id of an organisation, got "{organisation_id}"{hint}',))
    path = config_dir / FOLDER / ACCEPTED
    lines = _lines(path)
    if not organisation_id:
        index = Index(knowledge.organisations.values())
        listed = Listed("", name)
        known = index.find(listed)
        if known is not None:
            return known
        organisation_id = index.new_id(listed)
        properties: dict[str, list[str]] = {"name": [name], "country": list(countries)}
    else:
        known_names = knowledge.organisations[organisation_id]
        if name in (known_names.name, *known_names.aliases, *known_names.weak_aliases, *known_names.abbreviations):
            return organisation_id
        # An acronym never matches alone until a person says so in the file.
        properties = {"abbreviation" if is_acronym(name) else "alias": [name]}
    entity = lines.setdefault(organisation_id, {"id": organisation_id, "schema": "Organization", "properties": {}})
    if source:
        properties["sourceUrl"] = [source]
    for key, values in properties.items():
        have = entity["properties"].setdefault(key, [])
        have.extend(value for value in values if value not in have)
    entity["properties"] = {key: values for key, values in entity["properties"].items() if values}
    write_lines(path, lines.values())
    return organisation_id


def _lines(path: Path) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        return {}
    return {
        entity.id: {
            "id": entity.id,
            "schema": entity.schema,
            "properties": {key: list(values) for key, values in entity.properties.items()},
        }
        for entity in read_entities(path, Problems())
    }
