"""The errors of Wirewatch. The class says what to do next, the text says where and why.

`str(error)` reads `message: identity: cause`. Anything that is not a `WirewatchError` is a bug and keeps its traceback.
"""

from __future__ import annotations


class WirewatchError(Exception):
    """Something went wrong that a person can act on."""


class ConfigError(WirewatchError):
    """The configuration is wrong: refuse to start, or keep the last good one.

    `problems` holds every problem found, each as `file: key: expected …, got …`.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class FeedError(WirewatchError):
    """One feed could not be read: back off that feed, leave all others alone."""

    def __init__(self, message: str, *, feed_id: str, reason: str) -> None:
        self.feed_id = feed_id
        #: One of a bounded set of words; fit for a metric label.
        self.reason = reason
        super().__init__(f"{message}: {feed_id}")


class FetchError(FeedError):
    """A feed could not be fetched. `retry_after_seconds` is what the host asked for, already clamped."""

    def __init__(
        self,
        message: str,
        *,
        feed_id: str,
        reason: str,
        retry_after_seconds: float | None = None,
        permanent: bool = False,
    ) -> None:
        self.retry_after_seconds = retry_after_seconds
        self.permanent = permanent
        super().__init__(message, feed_id=feed_id, reason=reason)


class ParseError(FeedError):
    """What was fetched is not a feed, or cost too much to read."""


class PublishError(WirewatchError):
    """Articles could not be made durable in the log: the feed's memory must not move on."""


class RecordError(WirewatchError):
    """One record cannot be read: it becomes a dead letter."""

    def __init__(self, message: str, *, topic: str, field: str = "") -> None:
        self.topic = topic
        self.field = field
        super().__init__(": ".join(part for part in (message, topic, field) if part))


class StoreError(WirewatchError):
    """The store refuses to work: locked by another process, corrupt, or newer than this program."""


class EngineError(WirewatchError):
    """The log or the broker refuses to work: owned by another process, corrupt, or out of reach."""


class DeliveryError(WirewatchError):
    """One delivery failed. `retryable` says whether trying again can help."""

    def __init__(
        self,
        message: str,
        *,
        road: str,
        retryable: bool,
        reason: str,
        retry_after_seconds: float | None = None,
    ) -> None:
        self.road = road
        self.retryable = retryable
        #: One of a bounded set of words; fit for a metric label.
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds
        super().__init__(f"{message}: {road}")
