"""Undoes one Content-Encoding, never past a cap. Pure; called by `fetching`.

Each codec is driven in bounded steps, so that no input can make one call allocate more than a step and the cap.
"""

from __future__ import annotations

import io
import zlib

import brotli
import zstandard

#: 256 KiB: large enough to be fast, small enough that the overshoot past a cap does not matter.
STEP_BYTES = 256 * 1024

#: 8 MiB: what RFC 9659 lets a `zstd` response ask of its reader.
_ZSTD_WINDOW_BYTES = 8 * 1024 * 1024


class InflatedTooLargeError(Exception):
    """The body grows past the cap."""


class BadEncodingError(Exception):
    """The body is not what its Content-Encoding says, or the encoding is none of ours."""


class TruncatedBodyError(Exception):
    """The compressed body ends before its end."""


def inflate(body: bytes, encoding: str, max_bytes: int) -> bytes:
    """Give the body without its encoding.

    Args:
        body: as received.
        encoding: the Content-Encoding header: "", identity, gzip, deflate, br, zstd; one, not a chain.
        max_bytes: the most that may come out.

    Raises:
        InflatedTooLargeError: more than `max_bytes` would come out.
        BadEncodingError: unknown or stacked encodings, or bytes that are not in it.
        TruncatedBodyError: the end is missing.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity", "none"):
        if len(body) > max_bytes:
            raise InflatedTooLargeError
        return body
    if not body:
        return b""
    if encoding in ("gzip", "x-gzip"):
        return _inflate_gzip(body, max_bytes)
    if encoding == "deflate":
        # RFC 9110 means zlib; some hosts send the bare stream. The first byte tells them apart.
        window = 15 if body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0 else -15
        return _inflate_zlib(body, window, max_bytes)[0]
    if encoding == "br":
        return _inflate_brotli(body, max_bytes)
    if encoding == "zstd":
        return _inflate_zstd(body, max_bytes)
    raise BadEncodingError(f"expected gzip, deflate, br, zstd or identity, got {encoding[:40]!r}")


def _inflate_gzip(body: bytes, max_bytes: int) -> bytes:
    """Undo every member; what follows the last one and is not a member is padding."""
    out, rest = _inflate_zlib(body, 31, max_bytes)
    parts = [out]
    total = len(out)
    while rest[:2] == b"\x1f\x8b":
        out, rest = _inflate_zlib(rest, 31, max_bytes - total)
        parts.append(out)
        total += len(out)
    return b"".join(parts)


def _inflate_zlib(body: bytes, window: int, max_bytes: int) -> tuple[bytes, bytes]:
    machine = zlib.decompressobj(window)
    parts: list[bytes] = []
    total = 0
    try:
        while not machine.eof:
            part = machine.decompress(body, STEP_BYTES)
            body = machine.unconsumed_tail
            total += len(part)
            if total > max_bytes:
                raise InflatedTooLargeError
            if not part and not body and not machine.eof:
                raise TruncatedBodyError
            parts.append(part)
    except zlib.error as error:
        raise BadEncodingError(str(error)) from error
    return b"".join(parts), machine.unused_data


def _inflate_brotli(body: bytes, max_bytes: int) -> bytes:
    machine = brotli.Decompressor()
    parts: list[bytes] = []
    total = 0
    try:
        part = machine.process(body, output_buffer_limit=STEP_BYTES)
        while True:
            total += len(part)
            if total > max_bytes:
                raise InflatedTooLargeError
            parts.append(part)
            if machine.is_finished():
                return b"".join(parts)
            if not part and machine.can_accept_more_data():
                raise TruncatedBodyError
            part = machine.process(b"", output_buffer_limit=STEP_BYTES)
    except brotli.error as error:
        raise BadEncodingError(str(error)) from error


def _inflate_zstd(body: bytes, max_bytes: int) -> bytes:
    machine = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
    parts: list[bytes] = []
    total = 0
    try:
        _check_zstd_end(body)
        with machine.stream_reader(io.BytesIO(body), read_across_frames=True) as reader:
            while part := reader.read(STEP_BYTES):
                total += len(part)
                if total > max_bytes:
                    raise InflatedTooLargeError
                parts.append(part)
    except zstandard.ZstdError as error:
        raise BadEncodingError(str(error)) from error
    return b"".join(parts)


def _check_zstd_end(body: bytes) -> None:
    """Walk the block headers of each frame (RFC 8878 §3.1): the library does not say that the end is missing."""
    at = 0
    while at < len(body):
        frame = zstandard.get_frame_parameters(body[at : at + 18])
        at += zstandard.frame_header_size(body[at : at + 18])
        last = False
        while not last:
            header = int.from_bytes(body[at : at + 3], "little")
            last, kind, size = bool(header & 1), header >> 1 & 3, header >> 3
            at += 3 + (1 if kind == 1 else size)  # a run of one byte is stored as that byte
            if at > len(body):
                raise TruncatedBodyError
        at += 4 if frame.has_checksum else 0
        if at > len(body):
            raise TruncatedBodyError
