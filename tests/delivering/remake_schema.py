"""Writes the shipped schema of `alerts.v1` anew: `python -m tests.delivering.remake_schema`."""

from __future__ import annotations

import json
from pathlib import Path

from wirewatch import delivering
from wirewatch.delivering.cloud_events import alert_schema

if __name__ == "__main__":
    target = Path(delivering.__path__[0]) / "schemas" / "alerts.v1.json"
    target.write_text(json.dumps(alert_schema(), indent=2) + "\n", encoding="utf-8")
