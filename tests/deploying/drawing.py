"""Draws a dashboard from the answers to its queries, where Grafana itself cannot be had: one HTML page, no scripts.

Called by `stack_check`, which photographs the page with a headless browser. It shows what a person would see, roughly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Any

_COLOURS = ("#5794f2", "#73bf69", "#ff9830", "#f2495c", "#b877d9", "#fade2a", "#8ab8ff", "#96d98d")
_STYLE = """
body{margin:0;background:#111217;color:#d8d9da;font:13px/1.4 system-ui,sans-serif;padding:16px}
h1{font-size:20px;margin:0 0 4px}p{margin:0 0 12px;color:#8e8e94}
.grid{display:grid;grid-template-columns:repeat(24,1fr);gap:8px;grid-auto-rows:34px}
.panel{background:#181b1f;border:1px solid #2c3235;border-radius:3px;padding:6px 10px;overflow:hidden}
h2{font-size:13px;margin:0 0 4px;font-weight:600}.big{font-size:30px;color:#5794f2}
table{border-collapse:collapse;width:100%;font-size:12px}
td,th{text-align:left;padding:2px 6px;border-bottom:1px solid #2c3235;
vertical-align:top}th{color:#8e8e94}
.bar{height:12px;background:#5794f2;display:inline-block}.legend{font-size:11px;color:#8e8e94}
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the queries of one panel gave: series over time, or columns and rows."""

    #: Legend → (time, value) pairs.
    series: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to see."""
        return not self.rows and not any(self.series.values())


def draw(dashboard: dict[str, Any], answers: dict[int, Answer]) -> str:
    """Give the page of a dashboard; `answers` by panel id."""
    panels = "".join(_panel(panel, answers[panel["id"]]) for panel in dashboard["panels"])
    return (
        f"<!doctype html><meta charset=utf-8><title>{escape(dashboard['title'])}</title><style>{_STYLE}</style>"
        f"<h1>{escape(dashboard['title'])}</h1><p>{escape(dashboard['description'])}</p><div class=grid>{panels}</div>"
    )


def _panel(panel: dict[str, Any], answer: Answer) -> str:
    place = panel["gridPos"]
    unit = panel["fieldConfig"]["defaults"]["unit"]
    kind = panel["type"]
    if kind == "stat":
        body = f"<div class=big>{escape(_shown(_last(answer), unit))}</div>"
    elif answer.rows and kind == "table":
        body = _table(answer)
    elif kind == "timeseries":
        body = _lines(answer, place["w"] * 60, place["h"] * 30)
    else:
        body = _bars(answer, unit)
    style = f"grid-column:{place['x'] + 1}/span {place['w']};grid-row:{place['y'] + 1}/span {place['h']}"
    return f"<div class=panel style='{style}'><h2>{escape(panel['title'])}</h2>{body}</div>"


def _last(answer: Answer) -> float:
    if answer.rows:
        return float(answer.rows[0][-1] or 0)
    return next((points[-1][1] for points in answer.series.values() if points), float("nan"))


def _shown(value: float, unit: str) -> str:
    if value != value:
        return "–"
    for limit, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if unit in ("bytes", "short") and abs(value) >= limit:
            return f"{value / (limit if letter != 'k' else 1e3):.1f} {letter}"
    text = f"{value:.0f}" if value == int(value) else f"{value:.3g}"
    return {"s": text + " s", "percentunit": f"{value:.0%}", "cps": text + " /s", "bytes": text + " B"}.get(unit, text)


def _table(answer: Answer) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in answer.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape('' if cell is None else str(cell)[:220])}</td>" for cell in row) + "</tr>"
        for row in answer.rows[:12]
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _bars(answer: Answer, unit: str) -> str:
    pairs = [(" ".join(map(str, row[:-1])), float(row[-1] or 0)) for row in answer.rows] or [
        (name, points[-1][1]) for name, points in answer.series.items() if points
    ]
    top = max((value for _, value in pairs if value == value), default=0) or 1
    return "".join(
        f"<div>{escape(name)} <span class=bar style='width:{max(0, value) / top * 45:.1f}%'></span>"
        f" {escape(_shown(value, unit))}</div>"
        for name, value in sorted(pairs, key=lambda pair: -pair[1])[:9]
    )


def _lines(answer: Answer, width: int, height: int) -> str:
    points = [point for series in answer.series.values() for point in series if point[1] == point[1]]
    if not points:
        return "<p>no data</p>"
    first, last = min(p[0] for p in points), max(p[0] for p in points)
    span = (last - first) or 1
    top = max(p[1] for p in points) or 1
    drawn, legend = [], []
    for number, (name, series) in enumerate(answer.series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(
            f"{(at - first) / span * width:.1f},{height - 24 - max(0, value) / top * (height - 40):.1f}"
            for at, value in series
            if value == value
        )
        drawn.append(f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='2'/>")
        legend.append(f"<span style='color:{colour}'>■</span> {escape(name)} ")
    return (
        f"<svg viewBox='0 0 {width} {height - 20}' width='100%' height='70%' preserveAspectRatio='none'>"
        f"{''.join(drawn)}</svg><div class=legend>{''.join(legend[:10])}</div>"
    )
