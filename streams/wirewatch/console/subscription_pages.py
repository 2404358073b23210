"""Subscriptions for programs: read, add, replace, remove. Off unless `console.api` allows it; then behind the entrance.

What is asked is read and written by `subscribing`, as `wirewatch subscribe` does it. An answer never holds a secret,
but for one that was made for it, shown this once.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from wirewatch.console.reading import Console
from wirewatch.subscribers import Subscription
from wirewatch.subscribing.keeping import Keeper, Kept, Outcome
from wirewatch.subscribing.showing import as_block

_STATUS = {
    Outcome.REFUSED: 400,
    Outcome.UNKNOWN: 404,
    Outcome.EXISTS: 409,
    Outcome.CONFLICT: 409,
    Outcome.UNWRITABLE: 503,
}
_WORDS = {
    Outcome.EXISTS: "There is a subscription with that id; PUT replaces it.",
    Outcome.UNKNOWN: "There is no such subscription.",
}
_ELSEWHERE = "`wirewatch stream` and `wirewatch poll` take it up on SIGHUP."


def routes(console: Console, keeper: Keeper | None) -> APIRouter:
    """Give the routes; without a keeper each of them answers 404."""
    router = APIRouter()

    @router.get("/subscriptions.json")
    async def listed() -> Response:
        _need(console, keeper)
        return _answer([_shown(console, one) for one in _subscriptions(console)])

    @router.get("/subscriptions/{identity}.json")
    async def single(identity: str) -> Response:
        _need(console, keeper)
        for one in _subscriptions(console):
            if one.id == identity:
                return _answer(_shown(console, one))
        raise HTTPException(404, _WORDS[Outcome.UNKNOWN])

    @router.post("/subscriptions")
    async def add(request: Request) -> Response:
        open_keeper = _need(console, keeper)
        asked = await _read_body(request)
        if isinstance(asked, Response):
            return asked
        return _told(console, open_keeper, await open_keeper.add(asked), 201)

    @router.put("/subscriptions/{identity}")
    async def replace(request: Request, identity: str) -> Response:
        open_keeper = _need(console, keeper)
        asked = await _read_body(request)
        if isinstance(asked, Response):
            return asked
        return _told(console, open_keeper, await open_keeper.replace(identity, asked), 200)

    @router.delete("/subscriptions/{identity}")
    async def remove(identity: str) -> Response:
        open_keeper = _need(console, keeper)
        return _told(console, open_keeper, await open_keeper.remove(identity), 204)

    @router.api_route("/subscriptions", methods=["PUT", "PATCH", "DELETE"])
    async def no_such_method() -> Response:
        _need(console, keeper)
        raise HTTPException(405, "Method Not Allowed", headers={"Allow": "GET, HEAD, POST"})

    @router.api_route("/subscriptions/{identity}", methods=["GET", "POST", "PATCH"])
    async def no_such_method_of_one() -> Response:
        _need(console, keeper)
        raise HTTPException(405, "Method Not Allowed", headers={"Allow": "PUT, DELETE"})

    return router


def _need(console: Console, keeper: Keeper | None) -> Keeper:
    if keeper is None or not console.settings.console.api:
        raise HTTPException(404, "There is no such page; console.api in settings.toml is false.")
    return keeper


async def _read_body(request: Request) -> dict[str, Any] | Response:
    """Read a JSON object, or give the answer that refuses what is none."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return _answer({"problems": ["content-type: expected application/json"]}, 415)
    try:
        body = json.loads(await request.body(), object_pairs_hook=_once_each, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        return _answer({"problems": [f"body: expected JSON, got something else: {error}"]}, 400)
    if not isinstance(body, dict):
        return _answer({"problems": [f"body: expected a JSON object, got {type(body).__name__}"]}, 400)
    return body


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for number, (key, _) in enumerate(pairs) if key in dict(pairs[:number]))
        raise ValueError(f"{twice[:40]!r} twice in one object")
    return found


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def _told(console: Console, keeper: Keeper, kept: Kept, status: int) -> Response:
    """Answer what became of a wish."""
    if kept.outcome is not Outcome.WRITTEN:
        problems = kept.problems or (_WORDS[kept.outcome],)
        return _answer({"problems": problems}, _STATUS[kept.outcome])
    in_force = keeper.tells and not kept.problems
    if status == 204 and in_force:
        return Response(status_code=204)
    said: dict[str, Any] = {"in_force": in_force, "problems": kept.problems}
    if not keeper.tells:
        said["note"] = _ELSEWHERE
    if kept.subscription is None:
        # Removed from the file, and told to go on by a process that did not take it up: 204 would hide that.
        return _answer(said, 200)
    said = {"subscription": _shown(console, kept.subscription), "secrets": kept.made, **said}
    headers = {"location": f"/subscriptions/{kept.subscription.id}.json"} if status == 201 else {}
    return _answer(said, status, headers)


def _subscriptions(console: Console) -> tuple[Subscription, ...]:
    return tuple(console.world_box.current.subscriptions)


def _shown(console: Console, subscription: Subscription) -> dict[str, Any]:
    return as_block(subscription, console.settings.config_dir)


def _answer(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(
        msgspec.json.encode(value),
        status,
        media_type="application/json",
        headers={"cache-control": "no-store", **(headers or {})},
    )
