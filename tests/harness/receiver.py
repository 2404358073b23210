"""A webhook receiver on loopback that does as it is told and counts every POST by its `webhook-id`."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

Behaviour = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Post:
    """One POST as it arrived."""

    path: str
    id: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Receiver:
    """Where it listens, what came, and how it answers."""

    address: str = ""
    posts: list[Post] = field(default_factory=list)
    #: Answers by path; a path that is not named is answered with 204.
    answers: dict[str, Behaviour] = field(default_factory=dict)
    #: Called with every POST before it is answered.
    on_post: Callable[[Post], None] | None = None

    def url(self, path: str = "/hook") -> str:
        """Give the URL of a path."""
        return f"http://{self.address}{path}"

    def counted(self, path: str | None = None) -> Counter[str]:
        """Count POSTs by `webhook-id`."""
        return Counter(post.id for post in self.posts if path is None or post.path == path)

    def order(self, path: str = "/hook") -> list[str]:
        """Give the ids in the order of their arrival."""
        return [post.id for post in self.posts if post.path == path]


def answer(status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> Behaviour:
    """Answer with a status."""

    async def behave(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers=headers, body=body)

    return behave


async def hang(request: web.Request) -> web.StreamResponse:
    """Take the POST and never answer."""
    await asyncio.Event().wait()
    raise AssertionError


async def reset(request: web.Request) -> web.StreamResponse:
    """Take the POST, then cut the connection without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response(status=200)


async def pour(request: web.Request) -> web.StreamResponse:
    """Answer 200 and pour out a body without end."""
    response = web.StreamResponse(status=200)
    await response.prepare(request)
    while True:
        await response.write(b"x" * 65_536)


@asynccontextmanager
async def serve_receiver() -> AsyncIterator[Receiver]:
    """Listen on a free loopback port until the block ends."""
    receiver = Receiver()

    async def take(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        post = Post(request.path, request.headers.get("webhook-id", ""), dict(request.headers), body)
        receiver.posts.append(post)
        if receiver.on_post is not None:
            receiver.on_post(post)
        return await receiver.answers.get(request.path, answer(204))(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        receiver.address = f"127.0.0.1:{runner.addresses[0][1]}"
        yield receiver
    finally:
        await runner.cleanup()
