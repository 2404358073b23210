"""A small configuration of invented organisations, written into a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from wirewatch.configuration import Problems
from wirewatch.knowledge.entities import Knowledge
from wirewatch.knowledge.loading import load_knowledge


def an_entity(entity_id: str, schema: str = "Organization", **properties: Any) -> dict[str, Any]:
    """Build an entity; a property may be given as one string or as a list."""
    lists = {name: value if isinstance(value, list) else [value] for name, value in properties.items()}
    return {"id": entity_id, "schema": schema, "properties": lists}


def an_authority(entity_id: str, name: str, **properties: Any) -> dict[str, Any]:
    """Build an authority."""
    return an_entity(entity_id, "PublicBody", name=name, topics="authority", **properties)


AUTHORITIES = [
    an_authority("us", "United States", programmes=["FTO", "SDGT"]),
    an_authority("us-state", "US State Department", parent="us", programmes=["FTO", "SDGT"]),
    an_authority(
        "us-treasury", "US Treasury", alias="Office of Foreign Assets Control", parent="us", programmes="SDGT"
    ),
    an_authority("un-security-council", "UN Security Council", programmes="UN1267"),
    an_authority("uk-treasury", "HM Treasury", programmes="UK"),
    an_authority("eu-council", "Council of the European Union", programmes="EU"),
]


def write_config(folder: Path, *entities: dict[str, Any], file: str = "groups.jsonl") -> Path:
    """Write a configuration folder with the authorities and these entities; gives the folder."""
    organisations = folder / "organisations"
    organisations.mkdir(exist_ok=True)
    for name, lines in (("authorities.jsonl", AUTHORITIES), (file, entities)):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (organisations / name).write_text(text, encoding="utf-8")
    return folder


def load(folder: Path) -> tuple[Knowledge, list[str]]:
    """Load a configuration; give it with every problem found."""
    problems = Problems()
    return load_knowledge(folder, problems), problems.found
