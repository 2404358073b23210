"""The pages that people read about the machinery: feeds, subscriptions, deliveries, dead letters."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from wirewatch.console.reading import Console, choose, read_limit
from wirewatch.delivering.roads import road_name
from wirewatch.engine.replaying import ListedLetter, list_dead_letters
from wirewatch.errors import EngineError
from wirewatch.records import DeliveryState
from wirewatch.store.feed_health import feed_health
from wirewatch.store.lanes import list_disabled_lanes
from wirewatch.store.outbox import count_deliveries, lane_name, list_deliveries

#: A page of dead letters is a summary; `wirewatch dead-letters` lists and replays them all.
_SHOWN_LETTERS = 100


@dataclass(frozen=True, slots=True)
class RoadLine:
    """One road as it is shown: never its address, which may hold a secret."""

    name: str
    closed: bool


def routes(console: Console) -> APIRouter:
    """Give the routes."""
    router = APIRouter()

    @router.get("/feeds")
    async def feeds() -> Response:
        now = console.clock.now()
        health = await console.database.run(feed_health, now)
        counted = Counter(feed.state.value for feed in health)
        return HTMLResponse(console.render("feeds.html", "/feeds", live=True, feeds=health, counted=counted, now=now))

    @router.get("/subscriptions")
    async def subscriptions() -> Response:
        closed = {name for name, _ in await console.database.run(list_disabled_lanes)}
        lines = [
            (
                subscription,
                [
                    RoadLine(name, lane_name(subscription.id, name) in closed)
                    for name in (road_name(road, position) for position, road in enumerate(subscription.roads))
                ],
            )
            for subscription in console.world_box.current.subscriptions
        ]
        page = console.render("subscriptions.html", "/subscriptions", lines=lines, refused=console.world_box.refused)
        return HTMLResponse(page)

    @router.get("/deliveries")
    async def deliveries(request: Request) -> Response:
        return HTMLResponse(await _deliveries_page(console, request))

    @router.get("/dead-letters")
    async def dead_letters() -> Response:
        problem = ""
        listed: list[ListedLetter] = []
        try:
            listed = await list_dead_letters(console.settings)
        except EngineError as error:
            problem = str(error)
        waiting = [one.letter for one in reversed(listed) if not one.replayed]
        page = console.render(
            "dead_letters.html",
            "/dead-letters",
            letters=waiting[:_SHOWN_LETTERS],
            counted=Counter((letter.stage, letter.reason) for letter in waiting).most_common(),
            total=len(waiting),
            replayed=len(listed) - len(waiting),
            problem=problem,
        )
        return HTMLResponse(page)

    return router


async def _deliveries_page(console: Console, request: Request) -> str:
    arguments = request.query_params
    state = choose(DeliveryState, arguments.get("state"), "state")
    shown = await console.database.run(
        list_deliveries,
        states=(state,) if state else (),
        subscription_id=arguments.get("subscription") or None,
        limit=read_limit(arguments, 200),
    )
    return console.render(
        "deliveries.html",
        "/deliveries",
        live=True,
        deliveries=shown,
        counted=await console.database.run(count_deliveries),
        closed=await console.database.run(list_disabled_lanes),
        states=tuple(DeliveryState),
        state=state,
    )
