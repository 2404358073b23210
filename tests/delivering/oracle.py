"""Counts what receivers got against what was planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.harness.receiver import Receiver
from wirewatch.records import Delivery


def lost(receiver: Receiver, planned: Iterable[Delivery]) -> set[str]:
    """Give the ids that never arrived."""
    return {delivery.id for delivery in planned} - set(receiver.counted())


def repeated(receiver: Receiver) -> Counter[str]:
    """Give the ids that arrived more than once, with how often beyond the first time."""
    return Counter({identity: count - 1 for identity, count in receiver.counted().items() if count > 1})
