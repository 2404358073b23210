"""Which items of a parsed feed are news: new, changed, unchanged, repeated, empty, flapping. Pure.

Called by `taking` between parsing and publishing. Counts every item that it lets go, by reason. Does not decide when
the feed is polled again (`scheduling`), does not judge dates (`parsing` has clamped them).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from wirewatch.metrics import DropReason
from wirewatch.records import Article
from wirewatch.store.feed_items import SeenItem
from wirewatch_connectors.feeds import FeedSpec
from wirewatch_connectors.identity import Keys, Shared, find_seen, find_shared, keys_of, new_article_id
from wirewatch_connectors.shapes import FeedItem, ParsedFeed

#: 24: lemon24/reader's limit. An item that prints the time changes at every poll; a live blog seldom changes so often
#: without one poll between that finds it at rest.
FLAPPING_LIMIT = 24

#: A day: how stale `last_seen_at` of an item that is still in its feed may get; spares a write per item and poll.
_MARK_AFTER = timedelta(days=1)


class Judgement(StrEnum):
    """What an item is."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    EMPTY = "empty_item"
    FLAPPING = "flapping"


_DROP_REASONS: Mapping[Judgement, DropReason] = {
    Judgement.UNCHANGED: "unchanged",
    Judgement.DUPLICATE: "duplicate",
    Judgement.EMPTY: "empty_item",
    Judgement.FLAPPING: "flapping",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a poll brought, and what is to be remembered of it once that is durable."""

    articles: tuple[Article, ...]
    #: Rows of the feed's memory that are new or changed.
    items: tuple[SeenItem, ...]
    #: Article ids that are to be marked as still in the feed.
    present: tuple[str, ...]
    dropped: Mapping[DropReason, int]
    #: False when no item was known, although the feed had items before: something may have passed unseen.
    overlaps: bool
    #: True while an item flaps: the body must be read again at the next poll, to see it come to rest.
    flapping: bool
    new: int


def keys_to_look_up(feed_id: str, parsed: ParsedFeed) -> tuple[dict[str, Keys], set[str]]:
    """Give the keys of the items that were read, by fingerprint, and the article ids that they might be."""
    keys = {item.fingerprint: keys_of(item) for item in parsed.items if not item.known}
    nothing_shared = Shared(frozenset(), frozenset())
    ids = {
        new_article_id(feed_id, item, keys[item.fingerprint], nothing_shared, ())
        for item in parsed.items
        if not item.known
    }
    return keys, ids


def decide_items(
    feed: FeedSpec,
    parsed: ParsedFeed,
    *,
    known: Mapping[str, SeenItem],
    seen: Iterable[SeenItem],
    first_poll: bool,
    now: datetime,
) -> Decision:
    """Decide about every item.

    Args:
        feed: where they come from.
        parsed: what was read; items with a known fingerprint are empty.
        known: what the feed's memory holds, by fingerprint.
        seen: what it holds that shares a key with an item that was read.
        first_poll: True when nothing of this feed was ever read.
        now: when it was fetched.
    """
    keys = {item.fingerprint: keys_of(item) for item in parsed.items if not item.known}
    by_id = {row.article_id: row for row in (*known.values(), *seen)}
    candidates = _Candidates(by_id.values())
    shared = find_shared(_document_keys(parsed, keys, known))
    dropped: Counter[DropReason] = Counter()
    articles: list[Article] = []
    rows: dict[str, SeenItem] = {}
    present: list[str] = []
    claimed: set[str] = set()
    flapping = overlaps = False
    new = 0
    for item in parsed.items:
        row = known.get(item.fingerprint) if item.known else None
        if row is None:
            if _is_empty(item, feed):
                dropped[_DROP_REASONS[Judgement.EMPTY]] += 1
                continue
            row = find_seen(keys[item.fingerprint], candidates.of(keys[item.fingerprint]), shared)
        if row is None:
            row = _new_row(feed, item, keys[item.fingerprint], shared, candidates, first_poll, now)
            if row.article_id not in claimed:
                claimed.add(row.article_id)
                rows[row.article_id] = row
                candidates.add(row)
                articles.append(_article(feed, item, row, parsed.language, now))
                new += 1
                continue
        else:
            overlaps = overlaps or row.article_id in by_id
        if row.article_id in claimed:
            dropped[_DROP_REASONS[Judgement.DUPLICATE]] += 1
            continue
        claimed.add(row.article_id)
        judgement, after = judge(item, None if item.known else keys[item.fingerprint], row, now)
        if judgement is Judgement.CHANGED:
            articles.append(_article(feed, item, after, parsed.language, now))
        else:
            flapping = flapping or judgement is Judgement.FLAPPING
            dropped[_DROP_REASONS[judgement]] += 1
        if after != row:
            rows[row.article_id] = after
        elif now - row.last_seen_at >= _MARK_AFTER:
            present.append(row.article_id)
    return Decision(
        articles=tuple(articles),
        items=tuple(rows.values()),
        present=tuple(present),
        dropped=dropped,
        overlaps=overlaps or first_poll or not parsed.items,
        flapping=flapping,
        new=new,
    )


def judge(item: FeedItem, keys: Keys | None, row: SeenItem, now: datetime) -> tuple[Judgement, SeenItem]:
    """Judge an item that is a known article, and give how it is remembered then.

    Args:
        item: what the feed shows.
        keys: its keys; None when its bytes are known.
        row: what we remember.
        now: when it was fetched.
    """
    if keys is None:
        return Judgement.UNCHANGED, row if row.streak == 0 else replace(row, streak=0)
    after = replace(
        row,
        guid_key=keys.guid or row.guid_key,
        link_key=keys.link or row.link_key,
        title_key=keys.title,
        shown_hash=keys.content,
        fingerprint=item.fingerprint,
        last_seen_at=now,
    )
    at_rest = keys.content == row.shown_hash
    if keys.content == row.content_hash:
        return Judgement.UNCHANGED, replace(after, streak=0 if at_rest else row.streak + 1)
    if row.streak >= FLAPPING_LIMIT and not at_rest:
        return Judgement.FLAPPING, replace(after, fingerprint="", streak=row.streak + 1)
    return Judgement.CHANGED, replace(
        after, content_hash=keys.content, revision=row.revision + 1, streak=0 if at_rest else row.streak + 1
    )


class _Candidates:
    """Known articles by what they can be recognised by."""

    def __init__(self, rows: Iterable[SeenItem]) -> None:
        self._by_key: defaultdict[str, list[SeenItem]] = defaultdict(list)
        for row in rows:
            self.add(row)

    def add(self, row: SeenItem) -> None:
        for key in {row.guid_key, row.link_key, "" if row.guid_key or row.link_key else row.content_hash} - {""}:
            self._by_key[key].append(row)

    def of(self, keys: Keys) -> list[SeenItem]:
        return [row for key in (keys.guid, keys.link, keys.content) if key for row in self._by_key.get(key, ())]

    def ids(self, keys: Keys) -> list[str]:
        return [row.article_id for row in self.of(keys)]


def _document_keys(
    parsed: ParsedFeed, keys: Mapping[str, Keys], known: Mapping[str, SeenItem]
) -> Iterable[tuple[str, str, str]]:
    for item in parsed.items:
        if not item.known:
            own = keys[item.fingerprint]
            yield own.guid, own.link, own.title
        elif item.fingerprint in known:
            row = known[item.fingerprint]
            yield row.guid_key, row.link_key, row.title_key


def _is_empty(item: FeedItem, feed: FeedSpec) -> bool:
    """Tell whether an item says nothing: neither title nor text, nor a page from which its text will be fetched."""
    return not item.title.strip() and not item.text.strip() and not (feed.full_text and item.url)


def _new_row(
    feed: FeedSpec,
    item: FeedItem,
    keys: Keys,
    shared: Shared,
    candidates: _Candidates,
    first_poll: bool,
    now: datetime,
) -> SeenItem:
    return SeenItem(
        feed_id=feed.id,
        article_id=new_article_id(feed.id, item, keys, shared, candidates.ids(keys)),
        guid_key=keys.guid,
        link_key=keys.link,
        title_key=keys.title,
        content_hash=keys.content,
        shown_hash=keys.content,
        fingerprint=item.fingerprint,
        revision=1,
        streak=0,
        history=first_poll,
        first_seen_at=now,
        last_seen_at=now,
    )


def _article(feed: FeedSpec, item: FeedItem, row: SeenItem, document_language: str | None, now: datetime) -> Article:
    return Article(
        id=row.article_id,
        feed_id=feed.id,
        guid=item.guid.strip(),
        url=item.url,
        title=item.title,
        text=item.text,
        authors=item.authors,
        language=item.language or feed.language or document_language,
        published_at=item.published_at,
        published_raw=item.published_raw,
        fetched_at=now,
        revision=row.revision,
        feed_name=feed.name,
        tier=feed.tier,
        history=row.history and row.revision == 1,
        tell_history=feed.tell_history,
        sample=feed.sample,
        truncated=item.truncated,
    )
