"""What hosts ask of robots, by RFC 9309: one robots.txt a host, kept for a day. The only importer of protego.

No robots.txt (4xx) allows everything; one that cannot be had (5xx, no answer) forbids everything for an hour.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from protego import Protego

from wirewatch.clock import Clock
from wirewatch.errors import FetchError
from wirewatch_connectors.shapes import FetchedBody

#: RFC 9309 §2.4: not longer than a day.
_KEEP_SECONDS = 86_400.0
#: A host that could not answer is asked again after an hour.
_RETRY_SECONDS = 3_600.0
#: RFC 9309 §2.5: at least 500 kibibytes have to be read.
_MAX_ROBOTS_BYTES = 512 * 1024
#: Hosts remembered.
_MAX_HOSTS = 1_000
#: A longer wish is heard as a no: one page of a poll may not hold up the feed.
_MAX_DELAY_SECONDS = 30.0
_ABSENT = frozenset(("not_found", "gone", "unauthorised", "http_error"))


class FetchRobots(Protocol):
    """One guarded GET; `fetching.Fetcher.fetch` is one."""

    async def __call__(
        self, url: str, *, feed_id: str, accept: str = ..., max_body_bytes: int | None = ...
    ) -> FetchedBody:
        """Fetch.

        Raises:
            FetchError: it cannot be had.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Rules:
    #: None forbids everything.
    parsed: Protego | None
    until: float


class RobotsRules:
    """Remembers what hosts allow."""

    def __init__(self, clock: Clock, user_agent: str) -> None:
        self._clock = clock
        #: RFC 9309 §2.2.1: rules name the product, not its version.
        self._product = user_agent.split("/")[0].split()[0] if user_agent.split() else "Wirewatch"
        self._hosts: OrderedDict[str, _Rules] = OrderedDict()

    async def ask(self, url: str, feed_id: str, fetch: FetchRobots) -> float | None:
        """Give the seconds to leave between two pages of this host, or None when the page must not be fetched."""
        rules = await self._rules_of(url, feed_id, fetch)
        if rules.parsed is None or not rules.parsed.can_fetch(url, self._product):
            return None
        delay = float(rules.parsed.crawl_delay(self._product) or 0.0)
        return delay if delay <= _MAX_DELAY_SECONDS else None

    async def _rules_of(self, url: str, feed_id: str, fetch: FetchRobots) -> _Rules:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self._hosts.get(origin)
        if known is not None and self._clock.monotonic() < known.until:
            self._hosts.move_to_end(origin)
            return known
        rules = await self._fetch_rules(origin, feed_id, fetch)
        self._hosts[origin] = rules
        while len(self._hosts) > _MAX_HOSTS:
            self._hosts.popitem(last=False)
        return rules

    async def _fetch_rules(self, origin: str, feed_id: str, fetch: FetchRobots) -> _Rules:
        now = self._clock.monotonic()
        try:
            got = await fetch(
                f"{origin}/robots.txt",
                feed_id=feed_id,
                accept="text/plain, */*;q=0.1",
                max_body_bytes=_MAX_ROBOTS_BYTES,
            )
        except FetchError as error:
            if error.reason in _ABSENT:
                return _Rules(Protego.parse(""), now + _KEEP_SECONDS)
            return _Rules(None, now + _RETRY_SECONDS)
        return _Rules(Protego.parse(got.body.decode("utf-8", "replace")), now + _KEEP_SECONDS)
