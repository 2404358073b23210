"""What a host allows robots, as RFC 9309 has it."""

from __future__ import annotations

import pytest

from tests.fakes import FakeClock
from wirewatch.errors import FetchError
from wirewatch_connectors.robots import RobotsRules
from wirewatch_connectors.shapes import FetchedBody

_PAGE = "https://outlet.example/2025/story"


class Host:
    """A host whose robots.txt is given, or fails for a reason."""

    def __init__(self, robots: str = "", *, fails: str = "") -> None:
        self.robots = robots
        self.fails = fails
        self.asked: list[str] = []

    async def __call__(
        self, url: str, *, feed_id: str, accept: str = "", max_body_bytes: int | None = None
    ) -> FetchedBody:
        """Answer."""
        self.asked.append(url)
        if self.fails:
            raise FetchError("no", feed_id=feed_id, reason=self.fails)
        return FetchedBody(200, self.robots.encode(), url, {"content-type": "text/plain"})


async def _ask(host: Host, url: str = _PAGE, *, clock: FakeClock | None = None) -> float | None:
    return await RobotsRules(clock or FakeClock(), "Wirewatch/0.1 (+https://x.example)").ask(url, "outlet", host)


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /2025/", False),
        ("User-agent: *\nDisallow: /2025/\nAllow: /2025/story", True),
        ("User-agent: wirewatch\nDisallow: /\n\nUser-agent: *\nDisallow:", False),
        ("User-agent: wirewatch\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: otherbot\nDisallow: /", True),
        ("<html>not robots</html>", True),
        ("\x00\xff garbage", True),
    ],
)
async def test_rules_are_obeyed(robots: str, allowed: bool) -> None:
    """Our own group before everybody's, the longer path before the shorter."""
    assert (await _ask(Host(robots)) is not None) is allowed


@pytest.mark.parametrize(
    ("reason", "allowed"),
    [("not_found", True), ("gone", True), ("unauthorised", True), ("server_error", False), ("unavailable", False),
     ("timeout", False), ("connect", False), ("rate_limited", False), ("too_large", False)],
)  # fmt: skip
async def test_absent_rules_allow_and_unreachable_ones_forbid(reason: str, allowed: bool) -> None:
    """4xx: there are none. No answer or 5xx: there may be some."""
    assert (await _ask(Host(fails=reason)) is not None) is allowed


async def test_crawl_delay_is_given_and_an_absurd_one_is_a_no() -> None:
    """Ten seconds can be waited; an hour cannot."""
    assert await _ask(Host("User-agent: *\nCrawl-delay: 10")) == 10.0
    assert await _ask(Host("User-agent: *\nCrawl-delay: 3600")) is None


async def test_host_is_asked_once_a_day() -> None:
    """And once for each scheme and port."""
    clock, host = FakeClock(), Host()
    rules = RobotsRules(clock, "Wirewatch/0.1")
    for url in (_PAGE, _PAGE, "https://outlet.example/other"):
        await rules.ask(url, "outlet", host)
    assert host.asked == ["https://outlet.example/robots.txt"]
    clock.move(86_400)
    await rules.ask(_PAGE, "outlet", host)
    await rules.ask("http://outlet.example/a", "outlet", host)
    assert host.asked[1:] == ["https://outlet.example/robots.txt", "http://outlet.example/robots.txt"]


async def test_host_that_could_not_answer_is_asked_again_after_an_hour() -> None:
    """A bad hour is not a bad day."""
    clock, host = FakeClock(), Host(fails="server_error")
    rules = RobotsRules(clock, "Wirewatch/0.1")
    assert await rules.ask(_PAGE, "outlet", host) is None
    host.fails = ""
    assert await rules.ask(_PAGE, "outlet", host) is None
    clock.move(3_600)
    assert await rules.ask(_PAGE, "outlet", host) == 0.0
