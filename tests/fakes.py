"""Whole fakes of what processes hold: a clock that moves when told, a publisher that remembers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from wirewatch.errors import PublishError
from wirewatch.records import Article


class FakeClock:
    """A clock that stands still until it is moved; sleeping moves it."""

    def __init__(self, at: datetime = datetime(2025, 8, 12, 9, 0, tzinfo=UTC)) -> None:
        self._at = at
        self._monotonic = 1000.0

    def now(self) -> datetime:
        """Give the time it was set to."""
        return self._at

    def monotonic(self) -> float:
        """Give seconds that only moves of this clock change."""
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        """Move, and let others run."""
        self.move(seconds)
        await asyncio.sleep(0)

    def move(self, seconds: float) -> None:
        """Move both times forward."""
        self._at += timedelta(seconds=seconds)
        self._monotonic += seconds

    def step_wall(self, seconds: float) -> None:
        """Step the wall clock only, as an administrator or NTP would."""
        self._at += timedelta(seconds=seconds)


class FakePublisher:
    """Remembers what was published; refuses when told to."""

    def __init__(self) -> None:
        self.published: list[Article] = []
        self.refusing = False

    async def publish(self, articles: Sequence[Article]) -> None:
        """Remember, or refuse."""
        if self.refusing:
            raise PublishError("the log is out of reach: fake")
        self.published.extend(articles)

    async def close(self) -> None:
        """Do nothing."""
