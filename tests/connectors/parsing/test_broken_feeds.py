"""Feeds that are not what they should be: everything readable comes out, the rest is set aside with its bytes."""

from __future__ import annotations

import pytest

from tests.connectors.parsing.reading_feeds import FEEDS, a_feed, an_item, only, read, read_file


def test_bare_ampersands_unquoted_attributes_and_unclosed_tags() -> None:
    """The commonest faults cost nothing but the word degraded."""
    feed = read_file("broken-ampersands.xml")
    first, second, third = feed.items
    assert feed.degraded
    assert (feed.title, feed.language) == ("Gulf & Strait", "en")
    assert (first.title, first.url) == ("Oil & gas talks", "http://gulf.example/?a=1&b=2")
    assert first.text == "Talks resume & stall."
    assert second.title == "Unclosed bold"
    assert second.text.startswith("First\nSecond")
    assert second.published_at is not None
    assert third.title == "Good one"


def test_one_broken_item_among_fifty_costs_no_other() -> None:
    """49 whole items are read as if the broken one were not there, which is salvaged."""
    items = [f"<item><title>Item {number}</title><guid>{number}</guid></item>" for number in range(50)]
    whole = read(a_feed("".join(items))).items
    items[17] = "<item><title>Item 17</ttle><guid>17</guid><description><a href='</description></item>"
    broken = read(a_feed("".join(items)))
    assert [item for item in broken.items if item.guid != "17"] == [item for item in whole if item.guid != "17"]
    assert [item.guid for item in broken.items if item.guid == "17"] == ["17"]
    assert broken.degraded


def test_unreadable_item_is_quarantined_with_its_bytes() -> None:
    """Of a JSON Feed, an item that is no object is kept as it came; its neighbours come out."""
    feed = read_file("json-1.1.json")
    assert [problem.raw for problem in feed.problems] == [b"null", b"5", b'"text"', b"[]"]
    assert {problem.reason for problem in feed.problems} == {"unreadable", "not_an_object"}
    assert len(feed.items) == 3


def test_more_broken_items_than_are_kept_are_still_counted() -> None:
    """The first are kept with their bytes, none is lost from the count."""
    feed = read('{"version":"https://jsonfeed.org/version/1","items":[' + "5," * 400 + "5]}")
    assert len(feed.problems) == 401
    assert sum(bool(problem.raw) for problem in feed.problems) == 256


def test_feed_cut_short_gives_its_whole_items_now_and_the_rest_next_time() -> None:
    """Of ten items eight are whole and come out; the whole document then brings the other two, and nothing else."""
    items = [f"<item><title>Item {number}</title><guid>{number}</guid></item>" for number in range(10)]
    document = a_feed("".join(items))
    cut = read(document[: document.index("Item 8") + 3])
    assert [item.guid for item in cut.items] == [str(number) for number in range(8)]
    assert cut.degraded
    assert [problem.reason for problem in cut.problems] == ["unfinished_item"]
    whole = read(document, known=frozenset(item.fingerprint for item in cut.items))
    assert [item.guid for item in whole.items if not item.known] == ["8", "9"]


def test_json_feed_cut_short_gives_its_whole_items() -> None:
    """The item that the document ends in is set aside."""
    feed = read('{"version":"https://jsonfeed.org/version/1","title":"T","items":[{"id":"1","title":"A"},{"id":"2","ti')
    assert only(feed).guid == "1"
    assert feed.degraded


def test_warning_of_a_script_before_the_feed() -> None:
    """Blank lines, HTML and a late declaration."""
    feed = read_file("warning-first.xml")
    assert only(feed).title == "After the warning"
    assert feed.degraded


@pytest.mark.parametrize("before", ["\ufeff", "\ufeff\ufeff", "\n\n \t", "﻿\n"])
def test_marks_and_blanks_before_the_declaration(before: str) -> None:
    """Byte order marks, doubled and in the middle of blanks."""
    assert only(read(before + an_item("<title>A</title>"))).title == "A"


