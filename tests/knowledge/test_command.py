"""`wirewatch organisations` as a person calls it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from tests.knowledge.small import an_entity, write_config
from wirewatch.commands.organisations import organisations

LISTS = Path(__file__).parent / "lists"
FRONT = an_entity("north-harbour-front", name="North Harbour Front", alias="NHF", country="pk", contextWords="quay")
LISTING = an_entity(
    "front-fto",
    "Sanction",
    entity="north-harbour-front",
    authority="us-state",
    program="FTO",
    startDate="2025-08-11",
    source="Federal Register",
)


def call(config: Path, *arguments: str) -> Result:
    """Call the command with a configuration."""
    return CliRunner().invoke(organisations, [*arguments, "--config", str(config), "--data", str(config / "var")])


def test_list_gives_organisations_of_a_programme(tmp_path: Path) -> None:
    """`list --programme` gives those who are on such a list today, `--authorities` those who keep them."""
    config = write_config(tmp_path, FRONT, an_entity("old-quay", name="Old Quay Front"), LISTING)
    assert call(config, "list", "--programme", "FTO", "--json").stdout.splitlines() == [
        '{"id": "north-harbour-front", "name": "North Harbour Front", "unverified_listings": 0}'
    ]
    assert "old-quay" in call(config, "list").stdout
    assert call(config, "list", "--country", "co").stdout == ""
    assert "us-treasury" in call(config, "list", "--authorities").stdout


def test_show_tells_names_and_lists(tmp_path: Path) -> None:
    """`show` gives an organisation with its names, what vouches for them, and the lists that it is on."""
    config = write_config(tmp_path, FRONT, LISTING)
    shown = call(config, "show", "north-harbour-front").stdout
    assert "FTO      since 2025-08-11, by us-state (Federal Register)" in shown
    assert "good company    quay" in shown
    assert json.loads(call(config, "show", "north-harbour-front", "--json").stdout)["listings"][0]["programme"] == "FTO"


def test_unverified_listing_is_told_wherever_it_is_shown(tmp_path: Path) -> None:
    """An entry that nobody compared with the published list is marked by `list`, `show` and `check`."""
    doubtful = {**LISTING, "properties": {**LISTING["properties"], "unverified": ["day"]}}
    config = write_config(tmp_path, FRONT, doubtful)
    assert "(1 register entry unverified)" in call(config, "list").stdout
    assert "(Federal Register; the day not compared with the list)" in call(config, "show", FRONT["id"]).stdout
    assert not json.loads(call(config, "show", FRONT["id"], "--json").stdout)["listings"][0]["verified"]
    assert "1 register entries, 1 of them unverified" in call(config, "check").stdout
    assert "unverified)" not in call(write_config(tmp_path, FRONT, LISTING), "list").stdout


def test_show_suggests_the_nearest_id(tmp_path: Path) -> None:
    """A slip in an id is a clear mistake with a suggestion."""
    result = call(write_config(tmp_path, FRONT), "show", "north-harbor-front")
    assert result.exit_code == 1
    assert 'did you mean "north-harbour-front"?' in result.output


def test_check_reports_dangerous_aliases(tmp_path: Path) -> None:
    """`check` prints every alias that may bite, and the numbers."""
    shown = call(write_config(tmp_path, FRONT), "check").stdout
    assert 'careful: north-harbour-front: "NHF" has 3 letters and matches alone' in shown
    assert "1 organisations, 6 authorities" in shown


def test_import_reports_what_it_did(tmp_path: Path) -> None:
    """`import` tells how many organisations it found and knew, what it left out and what it could not read."""
    config = write_config(tmp_path, FRONT)
    shown = call(config, "import", str(LISTS / "un.xml"))
    assert shown.exit_code == 0, shown.output
    assert "2 organisations, 1 of them known before; written to" in shown.stdout
    assert "left out: 1 individual" in shown.stdout
    assert 'careful: unknown field "MOOD" (1 times)' in shown.stdout
    report = json.loads(call(config, "import", str(LISTS / "un.xml"), "--json").stdout)
    assert (report["organisations"], report["changes"], report["alerts"]) == (2, [], [])


def test_terminal_is_not_driven_by_a_list(tmp_path: Path) -> None:
    """Control characters in a published list do not reach the terminal or the files."""
    text = (LISTS / "targets.simple.csv").read_text(encoding="utf-8")
    source = tmp_path / "targets.simple.csv"
    source.write_text(text.replace("Harbour Liberation", "Harbour\x1b[2JLiberation"), encoding="utf-8")
    config = write_config(tmp_path)
    call(config, "import", str(source))
    assert "\x1b" not in (config / "organisations" / "imported-opensanctions.jsonl").read_text(encoding="utf-8")
    assert "\x1b" not in call(config, "show", "north-harbour-front").stdout
