"""Asks Prometheus and PostgreSQL what the panels ask, and says which answers are empty or errors."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

import psycopg
import requests

from tests.deploying.drawing import Answer

#: What Grafana puts in the place of its own variables, for a stack that is minutes old.
_VARIABLES = {"$__rate_interval": "1m", "$__range": "10m", "$__interval": "15s"}
RANGE_SECONDS = 300.0
STEP_SECONDS = 5.0


class PanelError(Exception):
    """A query failed or answered with nothing."""


def plain(expr: str) -> str:
    """Replace Grafana's variables."""
    for name, value in _VARIABLES.items():
        expr = expr.replace(name, value)
    return expr


def ask_prometheus(address: str, expr: str, now: float, legend: str = "") -> dict[str, list[tuple[float, float]]]:
    """Ask for a range that ends `now` (Unix time).

    Raises:
        PanelError: the expression is wrong.
    """
    query = urlencode({"query": plain(expr), "start": now - RANGE_SECONDS, "end": now, "step": STEP_SECONDS})
    answer = requests.get(f"{address}/api/v1/query_range?{query}", timeout=30).json()
    if answer["status"] != "success":
        raise PanelError(f"{expr}: {answer.get('error')}")
    series = {}
    for item in answer["data"]["result"]:
        name = _legend(legend, item["metric"])
        series[name] = [(float(at), float(value)) for at, value in item["values"]]
    return series


def ask_store(url: str, text: str) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    """Ask PostgreSQL; gives columns and rows.

    Raises:
        PanelError: the query is wrong.
    """
    try:
        with psycopg.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(text.encode())
            assert cursor.description is not None
            return tuple(column.name for column in cursor.description), tuple(cursor.fetchall())
    except psycopg.Error as error:
        raise PanelError(f"{text}: {error}") from error


def answer_panel(panel: dict[str, Any], prometheus: str, store: str, now: float) -> Answer:
    """Run all queries of a panel.

    Raises:
        PanelError: one of them failed, or all of them together gave nothing.
    """
    series: dict[str, list[tuple[float, float]]] = {}
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    for target in panel["targets"]:
        if "expr" in target:
            series |= ask_prometheus(prometheus, target["expr"], now, target["legendFormat"])
        else:
            columns, rows = ask_store(store, target["rawSql"])
    answer = Answer(series, columns, rows)
    if answer.empty:
        raise PanelError(f'panel "{panel["title"]}" is empty: {json.dumps(panel["targets"])}')
    return answer


def count_queries(dashboard: dict[str, Any]) -> tuple[int, int]:
    """Give how many PromQL and how many SQL queries a dashboard holds."""
    targets = [target for panel in dashboard["panels"] for target in panel["targets"]]
    promql = sum("expr" in target for target in targets)
    return promql, len(targets) - promql


def _legend(template: str, labels: dict[str, str]) -> str:
    if template in ("", "__auto"):
        return ", ".join(f"{key}={value}" for key, value in labels.items() if key != "__name__") or "value"
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda match: labels.get(match.group(1), ""), template)
