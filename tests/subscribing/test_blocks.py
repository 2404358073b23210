"""One block of `subscriptions.toml` is changed; every other byte stays."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wirewatch.errors import ConfigError
from wirewatch.subscribing.blocks import NOBODY, add_block, remove_block, replace_block, write_block

FILE = """# Ours: who is told of what.

# The first desk.
[[subscription]]   # by hand
id = "one"
# why
organisations = ["any"]

[[subscription.road]]
log = true
# kept: after the first

# The second desk.
[[subscription]]
id = "two"
description = \"\"\"
# no comment
\"\"\"
[[subscription.road]]
log = true

# At the end.
"""

TWO = FILE[FILE.index("# The second desk.") :]


def a_block(identity: str, **values: Any) -> dict[str, Any]:
    """Give the keys of a subscription."""
    return {"id": identity, **values, "road": [{"log": True}]}


def test_replaced_block_leaves_every_other_line() -> None:
    """Comments above, after and of other blocks stay; the position stays."""
    after = replace_block(FILE, "one", a_block("one", description="New"))
    head, tail = FILE[: FILE.index("[[sub")], FILE[FILE.index("# kept") :]
    assert after == head + write_block(a_block("one", description="New")) + tail


def test_removed_block_takes_the_comment_right_above_it_and_no_other() -> None:
    """What speaks of the file, or of others, stays."""
    assert remove_block(FILE, "one") == "# Ours: who is told of what.\n\n# kept: after the first\n\n" + TWO
    assert remove_block(FILE, "two").endswith("# kept: after the first\n\n# At the end.\n")


def test_last_block_leaves_a_file_that_is_not_empty() -> None:
    """A reload takes an empty file for an accident; the next block takes the place of what was left there."""
    alone = add_block("", a_block("one"))
    assert remove_block(alone, "one") == NOBODY
    assert add_block(NOBODY, a_block("one")) == alone


def test_line_ends_and_the_mark_at_the_beginning_stay() -> None:
    """A file from Windows stays one."""
    windows = "\ufeff" + FILE.replace("\n", "\r\n")
    for after in (
        add_block(windows, a_block("three")),
        replace_block(windows, "two", a_block("two")),
        remove_block(windows, "one"),
    ):
        assert after.startswith("\ufeff# Ours")
        assert after.count("\r\n") == after.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        'subscription = [{id = "one", road = [{log = true}]}]\n',
        '[["subscription"]]\nid = "one"\n',
        '[[subscription]]\nid = "one"\ndescription = """\n[[subscription]]\n"""\n',
        '[[subscription]]\nid = "two"\ndescription = """\n[[subscription]]\n"""\n[["subscription"]]\nid = "one"\n',
    ],
)
def test_file_that_is_not_seen_through_is_refused_not_damaged(text: str) -> None:
    """TOML can be written in more ways than we edit: a person is asked."""
    with pytest.raises(ConfigError, match="by hand"):
        replace_block(text, "one", a_block("one"))
    with pytest.raises(ConfigError, match="by hand"):
        remove_block(text, "one")


words = st.text(st.characters(codec="utf-8"), max_size=20)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.builds(lambda text, some: {"description": text, "feeds": some}, words, st.lists(words)), min_size=1))
def test_whatever_is_written_is_read_back(described: list[dict[str, Any]]) -> None:
    """Quotes, control characters, emoji: TOML gives back exactly what was meant, also after changes of others."""
    blocks = [a_block(f"s-{number}", **values) for number, values in enumerate(described)]
    text = FILE
    for block in blocks:
        text = add_block(text, block)
    for block in reversed(blocks):
        text = replace_block(text, block["id"], {**block, "updates": True})
    text = remove_block(text, "one")
    assert tomllib.loads(text)["subscription"][1:] == [{**block, "updates": True} for block in blocks]
