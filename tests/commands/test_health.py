"""`wirewatch health`: what a container or a unit asks, and its exit code."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.running.calling import call


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """Answer every request so; gives the address of /readyz."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/readyz"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (404, 1)])
def test_the_exit_code_says_whether_it_is_ready(status: int, code: int) -> None:
    """0 only for a 200; what the process said is shown either way."""
    with answering(status, b'{"ready": false, "problems": ["no feed was polled yet"]}') as url:
        answer = call("health", "--url", url)
    assert answer.code == code
    assert "no feed was polled yet" in answer.out


def test_nobody_there_is_said() -> None:
    """Exit 1 and the address."""
    with answering(200, b"") as url:
        pass
    answer = call("health", "--url", url, "--timeout-seconds", "2")
    assert answer.code == 1
    assert answer.err.startswith(f"Nobody answers at {url}: ")


@pytest.mark.parametrize("url", ["https://127.0.0.1/readyz", "readyz", "http://127.0.0.1:port/readyz"])
def test_an_address_of_another_kind_is_refused(url: str) -> None:
    """Exit 2 with an example."""
    answer = call("health", "--url", url)
    assert answer.code == 2
    assert "http://address:port/readyz" in answer.err
