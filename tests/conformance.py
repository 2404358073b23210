"""Reads suites with our parser and with feedparser, and prints how they compare, suite by suite.

`python -m tests.conformance --data DIR`, where DIR holds `feeds_index.jsonl` (one input a line: id, suite, role,
format, xml_wellformed, n_items_counted, http_headers) and `feeds.tar.xz` or `feeds/`. Exits 1 on a crash, a hang, or an
item lost that feedparser keeps. Not part of the default suite: the suites are not part of this project.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import json
import multiprocessing
import re
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser

from wirewatch.errors import ParseError
from wirewatch_connectors.parsing.plain_text import html_to_text
from wirewatch_connectors.parsing.pool import ParserPool
from wirewatch_connectors.shapes import FeedItem, ParsedFeed

FIELDS = ("title", "link", "id", "date", "author", "summary")
#: The peer hangs on some inputs; ours has its own limits.
PEER_SECONDS = 60
#: Between the peer's texts of one item: its contents and its summary. Ours is one of them.
_EITHER = "\x00"
_FEED_FORMATS = ("rss", "rdf", "atom", "jsonfeed", "cdf/channel", "atom-entry")


@dataclass(frozen=True, slots=True)
class Case:
    """One input of a suite."""

    id: str
    suite: str
    path: Path
    counted: int
    is_feed: bool
    well_formed: bool
    headers: dict[str, str]


Fields = tuple[str, str, str, str, str, str]


def load_cases(data: Path, unpacked: Path) -> Iterator[Case]:
    """Give the inputs, unpacking them when they are packed."""
    root = data / "feeds"
    if not root.is_dir():
        with tarfile.open(data / "feeds.tar.xz") as packed:
            packed.extractall(unpacked, filter="data")
        root = unpacked / "feeds"
    for line in (data / "feeds_index.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        path = root / row["id"]
        if row["role"] == "input" and path.is_file():
            lines = (line.removeprefix("Header:").partition(":") for line in row.get("http_headers") or ())
            headers = {name.strip().lower(): value.strip() for name, _, value in lines}
            yield Case(
                row["id"], row["suite"], path, row.get("n_items_counted") or 0, row["format"] in _FEED_FORMATS,
                row["xml_wellformed"] is not False, headers,
            )  # fmt: skip


def read_with_peer(body: bytes, headers: dict[str, str]) -> list[Fields] | None:
    """Give the peer's items, or None when it raises."""
    try:
        parsed = feedparser.parse(io.BytesIO(body), response_headers=headers)
    except Exception:  # noqa: BLE001  # what a peer raises on broken input is its own business
        return None
    return [_peer_fields(entry) for entry in parsed.entries]


def _peer_fields(entry: Any) -> Fields:
    stamp = entry.get("published_parsed") or entry.get("updated_parsed")
    date = f"{stamp[0]:04}-{stamp[1]:02}-{stamp[2]:02}T{stamp[3]:02}:{stamp[4]:02}:{stamp[5]:02}" if stamp else ""
    contents = [part.get("value", "") for part in entry.get("content", [])]
    texts = [_text(value) for value in (*contents, entry.get("summary", ""))]
    return (
        _text(entry.get("title", "")), entry.get("link", ""), entry.get("id", ""), date,
        _text(entry.get("author", "")), _EITHER.join(filter(None, texts)),
    )  # fmt: skip


def _our_fields(item: FeedItem) -> Fields:
    date = f"{item.published_at:%Y-%m-%dT%H:%M:%S}" if item.published_at else ""
    return (item.title, item.url, item.guid, date, item.authors[0] if item.authors else "", item.text)


def _text(markup: str) -> str:
    return html_to_text(markup)[0] if isinstance(markup, str) else ""


def agrees(field: str, ours: str, theirs: str) -> bool:
    """Tell whether two readings of one field say the same."""
    ours, theirs = (re.sub(r"\s+", " ", value).strip() for value in (ours, theirs))
    if field == "author":
        return bool(ours) and ours in theirs
    if field == "link":
        return ours.rstrip("/") == theirs.rstrip("/").replace(" ", "%20")
    if field == "summary":
        return re.sub(r"\W+", "", ours) in {re.sub(r"\W+", "", text) for text in theirs.split(_EITHER)}
    return ours == theirs


