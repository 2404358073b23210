"""The command line in this process, as `wirewatch` on a terminal: words in; exit code, output and errors out."""

from __future__ import annotations

import contextlib
import io
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from unittest.mock import patch

from wirewatch.cli import main
from wirewatch.logs import NOTICES


@dataclass(frozen=True)
class Answer:
    """How a call ended."""

    code: int
    out: str
    err: str


def call(*words: str) -> Answer:
    """Call `wirewatch` with words. What is a bug raises, as it would end in a traceback."""
    out, err = io.StringIO(), io.StringIO()
    with (
        keeping_logs(),
        patch.object(sys, "argv", ["wirewatch", *words]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
    return Answer(code, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def keeping_logs() -> Iterator[None]:
    """Put logging back as it was: commands configure it for their whole process."""
    kept = [(log, list(log.handlers), log.level, log.propagate) for log in map(logging.getLogger, ("", NOTICES))]
    try:
        yield
    finally:
        for log, handlers, level, propagate in kept:
            for handler in log.handlers:
                if handler not in handlers:
                    handler.close()
            log.handlers[:], log.propagate = handlers, propagate
            log.setLevel(level)
