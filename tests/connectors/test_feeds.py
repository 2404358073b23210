"""`feeds.toml`: what is taken, and what is refused where."""

from dataclasses import replace
from pathlib import Path

import pytest

from wirewatch.configuration import Problems
from wirewatch.records import Tier
from wirewatch.settings import Settings, load_settings
from wirewatch_connectors.feeds import FeedList, load_feeds, read_feeds_file


def load(tmp_path: Path, text: str, *, sample: str = "") -> tuple[FeedList, list[str]]:
    """Load a feeds file, and the sample wire's beside it."""
    config, data = tmp_path / "config", tmp_path / "var"
    config.mkdir()
    data.mkdir()
    (config / "settings.toml").touch()
    (config / "feeds.toml").write_text(text, encoding="utf-8")
    if sample:
        (data / "sample-feeds.toml").write_text(sample, encoding="utf-8")
    problems = Problems()
    settings: Settings = load_settings(config, data, {}, problems)
    assert problems.found == []
    return load_feeds(replace(settings, sample_wire=bool(sample)), problems), problems.found


def test_a_feed_needs_only_an_id_and_a_url(tmp_path: Path) -> None:
    """Everything else has a default."""
    feeds, problems = load(tmp_path, '[[feed]]\nid = "courier"\nurl = "https://courier.example/rss"\n')
    (feed,) = feeds.feeds
    assert problems == []
    assert (feed.name, feed.tier, feed.tell_history, feed.host) == ("courier", Tier.OUTLET, False, "courier.example")
    assert (feed.min_interval_seconds, feed.interval_seconds, feed.max_interval_seconds) == (900, 900, 1800)


def test_every_key_is_read(tmp_path: Path) -> None:
    """All that an operator may say about a feed."""
    feeds, problems = load(
        tmp_path,
        """
        [[feed]]
        id = "gazette"
        url = "https://gazette.example/rss"
        name = "The Gazette"
        tier = "authority"
        history = "tell"
        interval_minutes = 10
        min_interval_seconds = 30
        max_interval_minutes = 60
        full_text = true
        language = "en-GB"
        country = "gb"
        sample = false
        min_articles_per_day = 0.5
        max_age_hours = 48
        allow_downgrade = true
        """,
    )
    (feed,) = feeds.feeds
    assert problems == []
    assert (feed.name, feed.tier, feed.tell_history, feed.full_text) == ("The Gazette", Tier.AUTHORITY, True, True)
    assert (feed.min_interval_seconds, feed.interval_seconds, feed.max_interval_seconds) == (30, 600, 3600)
    assert (feed.language, feed.country, feed.allow_downgrade) == ("en-GB", "gb", True)
    assert (feed.min_articles_per_day, feed.max_age_hours) == (0.5, 48)


def test_an_authority_is_not_polled_less_often_when_it_is_quiet(tmp_path: Path) -> None:
    """Its upper bound is its interval, unless the operator says otherwise."""
    feeds, _ = load(
        tmp_path, '[[feed]]\nid = "a"\nurl = "https://a.example/"\ntier = "authority"\ninterval_minutes = 5\n'
    )
    assert feeds.feeds[0].max_interval_seconds == 300


