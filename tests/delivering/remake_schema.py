"""Writes the shipped schemas anew: `python -m tests.delivering.remake_schema`."""

from __future__ import annotations

import json
from pathlib import Path

from wirewatch import delivering
from wirewatch.delivering.body_schema import body_schema
from wirewatch.delivering.cloud_events import alert_schema

if __name__ == "__main__":
    folder = Path(delivering.__path__[0]) / "schemas"
    for name, schema in (("alerts.v1", alert_schema()), ("webhook.v1", body_schema())):
        (folder / f"{name}.json").write_text(json.dumps(schema, indent=2) + "\n", encoding="utf-8")
