"""Which URLs may be fetched, and which name the same article."""

import pytest

from wirewatch_connectors.urls import MAX_URL_CHARACTERS, canonical_link, check_url


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "/etc/passwd",
        "feed:http://news.example/rss",
        "ftp://news.example/rss",
        "gopher://news.example/",
        "data:text/xml,<rss/>",
        "javascript:alert(1)",
        "//news.example/rss",
        "news.example/rss",
        "http:///rss",
        "http://good\\@evil.example/",
        "http://user:word@news.example/",
        "http://user@news.example/",
        "http://news.example/a b",
        "http://news.example/\r\nHost: evil.example",
        "http://news.example/\x00",
        "http://news.example:99999/",
        "http://news.example:0/",
        "http://[::1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0/",
        "http://１２７.０.０.１/",
        "http://①②⑦.0.0.1/",
        "http://127。0。0。1/",
        "http://news.example/" + "a" * MAX_URL_CHARACTERS,
        "",
    ],
)
def test_addresses_that_are_no_web_addresses_are_refused(url: str) -> None:
    """Other schemes, credentials, control characters, and numbers in disguise never reach the network."""
    with pytest.raises(ValueError, match="expected"):
        check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/rss",
        "HTTP://News.Example/RSS",
        "http://8.8.8.8/rss",
        "http://127.0.0.1:9900/rss",
        "http://[2606:4700::1111]/rss",
        "https://bücher.example/neu?q=ü",
        "https://news.example/rss?conditions%5Bterm%5D=%22a+b%22",
        "https://news.example/rss?list[]=1",
        "https://1news.example/rss",
    ],
)
def test_web_addresses_are_taken(url: str) -> None:
    """What newsrooms publish passes; whether an address may be dialled is not asked here."""
    assert check_url(url).host


@pytest.mark.parametrize(
    "decorated",
    [
        "http://news.example/a/1",
        "https://www.news.example/a/1/",
        "https://news.example:443/a/1",
        "https://NEWS.example/a/1?utm_source=rss&utm_medium=feed",
        "https://news.example/a/1;jsessionid=0A1B2C",
        "https://news.example/a/1?PHPSESSID=abc&fbclid=x",
        "https://news.example/a/1#xtor=RSS-1",
    ],
)
def test_decorated_links_name_the_same_article(decorated: str) -> None:
    """Scheme, `www.`, tracking and session parameters do not make another article."""
    assert canonical_link(decorated) == canonical_link("https://news.example/a/1")


@pytest.mark.parametrize(
    "other",
    [
        "https://news.example/a/2",
        "https://news.example/A/1",
        "https://news.example/a/1?page=2",
        "https://news.example/a/1#item-2",
        "https://news.example:8080/a/1",
        "https://other.example/a/1",
    ],
)
def test_links_to_other_articles_stay_apart(other: str) -> None:
    """Path, parameters that mean something, fragments and ports tell articles apart."""
    assert canonical_link(other) != canonical_link("https://news.example/a/1")


@pytest.mark.parametrize(
    "home", ["", "https://news.example", "https://news.example/", "http://www.news.example/?utm_x=1"]
)
def test_a_home_page_names_no_article(home: str) -> None:
    """A bare host is no identity: every item of some feeds links to it."""
    assert canonical_link(home) == ""
