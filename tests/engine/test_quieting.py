"""A log that a person can read while a broker is away."""

from __future__ import annotations

import logging

from wirewatch.engine.quieting import Collapse, quieten


def a_record(name: str, message: str, *args: object, at: float = 0.0) -> logging.LogRecord:
    """Make a log record of a moment."""
    record = logging.LogRecord(name, logging.ERROR, "file", 1, message, args, None)
    record.created = at
    return record


def test_a_flood_of_one_kind_becomes_a_line_every_few_seconds_with_a_count() -> None:
    """A thousand lines in ten seconds become three; none of another kind is held back."""
    collapse = Collapse(every_seconds=5)
    shown = [
        record.getMessage()
        for number in range(1_000)
        if collapse.filter(record := a_record("aiokafka.conn", "Connect to %s failed", number, at=1 + number / 100))
    ]
    assert shown == ["Connect to 0 failed", "Connect to 500 failed (and 499 more like it)"]
    assert collapse.filter(a_record("aiokafka.conn", "Something else", at=1.0))


def test_messages_that_differ_in_numbers_only_are_of_one_kind() -> None:
    """Node ids and ports that are written into the text do not make a new kind."""
    collapse = Collapse(every_seconds=5)
    assert collapse.filter(a_record("aiokafka", "Unable to connect to node 1: refused", at=1))
    assert not collapse.filter(a_record("aiokafka", "Unable to connect to node 2: refused", at=2))


def test_our_own_lines_are_never_held_back() -> None:
    """Only libraries below us are collapsed."""
    collapse = Collapse(every_seconds=5)
    assert all(collapse.filter(a_record("wirewatch.engine.batches", "A batch waits.", at=1)) for _ in range(10))


def test_quieten_puts_one_filter_on_each_handler() -> None:
    """Doing it twice does no more."""
    handler = logging.NullHandler()
    quieten([handler])
    quieten([handler])
    assert [type(one) for one in handler.filters] == [Collapse]
