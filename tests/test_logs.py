"""Log lines that nobody can fake."""

from __future__ import annotations

import json
import logging

from wirewatch.logs import JsonLines, TextLines


def a_record(message: str, **extra: object) -> logging.LogRecord:
    """Build a log record."""
    return logging.makeLogRecord({"name": "wirewatch.x.polling", "levelname": "WARNING", "msg": message, **extra})


def test_a_fake_line_inside_a_title_stays_inside_its_line() -> None:
    """Line breaks and terminal escapes of feed text come out as visible escapes."""
    line = TextLines().format(a_record("Feed gave no entries.", title="x\n12:00 ERROR gone \x1b[31m\u2028\u202e"))
    assert "\n" not in line
    assert "\x1b" not in line
    assert "\\n12:00 ERROR gone \\x1b[31m\\u2028\\u202e" in line.replace("\\\\", "\\")


def test_a_json_line_is_one_line_and_reads_back() -> None:
    """Each event is one JSON object, whatever its fields hold."""
    line = JsonLines().format(a_record("Feed gave no entries.", feed_id="a", title="x\ny\u2028"))
    assert line.isascii()
    assert "\n" not in line
    read = json.loads(line)
    assert (read["message"], read["feed_id"], read["title"]) == ("Feed gave no entries.", "a", "x\ny\u2028")


def test_text_lines_name_the_room_and_the_fields() -> None:
    """A person sees level, room, sentence and fields."""
    line = TextLines().format(a_record("Feed gave no entries.", feed_id="a"))
    assert line.endswith("WARNING polling: Feed gave no entries. feed_id=a")
