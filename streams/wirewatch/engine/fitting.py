"""Makes an article small enough for the log: a record over the limit would be refused for ever. Pure.

Called by both publishers. Parsing has capped text long before; this is the last line, for what grows when encoded.
"""

from __future__ import annotations

from dataclasses import replace

from wirewatch import wire
from wirewatch.records import Article
from wirewatch.topics import MAX_MESSAGE_BYTES

#: Room for the key, the record's and the batch's own headers.
OVERHEAD_BYTES = 1_024


def encode_to_fit(article: Article, max_bytes: int = MAX_MESSAGE_BYTES) -> bytes:
    """Write an article in at most `max_bytes`, cutting its text, then its title, and marking it as truncated."""
    limit = max_bytes - OVERHEAD_BYTES
    encoded = wire.encode(article)
    while len(encoded) > limit:
        # What must go, and a tenth of the rest for characters that are longer than others.
        keep = limit / len(encoded) * 0.9
        if article.text:
            article = replace(article, text=article.text[: int(len(article.text) * keep)], truncated=True)
        elif article.title:
            article = replace(article, title=article.title[: int(len(article.title) * keep)], truncated=True)
        else:
            article = replace(article, authors=(), guid=article.guid[:1_000], url="", truncated=True)
            return wire.encode(article)
        encoded = wire.encode(article)
    return encoded
