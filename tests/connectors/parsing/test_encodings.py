"""Which bytes are which letters, and which codecs are never asked."""

from __future__ import annotations

import codecs

import pytest

from tests.connectors.parsing.reading_feeds import an_item, only, read, read_file
from wirewatch_connectors.parsing.codec_names import ALLOWED_CODECS, find_codec
from wirewatch_connectors.parsing.decoding import decode_body

_TITLES = {
    "utf-16": "Широкий заголовок",
    "utf-32": "Широкий заголовок",
    "windows-1251": "Гавань открыта",
    "gbk": "港口重新开放",
    "gb18030": "港口重新开放",
    "big5": "港口重新開放",
    "shift_jis": "港が再開した",
    "euc-jp": "港が再開した",
    "iso-2022-jp": "港が再開した",
    "euc-kr": "항구 재개",
    "koi8-r": "Гавань открыта",
    "iso-8859-2": "Přístav otevřen",
    "windows-1256": "الميناء",
    "iso-8859-15": "Port à 5 €",
    "tis-620": "ท่าเรือ",
}


@pytest.mark.parametrize("encoding", sorted(_TITLES))
def test_declared_encodings_give_the_right_letters(encoding: str) -> None:
    """As the declaration says, with a byte order mark where the codec writes one."""
    body = an_item(f"<title>{_TITLES[encoding]}</title>").replace('"1.0"?', f'"1.0" encoding="{encoding}"?')
    feed = read(body.encode(encoding))
    assert only(feed).title == _TITLES[encoding]
    assert not feed.degraded


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_without_a_mark(encoding: str) -> None:
    """The zeros between the letters give them away."""
    assert only(read(an_item("<title>Wide Ω</title>").encode(encoding))).title == "Wide Ω"


def test_http_header_is_believed_before_the_declaration() -> None:
    """RFC 7303."""
    body = an_item("<title>Гавань</title>").replace('"1.0"?', '"1.0" encoding="iso-8859-1"?').encode("windows-1251")
    assert only(read(body, content_type="application/xml; charset=windows-1251")).title == "Гавань"


def test_latin_1_means_windows_1252() -> None:
    """As the web has it: 0x93 is a quotation mark and 0x80 a euro."""
    feed = read_file("windows-1252.xml")
    assert (feed.title, only(feed).title) == ("Café", "“Quoted” – naïve €")


@pytest.mark.parametrize(
    "encoding", ["utf-16", "iso-8859-1", "us-ascii", "x-klingon", "zip", "idna", "utf-7", "rot13", "hex"]
)
def test_utf_8_that_says_something_else_is_read_as_utf_8(encoding: str) -> None:
    """Lies, unknown names and codecs that are no encodings."""
    body = an_item("<title>Größe</title>").replace('"1.0"?', f'"1.0" encoding="{encoding}"?').encode()
    assert only(read(body)).title == "Größe"


def test_ascii_that_says_utf_16_is_read() -> None:
    """No byte of it is beyond ASCII, and it is not wide."""
    feed = read(an_item("<title>Plain</title>").replace('"1.0"?', '"1.0" encoding="utf-16"?'))
    assert only(feed).title == "Plain"


def test_only_the_wrong_bytes_of_utf_8_are_replaced() -> None:
    """One bad byte does not turn the feed into mojibake."""
    body = an_item("<title>Größe a\x00b Übergang</title>").encode().replace(b"\x00", b"\xff")
    feed = read(body)
    assert only(feed).title == "Größe a\ufffdb Übergang"
    assert feed.degraded


@pytest.mark.parametrize(
    ("encoding", "title"), [("windows-1252", "Café à l’hôtel"), ("koi8-r", "Гавань снова открыта")]
)
def test_undeclared_encodings_are_recognised(encoding: str, title: str) -> None:
    """Western letters by default, others by what their bytes look like."""
    assert (
        only(read(an_item(f"<title>{title}</title><description>{title} </description>").encode(encoding))).title
        == title
    )


def test_doubly_encoded_utf_8_is_undone() -> None:
    """Ã© was é once."""
    twice = "Café – «ouvert»".encode().decode("latin-1")
    assert only(read(an_item(f"<title>{twice}</title>"))).title == "Café – «ouvert»"


@pytest.mark.parametrize(
    "name",
    [
        "zip",
        "idna",
        "utf-7",
        "unicode_escape",
        "raw_unicode_escape",
        "rot_13",
        "punycode",
        "hex",
        "base64",
        "uu",
        "mbcs",
        "",
    ],
)
def test_codecs_that_are_no_encodings_are_never_found(name: str) -> None:
    """A feed may not choose what Python runs."""
    assert find_codec(name) is None


def test_every_allowed_codec_exists_and_takes_any_bytes() -> None:
    """None raises anything but what decoding expects."""
    noise = bytes(range(256)) * 2
    for name in ALLOWED_CODECS:
        assert codecs.lookup(name)._is_text_encoding
        declared = f'<?xml version="1.0" encoding="{name}"?><a>'.encode() + noise
        assert decode_body(declared, "").text
