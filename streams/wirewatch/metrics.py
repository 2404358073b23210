"""Every metric, once, each with the question it answers. The only importer of prometheus_client.

Names are bounded words; nothing that comes from a feed's text ever becomes a label: `feed` and `subscription` are ids
from the configuration, `organisation` an id from the organisations files. Times are seconds.
One `Metrics` a process, made by whoever starts the process; tests make their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from wirewatch.records import AlertKind, AlertState, DeliveryState

Stage = Literal["fetch", "parse", "decide", "publish", "sort", "alert", "deliver"]
DropReason = Literal[
    "unchanged",
    "duplicate",
    "empty_item",
    "item_quarantined",
    "items_over_cap",
    "flapping",
    "dead_letter",
    "no_subscription",
    "delivery_failed",
    "fetch_failed",
    "not_a_feed",
    "publish_failed",
    "stopped",
]

CONTENT_TYPE = CONTENT_TYPE_LATEST

#: Seconds from a minute to a week: how late news is told.
_LATENESS_BUCKETS = (1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 12 * 3600, 86_400, 3 * 86_400, 7 * 86_400)
#: Seconds from a millisecond to a minute: how long work takes.
_WORK_BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 60)


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        # Is every stage accounting for what it took? received = sent + dropped for one-to-one stages.
        self.stage_received = self._counter("stage_received", "Records a stage took.", "stage")
        self.stage_sent = self._counter("stage_sent", "Records a stage passed on.", "stage")
        self.stage_dropped = self._counter("stage_dropped", "Records a stage let go, by reason.", "stage", "reason")
        # Which stage is slow?
        self.stage_seconds = self._histogram(
            "stage_seconds", "Seconds a stage spent on a batch.", _WORK_BUCKETS, "stage"
        )
        # What could no stage handle?
        self.dead_letters = self._counter("dead_letters", "Records set aside for a person.", "stage")

        # What has been detected?
        self.alerts = self._counter("alerts", "Alert revisions, by what they say.", "kind", "event_type", "state")
        # To whom did it happen? Bounded by the watchlist: ids from the organisations files, else "unresolved".
        self.organisation_alerts = self._counter(
            "organisation_alerts", "Alerts opened, by organisation.", "organisation"
        )
        # What became of claims: news, or something the register has known for long?
        self.novelty_decisions = self._counter(
            "novelty_decisions", "Claims about lists, by what the register made of them.", "novelty"
        )
        # How well is an alert supported?
        self.independent_sources = self._histogram(
            "alert_independent_sources", "Independent sources of an alert at each revision.", (1, 2, 3, 5, 8, 13)
        )
        # How long after publication is an alert opened? How long after that is it delivered?
        self.publication_to_alert_seconds = self._histogram(
            "publication_to_alert_seconds", "Seconds from an article's publication to its alert.", _LATENESS_BUCKETS
        )
        self.alert_to_delivery_seconds = self._histogram(
            "alert_to_delivery_seconds", "Seconds from an alert's revision to its delivery.", _LATENESS_BUCKETS, "road"
        )
        # How long does a first report lead its confirmation?
        self.report_to_confirmation_seconds = self._histogram(
            "report_to_confirmation_seconds", "Seconds from the first report to the confirmation.", _LATENESS_BUCKETS
        )
        # Which rule, and which subscription, can be trusted?
        self.rule_precision = self._gauge("rule_precision_ratio", "Share of verdicts that call a rule right.", "rule")
        self.subscription_precision = self._gauge(
            "subscription_precision_ratio", "Share of verdicts that call a subscription's alerts right.", "subscription"
        )
        # Why was a subscriber told, or not?
        self.notice_decisions = self._counter(
            "notice_decisions", "Decisions to tell a subscription or not, by reason.", "subscription", "reason"
        )
        # How do notices leave: at once, after quiet hours, in a digest, or in one because there were too many?
        self.notices = self._counter("notices", "Notices told, by how they leave.", "subscription", "manner")
        # Is the register alive?
        self.register_entries = self._gauge("register_entries", "Entries of the register in force, by list.", "list")
        self.register_age_seconds = self._gauge(
            "register_age_seconds", "Seconds since the newest import or entry of a list.", "list"
        )

        # How do deliveries end, what waits, how long has the oldest waited?
        self.deliveries = self._counter("deliveries", "Delivery attempts, by how they ended.", "road", "state")
        self.outbox_depth = self._gauge("outbox_depth", "Deliveries by state.", "state")
        self.outbox_oldest_seconds = self._gauge("outbox_oldest_seconds", "Age of the oldest pending delivery.")

        # Which feeds are healthy, quiet, failing, and since when?
        self.feeds = self._gauge("feeds", "Feeds by state.", "state")
        self.feed_up = self._gauge("feed_up", "1 when a feed's last poll succeeded.", "feed")
        self.feed_quiet = self._gauge("feed_quiet", "1 when a feed breaks its own promise of rhythm.", "feed")
        self.feed_polls = self._counter("feed_polls", "Polls, by how they ended.", "feed", "outcome")
        self.feed_articles = self._counter("feed_articles", "New articles and revisions published.", "feed")
        self.feed_bytes = self._counter("feed_bytes", "Bytes of feed bodies received.", "feed")
        self.feed_gaps = self._counter("feed_gap_suspected", "Polls that no item shared with the last one.", "feed")
        self.feed_next_poll_seconds = self._gauge("feed_next_poll_seconds", "Unix time of the next poll.", "feed")
        self.feed_last_article_seconds = self._gauge(
            "feed_last_article_seconds", "Unix time of the newest article.", "feed"
        )
        self.fetch_seconds = self._histogram("fetch_seconds", "Seconds from dial to the whole body.", _WORK_BUCKETS)
        self.dates_clamped = self._counter("date_clamped", "Publication dates that were absurd.")
        self.items_truncated = self._counter("items_truncated", "Items of a feed beyond its cap.")
        self.parser_restarts = self._counter("parser_restarts", "Parser processes killed and replaced.", "reason")
        self.full_text = self._counter("full_text", "Article pages fetched for their text, by how it ended.", "outcome")

        # Does anybody fall behind?
        self.consumer_lag = self._gauge(
            "consumer_lag_records", "Records that wait behind the committed offset.", "topic", "partition"
        )
        # Did retention take what nobody had read?
        self.records_expired = self._counter(
            "records_expired", "Records deleted by retention before the stream had read them.", "topic"
        )
        self.last_commit_seconds = self._gauge("last_commit_seconds", "Unix time of the last committed offset.")
        self.worker_restarts = self._counter(
            "sorting_worker_restarts", "Sorting processes killed and replaced.", "reason"
        )
        self.configuration_reloads = self._counter("configuration_reloads", "Reloads, by how they ended.", "outcome")
        self.started_seconds = self._gauge("started_seconds", "Unix time at which this process started.")
        # Will the disk hold?
        self.data_free_bytes = self._gauge("data_free_bytes", "Free bytes where the data folder lies.")
        self.data_size_bytes = self._gauge("data_size_bytes", "Bytes in all where the data folder lies.")
        self._initialise()

    def _initialise(self) -> None:
        stages, reasons = get_args(Stage), get_args(DropReason)
        # Kept, because every record passes here and looking a series up costs more than counting.
        self._received = {stage: self.stage_received.labels(stage) for stage in stages}
        self._sent = {stage: self.stage_sent.labels(stage) for stage in stages}
        self._dropped = {
            (stage, reason): self.stage_dropped.labels(stage, reason) for stage in stages for reason in reasons
        }
        for stage in stages:
            self.dead_letters.labels(stage)
            self.stage_seconds.labels(stage)
        for kind in AlertKind:
            for state in AlertState:
                if kind is not AlertKind.EVENT:
                    self.alerts.labels(kind, "delisting" if kind is AlertKind.DELISTED else "designation", state)
        for state_of_delivery in DeliveryState:
            self.outbox_depth.labels(state_of_delivery)
            for road in ("webhook", "email", "chat", "log"):
                self.deliveries.labels(road, state_of_delivery)
        for reason in ("hangs", "died", "gone", "leaks", "reloaded"):
            self.worker_restarts.labels(reason)
        for outcome in ("adopted", "refused"):
            self.configuration_reloads.labels(outcome)

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(f"wirewatch_{name}", help_text, labels, registry=self.registry)

    def _gauge(self, name: str, help_text: str, *labels: str) -> Gauge:
        return Gauge(f"wirewatch_{name}", help_text, labels, registry=self.registry)

    def _histogram(self, name: str, help_text: str, buckets: Iterable[float], *labels: str) -> Histogram:
        bounds: Any = tuple(buckets)
        return Histogram(f"wirewatch_{name}", help_text, labels, buckets=bounds, registry=self.registry)

    def received(self, stage: Stage, count: int = 1) -> None:
        """Count records that a stage took."""
        self._received[stage].inc(count)

    def sent(self, stage: Stage, count: int = 1) -> None:
        """Count records that a stage passed on."""
        self._sent[stage].inc(count)

    def dropped(self, stage: Stage, reason: DropReason, count: int = 1) -> None:
        """Count records that a stage let go, with the reason."""
        if count:
            self._dropped[stage, reason].inc(count)

    def exposition(self) -> bytes:
        """Give the text that Prometheus scrapes."""
        return generate_latest(self.registry)
