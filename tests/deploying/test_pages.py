"""Generated pages stand as they would be generated now."""

from __future__ import annotations

import re
from pathlib import Path

from tests.deploying.metrics_page import PAGE, questions, rendered
from wirewatch.metrics import Metrics

CONFIG = Path(__file__).parents[2] / "config"


def test_the_page_of_metrics_is_up_to_date() -> None:
    """`python -m tests.deploying.metrics_page` was run after the last change of a metric."""
    assert PAGE.read_text(encoding="utf-8") == rendered()


def test_every_metric_answers_a_question() -> None:
    """A metric without a question above it is not worth keeping."""
    asked = questions()
    assert all(asked.values())
    made = {name for name, value in vars(Metrics()).items() if hasattr(value, "_labelnames")}
    assert made == set(asked)


def test_every_alert_has_a_section_in_the_runbook() -> None:
    """Whoever is woken finds what to do."""
    rules = (CONFIG / "prometheus/rules/wirewatch.yml").read_text(encoding="utf-8")
    headings = re.findall(r"^## (\w+)$", (CONFIG / "prometheus/RUNBOOK.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert re.findall(r"- alert: (\w+)", rules) == headings
    assert re.findall(r"RUNBOOK\.md#(\w+)", rules) == [heading.lower() for heading in headings]
