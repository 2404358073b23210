"""The three pages of a process without a console: `/metrics`, `/healthz`, `/readyz`. Nothing here comes from a feed."""

from __future__ import annotations

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from wirewatch.console.readiness import ReadinessCheck
from wirewatch.metrics import CONTENT_TYPE, Metrics


def build_machinery(metrics: Metrics, readiness: ReadinessCheck) -> Starlette:
    """Make the application that `poll` and `stream` serve on `metrics_listen`."""

    async def expose(request: Request) -> Response:
        return Response(metrics.exposition(), headers={"content-type": CONTENT_TYPE})

    async def live(request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(request: Request) -> Response:
        found = await readiness()
        return Response(msgspec.json.encode(found), 200 if found.ready else 503, media_type="application/json")

    return Starlette(routes=[Route("/metrics", expose), Route("/healthz", live), Route("/readyz", ready)])
