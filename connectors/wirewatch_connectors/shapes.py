"""The frozen shapes that pass between the connector's rooms: a body fetched, a feed parsed, an item of it.

`fetching` gives a FetchedBody, `parsing` turns its bytes into a ParsedFeed, `deciding` makes Articles of what is new.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FetchedBody:
    """What one successful conditional GET gave."""

    #: 200 or 304.
    status: int
    #: Inflated; empty on 304.
    body: bytes
    #: Where the body came from, after redirects.
    url: str
    #: Lower-case names.
    headers: Mapping[str, str]
    #: Set when every hop was a permanent redirect.
    moved_to: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item of a feed as plain text, not yet an Article: it has no id and no revision."""

    #: Hash of the item's own raw bytes, known before anything is cleaned.
    fingerprint: str
    #: True when the caller already knew the fingerprint: every other field is then empty, and cost nothing.
    known: bool = False
    guid: str = ""
    #: Absolute http(s) address, or "".
    url: str = ""
    title: str = ""
    text: str = ""
    authors: tuple[str, ...] = ()
    language: str | None = None
    #: None when missing or absurd.
    published_at: datetime | None = None
    published_raw: str = ""
    #: True when title or text was cut to its cap.
    truncated: bool = False
    #: True when `published_raw` named a time outside the range that can be true.
    date_clamped: bool = False


@dataclass(frozen=True, slots=True)
class ItemProblem:
    """One item that could not be read, kept whole."""

    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document, read."""

    #: `rss`, `rdf`, `atom`, `json`, with a version when the document says one: `rss-2.0`.
    format: str
    title: str
    language: str | None
    #: Site address, or "".
    link: str
    #: In document order.
    items: tuple[FeedItem, ...]
    problems: tuple[ItemProblem, ...] = ()
    #: True when the document was not well formed, cut short or re-encoded.
    degraded: bool = False
    #: What was wrong with the document, for a person.
    complaint: str = ""
    #: The least time between polls that the feed asks for (`ttl`, `sy:updatePeriod`), or None.
    ttl_seconds: int | None = None
    #: Items beyond the cap, counted and not read.
    items_over_cap: int = 0
