"""Keeps the libraries below us from flooding the log: aiokafka writes a hundred lines a second while a broker is away.

Called once by whoever runs a stream or a publisher. Collapses repeats; never hides the first of a kind.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

#: A line of the same kind is shown at most so often.
SHOW_EVERY_SECONDS = 5.0

#: Libraries whose errors come in floods.
NOISY = ("aiokafka", "kafka", "faust", "mode", "wirewatch.engine.kafka", "wirewatch.engine.application")

#: Loggers that tell every step of a start at INFO; a person wants to know what goes wrong.
CHATTY = (
    "aiokafka",
    "kafka",
    "faust",
    "mode",
    "wirewatch.engine.application",
    "wirewatch.engine.kafka",
    "wirewatch.engine.sqlite.consumer",
    "wirewatch.engine.sqlite.producer",
)


class Collapse(logging.Filter):
    """Lets one line of each kind through every few seconds, with the number of those it held back."""

    def __init__(self, every_seconds: float = SHOW_EVERY_SECONDS) -> None:
        super().__init__()
        self._every_seconds = every_seconds
        self._shown_at: dict[tuple[str, str], float] = {}
        self._held_back: dict[tuple[str, str], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the record is shown; the traceback of a repeated kind never is."""
        if not record.name.startswith(NOISY):
            return True
        # Up to the first digit or quote: the same complaint about another node or partition is the same kind.
        kind = (record.name, _stem(str(record.msg)))
        shown_at = self._shown_at.get(kind)
        if shown_at is not None and 0 <= record.created - shown_at < self._every_seconds:
            self._held_back[kind] = self._held_back.get(kind, 0) + 1
            return False
        held_back = self._held_back.pop(kind, 0)
        self._shown_at[kind] = record.created
        if held_back:
            record.msg = f"{record.getMessage()} (and {held_back} more like it)"
            record.args = ()
            record.exc_info = None
            record.exc_text = None
        return True


def quieten(handlers: Iterable[logging.Handler] | None = None) -> None:
    """Calm the libraries on these handlers, or on those of the root logger. Doing it twice does no more."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It warns whenever a commit takes longer than its interval, which an idle broker makes it do all the time.
    logging.getLogger("mode.timers").setLevel(logging.ERROR)
    for handler in logging.getLogger().handlers if handlers is None else handlers:
        if not any(isinstance(known, Collapse) for known in handler.filters):
            handler.addFilter(Collapse())


def _stem(message: str) -> str:
    for position, letter in enumerate(message):
        if letter.isdigit() or letter in "'\"<[(":
            return message[:position]
    return message
