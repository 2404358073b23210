"""Addresses as feeds write them → absolute http(s) addresses, or nothing. Pure, never raises."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from wirewatch_connectors.parsing.caps import MAX_IDENTITY_CHARACTERS

_ABSOLUTE = re.compile(r"https?://[^\s/?#\\@<>\"]+", re.I)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
#: What browsers take out of an address before they read it; left in, it would hide a scheme.
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")


def resolve_link(raw: str, base: str) -> str:
    """Give the http(s) address that `raw` names beside `base`, or "" for all else (`javascript:`, `data:`, …)."""
    link = _HIDDEN.sub("", raw).strip().replace(" ", "%20")
    if not link or len(link) > 4 * MAX_IDENTITY_CHARACTERS:
        return ""
    if not _ABSOLUTE.match(link):
        if _SCHEME.match(link) or not base:
            return ""
        try:
            link = urljoin(base, link)
        except ValueError:
            return ""
    return link if is_web_address(link) else ""


def is_web_address(link: str) -> bool:
    """Tell whether `link` is an http(s) address with a host, without user, password or backslash."""
    if not _ABSOLUTE.match(link) or "\\" in link:
        return False
    try:
        parts = urlsplit(link)
        return bool(parts.hostname) and parts.username is None and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def choose_base(feed_url: str, xml_bases: tuple[str, ...]) -> str:
    """Give what relative links are relative to: the feed's address, moved by `xml:base` within its own host.

    An `xml:base` on another host would let a feed move its items to a host that it does not own.
    """
    base = feed_url
    for xml_base in xml_bases:
        moved = resolve_link(xml_base, base)
        if moved and (not feed_url or _host(moved) == _host(feed_url)):
            base = moved
    return base


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""
