"""Whatever feeds say is text on every page, and nothing but text."""

from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from lxml import html

from tests.builders import NOON, an_article
from tests.console.building import ConsoleBench, an_alert
from tests.console.hostile import ADDRESSES, MARKUP, active_parts, text_of
from wirewatch.records import (
    Alert,
    Event,
    Evidence,
    Field,
    Mention,
    Name,
    SortedArticle,
    Source,
    Span,
    Status,
    Strength,
)
from wirewatch.store.articles import save_articles

ATOM = "{http://www.w3.org/2005/Atom}"


def hostile_alert(words: str, address: str = "https://courier.example/1") -> Alert:
    """Build an alert in which every field that a feed can fill holds `words`."""
    return an_alert(
        words,
        organisation=Name("harbour-front", words),
        names=(words,),
        evidence=(Evidence(words, "art-1", address, 0, len(words)),),
        sources=(
            Source("courier", address, words, NOON, None, "art-1", words),
            Source("copyist", address, words, None, "art-1", "art-2", words),
            Source("denier", address, words, NOON, None, "art-3", words, says="contradicts"),
        ),
    )


def hostile_article(words: str, address: str) -> SortedArticle:
    """Build a sorted article in which every field that a feed can fill holds `words`."""
    article = an_article(title=words, text=words, url=address, authors=(words,), feed_name=words, id="art-1")
    span = Span(0, len(words), words)
    mention = Mention(0, min(5, len(words)), words, Field.TEXT, None, Strength.WEAK, 0.5, words)
    event = Event(
        type="designation", status=Status.NEW, agents=(), targets=(), authority=None, programme=words, trigger=span,
        evidence=span, field=Field.TEXT, cues=(words,), rule=words, score=0.5,
    )  # fmt: skip
    return SortedArticle(article, "en", (mention,), (event,), "1")


async def _pages(bench: ConsoleBench, alert: Alert, sorted_article: SortedArticle) -> list[bytes]:
    bench.keep([alert])
    with bench.database.transaction() as connection:
        save_articles(connection, [sorted_article])
    answers = [await bench.browser.get(path) for path in ("/", f"/alerts/{alert.id}", "/articles/art-1")]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    return [answer.content for answer in answers]


async def test_markup_of_feeds_is_shown_as_written_and_does_nothing(bench: ConsoleBench) -> None:
    """Rows 66 and 68: no element, handler or style of a feed reaches the page; its characters do."""
    for words in MARKUP:
        for page in await _pages(bench, hostile_alert(words), hostile_article(words, "https://courier.example/1")):
            assert active_parts(page) == [], words
            assert words in text_of(page)


async def test_oracle_finds_what_an_unescaped_page_would_hold() -> None:
    """Negative control: the same texts put into a page unescaped are found."""
    for words in MARKUP[:10]:
        assert active_parts(f"<html><body><p>{words}</p></body></html>") != [], words


async def test_address_that_is_not_plain_http_is_never_a_link(bench: ConsoleBench) -> None:
    """Row 67: only http and https with a host become links."""
    for address in ADDRESSES:
        for page in await _pages(bench, hostile_alert("words", address), hostile_article("words", address)):
            assert active_parts(page) == [], address
            outward = [link for link in _links(page) if not link.startswith("/")]
            assert outward == [], address


async def test_link_to_a_source_gives_nothing_away(bench: ConsoleBench) -> None:
    """Links that lead outside carry noopener, noreferrer and nofollow."""
    pages = await _pages(bench, hostile_alert("words"), hostile_article("words", "https://courier.example/1"))
    outward = [
        link
        for page in pages
        for link in html.document_fromstring(page).iter("a")
        if not link.get("href", "/").startswith("/")
    ]
    assert outward
    assert {link.get("rel") for link in outward} == {"noopener noreferrer nofollow"}


