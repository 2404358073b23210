"""Record ↔ bytes: UTF-8 JSON with `"schema": 1`. The only place that knows how records look on the wire.

Readers accept unknown fields; writers never remove one without a new topic version. Lone surrogates cannot be
written as UTF-8: they become U+FFFD here as the last line of defence (parsing has already replaced them).
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from wirewatch.errors import RecordError
from wirewatch.records import SortedArticle

SCHEMA = 1

Record = TypeVar("Record")

_encoder = msgspec.json.Encoder()
_SURROGATE = re.compile("[\ud800-\udfff]")


def encode(record: Any) -> bytes:
    """Write a record as one line of JSON."""
    try:
        body = _encoder.encode(record)
    except UnicodeEncodeError:
        body = _encoder.encode(_without_surrogates(msgspec.to_builtins(record)))
    return b'{"schema":%d,' % SCHEMA + body[1:]


def encode_body(value: Any) -> bytes:
    """Write any value as JSON without the envelope's `schema`: the body of a notice."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        return _encoder.encode(_without_surrogates(msgspec.to_builtins(value)))


def decode(kind: type[Record], raw: bytes | None, *, topic: str) -> Record:
    """Read a record.

    Raises:
        RecordError: not JSON, not this schema, a field missing or of the wrong type; names the field.
    """
    if raw is None:
        raise RecordError("expected a record, got an empty value", topic=topic)
    try:
        schema = msgspec.json.decode(raw, type=_Envelope).schema
        if schema != SCHEMA:
            raise RecordError(f"expected schema {SCHEMA}, got {schema}", topic=topic, field="schema")
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordError(f"cannot read a {kind.__name__}: {error}", topic=topic) from error


def as_json(record: Any) -> dict[str, Any]:
    """Give a record as plain JSON values, for pages and the command line."""
    plain = msgspec.to_builtins(record)
    assert isinstance(plain, dict)
    return plain


def sorted_as_json(sorted_article: SortedArticle) -> dict[str, Any]:
    """Give a sorted article as `wirewatch sort` prints it: the id, not the whole article."""
    plain = as_json(sorted_article)
    article = plain.pop("article")
    return {"id": article["id"], **plain}


class _Envelope(msgspec.Struct):
    schema: int


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(item) for item in value]
    return value