class Table:
    """What was counted, by suite."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {}
        self.losses: list[str] = []

    def add(self, case: Case, ours: ParsedFeed | None, failure: str, theirs: list[Fields] | None) -> None:
        """Count one case."""
        count = self.counts.setdefault(case.suite, Counter())
        count["files"] += 1
        count["crashes"] += failure in ("parser_bug", "parser_died", "parser_too_big")
        count["time-outs"] += failure == "parser_timeout"
        if failure not in ("", "not_a_feed"):
            self.losses.append(f"{case.id}: {failure}")
        kept = len(ours.items) + ours.items_over_cap if ours else 0
        peer_kept = len(theirs) if theirs is not None else 0
        if case.is_feed:
            count["items"] += case.counted
            count["kept"] += min(kept, case.counted)
            count["peer kept"] += min(peer_kept, case.counted)
        if theirs is None:
            count["peer crashes"] += 1
        quarantined = len(ours.problems) if ours else 0
        if kept + quarantined < min(peer_kept, case.counted or peer_kept):
            count["lost"] += 1
            self.losses.append(f"{case.id}: feedparser keeps {peer_kept} items, we keep {kept} ({failure})")
        if ours and theirs and len(ours.items) == len(theirs):
            for item, peer in zip(ours.items, theirs, strict=True):
                for field, our_value, peer_value in zip(FIELDS, _our_fields(item), peer, strict=True):
                    if peer_value and (field != "link" or peer_value.startswith("http")):
                        count[f"{field} seen"] += 1
                        count[f"{field} same"] += agrees(field, our_value, peer_value)

    def lines(self) -> Iterable[str]:
        """Give the table as Markdown."""
        yield "| suite | files | crashes | time-outs | items kept | feedparser keeps | " + " | ".join(FIELDS) + " |"
        yield "|---|" + "---:|" * (5 + len(FIELDS))
        for suite, count in sorted(self.counts.items()):
            shares = [_share(count[f"{field} same"], count[f"{field} seen"]) for field in FIELDS]
            yield (
                f"| {suite} | {count['files']} | {count['crashes']} | {count['time-outs']} "
                f"| {count['kept']} of {count['items']} | {count['peer kept']} | " + " | ".join(shares) + " |"
            )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _peer_in_child(connection: Any) -> None:
    while True:
        connection.send(read_with_peer(*connection.recv()))


class Peer:
    """feedparser in a process of its own, because it may hang."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._here, there = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=_peer_in_child, args=(there,), daemon=True)
        self._process.start()

    def read(self, body: bytes, headers: dict[str, str]) -> list[Fields] | None:
        """Give the peer's items; None when it raises, dies or takes too long."""
        self._here.send((body, headers))
        if self._here.poll(PEER_SECONDS):
            with contextlib.suppress(EOFError):
                answer: list[Fields] | None = self._here.recv()
                return answer
        self._process.kill()
        self._start()
        return None


async def measure(cases: Iterable[Case], now: datetime, report: Table, verbose: str) -> None:
    """Read every case with both."""
    pool, peer = ParserPool(size=1), Peer()
    for case in cases:
        body = case.path.read_bytes()
        ours, failure = None, ""
        try:
            ours = await pool.parse(
                body, content_type=case.headers.get("content-type", ""),
                url=case.headers.get("content-location", ""), known=frozenset(),
            )  # fmt: skip
        except ParseError as error:
            failure = error.reason
        theirs = peer.read(body, case.headers)
        report.add(case, ours, failure, theirs)
        if verbose and ours and theirs and len(ours.items) == len(theirs):
            for item, other in zip(ours.items, theirs, strict=True):
                for field, mine, peers in zip(FIELDS, _our_fields(item), other, strict=True):
                    if field == verbose and peers and not agrees(field, mine, peers):
                        print(f"{case.id}\n   ours  {mine[:300]!r}\n   peer  {peers[:300]!r}")
    await pool.close()


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--suite", default="", help="only this suite")
    parser.add_argument("--show", default="", choices=("", *FIELDS), help="print every difference of one field")
    parser.add_argument("--limit", type=int, default=0)
    options = parser.parse_args()
    report = Table()
    with tempfile.TemporaryDirectory() as folder:
        cases = [case for case in load_cases(options.data, Path(folder)) if options.suite in ("", case.suite)]
        chosen = cases[: options.limit or None]
        asyncio.run(measure(chosen, datetime(2026, 1, 1, tzinfo=UTC), report, options.show))
    print("\n".join(report.lines()))
    print("\n".join(report.losses) or "Nothing lost.")
    return 1 if report.losses else 0


if __name__ == "__main__":
    sys.exit(main())
