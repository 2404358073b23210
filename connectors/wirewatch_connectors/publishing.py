"""Where a connector's articles go: Kafka, or the embedded log of this process. The only importer of kafka-python here.

Called by whoever runs a connector. Never filters: what a connector accepts is in the log, or the poll has failed.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError

from wirewatch.clock import Clock
from wirewatch.connecting import Publisher
from wirewatch.engine.appending import LogPublisher
from wirewatch.engine.fitting import encode_to_fit
from wirewatch.engine.quieting import quieten
from wirewatch.engine.topics_admin import topic_name
from wirewatch.errors import PublishError
from wirewatch.metrics import Metrics
from wirewatch.records import Article
from wirewatch.settings import Settings
from wirewatch.topics import ARTICLES, MAX_MESSAGE_BYTES

#: Polls that may wait for the broker at once; more wait for these.
THREADS = 8
#: A send that is not acknowledged by then has failed: the poll fails, and the next one sends it again.
DELIVERY_TIMEOUT_SECONDS = 60
#: Finding the broker, or room in the buffer, may take so long.
BLOCK_SECONDS = 10


def open_publisher(settings: Settings, clock: Clock, metrics: Metrics) -> Publisher:
    """Open the way into the log that `settings.broker` names. A Kafka broker is dialled at the first publish.

    Raises:
        EngineError: the embedded log is owned by another process, or cannot be opened.
    """
    if settings.embedded:
        return LogPublisher(settings, clock)
    return KafkaPublisher(settings)


class KafkaPublisher:
    """Sends articles to Kafka and waits until all in-sync replicas have them."""

    def __init__(self, settings: Settings) -> None:
        quieten()
        self._servers = settings.broker.removeprefix("kafka://").split(",")
        self._topic = topic_name(settings, ARTICLES)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="publisher")
        self._lock = threading.Lock()
        self._producer: Any = None

    async def publish(self, articles: Sequence[Article]) -> None:
        """Make the articles durable.

        Raises:
            PublishError: some may not be; publish all again later (ids make the repeat harmless).
        """
        if articles:
            await asyncio.get_running_loop().run_in_executor(self._threads, self._publish, tuple(articles))

    async def close(self) -> None:
        """Let go of the broker."""
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _publish(self, articles: Sequence[Article]) -> None:
        producer = None
        try:
            producer = self._dial()
            futures = [
                producer.send(self._topic, key=article.id.encode(), value=encode_to_fit(article))
                for article in articles
            ]
            for future in futures:
                future.get(timeout=DELIVERY_TIMEOUT_SECONDS + BLOCK_SECONDS)
        except KafkaError as error:
            self._drop(producer)
            raise PublishError(
                f"{len(articles)} articles could not be sent: {self._topic}: {type(error).__name__}: {error}"
            ) from error

    def _dial(self) -> Any:
        with self._lock:
            if self._producer is None:
                self._producer = KafkaProducer(
                    bootstrap_servers=self._servers,
                    client_id="wirewatch-poll",
                    # Both said aloud: a conflicting setting would silently turn idempotence off.
                    enable_idempotence=True,
                    acks="all",
                    linger_ms=5,
                    max_request_size=MAX_MESSAGE_BYTES,
                    max_block_ms=BLOCK_SECONDS * 1000,
                    bootstrap_timeout_ms=BLOCK_SECONDS * 1000,
                    delivery_timeout_ms=DELIVERY_TIMEOUT_SECONDS * 1000,
                    allow_auto_create_topics=False,
                )
            return self._producer

    def _drop(self, producer: Any) -> None:
        """Forget a producer that failed: an idempotent one may refuse everything after an error."""
        with self._lock:
            if producer is None or producer is not self._producer:
                return
            self._producer = None
        producer.close(timeout=0)

    def _close(self) -> None:
        self._threads.shutdown(wait=True)
        with self._lock:
            producer, self._producer = self._producer, None
        if producer is not None:
            producer.close(timeout=BLOCK_SECONDS)
