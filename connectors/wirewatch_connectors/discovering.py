"""A site's feeds, from its HTML and from where feeds usually are. Pure: fetches nothing, trusts nothing.

Called by `wirewatch feeds discover URL`, which fetches the page and then each candidate through the guard.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from wirewatch_connectors.parsing.cleaning import clean_line
from wirewatch_connectors.parsing.decoding import decode_body
from wirewatch_connectors.parsing.linking import resolve_link

#: More candidates than any real page names.
MAX_FOUND = 50
#: Of a page, feeds are named in its head; what lies beyond is not looked at.
_MAX_PAGE_BYTES = 1024 * 1024
_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/json",
     "application/xml", "text/xml", "text/rss+xml", "text/rdf+xml")
)  # fmt: skip
#: Types that may be many things: only an address that looks like a feed's makes them one.
_VAGUE_TYPES = frozenset(("application/json", "application/xml", "text/xml"))
_FEED_ADDRESS = re.compile(
    r"(?:^|[/._-])(?:rss|atom|feeds?|rdf)(?:2|20)?(?:[/._-]|$)|\.(?:rss|atom|rdf)$|[?&](?:feed|format|type)=(?:rss2?|atom|json|feed)\b",
    re.I,
)
_COMMON_PATHS = (
    "/feed",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feeds",
    "/feed.json",
    "/?feed=rss2",
)
_TAG = re.compile(r"<(link|a|base|area)\b((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>", re.I)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]{1,32})\s*=\s*(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'=<>`]+))")
_COMMENT = re.compile(r"<!--.*?-->", re.S)


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """An address that is probably a feed."""

    url: str
    #: What the page calls it, or "".
    title: str
    #: `declared` by a link element, `linked` by its look, or `guessed`.
    how: str


def find_feeds(body: bytes, *, content_type: str, url: str) -> tuple[FoundFeed, ...]:
    """Give the feeds that a page declares, then the links that look like feeds, in page order, none twice."""
    text = decode_body(body[:_MAX_PAGE_BYTES], content_type).text
    if text.count("<!--") < 10_000:
        text = _COMMENT.sub("", text)
    base = url
    declared: dict[str, FoundFeed] = {}
    linked: dict[str, FoundFeed] = {}
    for tag in _TAG.finditer(text):
        name, attributes = tag[1].lower(), _attributes(tag[2])
        href = attributes.get("href", "")
        if name == "base":
            base = resolve_link(href, url) or base
            continue
        address = resolve_link(href, base) if href else ""
        if not address or len(declared) + len(linked) >= MAX_FOUND:
            continue
        title = clean_line(attributes.get("title", ""))[:200]
        if name == "link" and _declares(attributes, address):
            declared.setdefault(address, FoundFeed(address, title, "declared"))
        elif name != "link" and _looks_like_feed(address):
            linked.setdefault(address, FoundFeed(address, title, "linked"))
    return (*declared.values(), *(found for found in linked.values() if found.url not in declared))


def guess_feeds(url: str) -> tuple[FoundFeed, ...]:
    """Give the addresses at which sites like this one usually have a feed: of the page's folder, then of its host."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    folder = parts.path.rstrip("/")
    places = [f"{origin}{folder}{path}" for path in _COMMON_PATHS[:3]] if folder else []
    places += [f"{origin}{path}" for path in _COMMON_PATHS]
    return tuple(FoundFeed(place, "", "guessed") for place in dict.fromkeys(places))


def _declares(attributes: dict[str, str], address: str) -> bool:
    relations = attributes.get("rel", "").lower().split()
    kind = attributes.get("type", "").split(";")[0].strip().lower()
    if "feed" in relations:
        return True
    if "alternate" not in relations or "stylesheet" in relations or kind not in _TYPES:
        return False
    return kind not in _VAGUE_TYPES or _looks_like_feed(address)


def _looks_like_feed(address: str) -> bool:
    parts = urlsplit(address)
    return bool(_FEED_ADDRESS.search(f"{parts.path}?{parts.query}" if parts.query else parts.path))


def _attributes(markup: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(markup):
        found.setdefault(name.lower(), html.unescape(double or single or bare).strip())
    return found
