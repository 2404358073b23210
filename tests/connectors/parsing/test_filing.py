"""Feed files on disk, as `wirewatch parse` reads them."""

from __future__ import annotations

from pathlib import Path

from tests.connectors.parsing.reading_feeds import FEEDS, NOW, a_feed
from wirewatch_connectors.parsing.filing import parse_file


def test_every_item_of_a_file_is_an_article() -> None:
    """In document order, each with an id of its own."""
    articles, problem = parse_file(FEEDS / "rss-2.0.xml", "https://harbour-courier.example/feed", NOW)
    assert problem == ""
    assert [article.title for article in articles] == ["Ferries & trams return", "Council votes on tunnel", ""]
    assert len({article.id for article in articles}) == 3
    assert all(article.id.startswith("art-") and article.fetched_at == NOW for article in articles)


def test_ids_depend_on_the_feed_and_on_nothing_that_changes() -> None:
    """The same file gives the same ids; another feed's address gives others."""
    path = FEEDS / "atom-1.0.xml"
    once, again, other = (
        [article.id for article in parse_file(path, url, NOW)[0]]
        for url in ("https://a.example/f", "https://a.example/f", "https://b.example/f")
    )
    assert once == again
    assert not set(once) & set(other)


def test_equal_items_are_one_article_and_reused_guids_are_not(tmp_path: Path) -> None:
    """Two different articles under one guid have two ids."""
    path = tmp_path / "feed.xml"
    one = "<item><guid>1</guid><link>https://a.example/1</link><title>One</title></item>"
    two = "<item><guid>1</guid><link>https://a.example/2</link><title>Two</title></item>"
    path.write_text(a_feed(one + one + two))
    first, second, third = (article.id for article in parse_file(path, "", NOW)[0])
    assert first == second
    assert third != first


def test_article_whose_last_field_is_cut_off_is_kept_by_its_summary(tmp_path: Path) -> None:
    """A file has no next poll: what can be told apart is shown; an item cut in its only text is not an article."""
    whole = "<item><guid>1</guid><title>One</title><description>a</description></item>"
    (tmp_path / "cut.xml").write_text(
        f"<rss><channel>{whole}<item><guid>2</guid><title>Two</title><description>The summary.</description>"
        "<content:encoded><![CDATA[<p>The sum"
    )
    (tmp_path / "shorter.xml").write_text(
        f"<rss><channel>{whole}<item><guid>2</guid><title>Two</title><description>The"
    )
    articles, _ = parse_file(tmp_path / "cut.xml", "", NOW)
    assert [(article.guid, article.text) for article in articles] == [("1", "a"), ("2", "The summary.")]
    assert [article.guid for article in parse_file(tmp_path / "shorter.xml", "", NOW)[0]] == ["1"]


def test_what_cannot_be_read_is_said_and_not_raised(tmp_path: Path) -> None:
    """No feed, no file, a folder, a device that never ends."""
    assert parse_file(Path("/dev/zero"), "", NOW) == ((), "cannot read: larger than 33554432 bytes")
    (tmp_path / "page.html").write_text("<html><body>Sign in</body></html>")
    assert parse_file(tmp_path / "page.html", "", NOW) == ((), "not_a_feed")
    assert parse_file(tmp_path / "none.xml", "", NOW)[1].startswith("cannot read")
    assert parse_file(tmp_path, "", NOW)[1].startswith("cannot read")
