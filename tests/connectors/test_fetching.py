"""One guarded, conditional GET against a server that misbehaves in every way it knows."""

import asyncio
import errno
import gzip
import os
import socket
import ssl
import subprocess
from pathlib import Path

import aiohttp
import brotli
import pytest
import zstandard

from tests.connectors.conftest import fetch_settings
from tests.harness.misbehaving_server import (
    Behaviour,
    MisbehavingServer,
    conditional,
    drip,
    endless,
    raw,
    redirect,
    reply,
    reset,
    rss,
    serve_misbehaving,
    silent,
)
from wirewatch.clock import SystemClock
from wirewatch.errors import FetchError
from wirewatch_connectors.fetching import Fetcher
from wirewatch_connectors.reasons import FetchReason
from wirewatch_connectors.shapes import FetchedBody

FEED = rss(("1", "Harbour reopens"))
OK = reply(200, FEED, {"Content-Type": "application/rss+xml"})


async def get(fetcher: Fetcher, url: str, **options: str) -> FetchedBody:
    """Fetch as a feed."""
    return await fetcher.fetch(url, feed_id="harbour-courier", **options)  # type: ignore[arg-type]


async def reason_of(fetcher: Fetcher, url: str) -> str:
    """Fetch what must fail; give the reason."""
    with pytest.raises(FetchError) as failure:
        await get(fetcher, url)
    assert failure.value.feed_id == "harbour-courier"
    return failure.value.reason


async def body_or_reason(fetcher: Fetcher, url: str, **options: str) -> bytes | str:
    """Fetch what may fail; give the body, or the reason."""
    try:
        return (await get(fetcher, url, **options)).body
    except FetchError as error:
        return error.reason


async def test_a_feed_is_fetched_with_our_name_and_no_cookies(server: MisbehavingServer, fetcher: Fetcher) -> None:
    """The plain case: the body, the type, our user agent, and nothing that identifies us besides."""
    server.on("/rss", reply(200, FEED, {"Content-Type": "application/rss+xml", "Set-Cookie": "id=1", "ETag": '"e"'}))
    fetched = await get(fetcher, server.url("/rss"))
    await get(fetcher, server.url("/rss"))
    assert (fetched.status, fetched.body, fetched.moved_to) == (200, FEED, None)
    assert fetched.headers["etag"] == '"e"'
    for request in server.hits:
        assert request.headers["user-agent"] == "Wirewatch/test"
        assert not {"cookie", "authorization", "referer", "if-none-match"} & set(request.headers)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(FEED)),
        ("br", brotli.compress(FEED)),
        ("zstd", zstandard.ZstdCompressor().compress(FEED)),
        ("deflate", gzip.zlib.compress(FEED)),  # type: ignore[attr-defined]
    ],
)
async def test_compressed_feeds_are_inflated(
    server: MisbehavingServer, fetcher: Fetcher, encoding: str, body: bytes
) -> None:
    """All four encodings that we ask for are undone."""
    server.on("/rss", reply(200, body, {"Content-Encoding": encoding}))
    assert (await get(fetcher, server.url("/rss"))).body == FEED


async def test_validators_are_sent_and_304_has_no_body(server: MisbehavingServer, fetcher: Fetcher) -> None:
    """A conditional request brings the ETag and the date; the answer 304 costs nothing."""
    server.on("/rss", conditional(FEED, etag='"v1"'))
    fetched = await get(fetcher, server.url("/rss"), etag='"v1"', last_modified="Tue, 12 Aug 2025 12:00:00 GMT")
    assert (fetched.status, fetched.body) == (304, b"")
    assert server.hits[0].headers["if-modified-since"] == "Tue, 12 Aug 2025 12:00:00 GMT"


