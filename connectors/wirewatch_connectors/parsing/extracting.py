"""XML elements → FeedItem and the feed's own facts. Pure.

Reads what RSS, RDF, Atom, Dublin Core, content, media and iTunes say of title, link, identity, time, author, language
and text; every other element is ignored (categories, enclosures, comments, ratings: nothing downstream asks for them).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from wirewatch_connectors.parsing import caps
from wirewatch_connectors.parsing.cleaning import clean_line, clean_text, cut_to_bytes
from wirewatch_connectors.parsing.dating import read_date
from wirewatch_connectors.parsing.linking import choose_base, resolve_link
from wirewatch_connectors.parsing.plain_text import html_to_text, title_to_text, without_stray_references
from wirewatch_connectors.parsing.vocabulary import Children, attribute_of, markup_of, plain_of
from wirewatch_connectors.shapes import FeedItem

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_TITLES = ("title", "dc:title", "media:title", "itunes:title")
_CONTENTS = ("content:encoded", "content", "xhtml:body", "body", "fullitem", "xhtml:div")
_SUMMARIES = (
    "description",
    "summary",
    "itunes:summary",
    "dc:description",
    "dcterms:abstract",
    "abstract",
    "media:description",
    "itunes:subtitle",
)
_PUBLISHED = ("pubdate", "published", "issued", "dcterms:issued", "dc:date", "date", "dcterms:created", "created")
_UPDATED = ("updated", "modified", "dcterms:modified", "lastbuilddate")
_AUTHORS = ("author", "dc:creator", "itunes:author", "dc:author", "creator", "managingeditor")
_MAILBOX = re.compile(
    r"\s*<?[^\s<>()@]+@[^\s<>()@]+>?\s*\(([^()]+)\)\s*|\s*([^<>()@]*[^<>()@\s])\s*[<(]\s*[^\s<>()@]+@[^\s<>()@]+\s*[>)]\s*"
)
#: RFC 4287 says that a title without a type is plain; many that are not give themselves away by these.
_LOOKS_LIKE_HTML = re.compile(r"</[a-zA-Z]|&(?:#\d|#[xX]|[a-zA-Z]+;)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Inherited:
    """What an item has from its feed where it does not say itself."""

    #: What relative links are relative to.
    base: str
    language: str | None
    #: RFC 4287 §4.2.1: an entry without an author has its feed's.
    authors: tuple[str, ...] = ()


def extract_item(element: etree._Element, fingerprint: str, inherited: Inherited, now: datetime) -> FeedItem:
    """Read one item."""
    base = inherited.base
    children = Children(element)
    own_base = element.get(_BASE) or attribute_of(element, "base")
    if own_base:
        base = choose_base(base, (own_base,))
    title, title_cut = cut_to_bytes(children.first(_TITLES, _title_of), caps.MAX_TITLE_BYTES)
    text, text_cut = _text_of(children)
    guid = _guid_of(element, children)
    raw_date = children.first((*_PUBLISHED, *_UPDATED), plain_of) or attribute_of(element, "lastmod")
    published, clamped = read_date(raw_date, now)
    return FeedItem(
        fingerprint=fingerprint,
        guid=shorten_identity(guid),
        url=_link_of(children, element, guid, base),
        title=title,
        text=text,
        authors=authors_of(children) or inherited.authors,
        language=_language_of(element, children) or inherited.language,
        published_at=published,
        published_raw=clean_line(raw_date[: caps.MAX_DATE_CHARACTERS]),
        truncated=title_cut or text_cut,
        date_clamped=clamped,
    )


def shorten_identity(guid: str) -> str:
    """Give a guid as it is, or the hash of one too long to keep: cut, two long ones might become one."""
    guid = clean_line(guid)
    if len(guid) <= caps.MAX_IDENTITY_CHARACTERS:
        return guid
    return f"sha256:{hashlib.sha256(guid.encode('utf-8', 'replace')).hexdigest()}"


def read_language(raw: str | None) -> str | None:
    """Give a language as BCP 47 writes it, or None."""
    raw = (raw or "").strip()
    if not _LANGUAGE.fullmatch(raw):
        return None
    primary, *rest = raw.replace("_", "-").split("-")
    return "-".join(
        (
            primary.lower(),
            *(part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part for part in rest),
        )
    )


def _title_of(element: etree._Element) -> str:
    if len(element):
        return html_to_text(markup_of(element))[0].replace("\n", " ")
    kind = (element.get("type") or "").lower()
    raw = _undoubled(_unpacked(element, kind))
    is_atom = str(element.tag).startswith("{http://www.w3.org/2005/Atom}")
    if kind in ("text", "text/plain") or (is_atom and not kind and not _LOOKS_LIKE_HTML.search(raw)):
        return clean_line(without_stray_references(raw))
    return title_to_text(raw)


def _unpacked(element: etree._Element, kind: str) -> str:
    raw = element.text or ""
    # RFC 4287 §4.1.3.3: content of any media type that is neither text nor XML is Base64. Only text is of use here.
    packed = "/" in kind and not kind.startswith("text/") and not kind.endswith(("xml", "xhtml"))
    return _from_base64(raw) if packed or (element.get("mode") or "").lower() == "base64" else raw


def _undoubled(text: str) -> str:
    """Undo UTF-8 that was once taken for ISO 8859-1 and encoded again: `Ã©` for `é`."""
    if not any(lead in text for lead in "ÂÃâ"):
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _from_base64(raw: str) -> str:
    try:
        return base64.b64decode("".join(raw.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def _body_of(element: etree._Element) -> tuple[str, bool]:
    kind = (element.get("type") or "").lower()
    if len(element):
        return html_to_text(markup_of(element))
    raw = _undoubled(_unpacked(element, kind))
    if kind in ("text", "text/plain", "plain"):
        return clean_text(without_stray_references(raw[: caps.MAX_MARKUP_CHARACTERS])), len(
            raw
        ) > caps.MAX_MARKUP_CHARACTERS
    return html_to_text(raw)


def _text_of(children: Children) -> tuple[str, bool]:
    """Give the fullest text: content, else summary; of two contents the longer."""
    candidates = [child for key in _CONTENTS for child in children.by_key.get(key, ())]
    best, best_cut = "", False
    for child in candidates:
        found, cut = _body_of(child)
        if len(found) > len(best):
            best, best_cut = found, cut
    for key in _SUMMARIES:
        for child in children.by_key.get(key, ()):
            # Markup shorter than the best text cannot hold a longer one (but for one odd reference or another).
            if len(child) or len(child.text or "") > len(best):
                found, cut = _body_of(child)
                if len(found) > len(best):
                    best, best_cut = found, cut
    kept, bytes_cut = cut_to_bytes(best, caps.MAX_TEXT_BYTES)
    return kept, best_cut or bytes_cut


def _language_of(element: etree._Element, children: Children) -> str | None:
    return read_language(element.get(_LANG) or children.first(("dc:language", "language"), plain_of))


def _guid_of(element: etree._Element, children: Children) -> str:
    return (
        children.first(("guid", "id"), plain_of)
        or (element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or "").strip()
        or children.first(("dc:identifier", "dcterms:identifier"), plain_of)
    )


def _link_of(children: Children, element: etree._Element, guid: str, base: str) -> str:
    alternates: list[str] = []
    plain: list[str] = []
    attached = [child.get("url") or "" for child in children.by_key.get("enclosure", ())]
    for link in children.by_key.get("link", ()):
        href = link.get("href")
        relation = (link.get("rel") or "alternate").lower()
        if relation == "enclosure":
            attached.append(href or "")
        if relation != "alternate":
            continue
        if href is None:
            plain.append(plain_of(link))
        else:
            kind = (link.get("type") or "html").lower()
            alternates.insert(0 if "html" in kind and not alternates else len(alternates), href)
    about = element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or ""
    for raw in (*plain, *alternates, attribute_of(element, "href"), about):
        found = resolve_link(raw, base) if raw else ""
        if found:
            return found
    words = (child.get("isPermaLink") or child.get("ispermalink") or "" for child in children.by_key.get("guid", ()))
    permalink = "false" not in map(str.lower, words)
    own = resolve_link(guid, "") if permalink else ""
    # A programme without a page is where it can be heard.
    return own or next(filter(None, (resolve_link(raw, base) for raw in attached if raw)), "")


def authors_of(children: Children) -> tuple[str, ...]:
    """Give the names of those who wrote it, by the first kind of element that names any."""
    found: dict[str, None] = {}
    for key in _AUTHORS:
        for child in children.by_key.get(key, ()):
            name = _author_of(child)
            if name and len(found) < caps.MAX_AUTHORS:
                found[name] = None
        if found:
            break
    return tuple(found)


def _author_of(element: etree._Element) -> str:
    if len(element):
        parts = Children(element)
        raw = parts.first(("name",), plain_of) or parts.first(("email",), plain_of) or plain_of(element)
    else:
        raw = plain_of(element)
    raw = title_to_text(raw[: 4 * caps.MAX_AUTHOR_CHARACTERS])
    mailbox = _MAILBOX.fullmatch(raw)
    return (mailbox[1] or mailbox[2] if mailbox else raw)[: caps.MAX_AUTHOR_CHARACTERS].strip()
