"""A name that a person accepts is written to `accepted.jsonl`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.knowledge.small import an_entity, load, write_config
from wirewatch.errors import ConfigError
from wirewatch.knowledge.accepting import accept_proposal

FRONT = an_entity("north-harbour-front", name="North Harbour Front")


def test_name_is_added_to_its_organisation(tmp_path: Path) -> None:
    """A long name becomes an alias, an acronym one that needs company."""
    config = write_config(tmp_path, FRONT)
    accept_proposal(config, "Harbour  Column", organisation_id="north-harbour-front", source="https://x.example/1")
    accept_proposal(config, "NHF", organisation_id="north-harbour-front")
    knowledge, problems = load(config)
    assert problems == []
    assert knowledge.organisations["north-harbour-front"].aliases == ("Harbour Column",)
    assert knowledge.organisations["north-harbour-front"].abbreviations == ("NHF",)


def test_new_organisation_is_made_of_a_name(tmp_path: Path) -> None:
    """A name without an organisation makes one, with an id of its words; a known name gives the known one."""
    config = write_config(tmp_path, FRONT)
    assert accept_proposal(config, "Seventh Gangplank Society", countries=["ht"]) == "seventh-gangplank-society"
    assert accept_proposal(config, "North Harbour Front") == "north-harbour-front"
    knowledge, problems = load(config)
    assert problems == []
    assert knowledge.organisations["seventh-gangplank-society"].countries == ("ht",)


def test_accepting_twice_changes_nothing(tmp_path: Path) -> None:
    """The second time the file stays as it is."""
    config = write_config(tmp_path, FRONT)
    accept_proposal(config, "Harbour Column", organisation_id="north-harbour-front")
    before = (config / "organisations" / "accepted.jsonl").read_bytes()
    accept_proposal(config, "Harbour Column", organisation_id="north-harbour-front")
    assert (config / "organisations" / "accepted.jsonl").read_bytes() == before


def test_unknown_organisation_and_empty_name_are_mistakes(tmp_path: Path) -> None:
    """A person's slip is told with a suggestion."""
    config = write_config(tmp_path, FRONT)
    with pytest.raises(ConfigError, match="did you mean"):
        accept_proposal(config, "Column", organisation_id="north-harbor-front")
    with pytest.raises(ConfigError, match="expected a name"):
        accept_proposal(config, " … ")
