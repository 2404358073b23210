"""Content encodings, undone under a cap."""

import gzip
import zlib

import brotli
import pytest
import zstandard

from wirewatch_connectors.inflating import BadEncodingError, InflatedTooLargeError, TruncatedBodyError, inflate

PLAIN = b"<rss>" + b"Harbour reopens after storm. " * 2000 + b"</rss>"
CAP = 1024 * 1024


def raw_deflate(body: bytes) -> bytes:
    """Compress as some hosts do for `deflate`: without zlib's header."""
    machine = zlib.compressobj(wbits=-15)
    return machine.compress(body) + machine.flush()


def zstd(body: bytes, **options: bool) -> bytes:
    """Compress with Zstandard."""
    return zstandard.ZstdCompressor(**options).compress(body)  # type: ignore[arg-type]


ENCODED = [
    ("gzip", gzip.compress(PLAIN)),
    ("x-gzip", gzip.compress(PLAIN)),
    ("GZIP ", gzip.compress(PLAIN)),
    ("gzip", gzip.compress(PLAIN[:100]) + gzip.compress(PLAIN[100:])),
    ("gzip", gzip.compress(PLAIN) + b"\x00" * 20),
    ("deflate", zlib.compress(PLAIN)),
    ("deflate", raw_deflate(PLAIN)),
    ("br", brotli.compress(PLAIN)),
    ("zstd", zstd(PLAIN)),
    ("zstd", zstd(PLAIN, write_content_size=False)),
    ("zstd", zstd(PLAIN, write_checksum=True)),
    ("zstd", zstd(PLAIN[:100]) + zstd(PLAIN[100:])),
    ("identity", PLAIN),
    ("", PLAIN),
]


@pytest.mark.parametrize(("encoding", "body"), ENCODED)
def test_every_encoding_in_use_is_undone(encoding: str, body: bytes) -> None:
    """Gzip of several members, both deflates, brotli and zstd give the plain body."""
    assert inflate(body, encoding, CAP) == PLAIN


@pytest.mark.parametrize(
    ("encoding", "bomb"),
    [
        ("gzip", gzip.compress(bytes(8_000_000), 9)),
        ("deflate", zlib.compress(bytes(8_000_000), 9)),
        ("br", brotli.compress(bytes(8_000_000), quality=5)),
        ("zstd", zstd(bytes(8_000_000))),
        ("identity", bytes(CAP + 1)),
    ],
)
def test_bombs_stop_at_the_cap(encoding: str, bomb: bytes) -> None:
    """A small body that inflates to 8 MB is given up at 1 MiB."""
    with pytest.raises(InflatedTooLargeError):
        inflate(bomb, encoding, CAP)


@pytest.mark.parametrize(("encoding", "body"), [pair for pair in ENCODED if pair[0] not in ("identity", "", "deflate")])
def test_a_body_without_its_end_is_not_taken_for_whole(encoding: str, body: bytes) -> None:
    """Truncation inside the compressed stream is an error, never a shorter feed."""
    if body.endswith(b"\x00" * 20):
        body = body[:-20]
    with pytest.raises((TruncatedBodyError, BadEncodingError)):
        inflate(body[: len(body) - 9], encoding, CAP)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip, gzip", gzip.compress(gzip.compress(PLAIN))),
        ("compress", PLAIN),
        ("x-klingon", PLAIN),
        ("gzip", PLAIN),
        ("deflate", PLAIN),
        ("br", PLAIN),
        ("zstd", PLAIN),
        ("zstd", b"\x28\xb5\x2f\xfd"),
        ("gzip", b"\x1f\x8b"),
    ],
)
def test_a_body_that_is_not_in_its_encoding_is_an_error(encoding: str, body: bytes) -> None:
    """Stacked or unknown encodings, and plain bodies under an encoding's name, are refused without a crash."""
    with pytest.raises((BadEncodingError, TruncatedBodyError)):
        inflate(body, encoding, CAP)


def test_an_empty_body_is_empty_in_every_encoding() -> None:
    """Hosts send nothing at all under `gzip`."""
    assert inflate(b"", "gzip", CAP) == b""
