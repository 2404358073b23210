"""The metrics: bounded labels, all values there from the start, and the arithmetic of stages."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from wirewatch.metrics import Metrics
from wirewatch.records import AlertState


def test_every_stage_and_reason_is_there_before_anything_happened() -> None:
    """A dashboard shows zero, not a gap."""
    families = {f.name: f for f in text_string_to_metric_families(Metrics().exposition().decode())}
    dropped = families["wirewatch_stage_dropped"].samples
    assert {"sort", "alert", "deliver"} <= {sample.labels["stage"] for sample in dropped}
    assert all(sample.value == 0 for sample in dropped if sample.name.endswith("_total"))
    states = {sample.labels["state"] for sample in families["wirewatch_alerts"].samples}
    assert states == {str(state) for state in AlertState}


def test_two_processes_do_not_share_counters() -> None:
    """Each Metrics has its own registry, so tests and processes never count for one another."""
    one, other = Metrics(), Metrics()
    one.received("sort", 3)
    assert 'wirewatch_stage_received_total{stage="sort"} 3.0' in one.exposition().decode()
    assert 'wirewatch_stage_received_total{stage="sort"} 0.0' in other.exposition().decode()


def test_dropping_nothing_counts_nothing() -> None:
    """A zero count leaves the series as it is."""
    metrics = Metrics()
    metrics.dropped("sort", "dead_letter", 0)
    assert 'wirewatch_stage_dropped_total{reason="dead_letter",stage="sort"} 0.0' in metrics.exposition().decode()
