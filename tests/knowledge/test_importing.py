"""Published lists become organisations files: every field used, ignored by name, or reported."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.knowledge.small import an_entity, load, write_config
from wirewatch.errors import ConfigError
from wirewatch.knowledge.importing.detecting import Format, detect_format
from wirewatch.knowledge.importing.differing import ChangeKind, diff_listings
from wirewatch.knowledge.importing.running import UNKNOWN_DAY, import_list
from wirewatch.records import Listing

LISTS = Path(__file__).parent / "lists"
TODAY = date(2026, 3, 1)
FILES = {
    "sdn.xml": Format.OFAC_XML,
    "sdn.csv": Format.OFAC_CSV,
    "un.xml": Format.UN_XML,
    "ofsi.csv": Format.UK_CSV,
    "uksl.csv": Format.UK_CSV,
    "eu.csv": Format.EU_CSV,
    "eu.xml": Format.EU_XML,
    "entities.ftm.json": Format.OPENSANCTIONS_FTM,
    "targets.simple.csv": Format.OPENSANCTIONS_CSV,
}


@pytest.mark.parametrize(("name", "expected"), FILES.items())
def test_format_is_told_from_the_file(name: str, expected: Format) -> None:
    """Every format is recognised by its first bytes or its name."""
    assert detect_format(LISTS / name) is expected


def test_other_files_have_no_format(tmp_path: Path) -> None:
    """A file of another kind is none of the formats, and importing it says what was expected."""
    other = tmp_path / "notes.txt"
    other.write_text("hello", encoding="utf-8")
    assert detect_format(other) is None
    with pytest.raises(ConfigError, match="expected one of ofac-xml"):
        import_list(write_config(tmp_path), other, TODAY)


@pytest.mark.parametrize("name", FILES)
def test_every_format_gives_the_organisation_with_its_names(tmp_path: Path, name: str) -> None:
    """The invented front comes out of every format with its second name, its country, and a line of the register."""
    config = write_config(tmp_path)
    imported = import_list(config, LISTS / name, TODAY)
    knowledge, problems = load(config)
    front = knowledge.organisations["north-harbour-front"]
    assert problems == []
    assert imported.known == 0
    assert "HARBOUR LIBERATION COLUMN" in {alias.upper() for alias in front.aliases}
    assert front.countries == ("pk",)
    assert any(listing.organisation_id == front.id for listing in knowledge.listings)
    assert "NHF" not in front.aliases


@pytest.mark.parametrize(
    ("name", "authority", "programme", "since"),
    [
        ("sdn.xml", "us-state", "FTO", UNKNOWN_DAY),
        ("sdn.csv", "us-treasury", "SDGT", UNKNOWN_DAY),
        ("un.xml", "un-security-council", "UN1267", date(2005, 5, 2)),
        ("ofsi.csv", "uk-treasury", "UK", date(2005, 5, 2)),
        ("uksl.csv", "uk-treasury", "UK", date(2005, 5, 2)),
        ("eu.csv", "eu-council", "EU", date(2005, 5, 6)),
        ("eu.xml", "eu-council", "EU", date(2005, 5, 6)),
        ("entities.ftm.json", "us-treasury", "SDGT", date(2019, 7, 2)),
        ("targets.simple.csv", "us-treasury", "SDGT", date(2019, 7, 2)),
    ],
)
def test_register_line_carries_authority_programme_and_day(
    tmp_path: Path, name: str, authority: str, programme: str, since: date
) -> None:
    """Each list names who listed under which programme and since when; OFAC gives no day."""
    config = write_config(tmp_path)
    import_list(config, LISTS / name, TODAY)
    knowledge, _ = load(config)
    found = {(x.authority_id, x.programme, x.since) for x in knowledge.listings if "harbour" in x.organisation_id}
    assert (authority, programme, since) in found


def test_known_organisation_gets_names_and_no_second_entity(tmp_path: Path) -> None:
    """An organisation that we know under another spelling keeps its id and name; only new names are added."""
    config = write_config(tmp_path, an_entity("nhf", name="North Harbor Front", alias="North Harbour Front"))
    imported = import_list(config, LISTS / "un.xml", TODAY)
    knowledge, problems = load(config)
    assert problems == []
    assert imported.known == 1
    assert "north-harbour-front" not in knowledge.organisations
    assert "Harbour Liberation Column" in knowledge.organisations["nhf"].aliases
    assert "جبهة الميناء الشمالي" in knowledge.organisations["nhf"].aliases


def test_unknown_fields_and_values_are_reported(tmp_path: Path) -> None:
    """A field that no reader knows and an authority that no file holds are counted, not swallowed."""
    config = write_config(tmp_path)
    assert import_list(config, LISTS / "un.xml", TODAY).ledger.problems() == ('unknown field "MOOD" (1 times)',)
    ftm = import_list(config, LISTS / "entities.ftm.json", TODAY)
    assert ftm.ledger.problems() == ('unknown authority "Ministry of Silly Lists" (1 times)',)
    assert ftm.ledger.left_out["Person"] == 1


def test_programme_keeps_only_its_organisations(tmp_path: Path) -> None:
    """With a programme given, organisations of other programmes are left out and counted."""
    config = write_config(tmp_path)
    imported = import_list(config, LISTS / "sdn.xml", TODAY, programmes=["FTO"])
    assert (imported.organisations, imported.ledger.left_out["other programme"]) == (1, 1)


def test_register_entry_of_ours_is_not_doubled(tmp_path: Path) -> None:
    """What a file of ours lists with its day is not listed again by a list that has none."""
    front = an_entity("north-harbour-front", name="North Harbour Front")
    ours = an_entity(
        "front-sdgt",
        "Sanction",
        entity="north-harbour-front",
        authority="us-state",
        program="SDGT",
        startDate="2019-07-02",
    )
    config = write_config(tmp_path, front, ours)
    import_list(config, LISTS / "sdn.xml", TODAY, programmes=["SDGT"])
    knowledge, _ = load(config)
    assert [(x.programme, x.since) for x in knowledge.listings if x.programme == "SDGT"] == [("SDGT", date(2019, 7, 2))]


def test_importing_again_tells_what_changed(tmp_path: Path) -> None:
    """A second import gives the differences: listed since today, taken off, a new name; the first gives none."""
    config = write_config(tmp_path)
    first = tmp_path / "sdn.xml"
    text = (LISTS / "sdn.xml").read_text(encoding="utf-8")
    first.write_text(text, encoding="utf-8")
    import_list(config, first, TODAY).settle()
    assert import_list(config, first, TODAY).changes == ()
    changed = text.replace("<program>IFSR</program>", "<program>SDGT</program>").replace(
        "HARBOUR LIBERATION COLUMN", "PIER LIBERATION COLUMN"
    )
    first.write_text(changed, encoding="utf-8")
    changes = import_list(config, first, TODAY).changes
    assert {(change.kind, change.listing.organisation_id, change.alias) for change in changes} >= {
        (ChangeKind.LISTED, "tidewater-general-trading", ""),
        (ChangeKind.DELISTED, "tidewater-general-trading", ""),
        (ChangeKind.ALIAS_ADDED, "north-harbour-front", "PIER LIBERATION COLUMN"),
    }
    listed = next(change for change in changes if change.kind is ChangeKind.LISTED)
    assert listed.listing.since == TODAY


def test_changes_are_told_again_until_they_were_dealt_with(tmp_path: Path) -> None:
    """A crash between an import and its alerts loses no change; once settled, the next import tells none."""
    config = write_config(tmp_path)
    source = tmp_path / "un.xml"
    text = (LISTS / "un.xml").read_text(encoding="utf-8")
    source.write_text(text.replace("QDe.901</REFERENCE_NUMBER>", "QDe.901</REFERENCE_NUMBER><MOOD/>"), encoding="utf-8")
    import_list(config, source, TODAY).settle()
    source.write_text(text.replace("HTe.901", "HTe.902").replace("Haiti", "Somalia"), encoding="utf-8")
    first = import_list(config, source, TODAY)
    again = import_list(config, source, TODAY)
    assert first.changes == again.changes != ()
    again.settle()
    assert import_list(config, source, TODAY).changes == ()


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    """A dry run reports and leaves the folder as it was."""
    config = write_config(tmp_path)
    before = sorted(path.name for path in (config / "organisations").iterdir())
    assert import_list(config, LISTS / "un.xml", TODAY, dry_run=True).organisations == 2
    assert sorted(path.name for path in (config / "organisations").iterdir()) == before


def test_import_leaves_no_half_file(tmp_path: Path) -> None:
    """After an import only whole JSON lines stand in the folder, and nothing beside the target."""
    config = write_config(tmp_path)
    imported = import_list(config, LISTS / "eu.xml", TODAY)
    assert [json.loads(line)["schema"] for line in imported.path.read_text(encoding="utf-8").splitlines()]
    assert not list(config.glob("organisations/*.new"))


def test_broken_list_is_a_clear_mistake(tmp_path: Path) -> None:
    """A list cut in the middle is refused with its name, and the earlier import stays."""
    config = write_config(tmp_path)
    good = import_list(config, LISTS / "un.xml", TODAY)
    before = good.path.read_bytes()
    broken = tmp_path / "un.xml"
    broken.write_text((LISTS / "un.xml").read_text(encoding="utf-8")[:900], encoding="utf-8")
    with pytest.raises(ConfigError, match=r"un\.xml: cannot read XML"):
        import_list(config, broken, TODAY)
    assert good.path.read_bytes() == before


def test_exploding_xml_is_refused(tmp_path: Path) -> None:
    """A list with entities that expand is refused before they do."""
    bomb = tmp_path / "un.xml"
    bomb.write_text(
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
        "<CONSOLIDATED_LIST><ENTITIES><ENTITY><FIRST_NAME>&b;</FIRST_NAME></ENTITY></ENTITIES></CONSOLIDATED_LIST>",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError, match="cannot read XML"):
        import_list(write_config(tmp_path), bomb, TODAY)


def a_line(organisation: str = "front", **changes: object) -> Listing:
    """Build a line of the register."""
    values: dict[str, object] = {"authority_id": "us", "programme": "FTO", "since": date(2025, 8, 11), **changes}
    return Listing(organisation, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([a_line()], [a_line()], []),
        ([], [a_line()], [ChangeKind.LISTED]),
        ([a_line()], [], [ChangeKind.DELISTED]),
        ([a_line()], [a_line(until=date(2026, 1, 1))], [ChangeKind.DELISTED]),
        ([a_line(until=date(2026, 1, 1))], [], []),
        ([a_line()], [a_line(aliases=(("Column", None),))], [ChangeKind.ALIAS_ADDED]),
        ([a_line()], [a_line(since=date(2025, 8, 12))], [ChangeKind.CHANGED]),
        ([a_line()], [a_line(programme="SDGT")], [ChangeKind.LISTED, ChangeKind.DELISTED]),
    ],
)
def test_difference_of_two_registers(old: list[Listing], new: list[Listing], expected: list[ChangeKind]) -> None:
    """Each way in which a register can change is one kind of change."""
    assert [change.kind for change in diff_listings(old, new)] == expected
