"""The connectors' way into the embedded log: Articles in, durable when `publish` returns."""

from __future__ import annotations

from collections.abc import Sequence

from wirewatch.clock import Clock
from wirewatch.engine.fitting import encode_to_fit
from wirewatch.engine.sqlite.files import log_path
from wirewatch.engine.sqlite.records import NewRecord
from wirewatch.engine.sqlite.sharing import acquire, release
from wirewatch.engine.topics_admin import ensure_log_topics, topic_name
from wirewatch.errors import EngineError, PublishError
from wirewatch.records import Article
from wirewatch.settings import Settings
from wirewatch.topics import ARTICLES


class LogPublisher:
    """Appends articles to the log that this process owns.

    Raises:
        EngineError: another process owns it, or it cannot be opened.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._topic = topic_name(settings, ARTICLES)
        self._log = acquire(log_path(settings.broker, settings.data_dir), clock)

    async def publish(self, articles: Sequence[Article]) -> None:
        """Make the articles durable, all in one go.

        Raises:
            PublishError: none is.
        """
        if not articles:
            return
        try:
            if self._topic not in self._log.topics:
                await ensure_log_topics(self._log, self._settings)
            await self._log.append(
                [
                    NewRecord(self._topic, self._log.partition_for(self._topic, key), key, encode_to_fit(article))
                    for article in articles
                    for key in (article.id.encode(),)
                ]
            )
        except EngineError as error:
            raise PublishError(f"{len(articles)} articles could not be written to the log: {error}") from error

    async def close(self) -> None:
        """Let go of the log."""
        await release(self._log)
