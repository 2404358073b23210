"""The pages that machines read: JSON, feeds, CSV, metrics, health."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from hashlib import sha256

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from wirewatch import wire
from wirewatch.console.exporting import render_csv
from wirewatch.console.feeds import ATOM, JSON_FEED, render_atom, render_json_feed
from wirewatch.console.reading import MAX_LIMIT, Console, choose, read_limit
from wirewatch.delivering.roads import read_secret
from wirewatch.errors import DeliveryError
from wirewatch.metrics import CONTENT_TYPE
from wirewatch.records import Alert, AlertKind, AlertState
from wirewatch.store.alerts import find_alert, list_alerts
from wirewatch.store.told_alerts import list_told_alerts
from wirewatch.subscribers import RoadKind

#: Feeds hold what a reader that comes once a day must not miss.
FEED_ENTRIES = 100


def routes(console: Console) -> APIRouter:
    """Give the routes."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> Response:
        return Response("ok\n", media_type="text/plain")

    @router.get("/readyz")
    async def readyz() -> Response:
        readiness = await console.readiness()
        return Response(msgspec.json.encode(readiness), 200 if readiness.ready else 503, media_type="application/json")

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(console.metrics.exposition(), headers={"content-type": CONTENT_TYPE})

    @router.get("/alerts.json")
    async def alerts_json(request: Request) -> Response:
        alerts = await _chosen_alerts(console, request)
        return _json([wire.as_json(alert) for alert in alerts])

    @router.get("/alerts.csv")
    async def alerts_csv(request: Request) -> Response:
        alerts = await _chosen_alerts(console, request)
        attachment = {"content-disposition": 'attachment; filename="alerts.csv"'}
        return Response(render_csv(alerts), media_type="text/csv; charset=utf-8", headers=attachment)

    @router.get("/alerts/{alert_id}.json")
    async def alert_json(alert_id: str) -> Response:
        alert = await console.database.run(find_alert, alert_id)
        if alert is None:
            raise HTTPException(404, "There is no such alert.")
        return _json(wire.as_json(alert))

    @router.get("/alerts.{form}")
    async def alert_feed(request: Request, form: str) -> Response:
        # A feed notifies whoever reads it: what feeds already held at their first poll is left to the page and to JSON.
        latest = await console.database.run(list_alerts, limit=MAX_LIMIT)
        alerts = [alert for alert in latest if alert.told or not alert.history][:FEED_ENTRIES]
        return _feed(console, request, form, alerts, "Wirewatch alerts")

    @router.get("/subscriptions/{subscription_id}/{token}/alerts.{form}")
    async def subscription_feed(request: Request, subscription_id: str, token: str, form: str) -> Response:
        if not _knows_token(console, subscription_id, token):
            raise HTTPException(404, "There is no such feed.")
        alerts = await console.database.run(list_told_alerts, subscription_id, limit=FEED_ENTRIES)
        return _feed(console, request, form, alerts, f"Wirewatch: {subscription_id}")

    return router


async def _chosen_alerts(console: Console, request: Request) -> tuple[Alert, ...]:
    arguments = request.query_params
    kind = choose(AlertKind, arguments.get("kind"), "kind")
    state = choose(AlertState, arguments.get("state"), "state")
    return await console.database.run(
        list_alerts,
        limit=read_limit(arguments, MAX_LIMIT),
        kinds=(kind,) if kind else (),
        states=(state,) if state else (),
        organisation_id=arguments.get("organisation"),
    )


def _knows_token(console: Console, subscription_id: str, token: str) -> bool:
    for subscription in console.world_box.current.subscriptions:
        for road in subscription.roads:
            if subscription.id == subscription_id and road.kind is RoadKind.FEED:
                try:
                    secret = read_secret(road)
                except DeliveryError:
                    continue
                if hmac.compare_digest(secret.encode(), token.encode()):
                    return True
    return False


def _feed(console: Console, request: Request, form: str, alerts: Sequence[Alert], title: str) -> Response:
    home = console.settings.console.public_url
    self_url = f"{home}{request.url.path}"
    if form == "atom":
        body, content_type = render_atom(alerts, title=title, self_url=self_url, home_url=home), ATOM
    elif form in ("feed.json", "json"):
        body, content_type = render_json_feed(alerts, title=title, self_url=self_url, home_url=home), JSON_FEED
    else:
        raise HTTPException(404, "expected alerts.atom or alerts.json")
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"content-type": content_type, "etag": etag, "cache-control": "private, max-age=60"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers)


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
