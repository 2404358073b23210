"""Every metric, once, each with the question it answers. The only importer of prometheus_client.

Names are bounded words; nothing that comes from a feed ever becomes a label. Times are seconds.
One `Metrics` a process, made by whoever starts the process; tests make their own.
"""

from __future__ import annotations

from typing import Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
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
    "stopped",
]

CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        # Is every stage accounting for what it took? received = sent + dropped for one-to-one stages.
        self.stage_received = self._counter("stage_received", "Records a stage took.", "stage")
        self.stage_sent = self._counter("stage_sent", "Records a stage passed on.", "stage")
        self.stage_dropped = self._counter("stage_dropped", "Records a stage let go, by reason.", "stage", "reason")
        # Which stage is slow?
        self.stage_seconds = Histogram(
            "wirewatch_stage_seconds", "Seconds a stage spent on a batch.", ["stage"], registry=self.registry
        )
        # What has been detected?
        self.alerts = self._counter("alerts", "Alert revisions, by what they say.", "kind", "event_type", "state")
        # How do deliveries end?
        self.deliveries = self._counter("deliveries", "Delivery attempts, by how they ended.", "road", "state")
        # What could no stage handle?
        self.dead_letters = self._counter("dead_letters", "Records set aside for a person.", "stage")
        for stage in get_args(Stage):
            self.stage_received.labels(stage)
            self.stage_sent.labels(stage)
            self.dead_letters.labels(stage)
        for kind in AlertKind:
            for state in AlertState:
                if kind is not AlertKind.EVENT:
                    self.alerts.labels(kind, "designation", state)
        for outcome in DeliveryState:
            self.deliveries.labels("webhook", outcome)

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(f"wirewatch_{name}", help_text, labels, registry=self.registry)

    def gauge(self, name: str, help_text: str, *labels: str) -> Gauge:
        """Make a gauge of this registry; call only from this module's owner."""
        return Gauge(f"wirewatch_{name}", help_text, labels, registry=self.registry)

    def received(self, stage: Stage, count: int = 1) -> None:
        """Count records that a stage took."""
        self.stage_received.labels(stage).inc(count)

    def sent(self, stage: Stage, count: int = 1) -> None:
        """Count records that a stage passed on."""
        self.stage_sent.labels(stage).inc(count)

    def dropped(self, stage: Stage, reason: DropReason, count: int = 1) -> None:
        """Count records that a stage let go, with the reason."""
        if count:
            self.stage_dropped.labels(stage, reason).inc(count)

    def exposition(self) -> bytes:
        """Give the text that Prometheus scrapes."""
        return generate_latest(self.registry)
