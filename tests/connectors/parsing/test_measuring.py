"""The fuzzer and the conformance table: small runs of each, and that they see what they look for."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

from tests.conformance import Case, Table, agrees, load_cases, read_with_peer
from tests.connectors.parsing.reading_feeds import a_feed, read
from tests.fuzzing import find_fault, load_seeds, mutate
from wirewatch.errors import ParseError


def test_a_hundred_broken_feeds_raise_nothing_but_refusals() -> None:
    """The hundred thousand are `python -m tests.fuzzing`; these are other ones in every run of the suite."""
    dice, seeds = random.Random(), load_seeds(None)
    for _ in range(150):
        body = mutate(dice, seeds)[:60_000]
        try:
            assert find_fault(read(body)) == "", body
        except ParseError as error:
            assert error.reason == "not_a_feed"  # noqa: PT017  # either outcome is right


def test_fuzzer_sees_what_no_item_may_hold() -> None:
    """Negative control: a control character, a long title, a script for an address."""
    feed = read(a_feed("<item><guid>1</guid></item>"))
    (item,) = feed.items
    broken = (
        replace(item, title="a\x00"),
        replace(item, title="a" * 2000),
        replace(item, url="javascript:x"),
        replace(item, guid="g" * 2000),
    )
    assert all(find_fault(replace(feed, items=(each,))) for each in broken)
    assert find_fault(feed) == ""


def _case(counted: int) -> Case:
    return Case("suite/x.xml", "suite", Path("x.xml"), counted, is_feed=True, well_formed=True, headers={})


def test_conformance_sees_a_lost_item_a_crash_and_a_hang() -> None:
    """Negative control of its exit code."""
    body = a_feed("<item><guid>1</guid></item><item><guid>2</guid></item>")
    ours, theirs = read(body), read_with_peer(body.encode(), {})
    assert theirs is not None
    table = Table()
    table.add(_case(2), ours, "", theirs)
    assert table.losses == []
    table.add(_case(2), replace(ours, items=ours.items[:1]), "", theirs)
    table.add(_case(2), None, "parser_timeout", theirs)
    assert len(table.losses) == 3
    assert "| suite | 3 | 0 | 1 | 3 of 6 | 6 |" in "\n".join(table.lines())


def test_conformance_compares_what_fields_say() -> None:
    """Blanks and, in texts, punctuation aside."""
    assert agrees("title", "A  b", "A b")
    assert not agrees("title", "A b", "A c")
    assert agrees("author", "Ana", "ana@x.example (Ana)")
    assert not agrees("author", "", "Ana")
    assert agrees("summary", "One.\nTwo", "x\x00One. Two")
    assert not agrees("summary", "One", "One two")


def test_conformance_reads_an_index(tmp_path: Path) -> None:
    """Inputs only, with their headers."""
    (tmp_path / "feeds" / "s").mkdir(parents=True)
    (tmp_path / "feeds" / "s" / "a.xml").write_text(a_feed(""))
    rows = [
        {"id": "s/a.xml", "suite": "s", "role": "input", "format": "rss", "xml_wellformed": True, "n_items_counted": 0,
         "http_headers": ["Header:  Content-Type: text/xml"]},
        {"id": "s/a.json", "suite": "s", "role": "expected-output"},
    ]  # fmt: skip
    (tmp_path / "feeds_index.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    (case,) = load_cases(tmp_path, tmp_path)
    assert case.headers == {"content-type": "text/xml"}
