"""Organisations files are read strictly, and everything wrong is told at once, with file and line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.knowledge.small import an_authority, an_entity, load, write_config

FRONT = an_entity("north-harbour-front", name="North Harbour Front")


def a_listing(**changes: Any) -> dict[str, Any]:
    """Build a listing of the front."""
    properties = {
        "entity": "north-harbour-front",
        "authority": "us-state",
        "program": "FTO",
        "startDate": "2025-08-11",
    }
    return an_entity("front-fto", "Sanction", **{**properties, **changes})


@pytest.mark.parametrize("what", ["entry", "day"])
def test_unverified_listing_says_so_in_its_source(tmp_path: Path, what: str) -> None:
    """What nobody has compared with the list is no secret: the source says it, and the listing knows it."""
    (listing,) = load(write_config(tmp_path, FRONT, a_listing(source="Gazette", unverified=what)))[0].listings
    assert not listing.is_verified
    assert listing.source.startswith("Gazette; ")
    (sure,) = load(write_config(tmp_path, FRONT, a_listing(source="Gazette")))[0].listings
    assert sure.is_verified


def test_unverified_takes_two_words_only(tmp_path: Path) -> None:
    """Anything else than the entry or its day is a problem with its place."""
    _, problems = load(write_config(tmp_path, FRONT, a_listing(unverified="perhaps")))
    assert len(problems) == 1
    assert problems[0].endswith('.unverified: expected one of entry, day, got "perhaps"')


def test_entity_becomes_an_organisation(tmp_path: Path) -> None:
    """Every property that we use ends up in the organisation."""
    entity = an_entity(
        "old-quay-front",
        name=["Old Quay Front", "Quay Front"],
        alias="Front of the Old Quay",
        weakAlias="The Quay",
        abbreviation="OQF",
        previousName="Quay League",
        parent="north-harbour-front",
        country="pk",
        contextWords=["harbour"],
        antiContextWords=["yacht"],
        topics="crime.terror",
    )
    knowledge, problems = load(write_config(tmp_path, FRONT, entity))
    organisation = knowledge.organisations["old-quay-front"]
    assert problems == []
    assert organisation.aliases == ("Quay Front", "Front of the Old Quay")
    assert (organisation.weak_aliases, organisation.abbreviations) == (("The Quay",), ("OQF",))
    assert (organisation.previous_names, organisation.parent_id) == (("Quay League",), "north-harbour-front")
    assert (organisation.context, organisation.anti_context) == (("harbour",), ("yacht",))
    assert not organisation.is_authority
    assert knowledge.organisations["us-state"].is_authority


def test_listing_becomes_a_line_of_the_register(tmp_path: Path) -> None:
    """A Sanction entity gives its dates, and each alias the day on which it was added."""
    entity = a_listing(
        listingDate="2025-08-01", endDate="2026-01-01", alias="Column", aliasAdded="2025-09-01 New Column"
    )
    knowledge, problems = load(write_config(tmp_path, FRONT, entity))
    (listing,) = knowledge.listings
    assert problems == []
    assert (listing.since, listing.until) == (date(2025, 8, 11), date(2026, 1, 1))
    assert listing.announced == date(2025, 8, 1)
    assert listing.aliases == (("Column", None), ("New Column", date(2025, 9, 1)))


@pytest.mark.parametrize(
    ("entities", "expected"),
    [
        ([an_entity("Bad_Id", name="X")], 'groups.jsonl:1 "Bad_Id".id: expected lower-case kebab'),
        ([an_entity("x-front", "Planet", name="X")], '"x-front".schema: expected one of Organization'),
        ([an_entity("x-front")], '"x-front".name: expected a name, got nothing'),
        ([an_entity("x-front", name="X", alais="Y")], '"x-front".alais: unknown property; did you mean "alias"?'),
        ([an_entity("x-front", name="X", alias=" ")], '"x-front".alias: expected names or words, got an empty string'),
        ([an_entity("x-front", name="X", country="Pakistan")], '"x-front".country: expected two small letters'),
        ([FRONT, FRONT], "groups.jsonl:2"),
        ([an_entity("x-front", name="X", parent="y")], '"x-front".parent: expected the id of an organisation, got "y"'),
        (
            [an_entity("a-a", name="A", parent="b-b"), an_entity("b-b", name="B", parent="a-a")],
            '"a-a".parent: expected no circle',
        ),
        ([FRONT, a_listing(entity="north-harbor-front")], 'did you mean "north-harbour-front"?'),
        ([FRONT, a_listing(authority="north-harbour-front")], ".authority: expected the id of an authority"),
        ([FRONT, a_listing(startDate="11 August")], ".startDate: expected a day like 2025-08-11"),
        ([FRONT, a_listing(endDate="2020-01-01")], ".endDate: expected a day from 2025-08-11 on"),
        ([FRONT, a_listing(aliasAdded="New Column")], ".aliasAdded: expected a day and a name"),
        ([FRONT, a_listing(program=[])], ".program: expected a programme"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_mistake_is_told_with_its_place(tmp_path: Path, entities: list[dict[str, Any]], expected: str) -> None:
    """Each mistake names file, line, entity and property, and what was expected."""
    _, problems = load(write_config(tmp_path, *entities))
    assert any(expected in problem for problem in problems), problems


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """One load reports every mistake of every file."""
    _, problems = load(write_config(tmp_path, an_entity("x-front"), an_entity("y-front", name="Y", moood="x")))
    assert len(problems) == 2


def test_broken_line_leaves_the_others(tmp_path: Path) -> None:
    """A line that is no JSON is one problem; the entities around it load."""
    config = write_config(tmp_path, FRONT)
    path = config / "organisations" / "groups.jsonl"
    path.write_text("{broken\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    knowledge, problems = load(config)
    assert len(problems) == 1
    assert "groups.jsonl:1: expected" in problems[0]
    assert "north-harbour-front" in knowledge.organisations


def test_missing_folder_is_one_problem(tmp_path: Path) -> None:
    """A configuration without organisations says so and gives an empty knowledge."""
    knowledge, problems = load(tmp_path)
    assert problems == ["organisations: expected a folder with *.jsonl files, got nothing"]
    assert not knowledge.organisations


def test_imported_file_adds_names_to_a_known_organisation(tmp_path: Path) -> None:
    """An imported file may name an organisation of ours again; its names are added, ours stay first."""
    config = write_config(tmp_path, FRONT)
    write_config(tmp_path, an_entity("north-harbour-front", alias="Harbour Column"), file="imported-un.jsonl")
    knowledge, problems = load(config)
    assert problems == []
    assert knowledge.organisations["north-harbour-front"].name == "North Harbour Front"
    assert knowledge.organisations["north-harbour-front"].aliases == ("Harbour Column",)


def test_decoys_are_no_organisations(tmp_path: Path) -> None:
    """A decoy is known by its name and cannot be watched."""
    knowledge, _ = load(write_config(tmp_path, an_entity("decoy-fc", name="Harbour FC", topics="decoy")))
    assert knowledge.decoys == ("Harbour FC",)
    assert "decoy-fc" not in knowledge.organisations


def test_fingerprint_changes_with_the_files(tmp_path: Path) -> None:
    """The same files give the same fingerprint, other files another."""
    first, _ = load(write_config(tmp_path, FRONT))
    again, _ = load(tmp_path)
    other, _ = load(write_config(tmp_path, an_entity("y-front", name="Y Front")))
    assert first.fingerprint == again.fingerprint != other.fingerprint


def test_dangerous_aliases_are_reported(tmp_path: Path) -> None:
    """Too short, an everyday word, an everyday short form, or shared: each loads and is reported once."""
    knowledge, problems = load(
        write_config(
            tmp_path,
            an_entity("a-front", name="A Front", alias=["QX", "NASA", "Harbour", "National Tide Army"]),
            an_entity("b-front", name="B Front", alias="National Tide Army"),
        )
    )
    assert problems == []
    assert [warning.split(";")[0] for warning in knowledge.warnings] == [
        '"National Tide Army" is shared by a-front, b-front',
        'a-front: "Harbour" is an everyday word and matches alone',
        'a-front: "NASA" is short for much else and matches alone',
        'a-front: "QX" has 2 letters and matches alone',
    ]


def test_authority_is_never_dangerous(tmp_path: Path) -> None:
    """Two letters are what states are called."""
    knowledge, _ = load(write_config(tmp_path, an_authority("uk", "UK")))
    assert knowledge.warnings == ()


def test_contexts_add_to_organisations_of_other_files(tmp_path: Path) -> None:
    """A line of contexts.jsonl adds people and words to the organisation that has its id, and changes nothing else."""
    config = write_config(tmp_path, an_entity("north-harbour-front", name="North Harbour Front", topics="ngo"))
    line = an_entity("north-harbour-front", contextPeople="Orvando", contextWords="quay", otherSenses="yacht")
    (config / "organisations" / "contexts.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    knowledge, problems = load(config)
    front = knowledge.organisations["north-harbour-front"]
    assert (front.context_people, front.context, front.other_senses) == (("Orvando",), ("quay",), ("yacht",))
    assert front.is_civil
    assert problems == []


def test_contexts_of_an_unknown_organisation_are_a_problem(tmp_path: Path) -> None:
    """A mistyped id in contexts.jsonl is told with its place and a guess."""
    config = write_config(tmp_path, FRONT)
    line = an_entity("north-harbor-front", contextWords="quay")
    (config / "organisations" / "contexts.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    _, (problem,) = load(config)
    assert 'contexts.jsonl:1 "north-harbor-front".id: expected the id of an organisation' in problem
    assert "north-harbour-front" in problem
