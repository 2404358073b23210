"""Finds, adds, replaces and removes one `[[subscription]]` in the text of `subscriptions.toml`. Pure.

Every other line stays as it is, comments included. What was done is read back and compared, so that a file that is
written in a way we do not see through is refused and never damaged.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from wirewatch.errors import ConfigError

#: What stays of a file whose last block was removed: a reload takes an empty file for an accident.
NOBODY = "# Nobody is told of anything.\n"

_HEADER = re.compile(r"\s*\[\[\s*subscription\s*\]\]\s*(#.*)?")


def ids_in(text: str) -> tuple[str, ...]:
    """Give the ids of all blocks, in order.

    Raises:
        ConfigError: the text is not TOML.
    """
    return tuple(str(block.get("id", "")) for block in _blocks(text))


def block_of(text: str, identity: str) -> dict[str, Any]:
    """Give the values of the block with an id; raises ConfigError when the text is not TOML, KeyError without one."""
    return {str(block.get("id", "")): block for block in _blocks(text)}[identity]


def add_block(text: str, values: Mapping[str, Any]) -> str:
    """Put a block at the end.

    Raises:
        ConfigError: the text cannot be changed without damage.
    """
    before = _blocks(text)
    body = "" if text == NOBODY else text.rstrip("\r\n")
    end = _line_end(text)
    after = body + (end * 2 if body.strip() else "") + write_block(values).replace("\n", end)
    return _checked(after, [*before, dict(values)])


def replace_block(text: str, identity: str, values: Mapping[str, Any]) -> str:
    """Put a block in the place of the one with an id; raises ConfigError when that would do damage."""
    before = _blocks(text)
    position = _position(before, identity)
    lines, starts = _lines_and_starts(text, len(before))
    start, end = starts[position], _end_of(lines, starts, position)
    written = write_block(values).replace("\n", _line_end(text))
    after = "".join((*lines[:start], written, *lines[end:]))
    return _checked(after, [*before[:position], dict(values), *before[position + 1 :]])


def remove_block(text: str, identity: str) -> str:
    """Take out the block with an id, and the comment right above it; raises ConfigError when that would do damage."""
    before = _blocks(text)
    position = _position(before, identity)
    lines, starts = _lines_and_starts(text, len(before))
    start, end = starts[position], _end_of(lines, starts, position)
    above = start
    while above > 0 and lines[above - 1].lstrip().startswith("#"):
        above -= 1
    # A comment at the very top speaks of the file.
    start = above if above > 0 else start
    while end < len(lines) and start > 0 and not lines[end].strip() and not lines[start - 1].strip():
        end += 1
    after = "".join((*lines[:start], *lines[end:]))
    return _checked(after if after.strip() else NOBODY, [*before[:position], *before[position + 1 :]])


def write_block(values: Mapping[str, Any]) -> str:
    """Give the TOML of a subscription: its keys in their order, then its roads and mutes."""
    inner = {key: value for key, value in values.items() if _is_tables(value)}
    lines = ["[[subscription]]", *_pairs({key: value for key, value in values.items() if key not in inner})]
    for key, tables in inner.items():
        for table in tables:
            lines += ["", f"[[subscription.{key}]]", *_pairs(table)]
    return "\n".join(lines) + "\n"


def _pairs(values: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_written(value)}" for key, value in values.items()]


def _written(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, bool | int | str):
        # A TOML basic string is a JSON string, but for DEL, which JSON leaves as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    return str(value)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _blocks(text: str) -> list[dict[str, Any]]:
    try:
        found = tomllib.loads(text.removeprefix("\ufeff")).get("subscription", [])
    except tomllib.TOMLDecodeError as error:
        raise ConfigError((f"subscriptions.toml: cannot read TOML: {error}",)) from error
    if not isinstance(found, list) or not all(isinstance(block, dict) for block in found):
        raise ConfigError(("subscriptions.toml: subscription: expected [[subscription]] blocks",))
    return found


def _position(blocks: Sequence[Mapping[str, Any]], identity: str) -> int:
    return [block.get("id") for block in blocks].index(identity)


def _lines_and_starts(text: str, count: int) -> tuple[list[str], list[int]]:
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    starts = [number for number, line in enumerate(lines) if _HEADER.fullmatch(line.removeprefix("\ufeff").rstrip())]
    if len(starts) != count:
        raise ConfigError((_unclear(f"{count} of them", f"{len(starts)} such lines"),))
    return lines, starts


def _end_of(lines: Sequence[str], starts: Sequence[int], position: int) -> int:
    """Give the line after the last one of a block; comments and blank lines that follow are not of it."""
    end = starts[position + 1] if position + 1 < len(starts) else len(lines)
    while not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#"):
        end -= 1
    return end


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _checked(after: str, expected: Sequence[Mapping[str, Any]]) -> str:
    wanted = json.dumps(expected, default=str, sort_keys=True)
    try:
        got = _blocks(after)
    except ConfigError as error:
        raise ConfigError((_unclear("a change of one block only", "what is no TOML any more"),)) from error
    if json.dumps(got, default=str, sort_keys=True) != wanted:
        raise ConfigError((_unclear("a change of one block only", "a change of others"),))
    return after


def _unclear(expected: str, got: str) -> str:
    where = "subscriptions.toml: expected [[subscription]] on a line of its own for each subscription"
    return f"{where} ({expected}), got {got}; please edit the file by hand"