@pytest.mark.parametrize(
    ("line", "key", "expected"),
    [
        ('id = "Courier"', "id", "lower-case words"),
        ('id = "a--b"', "id", "lower-case words"),
        (f'id = "{"a" * 65}"', "id", "at most 64"),
        ("id = 7", "id", "a string"),
        ('url = "file:///etc/passwd"', "url", "begins with"),
        ('url = "/etc/passwd"', "url", "begins with"),
        ('url = "feed:http://a.example/"', "url", "begins with"),
        ('url = "http://u:p@a.example/"', "url", "no user name"),
        ('url = "http://0x7f.1/"', "url", "disguise"),
        ('url = "http://a.example/ b"', "url", "no spaces"),
        ('name = "a\\nb"', "name", "printable"),
        ("name = 'say \"hi\"'", "name", "without quotes"),
        (f'name = "{"x" * 201}"', "name", "at most 200"),
        ('tier = "blog"', "tier", "one of"),
        ('history = "loud"', "history", "one of"),
        ('interval_minutes = "fast"', "interval_minutes", "a number"),
        ("interval_minutes = 0", "interval_minutes", "a number >= 1"),
        ("interval_minutes = 5\ninterval_seconds = 300", "interval_minutes", "got both"),
        ("min_interval_minutes = 60", "interval", "min_interval <= interval"),
        ('language = "English"', "language", "language tag"),
        ('country = "PAK"', "country", "two-letter"),
        ("min_articles_per_day = -1", "min_articles_per_day", "a number"),
        ("intervall_minutes = 5", "intervall_minutes", 'did you mean "interval_minutes"?'),
    ],
)
def test_a_wrong_value_is_refused_with_its_place_and_line(tmp_path: Path, line: str, key: str, expected: str) -> None:
    """The problem names file, feed, key, what was expected, and the line at which the feed begins."""
    base = {"id": 'id = "courier"', "url": 'url = "https://courier.example/"'}
    base.pop(key, None)
    text = '# feeds\n\n[[feed]]\nid = "other"\nurl = "https://other.example/"\n\n[[feed]]\n' + "\n".join(
        [*base.values(), line]
    )
    feeds, problems = load(tmp_path, text)
    assert [feed.id for feed in feeds.feeds] == ["other"]
    (problem,) = [found for found in problems if f".{key}:" in found]
    assert problem.startswith("config/feeds.toml: feed[1]")
    assert expected in problem
    assert problem.endswith("(the feed begins at line 7)")


def test_all_problems_are_found_at_once(tmp_path: Path) -> None:
    """Three broken feeds, three problems; duplicates are found among them too."""
    _, problems = load(
        tmp_path,
        """
        [[feed]]
        id = "one"
        url = "https://one.example/"
        tier = "blog"
        [[feed]]
        id = "one"
        url = "https://two.example/"
        [[feed]]
        id = "three"
        url = "https://two.example/"
        [[feed]]
        url = "ftp://four.example/"
        """,
    )
    assert len(problems) == 5
    assert any('feed[1] "one".id: expected an id of its own, feed[0] has it' in problem for problem in problems)
    assert any('feed[2] "three".url: expected a URL of its own, "one" has it' in problem for problem in problems)


@pytest.mark.parametrize("text", ["[[feed]\n", "feed = 3\n", "[feed]\nid = 3\n", "\x00", "surprise = 1\n"])
def test_a_file_that_is_no_feed_list_is_one_problem(tmp_path: Path, text: str) -> None:
    """Broken TOML and other shapes are refused, not guessed at."""
    feeds, problems = load(tmp_path, text)
    assert feeds.feeds == ()
    assert problems


def test_the_sample_wire_joins_the_feeds(tmp_path: Path) -> None:
    """Its own file opens the address it is served at, for the connector alone."""
    sample = (
        'allow_addresses = ["127.0.0.1:9900"]\n[[feed]]\nid = "sample"\nurl = "http://127.0.0.1:9900/a.rss"\n'
        'sample = true\nhistory = "tell"\ninterval_seconds = 1\n'
    )
    feeds, problems = load(tmp_path, '[[feed]]\nid = "a"\nurl = "https://a.example/"\n', sample=sample)
    assert problems == []
    assert [(feed.id, feed.sample, feed.interval_seconds) for feed in feeds.feeds] == [
        ("a", False, 900),
        ("sample", True, 1),
    ]
    assert feeds.allow_addresses == ("127.0.0.1:9900",)


def test_only_the_sample_wires_file_may_open_addresses(tmp_path: Path) -> None:
    """In feeds.toml the key is unknown: addresses are opened in settings.toml."""
    _, problems = load(tmp_path, 'allow_addresses = ["127.0.0.1:9900"]\n')
    assert any("allow_addresses: unknown key" in problem for problem in problems)


def test_the_feeds_that_come_with_wirewatch_are_whole() -> None:
    """At least 25 real feeds, authorities of the US, the UN, the EU and the UK among them."""
    problems = Problems()
    feeds = read_feeds_file(Path(__file__).parents[2] / "config" / "feeds.toml", problems)
    assert problems.found == []
    assert len(feeds) >= 25
    hosts = {feed.host for feed in feeds if feed.tier is Tier.AUTHORITY}
    assert {
        "www.state.gov",
        "www.federalregister.gov",
        "press.un.org",
        "www.consilium.europa.eu",
        "www.gov.uk",
    } <= hosts
    assert all(feed.interval_seconds >= 600 for feed in feeds)
