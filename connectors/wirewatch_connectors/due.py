"""Which feed is due when: a heap in which a feed counts once, however often it is planned. Held by `rounds`.

Times are monotonic seconds.
"""

from __future__ import annotations

import heapq


class DueFeeds:
    """The schedule."""

    def __init__(self) -> None:
        #: An entry counts only while `_at` says the same.
        self._heap: list[tuple[float, str]] = []
        self._at: dict[str, float] = {}

    def plan(self, feed_id: str, at: float) -> None:
        """Put a feed on the schedule; what was planned for it before counts no more."""
        self._at[feed_id] = at
        heapq.heappush(self._heap, (at, feed_id))

    def pop(self, now: float) -> str | None:
        """Take the next feed that is due by `now` off the schedule."""
        while self._heap and self._heap[0][0] <= now:
            at, feed_id = heapq.heappop(self._heap)
            if self._at.get(feed_id) == at:
                del self._at[feed_id]
                return feed_id
        return None

    @property
    def next_at(self) -> float:
        """Give when the next feed is due; infinity when none is."""
        return self._heap[0][0] if self._heap else float("inf")
