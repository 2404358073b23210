"""Which feeds this process polls: keeps its leases alive, takes free ones up to a fair share, gives the surplus back.

Held by `polling`. `tokens` is the live view; a feed that is not in it must not be polled.
"""

from __future__ import annotations

import logging
import os
import socket
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from wirewatch.clock import Clock
from wirewatch.store.database import Database
from wirewatch.store.leases import acquire, leave, release, speak_up, take_over_all

log = logging.getLogger(__name__)

#: 30 s and 5 s: a killed poller's feeds are free after 30 s and taken within 5 more.
LEASE_SECONDS = 30.0
HEARTBEAT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class LeaseChange:
    """What a heartbeat changed."""

    gained: frozenset[str]
    lost: frozenset[str]
    pollers: int


class Leases:
    """This process's leases."""

    def __init__(self, database: Database, clock: Clock, owner: str | None = None) -> None:
        self._database = database
        self._clock = clock
        self.owner = owner or f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        #: feed id → token.
        self.tokens: dict[str, int] = {}
        self._spoke_at = float("-inf")

    @property
    def fresh(self) -> bool:
        """Tell whether what we believe to hold cannot have expired: false after a long pause of this process."""
        return self._clock.monotonic() - self._spoke_at < LEASE_SECONDS

    async def begin(self) -> None:
        """On SQLite, where one process polls, end what a killed predecessor held."""
        if self._database.is_sqlite:
            await self._database.run(take_over_all, self.owner, self._clock.now())

    async def beat(self, feed_ids: Collection[str], busy: Collection[str] = (), *, alone: bool = False) -> LeaseChange:
        """Keep the leases alive, take free ones, give back what is too much or no longer configured.

        Args:
            feed_ids: every configured feed.
            busy: feeds that are being polled now: they are not given back.
            alone: take all that is free, whatever others would get.
        """
        spoke_at = self._clock.monotonic()
        now = self._clock.now()
        before = dict(self.tokens)
        held, pollers = await self._database.run(_beat, self.owner, tuple(feed_ids), frozenset(busy), now, alone)
        self.tokens.clear()
        self.tokens.update(held)
        self._spoke_at = spoke_at
        # A feed that came back under another token was somebody else's meanwhile: what we remember of it is old.
        gained = frozenset(feed_id for feed_id, token in held.items() if before.get(feed_id) != token)
        lost = frozenset(set(before) - set(held))
        if lost & set(busy):
            log.warning("Another poller took feeds over while they were polled.", extra={"feeds": len(lost)})
        return LeaseChange(gained, lost, pollers)

    async def end(self) -> None:
        """Give everything back."""
        self.tokens.clear()
        await self._database.run(leave, self.owner, self._clock.now())


def _beat(
    connection: Connection, owner: str, feed_ids: tuple[str, ...], busy: frozenset[str], now: datetime, alone: bool
) -> tuple[dict[str, int], int]:
    holding = speak_up(connection, owner, now, LEASE_SECONDS)
    tokens = dict(holding.tokens)
    configured = set(feed_ids)
    share = len(feed_ids) if alone else -(-len(feed_ids) // max(holding.pollers, 1))
    idle = sorted(set(tokens) - busy)
    surplus = [feed_id for feed_id in idle if feed_id not in configured]
    kept = [feed_id for feed_id in idle if feed_id in configured]
    surplus += kept[: max(len(tokens) - len(surplus) - share, 0)]
    release(connection, owner, surplus, now)
    for feed_id in surplus:
        del tokens[feed_id]
    wanted = configured - set(tokens)
    tokens.update(acquire(connection, owner, wanted, now, LEASE_SECONDS, share - len(tokens)))
    return tokens, holding.pollers
