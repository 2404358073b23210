"""Which URLs may be fetched at all, and which two URLs name the same article. Pure string work.

Called by `feeds` (configuration), `fetching` (every hop) and `identity`. Never resolves a name: whether an address may
be dialled is the business of `wirewatch.guarding`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from yarl import URL

#: 4,096: longer than any feed's address we know, short enough to log and store.
MAX_URL_CHARACTERS = 4096

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029<>\"{}|^`]")
_NUMERIC_HOST = re.compile(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+))*\.?", re.ASCII | re.IGNORECASE)
_DOTTED_QUAD = re.compile(r"(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}", re.ASCII)

#: Parameters that say who came from where, never which article it is.
_TRACKING = re.compile(
    r"(utm_.*|at_.*|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|cmpid?|ns_.*|ocid|xtor|smid|"
    r"ref|ref_src|rss|traffic_source|__twitter_impression|"
    r"phpsessid|jsessionid|sessionid|session_id|sid|aspsessionid.*)",
    re.IGNORECASE,
)
_PATH_SESSION = re.compile(r";(jsessionid|phpsessid|sid)=[^/;?]*", re.IGNORECASE)


def check_url(text: str) -> URL:
    """Read an address that we may ask for.

    Raises:
        ValueError: not http(s), no host, a user name in it, forbidden characters, a host that is a number in disguise.
    """
    if len(text) > MAX_URL_CHARACTERS:
        raise ValueError(f"expected at most {MAX_URL_CHARACTERS} characters, got {len(text)}")
    forbidden = _FORBIDDEN.search(text)
    if forbidden:
        raise ValueError(f"expected no spaces, control characters or backslashes, got {forbidden.group()!r}")
    if not re.match(r"https?://", text, re.IGNORECASE):
        raise ValueError('expected an address that begins with "https://" or "http://"')
    try:
        url = URL(text)
        host, port = url.raw_host, url.port
    except ValueError as error:
        raise ValueError(f"expected a valid address: {error}") from error
    if not host or port is None or port == 0:
        raise ValueError("expected an address with a host and a port that exists")
    if url.raw_user is not None or url.raw_password is not None:
        raise ValueError("expected no user name or password in the address")
    written = urlsplit(text).hostname or ""
    if _NUMERIC_HOST.fullmatch(host) and not (_DOTTED_QUAD.fullmatch(host) and written == host):
        raise ValueError("expected a host name or a plain dotted address, got a number in disguise")
    return url


def canonical_link(url: str) -> str:
    """Give what stays the same when a publisher decorates a link.

    Drops the scheme, `www.`, the default port, a trailing slash, tracking and session parameters; sorts the rest.
    Keeps the fragment, because pages that carry several items are told apart by it. Gives "" for "" and for a bare
    host, which names no article.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        port = parts.port
    except ValueError:
        return url
    path = _PATH_SESSION.sub("", parts.path).rstrip("/")
    query = urlencode(sorted(pair for pair in _pairs(parts.query) if not _TRACKING.fullmatch(pair[0])))
    fragment = "" if re.match(r"(xtor|utm_|ref)=?", parts.fragment) else parts.fragment
    if not path and not query and not fragment:
        return ""
    shown_port = "" if port in (None, 80, 443) else f":{port}"
    return f"{host}{shown_port}{path}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


@lru_cache(maxsize=10_000)
def host_of(url: str) -> str:
    """Give the host that is asked, lower case: the unit of politeness."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return [(query, "")]
