"""Which feeds are polled: `feeds.toml`, and the sample wire's own file, read strictly into FeedSpecs.

Called at start, on reload and by `wirewatch check`. Collects every problem with its place and line; never fetches.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wirewatch.configuration import Problems, Table, read_toml
from wirewatch.records import Tier
from wirewatch.settings import Settings
from wirewatch.store.feed_health import FollowedFeed
from wirewatch_connectors.urls import check_url, host_of

FEEDS_FILE = "feeds.toml"
#: Written by the sample wire while it serves.
SAMPLE_FEEDS_FILE = "sample-feeds.toml"

#: 64: an id is a metric label and part of every article id.
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_ID_CHARACTERS = 64
MAX_NAME_CHARACTERS = 200
#: 15 minutes: what Media Cloud and most readers ask of a news feed; nobody objects to it.
DEFAULT_INTERVAL_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """One feed as an operator describes it."""

    id: str
    url: str
    name: str
    tier: Tier = Tier.OUTLET
    #: True: articles of the first poll notify too.
    tell_history: bool = False
    #: Wanted seconds between polls; the feed's own rhythm moves it between the two bounds.
    interval_seconds: float = DEFAULT_INTERVAL_SECONDS
    min_interval_seconds: float = DEFAULT_INTERVAL_SECONDS
    max_interval_seconds: float = 2 * DEFAULT_INTERVAL_SECONDS
    full_text: bool = False
    #: BCP 47; for items that do not say.
    language: str | None = None
    #: ISO 3166-1 alpha-2, lower case, or "".
    country: str = ""
    sample: bool = False
    #: Promise: at least so many articles a day over a week; 0 promises nothing.
    min_articles_per_day: float = 0.0
    #: Promise: the newest article is never older; 0 promises nothing.
    max_age_hours: float = 0.0
    #: True: a redirect from https to http is followed.
    allow_downgrade: bool = False

    @property
    def host(self) -> str:
        """Give the host that is asked: the unit of politeness."""
        return host_of(self.url)


@dataclass(frozen=True, slots=True)
class FeedList:
    """All feeds, and the private addresses that the sample wire opens for itself."""

    feeds: tuple[FeedSpec, ...]
    allow_addresses: tuple[str, ...] = ()


def load_feeds(settings: Settings, problems: Problems) -> FeedList:
    """Read `feeds.toml`, and the sample wire's file while it serves.

    Notes problems; a feed that has one is left out.
    """
    feeds = _read_file(settings.config_dir / FEEDS_FILE, problems, sample_file=False)
    sample = settings.data_dir / SAMPLE_FEEDS_FILE
    if not settings.sample_wire or not sample.exists():
        return feeds
    served = _read_file(sample, problems, sample_file=True)
    both = FeedList((*feeds.feeds, *served.feeds), served.allow_addresses)
    _refuse_repeats(both.feeds, f"{settings.data_dir.name}/{SAMPLE_FEEDS_FILE}", problems)
    return both


def read_feeds_file(path: Path, problems: Problems) -> tuple[FeedSpec, ...]:
    """Read one file of `[[feed]]` tables."""
    return _read_file(path, problems, sample_file=False).feeds


def is_id(text: str) -> bool:
    """Tell whether this can be a feed's id."""
    return len(text) <= MAX_ID_CHARACTERS and _ID.fullmatch(text) is not None


def followed_feed(feed: FeedSpec) -> FollowedFeed:
    """Give what the store keeps of a feed's configuration."""
    return FollowedFeed(
        feed_id=feed.id,
        name=feed.name,
        url=feed.url,
        tier=feed.tier,
        min_articles_per_day=feed.min_articles_per_day,
        max_age_hours=feed.max_age_hours,
    )


def _read_file(path: Path, problems: Problems, *, sample_file: bool) -> FeedList:
    own = Problems()
    table = read_toml(path, own)
    allow = table.texts("allow_addresses", ()) if sample_file else ()
    read = [_feed(feed, own) for feed in table.tables("feed")]
    table.close()
    _refuse_repeats([feed for feed, _ in read], "/".join(path.parts[-2:]), own)
    lines = _feed_lines(path) if own.found else []
    problems.found.extend(_with_line(problem, lines) for problem in own.found)
    return FeedList(tuple(feed for feed, is_whole in read if is_whole), allow)


