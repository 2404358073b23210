"""Records and bytes: what is written is read again, and what cannot be read says where."""

from __future__ import annotations

import json

import pytest

from tests.builders import an_article
from wirewatch import wire
from wirewatch.errors import RecordError
from wirewatch.records import Article, SortedArticle


def test_an_article_survives_the_wire() -> None:
    """What was encoded is decoded as the same record."""
    article = an_article("Ein Titel — mit Umlauten äöü", "Text\nmit Zeilen", authors=("A", "B"), history=True)
    assert wire.decode(Article, wire.encode(article), topic="articles.v1") == article


def test_times_are_written_in_utc_with_whole_seconds_and_a_z() -> None:
    """The wire format of time is pinned, because consumers parse it."""
    assert json.loads(wire.encode(an_article()))["published_at"] == "2025-08-12T12:00:00Z"


def test_every_record_names_its_schema() -> None:
    """A reader can tell versions apart before it reads a field."""
    assert json.loads(wire.encode(an_article()))["schema"] == wire.SCHEMA


def test_unknown_fields_are_accepted() -> None:
    """A newer writer may add fields without stopping older readers."""
    raw = wire.encode(an_article())[:-1] + b',"mood":"calm"}'
    assert wire.decode(Article, raw, topic="articles.v1") == an_article()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, "got an empty value"),
        (b"", "cannot read"),
        (b"\xff\xfe", "cannot read"),
        (b"[]", "cannot read"),
        (b'{"schema":2}', "expected schema 1, got 2"),
        (b'{"schema":1,"id":7}', "$.id"),
        (b'{"schema":1,"id":"a"}', "feed_id"),
    ],
)
def test_what_cannot_be_read_names_topic_and_field(raw: bytes | None, expected: str) -> None:
    """A broken record is a RecordError that says where and what was expected."""
    with pytest.raises(RecordError) as caught:
        wire.decode(Article, raw, topic="articles.v1")
    assert expected in str(caught.value)
    assert "articles.v1" in str(caught.value)


def test_lone_surrogates_become_replacement_characters() -> None:
    """Text that UTF-8 cannot hold is mended instead of stopping the stage."""
    raw = wire.encode(an_article(title="half \ud83d of a pair"))
    assert wire.decode(Article, raw, topic="articles.v1").title == "half \ufffd of a pair"


def test_the_command_line_prints_the_id_instead_of_the_whole_article() -> None:
    """`wirewatch sort` echoes the id, as the contract says."""
    article = an_article()
    printed = json.loads(json.dumps(wire.sorted_as_json(SortedArticle(article, "en", (), (), "v"))))
    assert printed == {"id": article.id, "language": "en", "mentions": [], "events": [], "sorter_version": "v"}
