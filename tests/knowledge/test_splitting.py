"""One field of a list often holds several names."""

from __future__ import annotations

import pytest

from wirewatch.knowledge.importing.splitting import Names, is_acronym, split_names


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("North Harbour Front", Names("North Harbour Front")),
        ("North Harbour Front (NHF)", Names("North Harbour Front", ("NHF",))),
        ("  North   Harbour Front ", Names("North Harbour Front")),
        ("North Harbour Front; Old Quay Front", Names("North Harbour Front", ("Old Quay Front",))),
        ("North Harbour Front a.k.a. Old Quay Front", Names("North Harbour Front", ("Old Quay Front",))),
        ("North Harbour Front, also known as Quay", Names("North Harbour Front", ("Quay",))),
        ("North Harbour Front (formerly Quay League)", Names("North Harbour Front", (), ("Quay League",))),
        ("Tide Army— Ebb Army Amendment (July 2, 2019)", Names("Tide Army", ("Ebb Army",))),
        ("Tide Army (formerly Ebb)— Flood Army Amendment", Names("Tide Army", ("Flood Army",), ("Ebb",))),
        (
            "Tide Army (TA)— Ebb Army and Flood Army Amendments (June 1, 2018)— Surf Army Amendment (June 1, 2019)",
            Names("Tide Army", ("Ebb Army", "Flood Army", "Surf Army", "TA")),
        ),
        ("Tide Army (Ebb Group – EG)", Names("Tide Army", ("Ebb Group", "EG"))),
        (
            "Tide Army (TA), Ebb Army, Flood Army (Those Who Rise), and Surf Army",
            Names("Tide Army", ("Ebb Army", "Flood Army", "Surf Army", "TA", "Those Who Rise")),
        ),
        ("Tide Trading Company, Limited", Names("Tide Trading Company, Limited")),
        ("Tide Army (TAR/EBB)", Names("Tide Army", ("TAR", "EBB"))),
        ("“North Harbour Front”", Names("North Harbour Front")),
        ("Tide Front (branch located in Port)", Names("Tide Front")),
        ("", Names("")),
    ],
)
def test_field_is_taken_apart(raw: str, expected: Names) -> None:
    """Brackets, semicolons, "a.k.a." and "formerly" divide names; remarks are dropped."""
    assert split_names(raw) == expected


@pytest.mark.parametrize(("name", "expected"), [("NHF", True), ("NhF", True), ("CPP/NPA", True), ("Quay", False)])
def test_acronyms_are_recognised(name: str, expected: bool) -> None:
    """Two capitals make an acronym, one does not."""
    assert is_acronym(name) is expected