def test_two_documents_in_one_body() -> None:
    """Items of both are read."""
    feed = read(an_item("<guid>1</guid>") + an_item("<guid>2</guid>"))
    assert [item.guid for item in feed.items] == ["1", "2"]
    assert feed.degraded


def test_broken_root_does_not_hide_its_items() -> None:
    """What the root says of itself is lost; its items are not."""
    feed = read(
        '<feed xmlns="http:</x>//www.w3.org/2005/Atom><title>T</title><entry><id>1</id><title>A</title></entry></feed>'
    )
    assert (feed.format, only(feed).title) == ("atom", "A")
    assert feed.degraded


def test_two_formats_spliced_into_one_document() -> None:
    """A page cache's accident: entries and items are both read."""
    feed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id></entry><item><guid>2</guid></item></channel></rss>'
    )
    assert [item.guid for item in feed.items] == ["1", "2"]


def test_undeclared_prefix() -> None:
    """A prefix that everybody knows is understood, one that nobody knows is ignored."""
    item = only(read(an_item("<dc:creator>A. Quill</dc:creator><zz:thing>x</zz:thing><title>T</title>")))
    assert (item.authors, item.title) == (("A. Quill",), "T")


@pytest.mark.parametrize("reference", ["&#xD800;", "&#x110000;", "&#99999999999999999999;", "&#0;", "&#xFFFF;"])
def test_impossible_references_become_replacement_characters(reference: str) -> None:
    """The feed is read, and so are the other items."""
    feed = read(a_feed(f"<item><title>a{reference}b</title></item><item><title>good</title></item>"))
    assert [item.title for item in feed.items] == ["a\ufffdb", "good"]


def test_surrogate_pair_of_references_is_one_character() -> None:
    """Old encoders wrote emoji so."""
    assert only(read(an_item("<title>&#xD83D;&#xDE00; &#55357;&#56832;</title>"))).title == "😀 😀"


def test_doctype_entity_with_a_backslash() -> None:
    r"""`C:\data` in an entity's value breaks nothing and reaches no pattern."""
    body = '<!DOCTYPE rss [<!ENTITY path "C:\\data\\1">]>' + an_item("<title>in &path; now</title>")[21:]
    assert only(read(body)).title == "in C:\\data\\1 now"


def test_own_entities_of_a_feed_are_honoured_when_they_are_short_words() -> None:
    """Quotes, brackets and comments in the DOCTYPE do not end it early; external entities stay words."""
    feed = read_file("entities.xml")
    assert feed.title == "Harbour 'Courier' ]>"
    assert only(feed).title == "30° in Harbour 'Courier' ]> &evil; &unknown;"


def test_item_that_opens_in_an_item_ends_the_outer_one() -> None:
    """A missing end tag costs the fields behind it, not the next item."""
    feed = read(a_feed("<item><guid>1</guid><item><guid>2</guid></item><item><guid>3</guid></item>"))
    assert [item.guid for item in feed.items] == ["1", "2", "3"]


def test_broken_html_in_a_field_does_not_leak_into_the_next() -> None:
    """A field ends where its own end tag stands, whatever is open in it."""
    item = only(read(an_item("<description><p>One<br>Two <b>bold</p></description><title>T</title><guid>g</guid>")))
    assert (item.title, item.guid, item.text) == ("T", "g", "One\nTwo bold")


def test_same_item_twice_is_given_twice() -> None:
    """Whether they are one article is for others to say."""
    feed = read(a_feed("<item><guid>1</guid></item>" * 2))
    assert len(feed.items) == 2
    assert feed.items[0] == feed.items[1]


@pytest.mark.parametrize("name", sorted(path.name for path in FEEDS.glob("found-*")))
def test_what_the_fuzzer_found_stays_found(name: str) -> None:
    """Each of these once cost its item or let through what no item may hold."""
    item = only(read_file(name))
    assert item.title.startswith("Found")
    assert item.url.isprintable()
