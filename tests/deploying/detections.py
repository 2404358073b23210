"""The dashboard of detections: what happened to whom, with quotes from the store."""

from __future__ import annotations

from typing import Any

from tests.deploying.panels import bars, dashboard, figure, lines, panel, prom, ranking, rows, sql

#: The alert as JSON; `record` holds it whole.
_RECORD = "convert_from(record, 'UTF8')::jsonb"

NEWEST = f"""
SELECT a.updated_at AS "Updated", a.kind AS "Kind", a.state AS "State", a.organisation_name AS "Organisation",
  a.headline AS "Headline", {_RECORD} -> 'evidence' -> 0 ->> 'quote' AS "Quote",
  a.independent_sources AS "Sources", CASE WHEN a.sample THEN 'sample' ELSE '' END AS "Mark", a.alert_id AS "Alert"
FROM alerts a ORDER BY a.updated_at DESC LIMIT 50
"""

LEAD_TIME = f"""
SELECT a.organisation_name AS "Organisation", a.kind AS "Kind",
  min((s ->> 'published_at')::timestamptz) AS "First report",
  min((s ->> 'published_at')::timestamptz) FILTER (WHERE s ->> 'tier' = 'authority') AS "First word of an authority",
  extract(epoch FROM min((s ->> 'published_at')::timestamptz) FILTER (WHERE s ->> 'tier' = 'authority')
    - min((s ->> 'published_at')::timestamptz)) AS "Lead"
FROM alerts a CROSS JOIN LATERAL jsonb_array_elements({_RECORD} -> 'sources') s
WHERE a.kind <> 'event'
GROUP BY a.event_key, a.organisation_name, a.kind ORDER BY 3 DESC LIMIT 50
"""

SOURCES = """
SELECT left(headline, 60) AS "Alert", independent_sources AS "Independent sources"
FROM alerts ORDER BY independent_sources DESC, updated_at DESC LIMIT 12
"""

KINDS = """SELECT kind AS "Kind", count(*) AS "Alerts" FROM alerts GROUP BY kind ORDER BY 2 DESC"""

STATES = """SELECT state AS "State", count(*) AS "Alerts" FROM alerts GROUP BY state ORDER BY 2 DESC"""


def detections() -> dict[str, Any]:
    """What happened to whom: alerts by kind and organisation, quotes, lead time, sources, precision."""
    return dashboard(
        "wirewatch-detections",
        "Wirewatch · Detections",
        "What happened to whom, who says so, and since when.",
        [
            figure("Alerts", "All that were ever opened.", sql('SELECT count(*) AS "Alerts" FROM alerts')),
            figure(
                "New listings",
                "Organisations that were put on a list.",
                sql(
                    """SELECT count(*) AS "New listings" FROM alerts WHERE kind IN ('new_listing', 'programme_added')"""
                ),
            ),
            figure(
                "Delistings",
                "Organisations that were taken off.",
                sql("""SELECT count(*) AS "Delistings" FROM alerts WHERE kind = 'delisted'"""),
            ),
            figure(
                "Unconfirmed",
                "Listings that no authority has confirmed.",
                sql("""SELECT count(*) AS "Unconfirmed" FROM alerts WHERE state = 'unconfirmed' AND kind <> 'event'"""),
            ),
            figure("Articles", "Articles that were sorted.", prom('sum(wirewatch_stage_sent_total{stage="sort"})')),
            figure("Register", "Entries of lists in force.", prom("sum(max by (list) (wirewatch_register_entries))")),
            rows(
                "Newest alerts",
                "What happened, in the words of those who report it.",
                sql(NEWEST),
                units={"Updated": "dateTimeFromNow"},
                links={"Headline": "http://127.0.0.1:8321/alerts/${__data.fields.Alert}"},
            ),
            bars(
                "Alert revisions, by kind",
                "When did things happen?",
                [prom("sum by (kind) (increase(wirewatch_alerts_total[$__rate_interval]))", "{{kind}}")],
            ),
            ranking(
                "Alerts, by organisation",
                "To whom?",
                prom(
                    "topk(15, sum by (organisation) (wirewatch_organisation_alerts_total))",
                    "{{organisation}}",
                    instant=True,
                ),
            ),
            panel("piechart", "Alerts, by kind", "What kinds of events?", [sql(KINDS)], width=6, options=_PIE),
            panel("piechart", "Alerts, by state", "How sure are we?", [sql(STATES)], width=6, options=_PIE),
            ranking("Independent sources of each alert", "How well is it supported?", sql(SOURCES)),
            rows(
                "Lead of the first report over the authority's own word",
                "How much sooner did the press know?",
                sql(LEAD_TIME),
                width=16,
                units={"Lead": "s", "First report": "dateTimeAsIso", "First word of an authority": "dateTimeAsIso"},
            ),
            ranking(
                "Precision, by subscription",
                "Share of verdicts that call its alerts right; give verdicts with `wirewatch verdict`.",
                prom(
                    "max by (subscription) (wirewatch_subscription_precision_ratio)", "{{subscription}}", instant=True
                ),
                width=8,
                unit="percentunit",
            ),
            lines(
                "Seconds from publication to alert",
                "How late are we? Replays and history count as old as they are.",
                [
                    prom(
                        "histogram_quantile(0.5, sum by (le) (wirewatch_publication_to_alert_seconds_bucket))", "median"
                    ),
                    prom(
                        "histogram_quantile(0.95, sum by (le) (wirewatch_publication_to_alert_seconds_bucket))", "95 %"
                    ),
                ],
                unit="s",
            ),
            ranking(
                "Register, by list",
                "How large is each list?",
                prom("topk(15, max by (list) (wirewatch_register_entries))", "{{list}}", instant=True),
            ),
        ],
    )


_PIE = {
    "legend": {"displayMode": "table", "placement": "right", "showLegend": True, "values": ["value"]},
    "pieType": "donut",
    "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": True},
    "tooltip": {"mode": "single", "sort": "none"},
}
