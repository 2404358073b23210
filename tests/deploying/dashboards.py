"""The four Grafana dashboards. `python -m tests.deploying.dashboards` writes them to config/grafana/dashboards.

Panels may use only metrics that `wirewatch.metrics` defines and tables that the store has; a test keeps that, and
`make stack-check` runs every query against a running stack.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.deploying.detections import detections
from tests.deploying.panels import bars, dashboard, figure, lines, prom, ranking

FOLDER = Path(__file__).parents[2] / "config" / "grafana" / "dashboards"


def pipeline() -> dict[str, Any]:
    """Rates, lag, balance, dead letters, durations, restarts."""
    return dashboard(
        "wirewatch-pipeline",
        "Wirewatch · Pipeline",
        "Does every record that came in come out, and how fast?",
        [
            figure(
                "Waiting records",
                "Does anybody fall behind?",
                prom("sum(wirewatch_consumer_lag_records)"),
                bad_above=1000,
            ),
            figure(
                "Since the last commit",
                "Does anything move?",
                prom("time() - max(wirewatch_last_commit_seconds)"),
                unit="s",
            ),
            figure(
                "Dead letters",
                "What waits for a person?",
                prom("sum(wirewatch_dead_letters_total)"),
                bad_above=1,
            ),
            figure(
                "Unaccounted for",
                "received − sent − dropped of sorting and alerting; not 0 for long means a bug.",
                prom('sum(abs(wirewatch:stage_balance{stage=~"sort|alert"}))'),
                bad_above=1,
            ),
            figure("Workers", "How many processes sort?", prom('count(up{job=~"stream|run"} == 1)')),
            figure(
                "Oldest process",
                "When was the last restart?",
                prom("time() - min(wirewatch_started_seconds)"),
                unit="s",
            ),
            lines(
                "Records taken, by stage",
                "How much flows where?",
                [prom("sum by (stage) (rate(wirewatch_stage_received_total[$__rate_interval]))", "{{stage}}")],
                unit="cps",
            ),
            bars(
                "Records let go, by reason",
                "What is dropped, and why?",
                [
                    prom(
                        "sum by (stage, reason) (increase(wirewatch_stage_dropped_total[$__rate_interval])) > 0",
                        "{{stage}}: {{reason}}",
                    )
                ],
            ),
            lines(
                "Waiting records, by topic",
                "Which stage falls behind?",
                [prom("sum by (topic) (wirewatch_consumer_lag_records)", "{{topic}}")],
            ),
            ranking(
                "Waiting records, by partition",
                "Is one partition stuck?",
                prom(
                    "sum by (topic, partition) (wirewatch_consumer_lag_records)",
                    "{{topic}} [{{partition}}]",
                    instant=True,
                ),
            ),
            lines(
                "Seconds a batch takes (95th percentile)",
                "Which stage is slow?",
                [prom("wirewatch:stage_seconds_p95", "{{stage}}")],
                unit="s",
            ),
            lines(
                "received − sent − dropped",
                "Does every stage account for what it took?",
                [prom("wirewatch:stage_balance", "{{stage}}")],
            ),
            lines(
                "Memory",
                "Does a process grow?",
                [prom("process_resident_memory_bytes", "{{job}} {{instance}}")],
                width=8,
                unit="bytes",
            ),
            lines(
                "Processor",
                "Is a process busy?",
                [prom("rate(process_cpu_seconds_total[$__rate_interval])", "{{job}} {{instance}}")],
                width=8,
                unit="percentunit",
            ),
            lines(
                "Open files",
                "Does a process leak?",
                [prom("process_open_fds", "{{job}} {{instance}}")],
                width=8,
            ),
            bars(
                "Processes killed and replaced",
                "Do parsing or sorting workers die?",
                [
                    prom(
                        "sum by (reason) (increase(wirewatch_parser_restarts_total[$__rate_interval])) or vector(0)",
                        "parser",
                    ),
                    prom(
                        "sum by (reason) (increase(wirewatch_sorting_worker_restarts_total[$__rate_interval])) or vector(0)",
                        "sorter",
                    ),
                ],
            ),
            lines(
                "Free disk",
                "Will the disk hold?",
                [
                    prom(
                        "min by (job, instance) (wirewatch_data_free_bytes / wirewatch_data_size_bytes)",
                        "{{job}} {{instance}}",
                    )
                ],
                unit="percentunit",
            ),
        ],
    )


def feeds() -> dict[str, Any]:
    """Health, rhythm, quiet feeds, latency, bytes, gaps."""
    return dashboard(
        "wirewatch-feeds",
        "Wirewatch · Feeds",
        "Are the feeds healthy, and do they keep their rhythm?",
        [
            figure("Feeds", "How many are polled?", prom("count(max by (feed) (wirewatch_feed_up))")),
            figure("Answering", "How many answered last time?", prom("sum(max by (feed) (wirewatch_feed_up))")),
            figure(
                "Quiet", "How many break their promise?", prom("sum(max by (feed) (wirewatch_feed_quiet))"), bad_above=1
            ),
            figure(
                "Gaps suspected",
                "Did items come and go unseen?",
                prom("sum(wirewatch_feed_gap_suspected_total)"),
                bad_above=1,
            ),
            figure("Articles", "New articles and revisions so far.", prom("sum(wirewatch_feed_articles_total)")),
            figure("Received", "Bytes of feeds so far.", prom("sum(wirewatch_feed_bytes_total)"), unit="bytes"),
            lines(
                "Polls, by outcome",
                "How do polls end?",
                [prom("sum by (outcome) (rate(wirewatch_feed_polls_total[$__rate_interval]))", "{{outcome}}")],
                unit="cps",
            ),
            lines(
                "Seconds a fetch takes",
                "Are hosts, or our line, slow?",
                [
                    prom("histogram_quantile(0.5, sum by (le) (rate(wirewatch_fetch_seconds_bucket[5m])))", "median"),
                    prom("histogram_quantile(0.95, sum by (le) (rate(wirewatch_fetch_seconds_bucket[5m])))", "95 %"),
                ],
                unit="s",
            ),
            ranking(
                "Articles, by feed",
                "Which feeds speak?",
                prom("topk(20, sum by (feed) (wirewatch_feed_articles_total))", "{{feed}}", instant=True),
            ),
            ranking(
                "Bytes, by feed",
                "Which feeds cost?",
                prom("topk(20, sum by (feed) (wirewatch_feed_bytes_total))", "{{feed}}", instant=True),
                unit="bytes",
            ),
            lines(
                "Seconds until the next poll",
                "Which feeds are backed off?",
                [prom("topk(20, min by (feed) (wirewatch_feed_next_poll_seconds - time()))", "{{feed}}")],
                unit="s",
            ),
            lines(
                "Age of the newest article",
                "Which feeds fell silent?",
                [prom("topk(20, time() - max by (feed) (wirewatch_feed_last_article_seconds))", "{{feed}}")],
                unit="s",
            ),
            bars(
                "Items let go",
                "What do feeds send that we do not keep?",
                [
                    prom(
                        'sum by (reason) (increase(wirewatch_stage_dropped_total{stage=~"fetch|parse|decide"}[$__rate_interval]))',
                        "{{reason}}",
                    )
                ],
            ),
            lines(
                "Feeds, by state",
                "Healthy, failing, disabled.",
                [prom("max by (state) (wirewatch_feeds)", "{{state}}")],
            ),
        ],
    )


def deliveries() -> dict[str, Any]:
    """What leaves, what waits, what was given up."""
    return dashboard(
        "wirewatch-deliveries",
        "Wirewatch · Deliveries",
        "Was everybody told, and how soon?",
        [
            figure(
                "Delivered",
                "Notices that arrived.",
                prom('sum(wirewatch_deliveries_total{state="delivered"})'),
            ),
            figure(
                "Waiting", "Notices in the outbox.", prom('max(wirewatch_outbox_depth{state="pending"})'), bad_above=100
            ),
            figure(
                "Oldest waiting",
                "Age of the oldest.",
                prom("max(wirewatch_outbox_oldest_seconds)"),
                unit="s",
                bad_above=900,
            ),
            figure(
                "Given up", "For a person to replay.", prom('max(wirewatch_outbox_depth{state="failed"})'), bad_above=1
            ),
            figure(
                "Receivers gone",
                "Deliveries to receivers that answered 410.",
                prom('max(wirewatch_outbox_depth{state="disabled"})'),
                bad_above=1,
            ),
            figure(
                "Decisions",
                "Decisions to tell or not.",
                prom("sum(wirewatch_notice_decisions_total)"),
            ),
            lines(
                "Attempts, by road and how they ended",
                "Which road fails?",
                [
                    prom(
                        "sum by (road, state) (rate(wirewatch_deliveries_total[$__rate_interval]))",
                        "{{road}}: {{state}}",
                    )
                ],
                unit="cps",
            ),
            lines(
                "Seconds from an alert to its delivery",
                "How soon are people told?",
                [
                    prom(
                        "histogram_quantile(0.95, sum by (road, le) (rate(wirewatch_alert_to_delivery_seconds_bucket[15m])))",
                        "{{road}}",
                    )
                ],
                unit="s",
            ),
            lines(
                "Outbox, by state",
                "Does it drain?",
                [prom("max by (state) (wirewatch_outbox_depth)", "{{state}}")],
            ),
            ranking(
                "Decisions, by reason",
                "Why was somebody told, or not?",
                prom(
                    "sum by (subscription, reason) (wirewatch_notice_decisions_total)",
                    "{{subscription}}: {{reason}}",
                    instant=True,
                ),
            ),
        ],
    )


DASHBOARDS = {"detections": detections, "feeds": feeds, "pipeline": pipeline, "deliveries": deliveries}


def rendered() -> dict[str, str]:
    """Give each file's name and text."""
    return {
        f"{name}.json": json.dumps(build(), indent=2, ensure_ascii=False) + "\n" for name, build in DASHBOARDS.items()
    }


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in rendered().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
