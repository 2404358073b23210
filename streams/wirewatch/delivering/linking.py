"""Which addresses out of feeds may become links. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

#: Whatever a browser would drop or trip over inside an address.
_UNFIT = re.compile(r"[\x00-\x20\x7f-\x9f\\<>\"'`{}|^\u2028\u2029]")


def safe_href(address: str) -> str:
    """Give an address that may stand in an href, or "" when it is not plain http(s) with a host."""
    if not address or _UNFIT.search(address):
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        return ""
    return address


def host_of(address: str) -> str:
    """Give the host of a safe address, or ""."""
    return (urlsplit(address).hostname or "") if safe_href(address) else ""
