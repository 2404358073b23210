"""What webhooks are posted, against the schema that receivers are given."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from tests.raising.test_batches import gulls
from tests.stories import listings
from tests.stories.acting import Stage, a_store, moment
from tests.stories.scenery import a_subscription, a_world
from wirewatch.delivering.body_schema import body_schema, load_body_schema
from wirewatch.delivering.trying import make_test_delivery
from wirewatch.metrics import Metrics
from wirewatch.raising.tending import tend
from wirewatch.records import NoticeType
from wirewatch.subscribers import Rhythm


@pytest.fixture(scope="module")
def bodies() -> list[dict[str, Any]]:
    """Plan notices of every type, as a few days of news make them."""
    world = a_world(
        a_subscription("at-once", updates=True, heartbeat=True), a_subscription("daily", rhythm=Rhythm.DAILY)
    )
    with a_store() as database:
        stage = Stage(database, world)
        for push in (listings.WIRE, listings.COPY, listings.OWN, listings.NOTICE, *gulls(2)):
            stage.push(push)
        for day in range(3, 7):
            with database.transaction() as connection:
                tend(connection, world, moment(f"2025-03-0{day}T09:00"), Metrics() if day % 2 else None)
        planned = stage.deliveries()
    test = make_test_delivery("at-once", "webhook-0", moment("2025-03-03T09:00") + timedelta(microseconds=5))
    return [json.loads(delivery.body) for delivery in (*planned, test)]


def test_shipped_schema_is_what_the_records_say() -> None:
    """Remake it with `python -m tests.delivering.remake_schema` when a record gains a field."""
    assert load_body_schema() == json.loads(json.dumps(body_schema()))
    jsonschema.Draft202012Validator.check_schema(load_body_schema())


def test_every_body_that_is_planned_validates(bodies: list[dict[str, Any]]) -> None:
    """Opened, updated, changed, digest, heartbeat and the notice that tries a road; fields may be added later."""
    validator = jsonschema.Draft202012Validator(load_body_schema())
    seen = Counter(body["type"] for body in bodies)
    assert set(seen) == {notice.value for notice in NoticeType}, seen
    for body in bodies:
        validator.validate(body)
        validator.validate({**body, "data": {**body["data"], "added_later": 1}})


def test_body_that_lacks_anything_does_not_validate(bodies: list[dict[str, Any]]) -> None:
    """A type that is none, a notice of another type's data, and each key taken away: all are seen."""
    validator = jsonschema.Draft202012Validator(load_body_schema())
    required = {"alert": "state", "digest": "alerts", "heartbeat": "articles_read"}
    for body in bodies:
        word = {"alert.digest": "digest", "heartbeat": "heartbeat"}.get(body["type"], "alert")
        other = "alert.digest" if word == "heartbeat" else "heartbeat"
        without = {key: value for key, value in body["data"].items() if key != required[word]}
        wrong = [
            {**body, "type": "alert.invented"},
            {**body, "type": other},
            {**body, "data": without},
            {**body, "timestamp": "yesterday"},
            *({key: value for key, value in body.items() if key != taken} for taken in body),
        ]
        assert [validator.is_valid(one) for one in wrong] == [False] * len(wrong), body["type"]