BEHAVIOURS: dict[str, tuple[Behaviour, FetchReason]] = {
    "304 that nobody asked for": (reply(304), FetchReason.BAD_RESPONSE),
    "redirect to itself": (redirect("/bad"), FetchReason.REDIRECTS),
    "redirect without a place": (redirect(None), FetchReason.REDIRECTS),
    "redirect to a place of 1 MB": (redirect("/" + "a" * 1_000_000), FetchReason.BAD_RESPONSE),
    "redirect to a place of 6 kB": (redirect("/" + "a" * 6_000), FetchReason.REDIRECTS),
    "redirect to file:": (redirect("file:///etc/passwd"), FetchReason.REDIRECTS),
    "redirect to ftp:": (redirect("ftp://127.0.0.1/rss"), FetchReason.REDIRECTS),
    "redirect to gopher:": (redirect("gopher://127.0.0.1/rss"), FetchReason.REDIRECTS),
    "redirect to data:": (redirect("data:text/xml,<rss/>"), FetchReason.REDIRECTS),
    "redirect to a user name": (redirect("http://user:word@127.0.0.1/"), FetchReason.REDIRECTS),
    "redirect to a private host": (redirect("//10.0.0.1/rss"), FetchReason.BLOCKED_ADDRESS),
    "gzip bomb": (reply(200, gzip.compress(bytes(8_000_000)), {"Content-Encoding": "gzip"}), FetchReason.TOO_LARGE),
    "brotli bomb": (reply(200, brotli.compress(bytes(8_000_000)), {"Content-Encoding": "br"}), FetchReason.TOO_LARGE),
    "gzip twice": (
        reply(200, gzip.compress(gzip.compress(FEED)), {"Content-Encoding": "gzip, gzip"}),
        FetchReason.BAD_ENCODING,
    ),
    "unknown encoding": (reply(200, FEED, {"Content-Encoding": "x-klingon"}), FetchReason.BAD_ENCODING),
    "plain body called gzip": (reply(200, FEED, {"Content-Encoding": "gzip"}), FetchReason.BAD_ENCODING),
    "gzip cut short": (reply(200, gzip.compress(FEED)[:-9], {"Content-Encoding": "gzip"}), FetchReason.INCOMPLETE),
    "endless body": (endless(), FetchReason.TOO_LARGE),
    "announced too large": (reply(200, FEED, length=2_000_000), FetchReason.TOO_LARGE),
    "announced longer than it is": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + FEED, close=True),
        FetchReason.INCOMPLETE,
    ),
    "two lengths": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\n" + FEED, close=True),
        FetchReason.BAD_RESPONSE,
    ),
    "slow body": (drip(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + bytes(5000)), FetchReason.TIMEOUT),
    "slow headers": (drip(b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 5000), FetchReason.TIMEOUT),
    "silent": (silent(), FetchReason.TIMEOUT),
    "200,000 headers": (
        raw(b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 200_000 + b"\r\n", close=True),
        FetchReason.BAD_RESPONSE,
    ),
    "header of 1 MB": (
        raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n", close=True),
        FetchReason.BAD_RESPONSE,
    ),
    "not HTTP": (raw(b"220 mail.example ESMTP\r\n", close=True), FetchReason.BAD_RESPONSE),
    "bad chunk": (
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n<rss>", close=True),
        FetchReason.BAD_RESPONSE,
    ),
    "chunks without an end": (
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n", close=True),
        FetchReason.INCOMPLETE,
    ),
    "reset at once": (reset(), FetchReason.CONNECT),
    "reset after headers": (reset(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"), FetchReason.INCOMPLETE),
    "reset inside the body": (
        reset(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<rss>"),
        FetchReason.INCOMPLETE,
    ),
    "401": (reply(401), FetchReason.UNAUTHORISED),
    "403": (reply(403), FetchReason.UNAUTHORISED),
    "404": (reply(404), FetchReason.NOT_FOUND),
    "410": (reply(410), FetchReason.GONE),
    "418": (reply(418), FetchReason.HTTP_ERROR),
    "204": (reply(204), FetchReason.HTTP_ERROR),
    "206": (reply(206, FEED), FetchReason.HTTP_ERROR),
    "429": (reply(429), FetchReason.RATE_LIMITED),
    "500": (reply(500), FetchReason.SERVER_ERROR),
    "503": (reply(503), FetchReason.UNAVAILABLE),
}


@pytest.mark.parametrize("name", BEHAVIOURS)
async def test_misbehaviour_ends_in_a_reason(server: MisbehavingServer, fetcher: Fetcher, name: str) -> None:
    """Whatever a server does ends before the deadline, in a FetchError with one of a bounded set of reasons."""
    behaviour, expected = BEHAVIOURS[name]
    server.on("/bad", behaviour)
    assert await reason_of(fetcher, server.url("/bad")) == expected


async def test_a_fetcher_works_on_after_every_misbehaviour(server: MisbehavingServer, fetcher: Fetcher) -> None:
    """Thirty bad servers at once leave the fetcher whole: a good feed is fetched in their midst and after them."""
    for number, (behaviour, _) in enumerate(BEHAVIOURS.values()):
        server.on(f"/{number}", behaviour)
    server.on("/good", OK)
    bad = [get(fetcher, server.url(f"/{number}")) for number in range(len(BEHAVIOURS))]
    results = await asyncio.gather(*bad, get(fetcher, server.url("/good")), return_exceptions=True)
    assert all(isinstance(result, FetchError) for result in results[:-1])
    assert isinstance(results[-1], FetchedBody)
    assert (await get(fetcher, server.url("/good"))).body == FEED


async def test_bytes_after_a_304_are_nobodys(server: MisbehavingServer, fetcher: Fetcher) -> None:
    """A 304 has no body: bytes after it are no items, fail the fetch at most, and do not spoil the next request."""
    server.on("/rss", raw(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n<rss>"))
    server.on("/other", OK)
    assert await body_or_reason(fetcher, server.url("/rss"), etag='"v1"') in (b"", FetchReason.BAD_RESPONSE)
    assert (await get(fetcher, server.url("/other"))).body == FEED


async def test_bytes_beyond_the_announced_length_are_not_read(server: MisbehavingServer, fetcher: Fetcher) -> None:
    """A length that is too short fails the fetch, or gives the announced bytes; the rest never joins another answer."""
    server.on("/rss", reply(200, FEED, length=20))
    server.on("/other", OK)
    assert await body_or_reason(fetcher, server.url("/rss")) in (FEED[:20], FetchReason.BAD_RESPONSE)
    assert (await get(fetcher, server.url("/other"))).body == FEED


@pytest.mark.parametrize("etag", ['"a\tb"', '"' + "x" * 8000 + '"', '"\xfc"'])
async def test_hostile_validators_are_not_handed_on(server: MisbehavingServer, fetcher: Fetcher, etag: str) -> None:
    """An ETag that is unfit for a request header comes back empty."""
    server.on("/rss", reply(200, FEED, {"ETag": etag}))
    assert (await get(fetcher, server.url("/rss"))).headers["etag"] == ""


async def test_redirects_are_followed_five_times(server: MisbehavingServer, fetcher: Fetcher) -> None:
    """Five hops arrive, six do not; relative and absolute places work."""
    for hop in range(6):
        server.on(f"/hop{hop}", redirect(f"hop{hop + 1}" if hop % 2 else server.url(f"/hop{hop + 1}")))
    server.on("/hop6", OK)
    assert (await get(fetcher, server.url("/hop1"))).body == FEED
    assert await reason_of(fetcher, server.url("/hop0")) == FetchReason.REDIRECTS


@pytest.mark.parametrize(
    ("first", "second", "moves"), [(301, 308, True), (301, 302, False), (302, 301, False), (307, 308, False)]
)
async def test_a_feed_has_moved_only_when_every_hop_is_permanent(
    server: MisbehavingServer, fetcher: Fetcher, first: int, second: int, moves: bool
) -> None:
    """One temporary hop in the chain means that the old address stays the address."""
    server.on("/a", redirect("/b", first))
    server.on("/b", redirect("/c", second))
    server.on("/c", OK)
    assert (await get(fetcher, server.url("/a"))).moved_to == (server.url("/c") if moves else None)


async def test_a_redirect_to_another_loopback_address_is_refused_at_that_hop(
    server: MisbehavingServer, fetcher: Fetcher
) -> None:
    """The first hop is allowed by name, the second is checked anew: its server hears nothing."""
    async with serve_misbehaving(host="127.0.0.2", port=server.port) as canary:
        canary.on("/rss", OK)
        server.on("/rss", redirect(canary.url("/rss")))
        assert await reason_of(fetcher, server.url("/rss")) == FetchReason.BLOCKED_ADDRESS
        assert canary.hits == []


@pytest.mark.parametrize(
    "url",
    [
        "http://good\\@127.0.0.1/",
        "http://127.0.0.1/\r\nX: 1",
        "http://user:word@127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://①②⑦.0.0.1/",
        "file:///etc/passwd",
        "/etc/passwd",
    ],
)
async def test_bad_urls_are_refused_before_anything_is_dialled(fetcher: Fetcher, url: str) -> None:
    """Credentials, control characters, disguised numbers and other schemes fail as `bad_url`."""
    assert await reason_of(fetcher, url) == FetchReason.BAD_URL


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1"])
async def test_this_machine_and_private_networks_are_refused(server: MisbehavingServer, host: str) -> None:
    """Without an allow-list nothing on this machine is reached, by whatever name."""
    async with Fetcher(fetch_settings(ports=(server.port,)), SystemClock()) as fetcher:
        assert await reason_of(fetcher, f"http://{host}:{server.port}/") == FetchReason.BLOCKED_ADDRESS
    assert server.hits == []


@pytest.mark.parametrize("port", [22, 25, 6379, 9092])
async def test_ports_of_other_services_are_refused(fetcher: Fetcher, port: int) -> None:
    """A public address with a port that feeds are not served on is not dialled."""
    assert await reason_of(fetcher, f"http://8.8.8.8:{port}/") == FetchReason.BLOCKED_PORT


async def test_proxies_of_the_environment_are_ignored(
    server: MisbehavingServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would be what the guard sees; the environment does not set one."""
    async with serve_misbehaving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url(""))
        server.on("/rss", OK)
        assert (await get(fetcher, server.url("/rss"))).body == FEED
        assert proxy.hits == []


async def test_retry_after_reaches_the_caller_clamped(server: MisbehavingServer, fetcher: Fetcher) -> None:
    """What a host asks for on 429 and 503 comes with the error, never below a minute."""
    server.on("/busy", reply(503, b"", {"Retry-After": "10"}))
    with pytest.raises(FetchError) as failure:
        await get(fetcher, server.url("/busy"))
    assert failure.value.retry_after_seconds == 60


async def test_a_name_that_nobody_knows_fails_as_dns(fetcher: Fetcher) -> None:
    """An unknown host is the road's failure, not the feed's."""
    assert await reason_of(fetcher, "http://nosuch.invalid/rss") == FetchReason.DNS


async def test_a_port_that_nobody_listens_on_fails_as_connect() -> None:
    """A refused connection is a failure to connect."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        pair = f"127.0.0.1:{probe.getsockname()[1]}"
        async with Fetcher(fetch_settings(pair), SystemClock()) as fetcher:
            assert await reason_of(fetcher, f"http://{pair}/") == FetchReason.CONNECT


async def test_a_name_server_that_hangs_costs_only_its_own_feed(server: MisbehavingServer) -> None:
    """While lookups hang until the deadline, a feed that needs none of them is fetched."""

    class Hanging(aiohttp.abc.AbstractResolver):
        async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[aiohttp.abc.ResolveResult]:
            await asyncio.sleep(3600)
            return []

        async def close(self) -> None: ...

    server.on("/rss", OK)
    async with Fetcher(fetch_settings(server.allowed), SystemClock(), resolver=Hanging()) as fetcher:
        stuck = [asyncio.create_task(reason_of(fetcher, f"http://slow{n}.example/")) for n in range(50)]
        assert (await get(fetcher, server.url("/rss"))).body == FEED
        assert not any(task.done() for task in stuck)
        assert set(await asyncio.gather(*stuck)) == {FetchReason.TIMEOUT}


async def test_few_file_descriptors_bound_the_fetches_and_they_recover(server: MisbehavingServer) -> None:
    """With two connections at once, a hundred fetches still all arrive."""
    server.on("/rss", OK)
    async with Fetcher(fetch_settings(server.allowed, max_connections=2), SystemClock()) as fetcher:
        bodies = await asyncio.gather(*(get(fetcher, server.url("/rss")) for _ in range(100)))
    assert all(fetched.body == FEED for fetched in bodies)


async def test_no_file_descriptors_left_is_a_bad_moment_that_passes(
    server: MisbehavingServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the machine refuses another socket the fetch fails as `connect`; the next one works."""

    def refuse(*_: object) -> socket.socket:
        raise OSError(errno.EMFILE, "Too many open files")

    server.on("/rss", OK)
    assert fetcher._connector is not None
    with monkeypatch.context() as patched:
        patched.setattr(fetcher._connector, "_socket_factory", refuse)
        assert await reason_of(fetcher, server.url("/rss")) == FetchReason.CONNECT
    assert (await get(fetcher, server.url("/rss"))).body == FEED


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate that nobody signed but itself."""
    folder = tmp_path_factory.mktemp("tls")
    try:
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
                *("-keyout", "key.pem", "-out", "cert.pem", "-days", "1", "-subj", "/CN=127.0.0.1"),
            ],
            cwd=folder,
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        if os.environ.get("WIREWATCH_REQUIRE_OPENSSL") == "1":
            pytest.fail("WIREWATCH_REQUIRE_OPENSSL=1, but there is no openssl on the PATH")
        pytest.skip("no openssl on the PATH to make a certificate with")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


async def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: ssl.SSLContext) -> None:
    """TLS is checked, and there is no switch to turn that off."""
    async with (
        serve_misbehaving(tls=certificate) as server,
        Fetcher(fetch_settings(server.allowed), SystemClock()) as fetcher,
    ):
        server.on("/rss", OK)
        assert await reason_of(fetcher, server.url("/rss")) == FetchReason.TLS
        assert server.hits == []


async def test_a_tls_handshake_that_never_ends_meets_the_deadline(server: MisbehavingServer, fetcher: Fetcher) -> None:
    """A server that takes the connection and speaks no TLS is given up."""
    assert await reason_of(fetcher, server.url("/").replace("http:", "https:")) in (
        FetchReason.TIMEOUT,
        FetchReason.TLS,
        FetchReason.CONNECT,
    )


async def test_a_redirect_from_https_to_http_is_refused_unless_the_feed_allows_it(
    certificate: ssl.SSLContext, server: MisbehavingServer
) -> None:
    """A downgrade gives the feed to anybody on the road; only an operator may accept that."""
    server.on("/rss", OK)
    async with serve_misbehaving(tls=certificate) as secure:
        secure.on("/rss", redirect(server.url("/rss")))
        async with Fetcher(fetch_settings(server.allowed, secure.allowed), SystemClock()) as fetcher:
            trusting = ssl.create_default_context()
            trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
            assert fetcher._connector is not None
            fetcher._connector._ssl = trusting
            assert await reason_of(fetcher, secure.url("/rss")) == FetchReason.DOWNGRADE
            fetched = await fetcher.fetch(secure.url("/rss"), feed_id="harbour-courier", allow_downgrade=True)
            assert fetched.body == FEED


def test_the_path_of_this_file_is_not_special(tmp_path: Path) -> None:
    """A local path as URL is no file to us."""
    (tmp_path / "feed.xml").write_bytes(FEED)

    async def run() -> str:
        async with Fetcher(fetch_settings(), SystemClock()) as fetcher:
            return await reason_of(fetcher, str(tmp_path / "feed.xml"))

    assert asyncio.run(run()) == FetchReason.BAD_URL
