"""Bytes → text: byte order mark, HTTP header, declaration, and what the bytes themselves say. Pure, never raises."""

from __future__ import annotations

import re
from dataclasses import dataclass

import charset_normalizer

from wirewatch_connectors.parsing.codec_names import MULTI_BYTE, SINGLE_BYTE, find_codec

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
#: How `<?` or `<r` looks without a byte order mark.
_PATTERNS = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_DECLARATION = re.compile(r"<\?xml[^<>]{0,200}?encoding\s*=\s*[\"']\s*([A-Za-z0-9._:\-]{1,40})\s*[\"']")
#: Enough for the statistics of a language.
_RECOGNISED_BYTES = 16_384
#: What is still in use for feeds that do not say; every further one costs time and finds ghosts
#: (of the Latin ones only the commonest: a few accents do not tell them apart).
LIKELY_ENCODINGS = [
    "big5", "euc_jp", "euc_kr", "gb18030", "shift_jis", "koi8_r", "tis_620", "iso2022_jp",
    "cp1251", "cp1252", "cp1253", "cp1255", "cp1256",
]  # fmt: skip
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:\-]{1,40})", re.I)


@dataclass(frozen=True, slots=True)
class DecodedBody:
    """A body as text."""

    text: str
    #: Python's name of the codec that read it.
    codec: str
    #: What was wrong, for a person; "" when nothing.
    complaint: str = ""


def decode_body(body: bytes, content_type: str) -> DecodedBody:
    """Decode a body. Bytes that its encoding does not know become U+FFFD, and only they do."""
    body = body.lstrip(b"\r\n\t ") if body[:1] in b"\r\n\t " else body
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return _decode(body[len(mark) :], codec, "")
    seen = next((codec for pattern, codec in _PATTERNS if body.startswith(pattern)), "")
    sniffed = body[:1024].decode(seen or "latin-1", "replace")
    declaration = _DECLARATION.search(sniffed)
    charset = _CHARSET.search(content_type)
    named = [match[1] for match in (charset, declaration) if match]
    codecs = [codec for codec in map(find_codec, named) if codec]
    complaint = "" if len(codecs) == len(named) else f"unknown encoding {named[-1]}"
    if seen and seen not in codecs:
        # The bytes are wide or EBCDIC, whatever a header says.
        if seen == "cp037" and codecs and codecs[-1] in SINGLE_BYTE:
            seen = codecs[-1]
        return _decode(body, seen, complaint)
    return _try_codecs(body, tuple(dict.fromkeys(codecs)), complaint)


def _try_codecs(body: bytes, codecs: tuple[str, ...], complaint: str) -> DecodedBody:
    utf8 = _strict(body, "utf-8")
    if utf8 is not None and not (codecs and utf8.isascii()):
        # Valid UTF-8 with characters beyond ASCII is UTF-8: single bytes of other encodings do not fall so by chance.
        wrong = codecs and codecs[0] != "utf-8" and not utf8.isascii()
        if not wrong or codecs[0] in SINGLE_BYTE or codecs[0].startswith(("utf-16", "utf-32")):
            return DecodedBody(utf8, "utf-8", f"says {codecs[0]}, is utf-8" if wrong else complaint)
    for codec in codecs:
        text = _strict(body, codec)
        if text is not None and "<" in text[:4096]:
            return DecodedBody(
                text, codec, complaint or ("" if codec == codecs[0] else f"says {codecs[0]}, is {codec}")
            )
    if utf8 is not None:
        return DecodedBody(utf8, "utf-8", complaint or (f"says {codecs[0]}, is utf-8" if codecs else ""))
    return _guess(body, codecs, complaint)


def _guess(body: bytes, codecs: tuple[str, ...], complaint: str) -> DecodedBody:
    tried = [codec for codec in codecs if codec in MULTI_BYTE and not codec.startswith(("utf-16", "utf-32"))]
    for codec in dict.fromkeys((*tried, "utf-8")):
        text = body.decode(codec, "replace")
        wrong = text.count("\ufffd")
        right = sum(1 for character in text[:65_536] if character > "\x7f") - text[:65_536].count("\ufffd")
        if right > wrong:
            return DecodedBody(text, codec, complaint or f"{wrong} places are not {codec}")
    guessed = "" if codecs else _recognise(body)
    return _decode(body, guessed or "cp1252", complaint or f"not utf-8, read as {guessed or 'windows-1252'}")


def _recognise(body: bytes) -> str:
    """Give the codec that the bytes look like, or "". Looks at the start only: it costs a hundred times decoding."""
    best = charset_normalizer.from_bytes(body[:_RECOGNISED_BYTES], cp_isolation=LIKELY_ENCODINGS).best()
    return (find_codec(best.encoding) or "") if best is not None else ""


def _strict(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _decode(body: bytes, codec: str, complaint: str) -> DecodedBody:
    text = _strict(body, codec)
    if text is not None:
        return DecodedBody(text, codec, complaint)
    return DecodedBody(body.decode(codec, "replace"), codec, complaint or f"some bytes are not {codec}")
