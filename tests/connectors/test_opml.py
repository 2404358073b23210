"""Feed lists from and for other readers."""

import tomllib

import pytest

from tests.connectors.desk import a_feed
from wirewatch.records import Tier
from wirewatch_connectors.opml import MAX_OPML_BYTES, MAX_OUTLINES, read_opml, write_opml, write_toml


def opml(*outlines: str) -> bytes:
    """Wrap outlines."""
    return f'<opml version="2.0"><head/><body>{"".join(outlines)}</body></opml>'.encode()


def test_feeds_are_read_from_nested_folders_in_order() -> None:
    """Folders are left aside; names become ids; attribute names are taken in any case."""
    found = read_opml(
        opml(
            '<outline text="World"><outline text="Harbour Courier" xmlUrl="https://courier.example/rss"/></outline>',
            '<outline title="Gazette" xmlurl="http://gazette.example/atom" type="rss"/>',
        )
    )
    assert [(feed.id, feed.url, feed.name) for feed in found.feeds] == [
        ("harbour-courier", "https://courier.example/rss", "Harbour Courier"),
        ("gazette", "http://gazette.example/atom", "Gazette"),
    ]
    assert found.refused == ()


def test_what_cannot_be_followed_is_left_out_and_said() -> None:
    """Local files, credentials, and what is there already, each with its reason; feed: is understood."""
    found = read_opml(
        opml(
            '<outline text="a" xmlUrl="file:///etc/passwd"/>',
            '<outline text="b" xmlUrl="http://user:word@b.example/"/>',
            '<outline text="c" xmlUrl="https://c.example/"/>',
            '<outline text="c" xmlUrl="https://c.example/"/>',
            '<outline text="d" xmlUrl="feed:https://d.example/"/>',
            '<outline text="e" xmlUrl="feed://e.example/"/>',
            '<outline text="known" xmlUrl="https://known.example/"/>',
        ),
        taken_urls=["https://known.example/"],
    )
    assert [feed.url for feed in found.feeds] == ["https://c.example/", "https://d.example/"]
    assert len(found.refused) == 5


def test_ids_are_free_and_never_taken_twice() -> None:
    """Equal names get numbers; a name without letters takes the host's; a long one is cut."""
    found = read_opml(
        opml(
            '<outline text="News" xmlUrl="https://a.example/"/>',
            '<outline text="News" xmlUrl="https://b.example/"/>',
            '<outline text="日本" xmlUrl="https://c.example/"/>',
            f'<outline text="{"long " * 100}" xmlUrl="https://d.example/"/>',
        ),
        taken_ids=["news"],
    )
    ids = [feed.id for feed in found.feeds]
    assert ids[:3] == ["news-2", "news-3", "c-example"]
    assert len(ids[3]) <= 64


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE opml [<!ENTITY a "b">]><opml><body><outline text="&a;" xmlUrl="https://a.example/"/></body></opml>',
        b'<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml/>',
        b'<!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><opml>&b;</opml>',
        b"<rss/>",
        b"<opml><body>",
        b"",
        b"x" * (MAX_OPML_BYTES + 1),
    ],
    ids=["entity", "external", "nested entities", "rss", "broken", "empty", "too large"],
)
def test_hostile_and_broken_files_are_refused(body: bytes) -> None:
    """Document types, entities, other formats and monsters end in one sentence, not in a traceback."""
    with pytest.raises(ValueError, match="expected"):
        read_opml(body)


def test_a_hundred_thousand_outlines_are_cut_at_the_cap() -> None:
    """The first ten thousand are taken, and the cut is said; nesting without end is not followed."""
    found = read_opml(opml(*(f'<outline xmlUrl="https://h{n}.example/"/>' for n in range(MAX_OUTLINES + 5))))
    assert len(found.feeds) == MAX_OUTLINES
    assert "the rest was left out" in found.refused[-1]
    deep = opml('<outline text="x">' * 5000 + '<outline xmlUrl="https://a.example/"/>' + "</outline>" * 5000)
    assert read_opml(deep).feeds == ()


def test_an_export_comes_back_as_it_went() -> None:
    """Id, URL, name and tier survive the round trip, whatever is in the name."""
    feeds = (
        a_feed("gazette", name="Gazette & <Sons> – 日本", tier=Tier.AUTHORITY),
        a_feed("courier", name="It's the Courier"),
    )
    back = read_opml(write_opml(feeds).encode())
    assert [(f.id, f.url, f.name, f.tier) for f in back.feeds] == [(f.id, f.url, f.name, f.tier) for f in feeds]


def test_names_from_elsewhere_make_valid_toml() -> None:
    """Quotes, backslashes and control characters of a name do not break out of the file."""
    found = read_opml(opml('<outline text="a&quot;]&#10;\\x [[feed]]" xmlUrl="https://a.example/"/>'))
    (table,) = tomllib.loads(write_toml(found.feeds))["feed"]
    assert table["url"] == "https://a.example/"
    assert table["name"] == "a'] /x [[feed]]"
