"""Bytes → ParsedFeed, in this process. Pure: what a parser child runs, and what `wirewatch parse` calls."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from wirewatch.errors import ParseError
from wirewatch_connectors.parsing import caps
from wirewatch_connectors.parsing.cutting import CutFeed, cut_feed, fingerprint
from wirewatch_connectors.parsing.decoding import decode_body
from wirewatch_connectors.parsing.elements import read_elements, wrapper
from wirewatch_connectors.parsing.extracting import extract_item
from wirewatch_connectors.parsing.heads import Head, read_head
from wirewatch_connectors.parsing.json_feeds import read_json_feed
from wirewatch_connectors.parsing.prologue import read_prologue
from wirewatch_connectors.shapes import FeedItem, ItemProblem, ParsedFeed


def read_feed(body: bytes, *, content_type: str, url: str, known: frozenset[str], now: datetime) -> ParsedFeed:
    """Read a feed. Items whose fingerprint is in `known` are named and not read.

    Raises:
        ParseError: it is no feed (`not_a_feed`).
    """
    decoded = decode_body(body, content_type)
    text = decoded.text
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        feed = read_json_feed(text.lstrip("\ufeff"), url=url, known=known, now=now)
        if feed is not None:
            return feed
    prologue = read_prologue(text)
    if prologue.root < 0:
        raise _not_a_feed(url)
    cut = cut_feed(text, prologue.root)
    head = read_head(cut.head if cut.head.strip() else _LONE_ITEM, prologue.entities, url)
    if head is None:
        raise _not_a_feed(url)
    slices, unfinished = _without_unfinished(cut)
    items, problems, well_formed = _read_items(slices, head, prologue.entities, known, now)
    complaints = [decoded.complaint, head.complaint, "" if well_formed else "items are not well formed"]
    complaints += [
        "something stands before the feed" if prologue.dirty else "",
        "ends inside an item" if unfinished else "",
    ]
    if unfinished:
        problems.append(ItemProblem("unfinished_item", unfinished.encode("utf-8", "replace")[: caps.MAX_PROBLEM_BYTES]))
    complaint = "; ".join(part for part in complaints if part)
    return ParsedFeed(
        format=head.format,
        title=head.title,
        language=head.language,
        link=head.link,
        items=tuple(items),
        problems=tuple(problems),
        degraded=bool(complaint or problems),
        complaint=complaint,
        ttl_seconds=head.ttl_seconds,
        items_over_cap=max(len(slices) - caps.MAX_ITEMS, 0),
    )


#: RFC 4287 §2 lets a lone entry be a document.
_LONE_ITEM = '<feed xmlns="http://www.w3.org/2005/Atom"/>'


def _without_unfinished(cut: CutFeed) -> tuple[tuple[str, ...], str]:
    """Set aside a last item that the document ends in, when its siblings show that items do end here."""
    if cut.unfinished and len(cut.items) > 1 and cut.items[-2].rstrip().endswith(">") and "</" in cut.items[-2][-24:]:
        return cut.items[:-1], cut.items[-1]
    return cut.items, ""


def _read_items(
    slices: tuple[str, ...], head: Head, entities: dict[str, str], known: frozenset[str], now: datetime
) -> tuple[list[FeedItem], list[ItemProblem], bool]:
    prints = [fingerprint(slice_) for slice_ in slices[: caps.MAX_ITEMS]]
    fresh = [(print_, slice_) for print_, slice_ in zip(prints, slices, strict=False) if print_ not in known]
    elements = read_elements([slice_ for _, slice_ in fresh], wrapper(head.declarations), entities) if fresh else []
    read: dict[str, FeedItem] = {}
    problems: list[ItemProblem] = []
    all_well_formed = True
    for (print_, slice_), (element, well_formed) in zip(fresh, elements, strict=True):
        all_well_formed = all_well_formed and well_formed
        item = _read_item(element, print_, head, now)
        if item is None:
            problems.append(ItemProblem("unreadable", slice_.encode("utf-8", "replace")[: caps.MAX_PROBLEM_BYTES]))
        else:
            read[print_] = item
    items = [FeedItem(print_, known=True) if print_ in known else read.get(print_) for print_ in prints]
    return [item for item in items if item is not None], problems, all_well_formed


def _read_item(element: etree._Element | None, print_: str, head: Head, now: datetime) -> FeedItem | None:
    if element is None:
        return None
    return extract_item(element, print_, head.base, head.language, now)


def _not_a_feed(url: str) -> ParseError:
    return ParseError("not a feed", feed_id=url, reason="not_a_feed")
