"""The text of an article's own page, for feeds that give only a summary (`full_text = true` in feeds.toml).

Called between deciding and publishing. Pages are fetched through the same guard as feeds, where robots.txt allows it,
politely and at most a few a poll; they are read in a parser child. Whatever fails leaves the article as the feed gave
it, and is counted. Never decides whether an article is new: identity and change come from the feed alone.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from wirewatch.clock import Clock
from wirewatch.errors import FetchError, ParseError
from wirewatch.metrics import Metrics
from wirewatch.records import Article
from wirewatch_connectors.parsing.caps import MAX_TEXT_BYTES
from wirewatch_connectors.robots import RobotsRules
from wirewatch_connectors.shapes import FetchedBody

log = logging.getLogger(__name__)

#: 20: a first poll of a long feed must not become a crawl; older articles keep their summary.
MAX_PAGES_PER_POLL = 20
#: 4 MB: article pages are mostly script; what is larger is no article.
MAX_PAGE_BYTES = 4 * 1024 * 1024
#: Least seconds between two pages of a host, where its robots.txt asks for no more.
PAGE_SPACING_SECONDS = 1.0
_PAGE_TYPES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


class PageOutcome(StrEnum):
    """How asking for an article's page ended; every article of a full-text feed is counted under one of these."""

    EXTRACTED = "extracted"
    #: The page says no more than the feed did.
    NO_LONGER = "no_longer"
    EMPTY = "empty"
    NOT_HTML = "not_html"
    NO_LINK = "no_link"
    ROBOTS = "robots"
    FETCH_FAILED = "fetch_failed"
    PARSE_FAILED = "parse_failed"
    #: Beyond the pages of one poll.
    OVER_CAP = "over_cap"


class FetchPage(Protocol):
    """One guarded GET; `fetching.Fetcher.fetch` is one."""

    async def __call__(
        self, url: str, *, feed_id: str, accept: str = ..., max_body_bytes: int | None = ...
    ) -> FetchedBody:
        """Fetch.

        Raises:
            FetchError: it cannot be had.
        """
        ...


class ExtractPage(Protocol):
    """Page → text; `parsing.pool.ParserPool.extract_page` is one."""

    async def __call__(self, body: bytes, *, content_type: str, url: str) -> str:
        """Extract.

        Raises:
            ParseError: it cost too much.
        """
        ...


@dataclass(frozen=True, slots=True)
class FullText:
    """What completing articles needs. One a process: `robots` remembers what hosts allow."""

    fetch: FetchPage
    extract: ExtractPage
    robots: RobotsRules
    clock: Clock
    metrics: Metrics

    async def complete(self, articles: Sequence[Article]) -> tuple[Article, ...]:
        """Give the articles in their order, each with the text of its page where that could be had and says more."""
        completed: list[Article] = []
        asked = 0
        for article in articles:
            outcome, text = PageOutcome.OVER_CAP, ""
            if not article.url:
                outcome = PageOutcome.NO_LINK
            elif asked < MAX_PAGES_PER_POLL:
                if asked:
                    await self.clock.sleep(PAGE_SPACING_SECONDS)
                asked += 1
                outcome, text = await self._ask(article)
            self.metrics.full_text.labels(outcome).inc()
            completed.append(_with_text(article, text) if outcome is PageOutcome.EXTRACTED else article)
        return tuple(completed)

    async def _ask(self, article: Article) -> tuple[PageOutcome, str]:
        try:
            wait_seconds = await self.robots.ask(article.url, article.feed_id, self.fetch)
            if wait_seconds is None:
                return PageOutcome.ROBOTS, ""
            if wait_seconds > PAGE_SPACING_SECONDS:
                await self.clock.sleep(wait_seconds - PAGE_SPACING_SECONDS)
            page = await self.fetch(
                article.url, feed_id=article.feed_id, accept=_PAGE_TYPES, max_body_bytes=MAX_PAGE_BYTES
            )
            content_type = page.headers.get("content-type", "")
            if "html" not in content_type.lower():
                return PageOutcome.NOT_HTML, ""
            text = await self.extract(page.body, content_type=content_type, url=page.url)
        except FetchError as error:
            log.info(
                "An article's page could not be fetched.", extra={"article_id": article.id, "reason": error.reason}
            )
            return PageOutcome.FETCH_FAILED, ""
        except ParseError as error:
            log.info("An article's page could not be read.", extra={"article_id": article.id, "reason": error.reason})
            return PageOutcome.PARSE_FAILED, ""
        if not text:
            return PageOutcome.EMPTY, ""
        return (PageOutcome.EXTRACTED, text) if len(text) > len(article.text) else (PageOutcome.NO_LONGER, "")


def _with_text(article: Article, text: str) -> Article:
    # 3: a cut falls up to three bytes short of the cap, because it falls between characters.
    return replace(article, text=text, truncated=len(text.encode()) >= MAX_TEXT_BYTES - 3)
