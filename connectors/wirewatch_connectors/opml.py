"""Feed lists as OPML: what other readers export, and what they import. Pure.

Read by defusedxml (no entities, nothing external) under caps; every address goes through `check_url`. Never fetches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from wirewatch.records import Tier
from wirewatch_connectors.feeds import MAX_ID_CHARACTERS, MAX_NAME_CHARACTERS, FeedSpec, is_id
from wirewatch_connectors.urls import check_url, host_of

#: 10 MB and 10,000: more than any person's reader holds.
MAX_OPML_BYTES = 10_000_000
MAX_OUTLINES = 10_000
#: Deeper nesting than any reader's folders.
_MAX_DEPTH = 50


@dataclass(frozen=True, slots=True)
class OpmlFeeds:
    """What an OPML file held."""

    feeds: tuple[FeedSpec, ...]
    #: One line each for what was left out.
    refused: tuple[str, ...]


def read_opml(body: bytes, *, taken_ids: Iterable[str] = (), taken_urls: Iterable[str] = ()) -> OpmlFeeds:
    """Read feeds from OPML.

    Args:
        body: the file.
        taken_ids: ids that new feeds must not take.
        taken_urls: feeds that are there already; they are left out.

    Raises:
        ValueError: not OPML, too large, or it defines entities.
    """
    if len(body) > MAX_OPML_BYTES:
        raise ValueError(f"expected at most {MAX_OPML_BYTES} bytes, got {len(body)}")
    try:
        root = fromstring(body, forbid_dtd=True)
    except DefusedXmlException as error:
        raise ValueError(f"expected OPML without a document type, got {type(error).__name__}") from error
    except (ParseError, ValueError, RecursionError) as error:
        raise ValueError(f"expected OPML, got broken XML: {error}") from error
    if root.tag.lower() != "opml":
        raise ValueError(f"expected OPML, got <{root.tag[:40]}>")
    ids, urls = set(taken_ids), set(taken_urls)
    feeds: list[FeedSpec] = []
    refused: list[str] = []
    for outline in _outlines(root):
        url = _attribute(outline, "xmlUrl").strip()
        if not url:
            continue
        if len(feeds) + len(refused) >= MAX_OUTLINES:
            refused.append(f"more than {MAX_OUTLINES} feeds; the rest was left out")
            break
        url = re.sub(r"^feed:(//)?(?=https?://)", "", url)
        try:
            check_url(url)
        except ValueError as error:
            refused.append(f"{url[:80]!r}: {error}")
            continue
        if url in urls:
            refused.append(f"{url}: is there already")
            continue
        name = clean_name(_attribute(outline, "title") or _attribute(outline, "text")) or host_of(url)
        known_id = _attribute(outline, "wirewatchId")
        feed = FeedSpec(
            id=known_id if is_id(known_id) and known_id not in ids else free_id(name, url, ids),
            url=url,
            name=name,
            tier=_tier(_attribute(outline, "category")),
        )
        ids.add(feed.id)
        urls.add(url)
        feeds.append(feed)
    return OpmlFeeds(tuple(feeds), tuple(refused))


def write_opml(feeds: Iterable[FeedSpec]) -> str:
    """Write feeds as OPML 2.0."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = "Wirewatch feeds"
    body = SubElement(root, "body")
    for feed in feeds:
        about = {"text": feed.name, "title": feed.name, "xmlUrl": feed.url}
        # OPML lets others ignore what they do not know: with these two, an export comes back as it went.
        SubElement(body, "outline", about, type="rss", category=feed.tier, wirewatchId=feed.id)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def write_toml(feeds: Iterable[FeedSpec]) -> str:
    """Write feeds as `[[feed]]` tables, ready to be appended to `feeds.toml`."""
    return "\n".join(
        f'[[feed]]\nid = "{feed.id}"\nurl = "{feed.url}"\nname = "{feed.name}"\ntier = "{feed.tier}"\n'
        for feed in feeds
    )


def _outlines(root: Element) -> Iterator[Element]:
    stack = [(root, 0)]
    while stack:
        element, depth = stack.pop()
        if element.tag.lower() == "outline":
            yield element
        if depth < _MAX_DEPTH:
            stack.extend((child, depth + 1) for child in reversed(element))


def _tier(category: str) -> Tier:
    return Tier(category) if category in tuple(Tier) else Tier.OUTLET


def _attribute(outline: Element, name: str) -> str:
    """Give an attribute whatever its case: exporters do not agree on `xmlUrl`."""
    return next((value for key, value in outline.attrib.items() if key.lower() == name.lower()), "")


def clean_name(name: str) -> str:
    """Give a name as `feeds.toml` takes it: printable, without quotes and backslashes, not too long."""
    printable = "".join(letter if letter.isprintable() else " " for letter in name)
    return " ".join(printable.replace('"', "'").replace("\\", "/").split())[:MAX_NAME_CHARACTERS]


def free_id(name: str, url: str, taken: set[str]) -> str:
    """Give a feed id made of a name, else of the host, that nobody has yet."""
    words = re.findall(r"[a-z0-9]+", name.lower()) or re.findall(r"[a-z0-9]+", host_of(url)) or ["feed"]
    stem = "-".join(words)[: MAX_ID_CHARACTERS - 6].strip("-")
    if stem not in taken:
        return stem
    return next(f"{stem}-{number}" for number in range(2, MAX_OUTLINES + 3) if f"{stem}-{number}" not in taken)
