"""One article through the sorter, bytes to bytes. Sorting processes run it, so it imports neither Faust nor Kafka."""

from __future__ import annotations

from typing import Protocol

from wirewatch import wire
from wirewatch.engine.handling import Output
from wirewatch.records import Article, SortedArticle
from wirewatch.topics import ARTICLES


class Sorts(Protocol):
    """Sorts one article from its text alone."""

    def sort(self, article: Article) -> SortedArticle:
        """Say what the article mentions and what it says happened."""
        ...


def sort_value(sorter: Sorts, value: bytes | None) -> Output:
    """Read an article, sort it, write what came of it.

    Raises:
        RecordError: the value is no article.
    """
    article = wire.decode(Article, value, topic=ARTICLES.name)
    return Output(article.id.encode(), wire.encode(sorter.sort(article)))
