"""The fixture `engine`: the embedded log always, a real Kafka where one can be had (marked `kafka`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.streams import Engine


@pytest.fixture(params=["sqlite", pytest.param("kafka", marks=pytest.mark.kafka)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """Give an engine with topics of its own; a story that takes it runs on both."""
    if request.param == "sqlite":
        return Engine("sqlite", "sqlite://", tmp_path)
    bootstrap: str = request.getfixturevalue("kafka_broker")
    return Engine("kafka", f"kafka://{bootstrap}", tmp_path)


@pytest.fixture(scope="session")
def kafka_broker() -> str:
    """Give the address of a broker that runs for the whole session."""
    pytest.skip("not yet")
