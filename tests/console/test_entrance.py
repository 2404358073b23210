"""Who may come in: by which name, with which token, from where, with how much."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.console.building import HOME, ConsoleBench, an_alert, open_console
from wirewatch.errors import ConfigError
from wirewatch.subscribers import Road, RoadKind, Subscription

TOKEN = "t" * 20 + "0123456789abcdef"


@pytest.fixture
def guarded(tmp_path: Path) -> ConsoleBench:
    """Open a console with a token."""
    (tmp_path / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    return open_console(tmp_path, token_file=tmp_path / "token", hosts=("wire.example",))


async def test_every_answer_wears_the_headers(bench: ConsoleBench) -> None:
    """Pages, feeds, errors and refusals: nothing is loaded from elsewhere, framed, sniffed or referred to."""
    async with bench.client() as client:
        answers = [await client.get(path) for path in ("/", "/alerts.atom", "/nothing", "/static/style.css", "/readyz")]
        answers.append(await client.get("/", headers={"host": "evil.example"}))
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8321", "", "[::1", "169.254.169.254"]
)
async def test_name_that_was_rebound_to_us_is_refused(bench: ConsoleBench, host: str) -> None:
    """Row 83: a Host that is not ours gets 421, before anything is read."""
    async with bench.client() as client:
        assert (await client.get("/", headers={"host": host})).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8321", "localhost", "[::1]:8321", "LOCALHOST:99"])
async def test_our_own_names_are_answered(bench: ConsoleBench, host: str) -> None:
    """Loopback by any spelling, and the names of the settings."""
    async with bench.client() as client:
        assert (await client.get("/healthz", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "credentials",
    [
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}x",
        f"Token {TOKEN}",
        "Basic !!!",
        "Bearer \xfc\xfc",
        "Basic " + base64.b64encode(b"me:wrong").decode(),
    ],
)
async def test_request_without_the_token_is_refused(guarded: ConsoleBench, credentials: str) -> None:
    """Row 83: 401 for every path but health, and nothing of the page in the answer."""
    guarded.keep([an_alert()])
    headers = {b"authorization": credentials.encode("latin-1")} if credentials else {}
    async with guarded.client() as client:
        for path in ("/", "/alerts.json", "/metrics", "/static/style.css", "/nothing"):
            answer = await client.get(path, headers=headers)
            assert answer.status_code == 401
            assert "Harbour" not in answer.text
        assert (await client.get("/healthz", headers=headers)).status_code == 200


async def test_token_opens_as_bearer_and_as_a_browsers_password(guarded: ConsoleBench) -> None:
    """A program sends Bearer; a person types the token where the browser asks."""
    async with guarded.client() as client:
        bearer = await client.get("/", headers={"authorization": f"Bearer {TOKEN}"})
        typed = await client.get("/", auth=("me", TOKEN))
    assert (bearer.status_code, typed.status_code) == (200, 200)


def test_short_token_is_a_configuration_error(tmp_path: Path) -> None:
    """A token that can be guessed is refused at the start, by name and length."""
    (tmp_path / "token").write_text("short", encoding="utf-8")
    bench = open_console(tmp_path, token_file=tmp_path / "token")
    with pytest.raises(ConfigError, match="32 bytes or more, got 5"):
        bench.client()


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 403),
        ("null", 403),
        ("http://evil.example", 403),
        ("http://127.0.0.1:8321.evil.example", 403),
        ("http://127.0.0.1:9999", 403),
        (HOME, 405),
    ],
)
async def test_unsafe_request_needs_our_own_origin(bench: ConsoleBench, origin: str | None, status: int) -> None:
    """Row 83: a page elsewhere cannot make a browser act here; our own reaches the route (which has no POST)."""
    async with bench.client() as client:
        answer = await client.post("/", headers={} if origin is None else {"origin": origin})
    assert answer.status_code == status


async def test_large_request_is_refused(bench: ConsoleBench) -> None:
    """Row 83: 413 by its stated length, and by what comes when it states none."""

    async def drip() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 8192

    async with bench.client(origin=HOME) as client:
        stated = await client.post("/", content=b"x" * 10_000_000)
        unstated = await client.post("/", content=drip())
        nonsense = await client.post("/", headers={"content-length": "many"}, content=b"x")
    assert (stated.status_code, unstated.status_code, nonsense.status_code) == (413, 413, 400)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "limit=99999", "limit=-1", "limit=٣", "kind=anything", "state=%00"]
)
async def test_argument_that_makes_no_sense_is_named(bench: ConsoleBench, query: str) -> None:
    """400 with the argument, what was expected and what came."""
    async with bench.client(accept="*/*") as client:
        answer = await client.get(f"/alerts.json?{query}")
    assert answer.status_code == 400
    assert answer.text.startswith(f"{query.partition('=')[0]}: expected")


async def test_alert_feed_of_a_subscription_needs_its_own_secret(guarded: ConsoleBench) -> None:
    """A feed reader sends no headers: the address holds the secret; another secret, or no feed road, is 404."""
    secret = guarded.folder / "feed-secret"
    secret.write_text("feed-0123456789\n", encoding="utf-8")
    guarded.subscribe(
        Subscription("listings", (Road(RoadKind.FEED, secret_file=secret),)),
        Subscription("other", (Road(RoadKind.LOG),)),
    )
    async with guarded.client(accept="*/*") as client:
        right = await client.get("/subscriptions/listings/feed-0123456789/alerts.atom")
        as_json = await client.get("/subscriptions/listings/feed-0123456789/alerts.json")
        wrong = [
            (await client.get(f"/subscriptions/{name}/{token}/alerts.atom")).status_code
            for name, token in [("listings", "x"), ("other", "feed-0123456789"), ("nobody", "feed-0123456789")]
        ]
    assert (right.status_code, as_json.status_code) == (200, 200)
    assert as_json.json()["version"].startswith("https://jsonfeed.org/")
    assert wrong == [404, 404, 404]
