"""What the kill tests publish, and the stub that sorts it: every tenth article reports a listing of one of fifty.

A sorter that costs nothing, so that raising, which is the real one, does the work. Everybody here is invented.
"""

from __future__ import annotations

import time
from dataclasses import replace

from tests.builders import an_article
from wirewatch.ids import content_hash
from wirewatch.knowledge.entities import Knowledge, Organisation
from wirewatch.raising import World
from wirewatch.records import Article, Event, Field, Name, Party, SortedArticle, Span, Status, Tier
from wirewatch.settings import Settings
from wirewatch.subscribers import Road, RoadKind, Subscription

ORGANISATIONS = 50

#: One report among so many articles.
REPORT_EVERY = 10

FEEDS = 10

_AUTHORITY = Organisation(
    "northmark", "Northmark", "PublicBody", countries=("us",), is_authority=True, programmes=("NM",)
)


def title_of(number: int) -> str:
    """Name an article."""
    return f"article {number}"


def subject_of(number: int) -> int | None:
    """Give the organisation that an article reports a listing of, or None."""
    return number // REPORT_EVERY % ORGANISATIONS if number % REPORT_EVERY == 0 else None


def article_of(number: int) -> Article:
    """Make the article with this number. No two have their words in common, so that none is a copy."""
    own = " ".join(content_hash(f"{number} {part}")[:9] for part in range(60))
    # An organisation's reports come from one feed after the other.
    feed = f"outlet-{number // (REPORT_EVERY * ORGANISATIONS) % FEEDS}"
    return an_article(title_of(number), text=own, feed_id=feed, feed_name=feed, tier=Tier.OUTLET)


def world_of(settings: Settings) -> World:
    """Make the world in which they are raised: everything is told, every further source too, one by one."""
    players = [Organisation(f"gulls-{one}", f"Gull Cartel {one}", "Organization") for one in range(ORGANISATIONS)]
    everything = Subscription(
        "everything", (Road(RoadKind.WEBHOOK, "http://127.0.0.1:9901/hook"),), max_per_minute=1_000_000, updates=True
    )
    knowledge = Knowledge({player.id: player for player in (_AUTHORITY, *players)})
    return World(knowledge, (everything,), settings, ListingSorter.version)


class ListingSorter:
    """Finds the listing that an article reports by the article's number; takes its time, as sorting does."""

    version = "listing-sorter"

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds

    def sort(self, article: Article) -> SortedArticle:
        """Sort."""
        until = time.perf_counter() + self._seconds
        while time.perf_counter() < until:
            pass
        plain = SortedArticle(article, "en", (), (), self.version)
        subject = subject_of(int(article.title.split()[-1]))
        return plain if subject is None else replace(plain, events=(_listing(article, subject),))


def _listing(article: Article, subject: int) -> Event:
    whole = Span(0, len(article.title), article.title)
    return Event(
        type="designation",
        status=Status.NEW,
        agents=(),
        targets=(Party(f"gulls-{subject}", f"Gull Cartel {subject}", 0, 0),),
        authority=Name(_AUTHORITY.id, _AUTHORITY.name),
        programme="NM",
        trigger=whole,
        evidence=whole,
        field=Field.TITLE,
        cues=(),
        rule="stub.designation",
        score=0.9,
    )
