"""Where a connector's articles go: Kafka, or the embedded log of this process. The only importer of kafka-python here.

Called by whoever runs a connector. Never filters: what a connector accepts is in the log, or the poll has failed.
"""

from __future__ import annotations

from wirewatch.clock import Clock
from wirewatch.connecting import Publisher
from wirewatch.engine.appending import LogPublisher
from wirewatch.metrics import Metrics
from wirewatch.settings import Settings


def open_publisher(settings: Settings, clock: Clock, metrics: Metrics) -> Publisher:
    """Open the way into the log that `settings.broker` names.

    Raises:
        EngineError: the log is owned by another process, or the broker is out of reach.
    """
    if settings.embedded:
        return LogPublisher(settings, clock)
    raise NotImplementedError
