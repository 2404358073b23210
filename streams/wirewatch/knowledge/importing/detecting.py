"""Tells which format a list is in, from its name and its first bytes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

#: Enough to see the root element or the header line.
_HEAD_BYTES = 4096


class Format(StrEnum):
    """The formats that can be imported."""

    OFAC_XML = "ofac-xml"
    OFAC_CSV = "ofac-csv"
    UN_XML = "un-xml"
    UK_CSV = "uk-csv"
    EU_CSV = "eu-csv"
    EU_XML = "eu-xml"
    OPENSANCTIONS_FTM = "opensanctions-ftm"
    OPENSANCTIONS_CSV = "opensanctions-csv"


def detect_format(path: Path) -> Format | None:
    """Give the format of a file, or None when it looks like none of them."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES).decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    signs = (
        (Format.OFAC_XML, "<sdnList" in head),
        (Format.UN_XML, "<CONSOLIDATED_LIST" in head),
        (Format.EU_XML, "<export" in head and ("fsd" in head or "sanctionEntity" in head)),
        (Format.OPENSANCTIONS_FTM, head.startswith("{") and '"schema"' in head),
        (Format.UK_CSV, "Name 6" in head),
        (Format.EU_CSV, "Entity_LogicalId" in head),
        (Format.OPENSANCTIONS_CSV, head.startswith(("id,schema,name", '"id","schema","name"'))),
        (Format.OFAC_CSV, path.name.lower().endswith("sdn.csv")),
    )
    return next((kind for kind, is_it in signs if is_it), None)
