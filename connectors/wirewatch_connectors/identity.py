"""Which item is which article. Pure; called by `deciding`.

A feed's items are compared with that feed's memory only: no feed can touch another's articles. The guid is the
publisher's word, the link and the title are witnesses, because guids are reused, random, or change with the weather:

1. same guid, same link: the same article, whatever its title says now (an edit);
2. same guid, another link: the same when the title or the text is; else another article that reuses the guid;
3. another guid, same link: the same, unless several items of the document share that link (a home page names nobody);
4. neither guid nor link: the same when title and text are.

The id of a new article comes from its link, else its guid, else its words; from all of them together where that is
already another article's id. The link comes first because it can be made canonical and a guid cannot: with guids that
are drawn anew at every fetch, a crash between log and memory would give one article two ids. So the same items in any
order, after a crash, or after the memory was lost, get the same ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from wirewatch.ids import article_id, content_hash
from wirewatch.store.feed_items import SeenItem
from wirewatch_connectors.shapes import FeedItem
from wirewatch_connectors.urls import canonical_link


@dataclass(frozen=True, slots=True)
class Keys:
    """What an item can be recognised by, hashed; "" where it has no such part."""

    guid: str
    link: str
    title: str
    content: str


@dataclass(frozen=True, slots=True)
class Shared:
    """Guids and links that more than one item of a document carries: they single out none of them."""

    guids: frozenset[str]
    links: frozenset[str]


def keys_of(item: FeedItem) -> Keys:
    """Give what an item can be recognised by."""
    guid = item.guid.strip()
    link = canonical_link(item.url)
    title = " ".join(item.title.split())
    return Keys(
        guid=content_hash(guid) if guid else "",
        link=content_hash(link) if link else "",
        title=content_hash(title.casefold()) if title else "",
        content=content_hash(item.title, item.text),
    )


def find_shared(all_keys: Iterable[tuple[str, str, str]]) -> Shared:
    """Find what is shared, given (guid, link, title) keys of every item of a document, the known ones included.

    An item that stands in the document twice shares nothing with itself.
    """
    distinct = set(all_keys)
    guids = Counter(guid for guid, _ in {(guid, link or title) for guid, link, title in distinct} if guid)
    links = Counter(link for link, _ in {(link, guid or title) for guid, link, title in distinct} if link)
    return Shared(
        guids=frozenset(key for key, count in guids.items() if count > 1),
        links=frozenset(key for key, count in links.items() if count > 1),
    )


def find_seen(keys: Keys, candidates: Iterable[SeenItem], shared: Shared) -> SeenItem | None:
    """Give the article that this item is, of those that share a key with it; None when it is a new one."""
    best: tuple[int, SeenItem] | None = None
    for candidate in candidates:
        strength = _likeness(keys, candidate, shared)
        if strength and (best is None or strength > best[0]):
            best = (strength, candidate)
    return best[1] if best else None


def new_article_id(feed_id: str, item: FeedItem, keys: Keys, shared: Shared, taken: Iterable[str]) -> str:
    """Give the id of a new article; `taken` are ids of other articles of the feed that share a key with it."""
    taken_ids = set(taken)
    guid, link = item.guid.strip(), canonical_link(item.url)
    words = content_hash(item.title, item.text)
    if link and keys.link not in shared.links:
        first = article_id(feed_id, link)
    elif guid and keys.guid not in shared.guids:
        first = article_id(feed_id, guid)
    elif guid:
        first = article_id(feed_id, f"{guid}\n{keys.title}")
    else:
        first = article_id(feed_id, words)
    if first not in taken_ids:
        return first
    second = article_id(feed_id, f"{guid}\n{link}\n{keys.title}")
    return second if second not in taken_ids else article_id(feed_id, f"{guid}\n{link}\n{words}")


def _likeness(keys: Keys, seen: SeenItem, shared: Shared) -> int:
    """Give how surely an item is a known article: 0 for not at all."""
    same_words = keys.content == seen.shown_hash or keys.content == seen.content_hash
    same_title = bool(keys.title) and keys.title == seen.title_key
    if keys.guid and keys.guid == seen.guid_key:
        if keys.link == seen.link_key:
            both_shared = keys.guid in shared.guids and (not keys.link or keys.link in shared.links)
            return 5 if not both_shared or same_title or same_words else 0
        if same_words or same_title:
            return 4
        one_has_none = not keys.link or not seen.link_key
        return 2 if one_has_none and keys.guid not in shared.guids else 0
    if keys.link and keys.link == seen.link_key:
        return 3 if keys.link not in shared.links or (same_title and not (keys.guid and seen.guid_key)) else 0
    if not keys.guid and not keys.link and not seen.guid_key and not seen.link_key:
        return 4 if same_words else 0
    return 0
