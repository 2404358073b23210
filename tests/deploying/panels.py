"""Small builders for Grafana panels as plain dictionaries. Pure; `dashboards` puts them together.

Grafana's own schema judges the result (see `test_dashboards`).
"""

from __future__ import annotations

from typing import Any

Panel = dict[str, Any]

PROMETHEUS = {"type": "prometheus", "uid": "prometheus"}
STORE = {"type": "grafana-postgresql-datasource", "uid": "store"}

#: Grafana counts 24 columns.
COLUMNS = 24


def prom(expr: str, legend: str = "__auto", *, instant: bool = False) -> dict[str, Any]:
    """Query Prometheus; `instant` asks for the newest value only."""
    return {
        "datasource": PROMETHEUS,
        "expr": expr,
        "legendFormat": legend,
        "instant": instant,
        "range": not instant,
        "editorMode": "code",
    }


def sql(text: str, *, as_table: bool = True) -> dict[str, Any]:
    """Query the store."""
    return {
        "datasource": STORE,
        "rawSql": " ".join(text.split()),
        "rawQuery": True,
        "editorMode": "code",
        "format": "table" if as_table else "time_series",
    }


def panel(
    kind: str,
    title: str,
    why: str,
    targets: list[dict[str, Any]],
    *,
    width: int,
    height: int = 7,
    unit: str = "short",
    options: dict[str, Any] | None = None,
    custom: dict[str, Any] | None = None,
    defaults: dict[str, Any] | None = None,
    overrides: list[dict[str, Any]] | None = None,
) -> Panel:
    """Build one panel. `why` is the question it answers, shown on hover."""
    for number, target in enumerate(targets):
        target["refId"] = chr(ord("A") + number)
    return {
        "type": kind,
        "title": title,
        "description": why,
        "datasource": targets[0]["datasource"],
        "targets": targets,
        "gridPos": {"x": 0, "y": 0, "w": width, "h": height},
        "fieldConfig": {
            "defaults": {"unit": unit, "custom": custom or {}, **(defaults or {})},
            "overrides": overrides or [],
        },
        "options": options or {},
    }


def lines(title: str, why: str, targets: list[dict[str, Any]], *, width: int = 12, unit: str = "short") -> Panel:
    """Draw series over time."""
    return panel(
        "timeseries",
        title,
        why,
        targets,
        width=width,
        unit=unit,
        options={
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        custom={"lineWidth": 2, "fillOpacity": 8, "showPoints": "never", "spanNulls": True},
        defaults={"min": 0},
    )


def bars(title: str, why: str, targets: list[dict[str, Any]], *, width: int = 12, unit: str = "short") -> Panel:
    """Draw stacked bars over time: counts that happened in each step."""
    drawn = lines(title, why, targets, width=width, unit=unit)
    drawn["fieldConfig"]["defaults"]["custom"] = {
        "drawStyle": "bars",
        "fillOpacity": 70,
        "lineWidth": 0,
        "stacking": {"mode": "normal", "group": "A"},
    }
    return drawn


def figure(
    title: str,
    why: str,
    target: dict[str, Any],
    *,
    width: int = 4,
    unit: str = "short",
    bad_above: float | None = None,
) -> Panel:
    """Show one big number; red above `bad_above`."""
    steps: list[dict[str, Any]] = [{"color": "green" if bad_above is not None else "blue", "value": None}]
    if bad_above is not None:
        steps.append({"color": "red", "value": bad_above})
    return panel(
        "stat",
        title,
        why,
        [target],
        width=width,
        height=4,
        unit=unit,
        options={
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            "colorMode": "value",
            "graphMode": "none",
            "textMode": "auto",
            "justifyMode": "auto",
            "orientation": "auto",
        },
        defaults={"thresholds": {"mode": "absolute", "steps": steps}},
    )


def ranking(title: str, why: str, target: dict[str, Any], *, width: int = 12, unit: str = "short") -> Panel:
    """Show the largest of many as horizontal bars."""
    return panel(
        "bargauge",
        title,
        why,
        [target],
        width=width,
        unit=unit,
        options={
            "displayMode": "basic",
            "orientation": "horizontal",
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": target.get("format") == "table"},
            "valueMode": "color",
        },
        defaults={"min": 0},
    )


def rows(
    title: str,
    why: str,
    target: dict[str, Any],
    *,
    width: int = 24,
    height: int = 9,
    units: dict[str, str] | None = None,
    links: dict[str, str] | None = None,
) -> Panel:
    """Show a table; `units` by column, `links` from a column to an address."""
    overrides = [
        {"matcher": {"id": "byName", "options": column}, "properties": [{"id": "unit", "value": unit}]}
        for column, unit in (units or {}).items()
    ] + [
        {
            "matcher": {"id": "byName", "options": column},
            "properties": [{"id": "links", "value": [{"title": "Open in Wirewatch", "url": url}]}],
        }
        for column, url in (links or {}).items()
    ]
    return panel(
        "table",
        title,
        why,
        [target],
        width=width,
        height=height,
        options={"showHeader": True, "cellHeight": "sm", "footer": {"show": False, "reducer": ["sum"], "fields": ""}},
        # `wrapText` instead of HTML: feed text stays text.
        custom={"align": "left", "cellOptions": {"type": "auto", "wrapText": True}, "inspect": True},
        overrides=overrides,
    )


def dashboard(uid: str, title: str, about: str, panels: list[Panel]) -> dict[str, Any]:
    """Lay panels out left to right, top to bottom, in the order given."""
    x = y = height = 0
    for number, item in enumerate(panels, 1):
        place = item["gridPos"]
        if x + place["w"] > COLUMNS:
            x, y, height = 0, y + height, 0
        place["x"], place["y"] = x, y
        x, height = x + place["w"], max(height, place["h"])
        item["id"] = number
    return {
        "uid": uid,
        "title": title,
        "description": about,
        "tags": ["wirewatch"],
        "timezone": "utc",
        "editable": False,
        "graphTooltip": 1,
        "refresh": "10s",
        "schemaVersion": 41,
        "time": {"from": "now-30m", "to": "now"},
        "links": [
            {
                "title": "Wirewatch",
                "type": "dashboards",
                "tags": ["wirewatch"],
                "asDropdown": False,
                "includeVars": False,
                "keepTime": True,
                "targetBlank": False,
                "icon": "external link",
                "tooltip": "",
                "url": "",
            },
            {
                "title": "Console",
                "type": "link",
                "url": "http://127.0.0.1:8321/",
                "icon": "bolt",
                "tags": [],
                "asDropdown": False,
                "includeVars": False,
                "keepTime": False,
                "targetBlank": True,
                "tooltip": "Alerts with their quotes",
            },
        ],
        "annotations": {"list": []},
        "templating": {"list": []},
        "panels": panels,
    }