async def test_escaped_markup_is_decoded_by_nobody(bench: ConsoleBench) -> None:
    """Row 69: what still is an entity after parsing is shown as an entity."""
    words = "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;b&amp;gt;"
    for page in await _pages(bench, hostile_alert(words), hostile_article(words, "")):
        assert words in text_of(page)


async def test_template_languages_are_only_letters(bench: ConsoleBench) -> None:
    """Row 75: nothing of a feed is ever run as a template."""
    words = "{{7*7}} {% for x in y %} ${jndi:ldap://x} %(x)s {0.__class__} #{7*7} <%= 7*7 %>"
    for page in await _pages(bench, hostile_alert(words), hostile_article(words, "")):
        assert words in text_of(page)
        assert "49" not in text_of(page).replace("2026", "")


async def test_control_characters_do_not_reach_a_page(bench: ConsoleBench) -> None:
    """What HTML forbids is replaced; the words around it stay."""
    words = "before\x00\x07\x1b[31mafter\x85"
    for page in await _pages(bench, hostile_alert(words), hostile_article(words, "")):
        assert not set(page.decode()) & set("\x00\x07\x1b\x85")
        assert "[31mafter" in text_of(page)


@pytest.mark.parametrize(
    "words", ["a ]]> b", "<?xml version='1.0'?>", "<![CDATA[x]]>", "&amp; & <b>", "tab\tline\nend"]
)
async def test_feed_of_alerts_is_well_formed_and_says_the_same(bench: ConsoleBench, words: str) -> None:
    """Row 70: the Atom feed passes through expat and gives the same words back."""
    bench.keep([hostile_alert(words)])
    async with bench.client() as client:
        feed = fromstring((await client.get("/alerts.atom")).content)
        item = (await client.get("/alerts.feed.json")).json()["items"][0]
    [entry] = feed.iter(f"{ATOM}entry")
    assert words in _text(entry, "title")
    assert words in _text(entry, "content")
    assert words in item["content_text"]


async def test_what_xml_cannot_hold_is_replaced_in_the_feed(bench: ConsoleBench) -> None:
    """Row 70: control characters and non-characters become U+FFFD instead of breaking the feed."""
    bench.keep([hostile_alert("a\x00b\x0bc\ufffed\x1be")])
    async with bench.client() as client:
        feed = fromstring((await client.get("/alerts.atom")).content)
    [entry] = feed.iter(f"{ATOM}entry")
    assert "a\ufffdb\ufffdc\ufffdd\ufffde" in _text(entry, "title")


async def test_feed_has_no_link_of_another_scheme(bench: ConsoleBench) -> None:
    """Row 67 in Atom: related links are http and https only, content is plain text."""
    for number, address in enumerate(ADDRESSES):
        bench.keep([replace(hostile_alert("words", address), event_key=str(number), id=f"alr-{number:032}")])
    async with bench.client() as client:
        feed = fromstring((await client.get("/alerts.atom")).content)
    links = [link for link in feed.iter(f"{ATOM}link") if link.get("rel") == "related"]
    assert links == []
    assert {content.get("type") for content in feed.iter(f"{ATOM}content")} == {"text"}


async def test_what_feeds_say_makes_no_series(bench: ConsoleBench) -> None:
    """Row 77: pages about ever other organisations, feeds and authors leave `/metrics` as it was."""
    async with bench.client() as client:
        before = len((await client.get("/metrics")).text.splitlines())
        for number in range(20):
            bench.keep([replace(hostile_alert(f"words {number}"), event_key=str(number), id=f"alr-{number:032}")])
            await client.get(f"/?organisation=words-{number}")
        after = len((await client.get("/metrics")).text.splitlines())
    assert after == before


def _links(page: bytes) -> list[str]:
    return [str(link.get("href", "")) for link in html.document_fromstring(page).iter("a")]


def _text(entry: Element, name: str) -> str:
    return entry.findtext(f"{ATOM}{name}") or ""
