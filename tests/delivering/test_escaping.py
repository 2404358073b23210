"""Properties of escaping: for any text, what leaves parses, holds nothing active, and says the same."""

from __future__ import annotations

import re
from dataclasses import replace

from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from tests.delivering.building import a_body, a_delivery, an_alert
from wirewatch.console.exporting import disarm
from wirewatch.console.feeds import render_atom
from wirewatch.delivering.chat import escape_for
from wirewatch.delivering.composing import compose_html
from wirewatch.delivering.linking import safe_href
from wirewatch.delivering.roads import visible
from wirewatch.delivering.wording import read_notice
from wirewatch.records import Evidence, Name

HOME = "http://127.0.0.1:8321"
ATOM = "{http://www.w3.org/2005/Atom}"

#: Text as hostile feeds write it: markup and its pieces, between any characters that UTF-8 can hold.
PIECES = st.sampled_from(
    [
        "<script>",
        "</p>",
        "<!--",
        "]]>",
        '"',
        "'",
        "&lt;",
        "&#58;",
        "javascript:",
        "{{",
        "}}",
        "\x00",
        "\u202e",
        "@everyone",
    ]
)
TEXT = st.lists(PIECES | st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=8).map("".join)


@given(words=TEXT, address=TEXT)
@settings(max_examples=40, deadline=None)
def test_letter_has_the_elements_of_its_template_and_no_other(words: str, address: str) -> None:
    """Whatever a feed wrote, the letter's elements, attributes and schemes are ours."""
    alert = an_alert(
        words, organisation=Name("x", words), evidence=(Evidence(words, "art-1", address, 0, 1),), names=(words,)
    )
    page = html.document_fromstring(compose_html(read_notice(a_delivery(body=a_body(alert)), HOME)))
    tags = {str(element.tag) for element in page.iter()}
    assert tags <= {
        "html", "head", "meta", "title", "body", "h1", "p", "blockquote", "table", "tr", "td", "ul", "li", "a"
    }  # fmt: skip
    attributes = {str(name) for element in page.iter() for name in element.attrib}
    assert attributes <= {"lang", "charset", "style", "href", "rel"}
    assert all(str(link.get("href", "")).startswith(("http://", "https://")) for link in page.iter("a"))


@given(words=TEXT, address=TEXT)
@settings(max_examples=40, deadline=None)
def test_feed_of_alerts_is_well_formed_for_any_text(words: str, address: str) -> None:
    """Expat reads it, and the words come back, but for what XML cannot hold."""
    alert = replace(an_alert(words), evidence=(Evidence(words, "art-1", address, 0, 1),))
    feed = fromstring(render_atom([alert], title=words, self_url=f"{HOME}/alerts.atom", home_url=HOME))
    content = feed.findtext(f"{ATOM}entry/{ATOM}content") or ""
    holdable = re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", words)
    assert holdable.replace("\r\n", "\n").replace("\r", "\n") in content


@given(address=TEXT)
def test_only_an_address_with_a_host_becomes_a_link(address: str) -> None:
    """What is let through begins with http(s), and holds nothing that ends an attribute."""
    allowed = safe_href(address)
    assert allowed in ("", address)
    assert allowed == "" or re.fullmatch(r"(?i:https?)://[^\s\"'<>]+", allowed)


@given(words=TEXT)
def test_line_of_a_log_stays_one_line(words: str) -> None:
    """No character that breaks a line, turns its direction or drives a terminal is left; the same twice is the same."""
    shown = visible(words)
    assert not set(shown) & set("\n\r\x00\x1b\x85\u2028\u2029\u202e")
    assert len(shown.splitlines()) <= 1
    assert visible(shown) == shown


@given(words=TEXT, scheme=st.sampled_from(["slack", "discord", "ntfy"]))
def test_nobody_is_mentioned_whatever_is_written(words: str, scheme: str) -> None:
    """An at sign is never followed by a name, an angle bracket never by a command."""
    assert not re.search(r"@\w|<[@!#\w/]", escape_for(scheme, words))


@given(cell=TEXT)
def test_cell_never_begins_like_a_formula(cell: str) -> None:
    """What a spreadsheet would run begins with an apostrophe."""
    assert not disarm(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
