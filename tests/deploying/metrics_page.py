"""The page that documents every metric, made from the code: `python -m tests.deploying.metrics_page` writes it."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from wirewatch import metrics
from wirewatch.metrics import Metrics

PAGE = Path(__file__).parents[2] / "config" / "prometheus" / "METRICS.md"

_HEAD = """# Metrics

Every process of Wirewatch answers `/metrics`. `run` and `console` serve it on the console's address, `poll` and `stream` on `metrics_listen`.
Times are seconds. No label ever comes from a feed's text: `feed`, `subscription`, `organisation` and `list` are ids from your own configuration.
Counters of several processes are summed; gauges that every process reads from the store (`outbox_*`, `register_*`, `feed_*`) are taken by `max`.
This page is made from `streams/wirewatch/metrics.py`.

| metric | type | labels | what it tells | the question |
|---|---|---|---|---|
"""


def questions() -> dict[str, str]:
    """Give, for each attribute of Metrics, the comment above it: the question that it answers."""
    found: dict[str, str] = {}
    question = ""
    for line in inspect.getsource(metrics.Metrics).splitlines():
        text = line.strip()
        if text.startswith("# "):
            question = text[2:]
        elif match := re.match(r"self\.(\w+) = self\._(?:counter|gauge|histogram)\(", text):
            found[match.group(1)] = question
    return found


def rendered() -> str:
    """Give the whole page."""
    made = Metrics()
    rows = []
    for attribute, question in questions().items():
        metric = getattr(made, attribute)
        suffix = "_total" if metric._type == "counter" else ""
        labels = ", ".join(f"`{label}`" for label in metric._labelnames)
        rows.append(f"| `{metric._name}{suffix}` | {metric._type} | {labels} | {metric._documentation} | {question} |")
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(rendered(), encoding="utf-8")