def _feed(table: Table, problems: Problems) -> tuple[FeedSpec, bool]:
    """Read one feed; False beside it when it has a problem."""
    before = len(problems.found)
    feed_id = table.text("id")
    if feed_id and not is_id(feed_id):
        table.problem("id", f'expected lower-case words joined by "-", at most {MAX_ID_CHARACTERS}, got "{feed_id}"')
    interval, low, high = _intervals(table, tier := Tier(table.text("tier", "outlet", choices=tuple(Tier))))
    feed = FeedSpec(
        id=feed_id,
        url=_url(table),
        name=_name(table, feed_id),
        tier=tier,
        tell_history=table.text("history", "silent", choices=("silent", "tell")) == "tell",
        interval_seconds=interval,
        min_interval_seconds=low,
        max_interval_seconds=high,
        full_text=table.flag("full_text", False),
        language=_matching(table, "language", r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", 'a language tag like "en"') or None,
        country=_matching(table, "country", r"[a-z]{2}", 'a two-letter country like "pk"'),
        sample=table.flag("sample", False),
        min_articles_per_day=table.number("min_articles_per_day", 0.0),
        max_age_hours=table.number("max_age_hours", 0.0),
        allow_downgrade=table.flag("allow_downgrade", False),
    )
    table.close()
    return feed, len(problems.found) == before


def _url(table: Table) -> str:
    url = table.text("url")
    if url:
        try:
            check_url(url)
        except ValueError as error:
            table.problem("url", f'{error}, got "{url[:80]}"')
            return ""
    return url


def _name(table: Table, feed_id: str) -> str:
    name = table.text("name", feed_id)
    if len(name) > MAX_NAME_CHARACTERS or not name.isprintable() or '"' in name or "\\" in name:
        table.problem(
            "name",
            f"expected at most {MAX_NAME_CHARACTERS} printable characters without quotes and backslashes, "
            f"got {name[:40]!r}",
        )
    return name


def _intervals(table: Table, tier: Tier) -> tuple[float, float, float]:
    """Give the interval and its bounds in seconds, each written as minutes or as seconds."""
    interval = _duration(table, "interval", DEFAULT_INTERVAL_SECONDS)
    low = _duration(table, "min_interval", interval)
    # An authority is asked at its interval even when it is quiet: its rare word is what we wait for.
    high = _duration(table, "max_interval", interval if tier is Tier.AUTHORITY else 2 * interval)
    if not low <= interval <= high:
        table.problem(
            "interval", f"expected min_interval <= interval <= max_interval, got {low:g} s, {interval:g} s, {high:g} s"
        )
    return interval, low, high


def _duration(table: Table, key: str, default_seconds: float) -> float:
    minutes, seconds = f"{key}_minutes", f"{key}_seconds"
    if table.has(minutes) and table.has(seconds):
        table.problem(minutes, f"expected either {minutes} or {seconds}, got both")
    if table.has(seconds):
        table.number(minutes, 1.0)
        return table.number(seconds, default_seconds, minimum=0.05)
    table.number(seconds, 1.0)
    written = 60 * table.number(minutes, 1.0, minimum=1.0)
    return written if table.has(minutes) else default_seconds


def _matching(table: Table, key: str, pattern: str, expected: str) -> str:
    value = table.text(key, "")
    if value and not re.fullmatch(pattern, value):
        table.problem(key, f'expected {expected}, got "{value[:40]}"')
    return value


def _refuse_repeats(feeds: Sequence[FeedSpec], file: str, problems: Problems) -> None:
    ids: dict[str, int] = {}
    urls: dict[str, str] = {}
    for position, feed in enumerate(feeds):
        if not feed.id:
            continue
        if feed.id in ids:
            problems.add(
                f'{file}: feed[{position}] "{feed.id}".id', f"expected an id of its own, feed[{ids[feed.id]}] has it"
            )
        elif feed.url and feed.url in urls:
            problems.add(
                f'{file}: feed[{position}] "{feed.id}".url', f'expected a URL of its own, "{urls[feed.url]}" has it'
            )
        ids.setdefault(feed.id, position)
        urls.setdefault(feed.url, feed.id)


def _feed_lines(path: Path) -> list[int]:
    """Give the line of each `[[feed]]`; the TOML reader forgets them."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [number for number, line in enumerate(lines, 1) if re.match(r"\s*\[\[\s*feed\s*\]\]", line)]


def _with_line(problem: str, lines: list[int]) -> str:
    found = re.search(r": feed\[(\d+)\]", problem)
    if not found or int(found.group(1)) >= len(lines):
        return problem
    return f"{problem} (the feed begins at line {lines[int(found.group(1))]})"
