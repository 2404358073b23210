"""A feed's memory in a dict, and the pure decision over it: what the poller does, without network, store or log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from wirewatch.ids import content_hash
from wirewatch.records import Article
from wirewatch.store.feed_items import SeenItem
from wirewatch_connectors.deciding import Decision, decide_items, keys_to_look_up
from wirewatch_connectors.feeds import FeedSpec
from wirewatch_connectors.shapes import FeedItem, ParsedFeed

NOON = datetime(2025, 8, 12, 12, 0, tzinfo=UTC)


def an_item(title: str = "Harbour reopens", text: str = "", *, guid: str = "", url: str = "") -> FeedItem:
    """Build an item as the parser gives it; its fingerprint is what a hash of its bytes would be."""
    return FeedItem(content_hash(guid, url, title, text), guid=guid, url=url, title=title, text=text)


def a_feed(feed_id: str = "harbour-courier", **changes: object) -> FeedSpec:
    """Build a feed's specification."""
    return replace(FeedSpec(feed_id, f"https://{feed_id}.example/rss", feed_id.title()), **changes)  # type: ignore[arg-type]


@dataclass(slots=True)
class Desk:
    """One feed, polled by hand."""

    feed: FeedSpec = field(default_factory=a_feed)
    rows: dict[str, SeenItem] = field(default_factory=dict)
    now: datetime = NOON
    polled: bool = False
    log: list[Article] = field(default_factory=list)

    def decide(self, items: Sequence[FeedItem]) -> Decision:
        """Decide about a document, and forget the decision."""
        known = {
            row.fingerprint: row
            for row in self.rows.values()
            if row.fingerprint and row.last_seen_at >= self.now - timedelta(days=3)
        }
        cut = tuple(FeedItem(item.fingerprint, known=True) if item.fingerprint in known else item for item in items)
        parsed = ParsedFeed("rss-2.0", "News", None, "", cut)
        keys, ids = keys_to_look_up(self.feed.id, parsed)
        guids, links = {key.guid for key in keys.values()} - {""}, {key.link for key in keys.values()} - {""}
        seen = [
            row for row in self.rows.values() if row.guid_key in guids or row.link_key in links or row.article_id in ids
        ]
        return decide_items(self.feed, parsed, known=known, seen=seen, first_poll=not self.polled, now=self.now)

    def poll(self, *items: FeedItem, minutes: float = 15) -> list[Article]:
        """Let time pass, read a document, publish what is new, remember it; gives what was published."""
        self.now += timedelta(minutes=minutes)
        decision = self.decide(items)
        self.log.extend(decision.articles)
        self.remember(decision)
        return list(decision.articles)

    def remember(self, decision: Decision) -> None:
        """Move the memory."""
        self.polled = True
        self.rows.update((row.article_id, row) for row in decision.items)
        for article_id in decision.present:
            self.rows[article_id] = replace(self.rows[article_id], last_seen_at=self.now)
