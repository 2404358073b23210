"""Log lines: one line an event, sentences with `key=value` fields, or JSON. Configured once, at a process's start.

Control characters of any text are escaped, so that nothing from a feed can fake a line or colour a terminal.
Never logs article bodies, secrets, or addresses that hold tokens; that is the callers' duty.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

from wirewatch.settings import LogSettings

#: What every LogRecord has; anything else came by `extra`.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def configure_logging(settings: LogSettings, stream: TextIO | None = None) -> None:
    """Send all logs to `stream` (standard error) in the format and from the level that the operator chose."""
    handler = _PatientHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if settings.format == "json" else TextLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level.upper())
    # Faust and aiokafka tell every step of a rebalance; a person wants what goes wrong.
    for name in ("faust", "mode", "aiokafka", "kafka", "asyncio", "uvicorn", "apprise", "httpx"):
        logging.getLogger(name).setLevel(logging.WARNING)


class TextLines(logging.Formatter):
    """`12:00:00 WARNING polling: Feed gave no entries. feed_id=x`."""

    def format(self, record: logging.LogRecord) -> str:
        """Give one line; a traceback follows on lines of its own, indented."""
        time = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        fields = "".join(f" {key}={_quoted(value)}" for key, value in fields_of(record).items())
        line = f"{time} {record.levelname:<7} {record.name.rpartition('.')[2]}: {escape(record.getMessage())}{fields}"
        if record.exc_info:
            line += "\n" + "\n".join("    " + escape(row) for row in self.formatException(record.exc_info).splitlines())
        return line


class JsonLines(logging.Formatter):
    """One JSON object a line; a traceback is one of its values."""

    def format(self, record: logging.LogRecord) -> str:
        """Give one line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **fields_of(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=True)


def fields_of(record: logging.LogRecord) -> dict[str, object]:
    """Give what the caller added by `extra`."""
    return {key: value for key, value in vars(record).items() if key not in _STANDARD and not key.startswith("_")}


def escape(text: str) -> str:
    r"""Write control characters, line separators and bidirectional overrides as `\x1b`, `\u2028`, …."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in text
    )


def _quoted(value: object) -> str:
    text = escape(str(value))
    return json.dumps(text, ensure_ascii=False) if " " in text or not text else text


class _PatientHandler(logging.StreamHandler[TextIO]):
    """Goes on when the pipe behind it has closed: a log that nobody reads must not stop the work."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Swallow a closed or full pipe; report anything else as logging does."""
        if not isinstance(sys.exc_info()[1], BrokenPipeError | BlockingIOError | ValueError):
            super().handleError(record)
