"""The dashboards: as generated, as Grafana's schema wants them, and of nothing that does not exist."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from grafana_foundation_sdk.models.dashboard import Dashboard

from tests.deploying.dashboards import FOLDER, rendered
from wirewatch.metrics import Metrics

RULES = Path(__file__).parents[2] / "config" / "prometheus" / "rules" / "wirewatch.yml"
FILES = sorted(rendered())

every_file = pytest.mark.parametrize("file", FILES)


def load(file: str) -> dict[str, Any]:
    """Read one provisioned dashboard."""
    loaded: dict[str, Any] = json.loads((FOLDER / file).read_text(encoding="utf-8"))
    return loaded


def known_names() -> set[str]:
    """Give every name that a query may use: our metrics with their suffixes, our recordings, and Prometheus' own."""
    names = {"up", "process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds"}
    for metric in vars(Metrics()).values():
        if hasattr(metric, "_labelnames"):
            suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}.get(metric._type, ("",))
            names |= {metric._name + suffix for suffix in suffixes}
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return names | {rule["record"] for group in groups for rule in group["rules"] if "record" in rule}


def unknown_names(expr: str) -> set[str]:
    """Give the metric names of an expression that nobody defines."""
    used = set(re.findall(r"\b(?:wirewatch[_:]\w+|process_\w+|up)\b", expr))
    return used - known_names()


@every_file
def test_a_provisioned_dashboard_stands_as_it_would_be_generated_now(file: str) -> None:
    """`make pages` was run after the last change."""
    assert (FOLDER / file).read_text(encoding="utf-8") == rendered()[file]


@every_file
def test_grafanas_own_schema_reads_the_dashboard_and_keeps_its_panels(file: str) -> None:
    """Nothing that we wrote is unknown to Grafana's model."""
    ours = load(file)
    theirs = Dashboard.from_json(ours)
    assert theirs.uid == ours["uid"]
    assert theirs.panels is not None
    assert [panel.title for panel in theirs.panels] == [panel["title"] for panel in ours["panels"]]


@every_file
def test_panels_ask_only_for_metrics_that_exist(file: str) -> None:
    """A renamed metric cannot leave an empty panel behind."""
    for panel in load(file)["panels"]:
        for target in panel["targets"]:
            assert unknown_names(target.get("expr", "")) == set(), panel["title"]


def test_the_check_of_names_sees_a_metric_that_nobody_defines() -> None:
    """The check above can fail."""
    assert unknown_names("sum(rate(wirewatch_moods_total[5m]))") == {"wirewatch_moods_total"}


@every_file
def test_every_panel_says_which_question_it_answers_and_in_which_unit(file: str) -> None:
    """A panel that needs an explanation elsewhere is not readable at a glance."""
    for panel in load(file)["panels"]:
        assert panel["description"], panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]


@every_file
def test_panels_do_not_overlap_and_fit_the_page(file: str) -> None:
    """The layout is a grid of 24 columns."""
    taken: set[tuple[int, int]] = set()
    for panel in load(file)["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells


def test_dashboards_link_to_one_another_and_to_the_console() -> None:
    """From any page one reaches the others, and an alert's own page from the table."""
    for file in FILES:
        kinds = {link["type"] for link in load(file)["links"]}
        assert kinds == {"dashboards", "link"}
    assert "/alerts/${__data.fields.Alert}" in (FOLDER / "detections.json").read_text(encoding="utf-8")


def test_feed_text_is_never_html_in_a_panel() -> None:
    """Tables show text; no text panel, no HTML, no markdown of what feeds say."""
    for file in FILES:
        for panel in load(file)["panels"]:
            assert panel["type"] != "text"
            assert "html" not in json.dumps(panel["options"]).lower()
