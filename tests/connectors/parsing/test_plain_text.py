"""HTML → text: what a reader would see, decoded once, in linear time."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirewatch_connectors.parsing.caps import MAX_MARKS, MAX_MARKUP_CHARACTERS
from wirewatch_connectors.parsing.cleaning import clean_text, cut_to_bytes
from wirewatch_connectors.parsing.plain_text import html_to_text, title_to_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("One<br/>Two<BR>Three", "One\nTwo\nThree"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<b>bo</b>ld <i>it</i>", "bold it"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("a<script>x < 'y'</script>b<style>p{}</style>c", "abc"),
        ("a<SCRIPT type='x'>1</SCRIPT >b", "ab"),
        ("a<!-- <p>hidden</p> -->b", "ab"),
        ("a<!-- never closed", "a never closed"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("AT&T &amp; Co &copy; &#8220;x&#8221; &#x41; &nbsp;y", "AT&T & Co © “x” A y"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ('<a href="x>y" title=\'<b>\'>link</a>', "link"),
        ('<img src="a" alt="b > c"/>after', "after"),
        ("<svg><text>x</text></svg>y", "y"),
        ("<xhtml:p>a</xhtml:p><o:p>b</o:p>", "a\nb"),
        ("  a \t b\r\n\r\n c\u2028d\x85e", "a b\nc\nd\ne"),
        ("<p", "<p"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_a_reader_would_see(markup: str, text: str) -> None:
    """One row, one habit of feeds."""
    assert html_to_text(markup)[0] == text


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<b>Bold</b> claim", "Bold claim"),
        ("Use of <T> in C++", "Use of <T> in C++"),
        ("a < b", "a < b"),
        ("Fish &amp; chips &#8211; again", "Fish & chips – again"),
        ("two\nlines", "two lines"),
        ("<script>alert(1)</script>Calm", "Calm"),
        ("<img src=x onerror=alert(1)>Calm", "Calm"),
        ("&lt;b&gt; explained", "<b> explained"),
    ],
)
def test_titles_keep_what_is_no_tag(markup: str, title: str) -> None:
    """A word between angle brackets that is no element of HTML is a word."""
    assert title_to_text(markup) == title


def test_control_characters_and_surrogates_are_removed() -> None:
    """Nothing that JSON, Kafka, SQLite or XML refuse comes out."""
    assert clean_text("a\x00b\x1b[31m\x9bc\ud800d\uffff\ufdd0e\x7f") == "ab[31mcde"


def test_bidirectional_overrides_are_removed_and_joiners_kept() -> None:
    """An override can turn a sentence round; a zero-width joiner is spelling."""
    assert clean_text("a\u202egnp.exe\u2066b\u2069") == "agnp.exeb"
    assert clean_text("می\u200cخواهم") == "می\u200cخواهم"


def test_name_with_a_zero_width_space_still_matches_when_folded() -> None:
    """`Ac\u200bme` is Acme to whoever folds by NFKC and drops format characters."""
    folded = unicodedata.normalize("NFKC", html_to_text("<p>Ac\u200bme</p>")[0])
    assert "".join(character for character in folded if unicodedata.category(character) != "Cf") == "Acme"


def test_towers_of_marks_are_capped() -> None:
    """Five thousand accents on one letter become a few; real spelling is untouched."""
    assert len(clean_text("Z" + "\u0301" * 5000 + "algo")) == 5 + MAX_MARKS
    assert clean_text("Tiê\u0323ng Viê\u0323t") == "Tiê\u0323ng Viê\u0323t"


def test_long_markup_is_cut_and_says_so() -> None:
    """Only so much is cleaned."""
    text, cut = html_to_text("x" * (MAX_MARKUP_CHARACTERS + 1))
    assert cut
    assert len(text) == MAX_MARKUP_CHARACTERS


def test_bytes_are_cut_between_characters() -> None:
    """Never inside one."""
    assert cut_to_bytes("aé€😀", 4) == ("aé", True)
    assert cut_to_bytes("aé", 3) == ("aé", False)


@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_gives_clean_text(markup: str) -> None:
    """Whatever comes in: no raise, nothing unfit, no blanks at the ends, and cleaning again changes nothing."""
    for text in (html_to_text(markup)[0], title_to_text(markup)):
        assert text == text.strip()
        assert not any(unicodedata.category(character) in ("Cs", "Cc") for character in text.replace("\n", ""))
        text.encode()
        assert clean_text(text) == text


_HOSTILE = [
    "<",
    "<!--",
    "<a b=",
    "&amp",
    "<div>",
    "<script>",
    '<a "',
    "<a '\"",
    "</",
    "<![CDATA[",
    "&#",
    "<a ",
    "-->",
    "<style>x",
]


@pytest.mark.parametrize("piece", _HOSTILE)
def test_time_grows_with_length_and_no_faster(piece: str) -> None:
    """Four times the markup costs about four times the CPU (ten, for a busy machine); quadratic would be sixteen."""
    short, long = piece * (20_000 // len(piece)), piece * (80_000 // len(piece))

    def least(markup: str) -> float:
        times = []
        for _ in range(3):
            started = time.process_time()
            html_to_text(markup)
            title_to_text(markup)
            times.append(time.process_time() - started)
        return min(times)

    assert least(long) < 10 * least(short) + 0.01
