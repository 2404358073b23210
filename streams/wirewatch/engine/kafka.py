"""Faust's own Kafka driver (aiokafka) with committed offsets that skip nothing and an idempotent producer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from faust.transport.drivers import aiokafka
from mode.threads import WorkerThread

from wirewatch.engine.offsets import SafeOffsets

#: Seconds that a consumer's thread has for its end. One that its group refused never ends.
STOP_SECONDS = 5.0


class DaemonThread(WorkerThread):
    """A thread that a process need not wait for when it ends: a consumer that hangs must not keep a worker alive."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.daemon = True

    def stop(self) -> None:
        """Wait for its end, but not for ever: this is called on the event loop, and blocks it."""
        self.is_stopped.wait(STOP_SECONDS)


class ConsumerThread(aiokafka.AIOKafkaConsumerThread):
    """Faust's consumer thread, with a stop that ends."""

    Worker = DaemonThread
    shutdown_timeout = STOP_SECONDS


class Consumer(SafeOffsets, aiokafka.Consumer):
    """Commits the unbroken run of acked offsets only."""

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)


class Producer(aiokafka.Producer):
    """Writes each record once, in order, to all in-sync replicas."""

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True}


class Transport(aiokafka.Transport):
    """`kafka://host:port`."""

    Consumer: ClassVar[type] = Consumer
    Producer: ClassVar[type] = Producer
