"""A site's feeds from its HTML."""

from __future__ import annotations

import pytest

from wirewatch_connectors.discovering import MAX_FOUND, FoundFeed, find_feeds, guess_feeds

_SITE = "https://outlet.example"
_URL = "https://outlet.example/world/index.html"


def _find(markup: str) -> list[tuple[str, str]]:
    return [
        (found.url.removeprefix(_SITE), found.how)
        for found in find_feeds(markup.encode(), content_type="text/html", url=_URL)
    ]


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/rss">', [("/rss", "declared")]),
        ("<LINK REL='home alternate' TYPE='application/atom+xml' HREF='atom.xml'>", [("/world/atom.xml", "declared")]),
        ("<link href=/feed.json type=application/feed+json rel=alternate />", [("/feed.json", "declared")]),
        ('<link rel="alternate" type="application/json" href="/wp-json/posts/1">', []),
        ('<link rel="alternate" type="application/json" href="/feed.json">', [("/feed.json", "declared")]),
        ('<link rel="alternate" hreflang="de" href="/de/">', []),
        ('<link rel="stylesheet" type="text/css" href="/feed.css">', []),
        ('<a href="/news/rss.xml">RSS</a>', [("/news/rss.xml", "linked")]),
        ('<a href="/feedback">Feedback</a><a href="/atomic-age">x</a>', []),
        ('<a href="?feed=rss2">x</a>', [("/world/index.html?feed=rss2", "linked")]),
        ('<!-- <link rel="alternate" type="application/rss+xml" href="/old"> -->', []),
        ('<base href="/b/"><link rel=alternate type="application/rss+xml" href=r>', [("/b/r", "declared")]),
        ('<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">', []),
        ('<link rel="alternate" type="application/rss+xml" href="/r?a=1&amp;b=2">', [("/r?a=1&b=2", "declared")]),
        ("<p>No feeds here</p>", []),
        ("", []),
    ],
)
def test_feeds_of_a_page(markup: str, found: list[tuple[str, str]]) -> None:
    """Declared by a link, or linked with the look of a feed; nothing else, and web addresses only."""
    assert _find(markup) == found


def test_declared_feeds_come_first_and_none_twice() -> None:
    """With the title that the page gives."""
    markup = '<a href="/rss">x</a><link rel=alternate type="application/rss+xml" title="World &amp; more" href="/rss">'
    assert find_feeds(markup.encode(), content_type="", url=_URL) == (
        FoundFeed("https://outlet.example/rss", "World & more", "declared"),
    )


def test_page_of_thousands_of_links_is_capped() -> None:
    """And quickly."""
    assert len(_find("".join(f'<a href="/{number}/rss">x</a>' for number in range(50_000)))) == MAX_FOUND
    assert _find("<a href='" * 10_000) == []
    assert _find("<!--" * 10_000) == []


def test_guesses_are_of_the_folder_and_of_the_host() -> None:
    """Each is tried through the guard by whoever asked."""
    guesses = [found.url for found in guess_feeds("https://outlet.example/blog/")]
    assert guesses[0] == "https://outlet.example/blog/feed"
    assert "https://outlet.example/rss.xml" in guesses
    assert len(guesses) == len(set(guesses)) <= 12
