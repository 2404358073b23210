"""What people read: each page shows what the store holds."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from tests.builders import NOON, an_article
from tests.console.building import ConsoleBench, an_alert
from tests.console.hostile import text_of
from tests.delivering.building import a_delivery
from wirewatch.console.highlighting import Highlight, highlight
from wirewatch.records import (
    AlertState,
    DeliveryState,
    Event,
    Field,
    Mention,
    Name,
    SortedArticle,
    Source,
    Span,
    Status,
    Strength,
)
from wirewatch.store import lanes, outbox
from wirewatch.store.articles import save_articles
from wirewatch.store.feed_health import FollowedFeed, keep_followed
from wirewatch.subscribers import Road, RoadKind, Subscription


async def test_list_shows_quote_source_time_state_and_sample(bench: ConsoleBench) -> None:
    """The first page holds what a person must know to believe an alert."""
    bench.keep([an_alert(sample=True)])
    shown = text_of((await bench.browser.get("/")).content)
    for words in (
        "Harbour Front",
        "New listing",
        "unconfirmed",
        "SAMPLE",
        "The ministry on Tuesday put the Harbour Front on its list.",
        "The Courier",
        "12 Aug 2025, 12:00 UTC",
        "1 independent source",
    ):
        assert words in shown


async def test_alert_that_is_no_sample_is_not_called_one(bench: ConsoleBench) -> None:
    """The mark is only where it belongs."""
    bench.keep([an_alert()])
    assert "SAMPLE" not in text_of((await bench.browser.get("/")).content)


async def test_alert_page_groups_copies_and_shows_contradictions(bench: ConsoleBench) -> None:
    """Copies stand under the text they copy; who says otherwise is apart."""
    sources = (
        Source("courier", "https://courier.example/1", "The first report", NOON, None, "art-1", "The Courier"),
        Source("mirror", "https://mirror.example/1", "The copied report", NOON, "art-1", "art-2", "The Mirror"),
        Source(
            "gazette", "https://gazette.example/1", "The denial", NOON, None, "art-3", "The Gazette", says="contradicts"
        ),
    )
    alert = an_alert(sources=sources, state=AlertState.CONTRADICTED)
    bench.keep([alert])
    shown = " ".join(text_of((await bench.browser.get(f"/alerts/{alert.id}")).content).split())
    assert "same text: The copied report" in shown
    assert "Who says otherwise contradicts The denial" in shown
    assert shown.index("The first report") < shown.index("The copied report") < shown.index("The denial")


async def test_alert_page_says_why(bench: ConsoleBench) -> None:
    """The rule, its cues and its trigger stand beside the quote that they read."""
    alert = an_alert()
    article = an_article(text=alert.evidence[0].quote, id="art-1")
    event = Event(
        type="designation", status=Status.NEW, agents=(), targets=(), authority=None, programme=None,
        trigger=Span(24, 27, "put"), evidence=Span(0, 57, article.text), field=Field.TEXT, cues=("past tense",),
        rule="put_on_list", score=0.9,
    )  # fmt: skip
    with bench.database.transaction() as connection:
        save_articles(connection, [SortedArticle(article, "en", (), (event,), "sorter-7")])
    bench.keep([alert])
    shown = text_of((await bench.browser.get(f"/alerts/{alert.id}")).content)
    for words in ("put_on_list", "past tense", "sorter-7", "0.90"):
        assert words in shown


async def test_article_page_marks_mentions_and_evidence(bench: ConsoleBench) -> None:
    """The words that were recognised are marked where they stand."""
    text = "The ministry put the Harbour Front on its list. Ships came."
    mention = Mention(
        21, 34, "Harbour Front", Field.TEXT, Name("harbour-front", "Harbour Front"), Strength.STRONG, 1.0, "x"
    )
    event = Event(
        type="designation", status=Status.NEW, agents=(), targets=(), authority=None, programme=None,
        trigger=Span(13, 16, "put"), evidence=Span(0, 47, text[:47]), field=Field.TEXT, cues=(), rule="r", score=1.0,
    )  # fmt: skip
    with bench.database.transaction() as connection:
        save_articles(connection, [SortedArticle(an_article(text=text, id="art-1"), "en", (mention,), (event,), "1")])
    page = (await bench.browser.get("/articles/art-1")).text
    assert (
        '<mark class="evidence mention" title="designation, new; Harbour Front (strong)">Harbour Front</mark>' in page
    )
    assert '<mark class="evidence trigger"' in page
    assert "Ships came." in text_of(page)


@given(
    text=st.text(max_size=60),
    spans=st.lists(st.tuples(st.integers(-2, 70), st.integers(-2, 70)), max_size=12),
)
def test_highlighted_text_is_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    """Whatever spans overlap, nest, are empty or lie outside: the words stay, in order, each once, escaped."""
    marked = highlight(text, [Highlight(start, end, "mention", '<t a="b">') for start, end in spans])
    bare = re.sub(r'<mark class="mention" title="[^"<>]*">|</mark>', "", marked)
    assert unescape(bare) == unescape(str(escape(text)))
    assert "<" not in bare


async def test_feeds_page_shows_who_needs_a_person(bench: ConsoleBench) -> None:
    """A followed feed is there by name, with its state."""
    feed = FollowedFeed("courier", "The Courier", "https://courier.example/feed", "outlet", 0, 0)
    with bench.database.transaction() as connection:
        keep_followed(connection, [feed])
    shown = text_of((await bench.browser.get("/feeds")).content)
    assert "The Courier" in shown
    assert "waiting" in shown


async def test_subscriptions_page_never_shows_an_address(bench: ConsoleBench) -> None:
    """Roads are named by kind; what may hold a secret is not on the page."""
    bench.subscribe(Subscription("listings", (Road(RoadKind.WEBHOOK, "https://hooks.example/very-secret"),)))
    shown = (await bench.browser.get("/subscriptions")).text
    assert "webhook-0" in shown
    assert "very-secret" not in shown
    assert "hooks.example" not in shown


async def test_deliveries_page_shows_failures_and_closed_lanes(bench: ConsoleBench) -> None:
    """A notice that could not leave is there with its reason; a receiver that is gone is told to the operator."""
    gone = lanes.Settlement(DeliveryState.DISABLED, "the receiver is gone (410): webhook", disabled_target="x")
    now = bench.clock.now()
    delivery = a_delivery()
    with bench.database.transaction() as connection:
        outbox.insert_deliveries(connection, [delivery])
        lanes.claim_lane(connection, "listings/webhook-0", owner="me", now=now, lease_until=NOON, limit=1)
        lanes.settle_attempt(connection, "listings/webhook-0", delivery.id, gone, owner="me", now=now)
    shown = text_of((await bench.browser.get("/deliveries")).content)
    assert "listings/webhook-0 is closed since" in shown
    assert "the receiver is gone (410)" in shown
    assert "closed" in text_of((await bench.browser.get("/deliveries?state=disabled")).content)


async def test_dead_letters_page_says_when_there_is_no_log_yet(bench: ConsoleBench) -> None:
    """Without a log the page says so instead of failing."""
    answer = await bench.browser.get("/dead-letters")
    assert answer.status_code == 200


async def test_refused_configuration_is_told_on_the_page(bench: ConsoleBench) -> None:
    """While an older configuration stays in force, the first page says why."""
    bench.world_box.refused = ("feeds.toml: feed[3].url: expected a URL, got 7",)
    assert "expected a URL, got 7" in text_of((await bench.browser.get("/")).content)


async def test_what_is_not_there_is_404_for_people_and_programs(bench: ConsoleBench) -> None:
    """People get a page, programs a line."""
    for path in ("/alerts/alr-x", "/alerts/alr-x.json", "/articles/art-x", "/nothing", "/static/x", "/alerts.zip"):
        page = await bench.browser.get(path)
        line = await bench.browser.get(path, headers={"accept": "application/json"})
        assert (page.status_code, line.status_code) == (404, 404)
        assert "<html" in page.text
        assert "<html" not in line.text


async def test_thousand_alerts_are_shown_in_pages(bench: ConsoleBench) -> None:
    """The first page holds fifty and leads to more."""
    bench.keep([replace(an_alert(), event_key=str(n), id=f"alr-{n:032}") for n in range(120)])
    page = (await bench.browser.get("/")).text
    assert page.count('<article class="card">') == 50
    assert 'href="/?limit=100"' in page
