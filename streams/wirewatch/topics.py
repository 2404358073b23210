"""The table of topics: names, keys, partitions, retention.

Compose, docs and topic administration are made from it or tested against it.
"""

from __future__ import annotations

from dataclasses import dataclass

DAY_SECONDS = 86_400

#: Kafka's own default for `max.message.bytes`; articles are cut well below it before they are sent.
MAX_MESSAGE_BYTES = 1_048_576

#: What is made of an article is larger than the article: its mentions, its evidence, or base64 in a dead letter.
MAX_DERIVED_BYTES = 4 * MAX_MESSAGE_BYTES


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the log."""

    name: str
    key: str
    partitions: int
    #: None keeps records until compaction replaces them.
    retention_seconds: int | None
    compacted: bool = False
    max_message_bytes: int = MAX_MESSAGE_BYTES


ARTICLES = Topic("articles.v1", "article_id", 8, 30 * DAY_SECONDS)
SORTED = Topic("sorted.v1", "article_id", 8, 30 * DAY_SECONDS, max_message_bytes=MAX_DERIVED_BYTES)
ALERTS = Topic("alerts.v1", "event_key", 8, None, compacted=True, max_message_bytes=MAX_DERIVED_BYTES)
DEAD_LETTERS = Topic("dead-letters.v1", "dead_letter_id", 8, 90 * DAY_SECONDS, max_message_bytes=MAX_DERIVED_BYTES)

TOPICS = (ARTICLES, SORTED, ALERTS, DEAD_LETTERS)
