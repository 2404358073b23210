"""Alerts as CloudEvents 1.0 for readers of the topic `alerts.v1`: attributes as Kafka headers, the alert as the value.

The value's shape is `schemas/alerts.v1.json` (JSON Schema 2020-12), made from the records by `alert_schema` and kept in
the package, so that a reader in another language needs nothing of ours.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import msgspec

from wirewatch.records import Alert
from wirewatch.wire import SCHEMA

SOURCE = "wirewatch"
TYPE = "wirewatch.alert.v1"
SCHEMA_ID = "urn:wirewatch:schema:alerts.v1"


def headers_for(alert: Alert) -> dict[str, bytes]:
    """Give the headers of an alert's record, as the Kafka binding of CloudEvents 1.0.2 spells them (binary mode).

    The same revision always has the same `ce_id`, however often it is written.
    """
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": f"{alert.id}.{alert.revision}",
        "ce_source": SOURCE,
        "ce_type": TYPE,
        "ce_subject": alert.id,
        "ce_time": alert.updated_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ce_dataschema": SCHEMA_ID,
        "content-type": "application/json",
    }
    return {name: value.encode() for name, value in attributes.items()}


def alert_schema() -> dict[str, Any]:
    """Make the JSON Schema of a value of `alerts.v1` from the records."""
    (shape,), parts = msgspec.json.schema_components([Alert], ref_template="#/$defs/{name}")
    alert = parts.pop(shape["$ref"].rpartition("/")[2])
    alert["properties"] = {"schema": {"const": SCHEMA}, **alert["properties"]}
    alert["required"] = ["schema", *alert["required"]]
    # Readers accept unknown fields: a field may be added without a new version, never taken away.
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **alert,
        "additionalProperties": True,
        "$defs": dict(sorted(parts.items())),
    }


def load_alert_schema() -> dict[str, Any]:
    """Read the schema as it is shipped."""
    raw = files("wirewatch.delivering").joinpath("schemas", "alerts.v1.json").read_bytes()
    loaded: dict[str, Any] = msgspec.json.decode(raw)
    return loaded
