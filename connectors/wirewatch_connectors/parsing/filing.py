"""A feed file on disk → Articles, as `wirewatch parse` prints them. Reads the file, asks nobody else."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from wirewatch.errors import ParseError
from wirewatch.records import Article
from wirewatch_connectors.identity import Keys, find_shared, keys_of, new_article_id
from wirewatch_connectors.parsing.reading import read_feed
from wirewatch_connectors.shapes import FeedItem

#: As many as a poll reads of a body unless settings say otherwise.
_MAX_FILE_BYTES = 32 * 1024 * 1024


def parse_file(path: Path, url: str, now: datetime) -> tuple[tuple[Article, ...], str]:
    """Give the articles of a feed file, and "" or why it is none.

    `url` is the feed's address: relative links and the ids of articles depend on it; "" names the file itself.
    """
    try:
        with path.open("rb") as file:
            body = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        return (), f"cannot read: {error.strerror}"
    if len(body) > _MAX_FILE_BYTES:
        return (), f"cannot read: larger than {_MAX_FILE_BYTES} bytes"
    try:
        feed = read_feed(body, content_type="", url=url, known=frozenset(), now=now, keep_unfinished=True)
    except ParseError as error:
        return (), error.reason
    feed_id = url or path.name
    keys = [keys_of(item) for item in feed.items]
    shared = find_shared((key.guid, key.link, key.title) for key in keys)
    # Equal items are one article and have one id; every item of the document is printed all the same.
    ids: dict[Keys, str] = {}
    articles: list[Article] = []
    for item, key in zip(feed.items, keys, strict=True):
        if key not in ids:
            ids[key] = new_article_id(feed_id, item, key, shared, ids.values())
        articles.append(_article(ids[key], feed_id, feed.title, item, now))
    return tuple(articles), ""


def _article(id_: str, feed_id: str, feed_name: str, item: FeedItem, now: datetime) -> Article:
    return Article(
        id=id_,
        feed_id=feed_id,
        guid=item.guid,
        url=item.url,
        title=item.title,
        text=item.text,
        authors=item.authors,
        language=item.language,
        published_at=item.published_at,
        published_raw=item.published_raw,
        fetched_at=now,
        feed_name=feed_name,
        truncated=item.truncated,
    )
