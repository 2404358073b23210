"""Fixtures of the delivering room."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.delivering.building import PostOffice, open_post
from tests.harness.receiver import Receiver, serve_receiver


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Serve a webhook receiver on loopback."""
    async with serve_receiver() as serving:
        yield serving


@pytest.fixture
def post(tmp_path: Path, receiver: Receiver) -> Iterator[PostOffice]:
    """Open a store that may send to the receiver."""
    opened = open_post(tmp_path, allow=(receiver.address,))
    yield opened
    opened.database.close()
