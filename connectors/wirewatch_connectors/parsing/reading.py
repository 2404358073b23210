"""Bytes → ParsedFeed, in this process. Pure: what a parser child runs, and what `wirewatch parse` calls."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from wirewatch.errors import ParseError
from wirewatch_connectors.parsing import caps
from wirewatch_connectors.parsing.cutting import CutFeed, choose_newest, cut_feed, fingerprint
from wirewatch_connectors.parsing.declaring import item_names, leading_tags, wrapper
from wirewatch_connectors.parsing.decoding import decode_body
from wirewatch_connectors.parsing.elements import mend, read_elements
from wirewatch_connectors.parsing.extracting import extract_item
from wirewatch_connectors.parsing.heads import Head, guess_head, read_head
from wirewatch_connectors.parsing.json_feeds import read_json_feed
from wirewatch_connectors.parsing.judging import judge
from wirewatch_connectors.parsing.prologue import read_prologue
from wirewatch_connectors.shapes import FeedItem, ItemProblem, ParsedFeed


def read_feed(
    body: bytes,
    *,
    content_type: str,
    url: str,
    known: frozenset[str],
    now: datetime,
    keep_unfinished: bool = False,
) -> ParsedFeed:
    """Read a feed. Items whose fingerprint is in `known` are named and not read.

    An item that the document ends in is set aside, for the next poll brings it whole. With `keep_unfinished` (there is
    no next time) it is kept when only its last field is cut and another text of it is whole.

    Raises:
        ParseError: it is no feed (`not_a_feed`).
    """
    decoded = decode_body(body, content_type)
    text = decoded.text.lstrip("\ufeff \t\r\n")
    if text[:1] == "{":
        feed = read_json_feed(text, url=url, known=known, now=now)
        if feed is not None:
            return feed
    prologue = read_prologue(text)
    if prologue.root < 0 or _HTML_ROOT.match(text, prologue.root):
        raise _not_a_feed(url)
    names, other_names = item_names(leading_tags(text, prologue.root))
    cut = cut_feed(text, prologue.root, names)
    if not cut.items:
        cut = cut_feed(text, prologue.root, other_names)
    head = read_head(cut.head if cut.head.strip() else _LONE_ITEM, prologue.entities, url)
    if head is None and cut.items:
        head = guess_head(text, prologue.root, url)
    if head is not None and head.complaint:
        # Broken documents are now and then two in one.
        both = cut_feed(text, prologue.root, names | other_names)
        cut = both if len(both.items) > len(cut.items) else cut
    if head is None or (head.complaint and not cut.items):
        return _judged(text[prologue.root :], prologue.entities, head, url, now)
    slices, unfinished = _without_unfinished(cut)
    if unfinished and keep_unfinished and _has_whole_text(unfinished):
        slices, unfinished = cut.items, ""
    slices = choose_newest(slices, now)
    items, problems, well_formed = _read_items(slices, head, prologue.entities, known, now)
    if unfinished:
        _set_aside(problems, "unfinished_item", unfinished)
    complaints = (
        decoded.complaint,
        head.complaint,
        "" if well_formed else "items are not well formed",
        "something stands before the feed" if prologue.dirty else "",
        "ends inside an item" if unfinished else "",
    )
    complaint = "; ".join(part for part in complaints if part)
    return ParsedFeed(
        format=head.format,
        title=head.title,
        language=head.inherited.language,
        link=head.link,
        items=tuple(items),
        problems=tuple(problems),
        degraded=bool(complaint or problems),
        complaint=complaint,
        ttl_seconds=head.ttl_seconds,
        items_over_cap=max(len(cut.items) - bool(unfinished) - caps.MAX_ITEMS, 0),
    )


def _judged(markup: str, entities: dict[str, str], head: Head | None, url: str, now: datetime) -> ParsedFeed:
    """Let feedparser read a document of which we make nothing."""
    items = judge(mend(markup, entities), base=url, language=head.inherited.language if head else None, now=now)
    if head is None and not items:
        raise _not_a_feed(url)
    return ParsedFeed(
        format=head.format if head else "unknown",
        title=head.title if head else "",
        language=head.inherited.language if head else None,
        link=head.link if head else "",
        items=items,
        degraded=True,
        complaint=(head.complaint if head else "") or "no format that is known",
        ttl_seconds=head.ttl_seconds if head else None,
    )


def _set_aside(problems: list[ItemProblem], reason: str, slice_: str) -> None:
    # Every item is counted; of too many, only the first are kept with their bytes.
    kept = slice_[: caps.MAX_PROBLEM_BYTES] if len(problems) < caps.MAX_PROBLEMS else ""
    problems.append(ItemProblem(reason, kept.encode("utf-8", "replace")[: caps.MAX_PROBLEM_BYTES]))


_HTML_ROOT = re.compile(r"<html[\s>]", re.I)
#: Items of one document that feedparser is asked about: it takes a millisecond or two for each.
_MAX_JUDGED_ITEMS = 64
#: RFC 4287 §2 lets a lone entry be a document.
_LONE_ITEM = '<feed xmlns="http://www.w3.org/2005/Atom"/>'


def _has_whole_text(slice_: str) -> bool:
    """Tell whether a title and a text of an item end, and only a content after them does not."""
    folded = slice_.casefold()
    text_end = max(folded.rfind("</description>"), folded.rfind("</summary>"))
    opened = folded.find("<content", max(text_end, 0))
    return -1 < folded.find("</title>") < text_end < opened and "</content" not in folded[opened:]


def _without_unfinished(cut: CutFeed) -> tuple[tuple[str, ...], str]:
    """Set aside a last item that the document ends in, when its siblings show that items do end here."""
    if cut.unfinished and len(cut.items) > 1 and cut.items[-2].rstrip().endswith(">") and "</" in cut.items[-2][-24:]:
        return cut.items[:-1], cut.items[-1]
    return cut.items, ""


def _read_items(
    slices: tuple[str, ...], head: Head, entities: dict[str, str], known: frozenset[str], now: datetime
) -> tuple[list[FeedItem], list[ItemProblem], bool]:
    prints = [fingerprint(slice_) for slice_ in slices]
    fresh = {print_: slice_ for print_, slice_ in zip(prints, slices, strict=True) if print_ not in known}
    start = wrapper(head.declarations)
    elements = read_elements(tuple(fresh.values()), start, entities)
    read: dict[str, FeedItem] = {}
    problems: list[ItemProblem] = []
    all_well_formed, judgements = True, 0
    for (print_, slice_), (element, well_formed) in zip(fresh.items(), elements, strict=True):
        all_well_formed = all_well_formed and well_formed
        try:
            item = extract_item(element, print_, head.inherited, now) if element is not None else None
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  # a bug of ours may cost the item that shows it, never the others
            _set_aside(problems, "parser_bug", slice_)
            continue
        if judgements < _MAX_JUDGED_ITEMS and (item is None or not (well_formed or _says_something(item))):
            judgements += 1
            judged = judge(
                f"{start}{mend(slice_, entities)}</wrapped>",
                base=head.inherited.base,
                language=head.inherited.language,
                now=now,
            )
            item = replace(judged[0], fingerprint=print_) if judged else item
        if item is not None:
            read[print_] = item
        else:
            _set_aside(problems, "unreadable", slice_)
    items = (FeedItem(print_, known=True) if print_ in known else read.get(print_) for print_ in prints)
    return [item for item in items if item is not None], problems, all_well_formed


def _says_something(item: FeedItem) -> bool:
    return bool(item.guid or item.url or item.title or item.text)


def _not_a_feed(url: str) -> ParseError:
    return ParseError("not a feed", feed_id=url, reason="not_a_feed")
