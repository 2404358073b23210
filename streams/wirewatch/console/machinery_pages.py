"""The pages that people read about the machinery: feeds, subscriptions, deliveries, dead letters."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from wirewatch import wire
from wirewatch.console.reading import Console, choose, read_limit
from wirewatch.delivering.roads import road_name
from wirewatch.engine.replaying import ListedLetter, list_dead_letters
from wirewatch.errors import EngineError
from wirewatch.records import Delivery, DeliveryState
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

    @router.get("/feeds.json")
    async def feeds_json() -> Response:
        health = await console.database.run(feed_health, console.clock.now())
        return Response(msgspec.json.encode(health), media_type="application/json")

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

    @router.get("/deliveries.json")
    async def deliveries_json(request: Request) -> Response:
        shown = [wire.as_json(delivery) for delivery in await _chosen_deliveries(console, request)]
        for delivery in shown:
            del delivery["body"]  # `wirewatch deliveries show` has it; here it would only repeat the alert
        return Response(msgspec.json.encode(shown), media_type="application/json")

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


async def _chosen_deliveries(console: Console, request: Request) -> tuple[Delivery, ...]:
    arguments = request.query_params
    state = choose(DeliveryState, arguments.get("state"), "state")
    return await console.database.run(
        list_deliveries,
        states=(state,) if state else (),
        subscription_id=arguments.get("subscription") or None,
        limit=read_limit(arguments, 200),
    )


async def _deliveries_page(console: Console, request: Request) -> str:
    return console.render(
        "deliveries.html",
        "/deliveries",
        live=True,
        deliveries=await _chosen_deliveries(console, request),
        counted=await console.database.run(count_deliveries),
        closed=await console.database.run(list_disabled_lanes),
        states=tuple(DeliveryState),
        state=request.query_params.get("state", ""),
    )
