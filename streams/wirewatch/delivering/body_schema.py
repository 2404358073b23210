"""The JSON Schema of what webhooks are posted: `schemas/webhook.v1.json` in the package, made from the records."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import msgspec

from wirewatch.records import Alert, NoticeType

SCHEMA_ID = "urn:wirewatch:schema:webhook.v1"

_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_COUNTS = {"type": "object", "additionalProperties": _COUNT}
_TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}
_TIME_OR_NOTHING = {"anyOf": [_TIME, {"type": "null"}]}

_DIGEST = {
    "subscription": _TEXT,
    "count": {**_COUNT, "description": "Alerts in this message."},
    "total": {**_COUNT, "description": "Alerts in all messages of this digest."},
    "alerts": {
        "type": "array",
        "description": "Each as it stood, with its first quotes and sources and why it is told.",
        "items": {
            "allOf": [{"$ref": "#/$defs/Alert"}],
            "properties": {"notice": {"$ref": "#/$defs/AlertNotice"}},
            "required": ["notice"],
        },
    },
}
_HEARTBEAT = {
    "subscription": _TEXT,
    "day": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$", "description": "The day that it closes."},
    "since": _TIME,
    "until": _TIME,
    "articles_read": _COUNT,
    "newest_article_at": _TIME_OR_NOTHING,
    "alerts_told": _COUNT,
    "feeds": {**_COUNTS, "description": "Feeds by their state."},
    "deliveries": {**_COUNTS, "description": "Deliveries by their state."},
    "oldest_delivery_due_at": _TIME_OR_NOTHING,
}


def body_schema() -> dict[str, Any]:
    """Make the schema. Readers accept unknown fields: one may be added without a new version, never taken away."""
    (shape,), parts = msgspec.json.schema_components([Alert], ref_template="#/$defs/{name}")
    assert shape["$ref"] == "#/$defs/Alert"
    told = [notice.value for notice in (NoticeType.OPENED, NoticeType.UPDATED, NoticeType.STATE_CHANGED)]
    parts |= {
        "AlertNotice": {"description": "Why an alert is told.", "enum": told},
        "Digest": {"type": "object", "properties": _DIGEST, "required": list(_DIGEST)},
        "Heartbeat": {
            "type": "object",
            "properties": {**_HEARTBEAT, "records_waiting": _COUNT},
            "required": list(_HEARTBEAT),
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Notice",
        "description": "What a webhook is posted, in the envelope that Standard Webhooks recommends.",
        "type": "object",
        "properties": {"type": _TEXT, "timestamp": _TIME, "data": {"type": "object"}},
        "required": ["type", "timestamp", "data"],
        "oneOf": [
            {"properties": {"type": {"$ref": "#/$defs/AlertNotice"}, "data": {"$ref": "#/$defs/Alert"}}},
            _variant(NoticeType.DIGEST, "Digest"),
            _variant(NoticeType.HEARTBEAT, "Heartbeat"),
        ],
        "$defs": dict(sorted(parts.items())),
    }


def load_body_schema() -> dict[str, Any]:
    """Read the schema as it is shipped."""
    raw = files("wirewatch.delivering").joinpath("schemas", "webhook.v1.json").read_bytes()
    loaded: dict[str, Any] = msgspec.json.decode(raw)
    return loaded


def _variant(notice: NoticeType, name: str) -> dict[str, Any]:
    return {"properties": {"type": {"const": notice.value}, "data": {"$ref": f"#/$defs/{name}"}}}
