"""Every format, as its specification has it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.connectors.parsing.reading_feeds import a_feed, an_item, only, read, read_file
from wirewatch.errors import ParseError


def test_rss_2_gives_title_link_guid_date_author_and_the_fuller_text() -> None:
    """content:encoded is preferred to a shorter description; scripts in it are no text."""
    feed = read_file("rss-2.0.xml")
    first = feed.items[0]
    assert (feed.format, feed.title, feed.language, feed.link) == (
        "rss-2.0", "Harbour Courier", "en-GB", "https://harbour-courier.example/",
    )  # fmt: skip
    assert feed.ttl_seconds == 1800
    assert not feed.degraded
    assert first.title == "Ferries & trams return"
    assert first.url == "https://harbour-courier.example/ferries?a=1&b=2"
    assert first.guid == "hc-1"
    assert first.published_at == datetime(2025, 8, 12, 9, 30, tzinfo=UTC)
    assert first.authors == ("Ana Quill",)
    assert first.text == "Ferries are back after two days of storm.\nLine 1\nLine 2"
    assert first.language == "en-GB"


def test_rss_guid_is_the_link_where_it_is_a_permalink() -> None:
    """A guid without isPermaLink="false" is the address of the item."""
    second = read_file("rss-2.0.xml").items[1]
    assert second.url == second.guid == "https://harbour-courier.example/tunnel"
    assert second.authors == ("Night Desk",)
    assert second.published_at == datetime(2025, 8, 11, 21, 10, tzinfo=UTC)


def test_item_without_guid_title_and_date_is_kept() -> None:
    """What is missing is empty; a relative link is resolved beside the feed's address."""
    third = read_file("rss-2.0.xml", url="https://harbour-courier.example/feeds/all.xml").items[2]
    assert (third.guid, third.title, third.published_at) == ("", "", None)
    assert third.url == "https://harbour-courier.example/relative/path"


def test_rss_0_91_with_its_doctype_and_html_entities() -> None:
    """The DTD is never fetched; the entities that it would have defined are known."""
    feed = read_file("rss-0.91.xml")
    assert feed.format == "rss-0.91"
    assert [item.title for item in feed.items] == ["Café rouvert", "Marché couvert"]
    assert feed.items[0].text == "Le café rouvre."


def test_rdf_items_outside_the_channel() -> None:
    """RSS 1.0: items are siblings of the channel, identity is rdf:about, time is dc:date."""
    feed = read_file("rss-1.0.rdf")
    item = only(feed)
    assert (feed.format, feed.language, feed.ttl_seconds) == ("rdf", "de-AT", 21_600)
    assert item.guid == item.url == "https://gazette.example/a"
    assert item.published_at == datetime(2025, 8, 12, 9, 0, tzinfo=UTC)
    assert item.authors == ("Redaktion",)


def test_atom_1_0_alternate_link_all_authors_and_xhtml_content() -> None:
    """The enclosure is no article; xml:base of the feed's own host counts; XHTML becomes text, decoded once."""
    feed = read_file("atom-1.0.xml", url="https://meridian-wire.example/feed")
    first, second = feed.items
    assert (feed.format, feed.link) == ("atom-1.0", "https://meridian-wire.example/")
    assert first.title == "Minister denies delay"
    assert first.url == "https://meridian-wire.example/news/2025/denies"
    assert first.authors == ("B. Line", "C. Line")
    assert first.text == "The minister said <no> & left.\nNothing more."
    assert first.published_at == datetime(2025, 8, 12, 9, 59, 30, tzinfo=UTC)
    assert (second.language, second.title, second.text) == ("es", "Uso de <b> en textos", "a < b")


def test_atom_0_3_with_base64_and_escaped_content() -> None:
    """The old modes are understood."""
    item = only(read_file("atom-0.3.xml"))
    assert (item.title, item.text) == ("Reactor restarts", "It runs.")
    assert item.url == "http://dispatch.example/1"


