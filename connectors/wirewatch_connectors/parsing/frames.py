"""What a parser child is asked and what it answers, as msgpack frames. Typed both ways: nothing is unpickled."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime

import msgspec

from wirewatch_connectors.shapes import ParsedFeed

#: Length of what follows, and 1 when its sender answers no more.
HEADER = struct.Struct(">IB")
#: No frame is larger: a body at its own cap, and room for known fingerprints.
MAX_FRAME_BYTES = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Question:
    """One body to read."""

    #: `feed` or `page`.
    work: str
    body: bytes
    content_type: str
    url: str
    known: tuple[str, ...] = ()
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of it: a feed, a page's text, or why neither."""

    feed: ParsedFeed | None = None
    text: str | None = None
    error: str = ""
    #: A bounded word: `not_a_feed`, `too_big`, `bug`.
    reason: str = ""


_encoder = msgspec.msgpack.Encoder()
_questions = msgspec.msgpack.Decoder(Question)
_answers = msgspec.msgpack.Decoder(Answer)


def pack(message: Question | Answer, *, last: bool = False) -> bytes:
    """Write a frame with its header before it."""
    body = _encoder.encode(message)
    return HEADER.pack(len(body), last) + body


def unpack_question(body: bytes) -> Question:
    """Read a question, without its header."""
    return _questions.decode(body)


def unpack_answer(body: bytes) -> Answer:
    """Read an answer, without its header.

    Raises:
        msgspec.DecodeError: it is not an answer.
    """
    return _answers.decode(body)
