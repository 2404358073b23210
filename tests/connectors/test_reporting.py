"""What a poller says of feeds that fail: each once, many alike in one line, and when they are back."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from tests.connectors.desk import a_feed
from wirewatch.metrics import Metrics
from wirewatch.store.feed_memory import FeedMemory
from wirewatch_connectors.reporting import Reporter
from wirewatch_connectors.taking import Taken


@pytest.fixture
def reporter(caplog: pytest.LogCaptureFixture) -> Reporter:
    """Give a reporter whose lines are caught."""
    caplog.set_level(logging.INFO)
    return Reporter(Metrics(), lambda line: None)


def poll(reporter: Reporter, feed_id: str, error: str = "", outcome: str = "dns") -> None:
    """Tell the reporter how a poll ended."""
    memory = FeedMemory(feed_id, f"https://{feed_id}.example/rss")
    memory = replace(memory, outcome=outcome if error else "unchanged", error=error)
    reporter.polled(a_feed(feed_id), Taken(memory, 0, 60.0))


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Give the lines."""
    return [record.getMessage() for record in caplog.records]


def test_a_single_feed_is_named_with_its_reason_once(reporter: Reporter, caplog: pytest.LogCaptureFixture) -> None:
    """Not at every poll, but when it begins and when it is back."""
    for _ in range(3):
        poll(reporter, "courier", "no such name: courier")
        reporter.name_failing()
    assert said(caplog) == ["The feed cannot be read: no such name: courier"]
    assert vars(caplog.records[0])["feed_id"] == "courier"
    poll(reporter, "courier")
    reporter.name_failing()
    assert said(caplog)[1:] == ["The feed is back."]


def test_feeds_that_begin_to_fail_alike_share_a_line(reporter: Reporter, caplog: pytest.LogCaptureFixture) -> None:
    """Without a network there is one line for all of them, and one for those with another reason."""
    for number in range(42):
        poll(reporter, f"feed-{number:02}", f"no such name: feed-{number}")
    poll(reporter, "slow", "timed out: slow", outcome="timeout")
    reporter.name_failing()
    reporter.name_failing()
    assert said(caplog) == [
        "42 feeds cannot be read (dns): feed-00, feed-01, feed-02 and 39 more; see /feeds or `wirewatch feeds list`.",
        "The feed cannot be read: timed out: slow",
    ]


def test_a_feed_that_is_back_before_it_was_named_is_not_worth_a_line(
    reporter: Reporter, caplog: pytest.LogCaptureFixture
) -> None:
    """A hiccup between two looks stays quiet; the metrics have it."""
    poll(reporter, "courier", "reset: courier")
    poll(reporter, "courier")
    reporter.name_failing()
    assert said(caplog) == []


def test_what_was_not_named_yet_is_named_at_the_end(reporter: Reporter, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is swallowed by stopping."""
    poll(reporter, "courier", "reset: courier")
    reporter.end()
    assert said(caplog) == ["The feed cannot be read: reset: courier"]
