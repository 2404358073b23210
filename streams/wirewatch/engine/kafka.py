"""Faust's own Kafka driver (aiokafka) with committed offsets that skip nothing and an idempotent producer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from faust.transport.drivers import aiokafka

from wirewatch.engine.offsets import SafeOffsets


class Consumer(SafeOffsets, aiokafka.Consumer):
    """Commits the unbroken run of acked offsets only."""


class Producer(aiokafka.Producer):
    """Writes each record once, in order, to all in-sync replicas."""

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True}


class Transport(aiokafka.Transport):
    """`kafka://host:port`."""

    Consumer: ClassVar[type] = Consumer
    Producer: ClassVar[type] = Producer
