"""Faust's own Kafka driver (aiokafka) with committed offsets that skip nothing and a stop that ends."""

from __future__ import annotations

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


class Transport(aiokafka.Transport):
    """`kafka://host:port`."""

    Consumer: ClassVar[type] = Consumer
    # The stock producer, acks from all replicas, and not idempotent: aiokafka 0.14 gives a refused record a sequence
    # number, and then the broker refuses all else of that partition as out of order, for ever. A repeat after a lost
    # answer is harmless, because ids are derived; order is kept, because one batch a partition is in flight.
    Producer: ClassVar[type] = aiokafka.Producer