def test_stray_references_in_plain_text_are_resolved() -> None:
    """Whoever writes &nbsp; into plain text does not mean it; whoever writes &lt; may."""
    content = '<content type="text">a&amp;nbsp;b &amp;amp; c &amp;lt;d&amp;gt;</content>'
    title = '<title type="text">It&amp;#8217;s</title>'
    item = only(read(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{title}{content}</entry></feed>'))
    assert (item.text, item.title) == ("a b & c &lt;d&gt;", "It’s")


def test_cdf_in_capitals() -> None:
    """Channel Definition Format: attributes for link and time."""
    item = only(read_file("cdf.xml", url=""))
    assert (item.title, item.text, item.url) == ("First item", "About the first.", "http://channel.example/item/1")
    assert item.published_at == datetime(2004, 4, 7, 4, 5, 43, tzinfo=UTC)


def test_json_feed_1_1() -> None:
    """Ids may be numbers, authors old or new, the link external or the id itself."""
    feed = read_file("json-1.1.json")
    first, second, third = feed.items
    assert (feed.format, feed.title, feed.language) == ("json-1.1", "Indus Ledger", "en-PK")
    assert (first.text, first.authors) == ("Tariffs were cut.", ("R. Ledger",))
    assert first.published_at == datetime(2025, 8, 12, 5, 0, tzinfo=UTC)
    assert (second.guid, second.url, second.authors) == ("7", "https://elsewhere.example/7", ("Old Style",))
    assert third.url == "https://indus-ledger.example/3"


def test_media_description_is_text_where_there_is_no_other() -> None:
    """Video feeds say what they say in media:group."""
    assert only(read_file("media.xml")).text == "The full briefing of the ministry."


def test_atom_entry_without_author_has_its_feeds() -> None:
    """RFC 4287 §4.2.1."""
    feed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><author><name>Desk</name></author><entry><id>1</id></entry>'
        "<entry><id>2</id><author><name>Own</name></author></entry></feed>"
    )
    assert [item.authors for item in feed.items] == [("Desk",), ("Own",)]


def test_json_item_without_author_has_its_feeds() -> None:
    """JSON Feed 1.0 has `author`, 1.1 `authors`; an object where a list should be is understood."""
    items = '[{"id":"1"},{"id":"2","authors":{"name":"Own"}}]'
    feed = read(f'{{"version":"https://jsonfeed.org/version/1","author":{{"name":"Desk"}},"items":{items}}}')
    assert [item.authors for item in feed.items] == [("Desk",), ("Own",)]


def test_json_feed_without_items_is_a_quiet_feed() -> None:
    """Other JSON without items is none."""
    assert read('{"version":"https://jsonfeed.org/version/1.1","title":"T"}').items == ()


def test_programme_without_a_page_is_where_it_can_be_heard() -> None:
    """The enclosure is the link of the last resort."""
    enclosure = '<enclosure url="https://a.example/1.mp3" type="audio/mpeg" length="1"/>'
    assert only(read(an_item(enclosure))).url == "https://a.example/1.mp3"
    assert only(read(an_item(f"{enclosure}<link>https://a.example/1</link>"))).url == "https://a.example/1"


def test_file_without_an_address_is_relative_to_its_site() -> None:
    """`wirewatch parse FILE` need not be told a URL."""
    feed = read(a_feed("<link>https://site.example/</link><item><link>/a</link></item>"), url="")
    assert only(feed).url == "https://site.example/a"


def test_lone_atom_entry_is_a_feed_of_one() -> None:
    """RFC 4287 allows an entry as a document."""
    feed = read('<entry xmlns="http://www.w3.org/2005/Atom"><id>urn:1</id><title>Alone</title></entry>')
    assert only(feed).title == "Alone"


def test_feed_in_a_namespace_that_nobody_knows_is_read() -> None:
    """A wrong default namespace does not hide the names in it."""
    feed = read('<feed xmlns="http://outlet.example/ns"><entry><id>1</id><title>Found</title></entry></feed>')
    assert only(feed).title == "Found"


def test_prefixed_atom_is_read() -> None:
    """Namespaces go by address, not by prefix."""
    feed = read(
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:id>1</a:id><a:title>Prefixed</a:title></a:entry></a:feed>'
    )
    assert (feed.format, only(feed).title) == ("atom-1.0", "Prefixed")


def test_element_of_another_vocabulary_is_not_mistaken() -> None:
    """A title in a namespace of its own is not the item's title."""
    item = only(read(an_item('<x:title xmlns:x="urn:x">Wrong</x:title><title>Right</title>')))
    assert item.title == "Right"


def test_items_of_other_vocabularies_are_no_items() -> None:
    """Content modules and playlists have items and entries of their own."""
    foreign = '<content:items xmlns:content="urn:c"><content:item>x</content:item></content:items><x:entry>y</x:entry>'
    feed = read(a_feed(f"<item><guid>1</guid>{foreign}<title>T</title></item>"))
    assert (only(feed).guid, only(feed).title) == ("1", "T")
    inside = '<content type="application/xml"><item>x</item></content>'
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>{inside}<title>T</title></entry></feed>'
    assert only(read(atom)).title == "T"


def test_atom_entries_in_an_rss_channel_are_found_where_there_is_nothing_else() -> None:
    """Mixed up, but readable."""
    assert only(read(a_feed("<entry><id>1</id><title>T</title></entry>"))).title == "T"


def test_tags_in_comments_and_cdata_are_words() -> None:
    """Neither opens nor ends an item."""
    feed = read(
        a_feed("<!-- <item> --><item><title>A</title><description><![CDATA[see </item> <item>]]></description></item>")
    )
    assert only(feed).title == "A"


def test_known_items_are_named_and_not_read() -> None:
    """An item whose fingerprint is known has nothing but its fingerprint; the others are read."""
    body = a_feed("<item><title>A</title></item><item><title>B</title></item>")
    first, second = read(body).items
    again = read(body, known=frozenset((first.fingerprint,)))
    assert again.items[0].known
    assert again.items[0].title == ""
    assert again.items[1] == second


def test_changed_item_has_another_fingerprint() -> None:
    """One character is enough."""
    one = only(read(an_item("<title>A</title>")))
    other = only(read(an_item("<title>A.</title>")))
    assert one.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    "body",
    [
        b"", b"x", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, b"502 Bad Gateway",
        b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>",
        b'{"error": "not found"}', b"[1, 2]", b"null", b"<opml version='2.0'><body/></opml>",
    ],
)  # fmt: skip
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    """Nothing, noise, pictures, error pages, sign-in pages and other documents."""
    with pytest.raises(ParseError) as refused:
        read(body)
    assert refused.value.reason == "not_a_feed"


def test_feed_without_items_is_a_feed() -> None:
    """A quiet feed is not a broken one."""
    feed = read(a_feed(""))
    assert feed.items == ()
    assert not feed.degraded
