"""The records of `alerts.v1` as other programs see them."""

from __future__ import annotations

import json

import jsonschema
import pytest

from tests.builders import an_article
from tests.delivering.building import PostOffice, an_alert
from wirewatch import wire
from wirewatch.agents import raise_together
from wirewatch.delivering.cloud_events import alert_schema, headers_for, load_alert_schema
from wirewatch.records import AlertState, SortedArticle


def test_shipped_schema_is_what_the_records_say() -> None:
    """Remake it with `python -m tests.delivering.remake_schema` when a record gains a field."""
    assert load_alert_schema() == json.loads(json.dumps(alert_schema()))


def test_written_alert_validates_and_a_broken_one_does_not() -> None:
    """What `wire` writes fits the schema; a value without its state does not."""
    value = json.loads(wire.encode(an_alert(state=AlertState.CONFIRMED)))
    validator = jsonschema.Draft202012Validator(load_alert_schema())
    validator.validate(value)
    validator.validate({**value, "added_later": 1})
    del value["state"]
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(value)


def test_headers_hold_the_required_attributes_of_cloud_events() -> None:
    """Specversion, id, source and type are there; id is the revision's own and does not change."""
    headers = headers_for(an_alert())
    assert {"ce_specversion", "ce_id", "ce_source", "ce_type"} <= headers.keys()
    assert headers["ce_time"] == b"2025-08-12T12:00:00Z"
    assert headers == headers_for(an_alert())
    assert headers["ce_id"] != headers_for(an_alert(revision=2))["ce_id"]


async def test_agent_sends_the_headers_with_every_alert(post: PostOffice) -> None:
    """What the second agent puts on `alerts.v1` carries the attributes."""
    alert = an_alert()
    handle = raise_together(lambda *_arguments: [alert], post.database, post.world_box, post.clock)
    sorted_article = SortedArticle(an_article(), "en", (), (), "1")
    handled = await handle([wire.encode(sorted_article)])
    [output] = handled.outputs
    assert output.headers == headers_for(alert)
