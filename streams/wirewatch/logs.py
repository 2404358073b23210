"""Log lines: one line an event, sentences with `key=value` fields, or JSON. Configured once, at a process's start.

Control characters of any text are escaped, so that nothing from a feed can fake a line or colour a terminal.
Never logs article bodies, secrets, or addresses that hold tokens; that is the callers' duty. Notices of the log road
are for people: with the text format they go to standard output, as plain lines.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

from wirewatch.settings import LogSettings
from wirewatch.speaking import Speaker

#: The logger of notices on the log road. Its lines are wanted by name, so no level silences them.
NOTICES = "wirewatch.notices"

#: What every LogRecord has; anything else came by `extra`.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def configure_logging(settings: LogSettings, stream: TextIO | None = None, notices: TextIO | None = None) -> None:
    """Send all logs to `stream` (standard error) in the format and from the level that the operator chose.

    Notices go to `notices` (standard output) when the format is text.
    """
    handler = SpokenLines(stream or sys.stderr)
    handler.setFormatter(JsonLines() if settings.format == "json" else TextLines())
    root = logging.getLogger()
    _replace_handlers(root, [handler])
    root.setLevel(settings.level.upper())
    # Faust and aiokafka tell every step of a rebalance; a person wants what goes wrong.
    for name in ("faust", "mode", "aiokafka", "kafka", "asyncio", "uvicorn", "apprise", "httpx"):
        logging.getLogger(name).setLevel(logging.WARNING)
    _configure_notices(settings, notices or sys.stdout)


def _configure_notices(settings: LogSettings, stream: TextIO) -> None:
    log = logging.getLogger(NOTICES)
    log.setLevel(logging.INFO)
    log.propagate = settings.format == "json"
    spoken: list[logging.Handler] = []
    if not log.propagate:
        handler = SpokenLines(stream)
        handler.setFormatter(NoticeLines())
        spoken.append(handler)
    _replace_handlers(log, spoken)


def _replace_handlers(log: logging.Logger, handlers: list[logging.Handler]) -> None:
    before, log.handlers[:] = list(log.handlers), handlers
    for handler in before:
        if isinstance(handler, SpokenLines):
            handler.close()


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


class NoticeLines(logging.Formatter):
    """`12:00:00 New listing: Example Front (United States · FTO) – confirmed  http://…`: a line for a person."""

    def format(self, record: logging.LogRecord) -> str:
        """Give one line."""
        time = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        link = fields_of(record).get("link")
        return f"{time} {escape(record.getMessage())}" + (f"  {escape(str(link))}" if link else "")


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


class SpokenLines(logging.Handler):
    """Goes on when the pipe behind it is closed or full: a log that nobody reads must not stop the work."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._speaker = Speaker(stream)

    def emit(self, record: logging.LogRecord) -> None:
        """Hand over one line."""
        try:
            self._speaker.say(self.format(record))
        except Exception:  # noqa: BLE001 - logging's own way: a line that cannot be made is reported, never raised
            self.handleError(record)

    def close(self) -> None:
        """Let the last lines be taken."""
        self._speaker.close()
        super().close()
