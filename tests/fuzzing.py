"""Feeds the parser pool broken feeds by the thousand, and looks at what comes out.

`python -m tests.fuzzing --count 100000 --seed N [--data DIR]` mutates the small feeds of
`tests/connectors/parsing/feeds` (and those of suites under DIR). A finding is a body that ends, hangs or confuses a
parser process, or an item that holds what no item may hold; its bytes are kept under `--findings`. Exits 1 when there
is one.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import random
import re
import sys
import time
from collections import Counter
from pathlib import Path

from wirewatch.errors import ParseError
from wirewatch_connectors.parsing import caps
from wirewatch_connectors.parsing.children import ParserLimits
from wirewatch_connectors.parsing.pool import ParserPool
from wirewatch_connectors.shapes import FeedItem, ParsedFeed

SEEDS = Path(__file__).parent / "connectors" / "parsing" / "feeds"
#: Larger seeds only make mutations rarer.
MAX_SEED_BYTES = 40_000
_TOKENS = (
    b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<item>", b"</item>", b"<entry>", b"</entry>", b"<item/>", b"&#xD800;",
    b"&#xD83D;&#xDE00;", b"&#x110000;", b"&#99999999999999999999;", b"&lol;", b"&", b"<", b">", b'"', b"'", b"\x00",
    b"\x1b[31m", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"<!DOCTYPE rss [",
    b"<!ENTITY a \"b\">", b"]>", b"<?", b"?>", b"<rss>", b"</rss>", b"<channel>", b"</channel>", b"<title>",
    b"</title>", b"<description>", b"<link/>", b"<p", b"<a href='", b"<script>", b"encoding='utf-16'",
    b"encoding='x-klingon'", b"encoding='zip'", b"xmlns='", b"xml:base='http://evil.example/'", b"{", b"}", b"[",
    b"]", b"null", b"NaN", b"1e999", b"\\ud800", "\u202e\u200f\u200b".encode(), b"\xe9", b"javascript:alert(1)",
    b"<pubDate>0000-00-00</pubDate>", b"<dc:date>-0044-03-15</dc:date>", b"<guid>", b"http://[::1", b"//",
)  # fmt: skip
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e]")


def mutate(dice: random.Random, seeds: list[bytes]) -> bytes:
    """Break one seed in one to eight ways."""
    body = bytearray(dice.choice(seeds))
    for _ in range(dice.choice((1, 1, 1, 2, 3, 8))):
        at = dice.randrange(len(body) + 1)
        match dice.randrange(9):
            case 0:
                body[at:at] = dice.choice(_TOKENS)
            case 1:
                del body[at : at + dice.randrange(1, 200)]
            case 2:
                body[at : at + 1] = bytes([dice.randrange(256)])
            case 3:
                length = dice.randrange(1, 400)
                body[at:at] = body[at : at + length] * dice.choice((1, 2, 30))
            case 4:
                other = dice.choice(seeds)
                start = dice.randrange(len(other) + 1)
                body[at:] = other[start:]
            case 5:
                del body[at:]
            case 6:
                body[at:at] = dice.choice(_TOKENS) * dice.choice((2, 100, 3000))
            case 7:
                token = dice.choice(_TOKENS)
                body[at : at + len(token)] = token
            case _:
                body[at:at] = dice.randbytes(dice.randrange(1, 16))
    return bytes(body[:400_000])


def find_fault(feed: ParsedFeed) -> str:
    """Give what is wrong with what came out, or ""."""
    for item in feed.items:
        for name in ("guid", "url", "title", "text", "published_raw"):
            if _UNFIT.search(getattr(item, name)):
                return f"unfit characters in {name}"
        if len(item.title.encode()) > caps.MAX_TITLE_BYTES or len(item.text.encode()) > caps.MAX_TEXT_BYTES:
            return "a field beyond its cap"
        if len(item.guid) > caps.MAX_IDENTITY_CHARACTERS or "\n" in item.title + item.guid:
            return "an identity beyond its cap"
        if not _is_web(item):
            return f"an address that is none: {item.url[:80]}"
    if any(problem.reason == "parser_bug" for problem in feed.problems):
        return "parser_bug"
    if len(feed.items) > caps.MAX_ITEMS:
        return "more items than the cap"
    return ""


def _is_web(item: FeedItem) -> bool:
    return not item.url or re.match(r"https?://[^/\s]", item.url, re.I) is not None


async def fuzz(count: int, seed: int, seeds: list[bytes], findings: Path, processes: int) -> Counter[str]:
    """Run, keep what is found, and count how bodies ended."""
    pool = ParserPool(size=processes, limits=ParserLimits(wall_seconds=20.0, cpu_seconds=5))
    ended: Counter[str] = Counter()
    dice = random.Random(seed)
    todo = iter(range(count))

    async def work() -> None:
        for number in todo:
            body = mutate(dice, seeds)
            fault = ""
            try:
                feed = await pool.parse(body, content_type="", url="https://outlet.example/feed", known=frozenset())
                ended["feeds"] += 1
                ended["items"] += len(feed.items)
                ended["quarantined"] += len(feed.problems)
                fault = find_fault(feed)
            except ParseError as error:
                ended[error.reason] += 1
                fault = "" if error.reason == "not_a_feed" else error.reason
            if fault:
                ended["findings"] += 1
                keep(findings, fault, body)
            if number and number % 10_000 == 0:
                print(f"{number} bodies: {dict(ended)}", flush=True)

    await asyncio.gather(*(work() for _ in range(processes)))
    await pool.close()
    return ended


def keep(findings: Path, fault: str, body: bytes) -> None:
    """Write a finding's bytes to a file named for its fault."""
    findings.mkdir(parents=True, exist_ok=True)
    name = f"{fault.split(':')[0].replace(' ', '-')}-{hashlib.sha256(body).hexdigest()[:12]}.bin"
    (findings / name).write_bytes(body)


def load_seeds(data: Path | None) -> list[bytes]:
    """Give the seeds: our own, and the suites' where they are."""
    paths = sorted(SEEDS.iterdir())
    if data is not None:
        paths += [path for path in sorted((data / "feeds").rglob("*")) if path.suffix not in (".py", ".jsonl", "")]
    return [path.read_bytes() for path in paths if path.is_file() and 0 < path.stat().st_size <= MAX_SEED_BYTES]


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--findings", type=Path, default=Path("var") / "fuzzing")
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    seeds = load_seeds(options.data)
    started = time.perf_counter()
    ended = asyncio.run(fuzz(options.count, options.seed, seeds, options.findings, options.processes))
    seconds = time.perf_counter() - started
    print(f"{options.count} bodies from {len(seeds)} seeds, seed {options.seed}, {seconds:.0f} s: {dict(ended)}")
    return 1 if ended["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
