"""The pages that people read about the machinery: feeds, subscriptions, deliveries, dead letters."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from wirewatch import wire
from wirewatch.console.reading import Console, choose, read_limit
from wirewatch.delivering.roads import road_name
from wirewatch.engine.reading import read_topic
from wirewatch.engine.topics_admin import topic_name
from wirewatch.errors import EngineError, RecordError
from wirewatch.records import DeadLetter, DeliveryState
from wirewatch.store.feed_health import feed_health
from wirewatch.store.lanes import list_disabled_lanes
from wirewatch.store.outbox import count_deliveries, lane_name, list_deliveries
from wirewatch.topics import DEAD_LETTERS

#: A page of dead letters is a summary; `wirewatch dead-letters` lists and replays them all.
_SHOWN_LETTERS = 100
_COUNTED_LETTERS = 10_000


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
        return HTMLResponse(console.render("feeds.html", "/feeds", live=True, feeds=health, counted=counted))

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
        letters, problem = await _read_letters(console)
        page = console.render(
            "dead_letters.html",
            "/dead-letters",
            letters=letters[:_SHOWN_LETTERS],
            counted=Counter((letter.stage, letter.reason) for letter in letters).most_common(),
            total=len(letters),
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


async def _read_letters(console: Console) -> tuple[list[DeadLetter], str]:
    """Give dead letters, the latest first, and what kept us from reading more."""
    topic = topic_name(console.settings, DEAD_LETTERS)
    letters: list[DeadLetter] = []
    problem = ""
    try:
        async for record in read_topic(console.settings, topic):
            if record.value is not None:
                letters.append(wire.decode(DeadLetter, record.value, topic=topic))
            if len(letters) >= _COUNTED_LETTERS:
                problem = f"More than {_COUNTED_LETTERS} dead letters; the rest is not counted here."
                break
    except (EngineError, RecordError) as error:
        problem = str(error)
    return sorted(letters, key=lambda letter: letter.failed_at, reverse=True), problem
