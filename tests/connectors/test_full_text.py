"""Article pages: what is fetched, what replaces a summary, and that no failure costs an article."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.builders import an_article
from tests.fakes import FakeClock
from wirewatch.errors import FetchError, ParseError
from wirewatch.metrics import Metrics
from wirewatch.records import Article
from wirewatch_connectors.full_text import MAX_PAGES_PER_POLL, FullText, PageOutcome
from wirewatch_connectors.robots import RobotsRules
from wirewatch_connectors.shapes import FetchedBody

_LONG = "The harbour opened again on Tuesday, the council said in a note that named no reason."


class Site:
    """A site with one kind of page, and a child that reads it."""

    def __init__(self, *, text: str = _LONG, kind: str = "text/html", fails: str = "", robots: str = "") -> None:
        self.text = text
        self.kind = kind
        self.fails = fails
        self.robots = robots
        self.pages: list[str] = []
        self.clock = FakeClock()
        self.metrics = Metrics()
        rules = RobotsRules(self.clock, "Wirewatch/0.1")
        self.full_text = FullText(self.fetch, self.extract, rules, self.clock, self.metrics)

    async def fetch(
        self, url: str, *, feed_id: str, accept: str = "", max_body_bytes: int | None = None
    ) -> FetchedBody:
        """Answer for robots.txt and for pages."""
        assert max_body_bytes is not None
        if url.endswith("/robots.txt"):
            return FetchedBody(200, self.robots.encode(), url, {"content-type": "text/plain"})
        self.pages.append(url)
        if self.fails == "fetch":
            raise FetchError("no", feed_id=feed_id, reason="timeout")
        return FetchedBody(200, b"<html>", url, {"content-type": self.kind})

    async def extract(self, body: bytes, *, content_type: str, url: str) -> str:
        """Give the text."""
        if self.fails == "parse":
            raise ParseError("no", feed_id=url, reason="parser_timeout")
        return self.text

    async def complete(self, *articles: Article) -> Sequence[Article]:
        """Complete articles."""
        return await self.full_text.complete(articles)

    def count(self, outcome: PageOutcome) -> float:
        """Give how many articles ended so."""
        return self.metrics.registry.get_sample_value("wirewatch_full_text_total", {"outcome": outcome}) or 0.0


async def test_page_replaces_a_shorter_summary() -> None:
    """The text is the page's; everything else is the feed's."""
    site, article = Site(), an_article(text="The harbour opened.")
    (completed,) = await site.complete(article)
    assert completed.text == _LONG
    assert completed.id == article.id
    assert completed.title == article.title
    assert site.count(PageOutcome.EXTRACTED) == 1


@pytest.mark.parametrize(
    ("site", "outcome"),
    [
        (Site(fails="fetch"), PageOutcome.FETCH_FAILED),
        (Site(fails="parse"), PageOutcome.PARSE_FAILED),
        (Site(kind="application/pdf"), PageOutcome.NOT_HTML),
        (Site(text=""), PageOutcome.EMPTY),
        (Site(text="Short."), PageOutcome.NO_LONGER),
        (Site(robots="User-agent: *\nDisallow: /"), PageOutcome.ROBOTS),
    ],
    ids=lambda value: str(value) if isinstance(value, PageOutcome) else "site",
)
async def test_failure_leaves_the_summary_and_says_so(site: Site, outcome: PageOutcome) -> None:
    """Whatever goes wrong, the article is what the feed gave."""
    article = an_article(text="The harbour opened.")
    assert tuple(await site.complete(article)) == (article,)
    assert site.count(outcome) == 1


async def test_page_that_robots_forbid_is_never_asked_for() -> None:
    """Only robots.txt is."""
    site = Site(robots="User-agent: *\nDisallow: /")
    await site.complete(an_article())
    assert site.pages == []


async def test_article_without_address_is_left_alone() -> None:
    """There is nothing to fetch."""
    site = Site()
    await site.complete(an_article(url=""))
    assert site.count(PageOutcome.NO_LINK) == 1


async def test_long_poll_is_not_a_crawl() -> None:
    """The first pages of a poll are fetched, a second apart; the rest keep their summaries, counted."""
    site = Site()
    started = site.clock.monotonic()
    articles = [an_article(f"Story {number}") for number in range(MAX_PAGES_PER_POLL + 5)]
    completed = await site.complete(*articles)
    assert [article.id for article in completed] == [article.id for article in articles]
    assert len(site.pages) == MAX_PAGES_PER_POLL
    assert site.count(PageOutcome.OVER_CAP) == 5
    assert site.clock.monotonic() - started == MAX_PAGES_PER_POLL - 1


async def test_crawl_delay_of_the_host_is_kept() -> None:
    """Two pages of a host that asks for five seconds are five seconds apart."""
    site = Site(robots="User-agent: *\nCrawl-delay: 5")
    started = site.clock.monotonic()
    await site.complete(an_article("One"), an_article("Two"))
    assert site.clock.monotonic() - started >= 5


async def test_every_article_is_counted_once() -> None:
    """Received is the sum of all outcomes."""
    site = Site()
    await site.complete(an_article("One"), an_article("Two", url=""), an_article("Three"))
    assert sum(site.count(outcome) for outcome in PageOutcome) == 3
