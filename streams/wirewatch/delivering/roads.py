"""What a road is to the sender, and which one takes a notice. Each road is a module of its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from wirewatch.errors import DeliveryError
from wirewatch.records import Delivery
from wirewatch.subscribers import Road, RoadKind, Subscription


class Carrier(Protocol):
    """One way for notices to leave."""

    def host(self, road: Road) -> str:
        """Give the receiving host: so many attempts at once may go to one. May raise DeliveryError."""
        ...

    async def carry(self, delivery: Delivery, road: Road, now: datetime) -> None:
        """Try once. Returns when the receiver has taken it.

        Raises:
            DeliveryError: it was not taken, or we cannot know.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


Carriers = Mapping[RoadKind, Carrier]


def road_name(road: Road, position: int) -> str:
    """Name a road by its kind and its position in the subscription: `webhook-0`."""
    return f"{road.kind}-{position}"


def find_road(subscriptions: tuple[Subscription, ...], subscription_id: str, name: str) -> Road | None:
    """Give the road of a lane as it is configured now, or None when it is no longer there."""
    for subscription in subscriptions:
        if subscription.id == subscription_id:
            for position, road in enumerate(subscription.roads):
                if road_name(road, position) == name:
                    return road
    return None


def read_secret(road: Road) -> str:
    """Read the road's secret.

    Raises:
        DeliveryError: there is no file, or it cannot be read, or it is empty.
    """
    if road.secret_file is None:
        raise DeliveryError("expected a secret_file, got none", road=road.kind, retryable=True, reason="secret")
    try:
        secret = Path(road.secret_file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        shown = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise DeliveryError(
            f"cannot read the secret file {road.secret_file.name} ({shown})",
            road=road.kind,
            retryable=True,
            reason="secret",
        ) from error
    if not secret:
        message = f"the secret file {road.secret_file.name} is empty"
        raise DeliveryError(message, road=road.kind, retryable=True, reason="secret")
    return secret


def target_hash(road: Road) -> str:
    """Hash a road's address, so that a change of it can be seen without keeping it."""
    return hashlib.sha256(road.target.encode()).hexdigest()[:16]


_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def visible(words: str) -> str:
    """Show control characters, line separators and direction marks as escapes, so that a line stays one line."""
    return _UNSEEN.sub(lambda found: found.group().encode("unicode_escape").decode(), words)
