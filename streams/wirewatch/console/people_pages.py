"""The pages that people read."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from wirewatch.console.reading import Console, choose, read_limit
from wirewatch.records import AlertKind, AlertState
from wirewatch.store.alerts import count_alerts, list_alerts

#: The only files that are served.
_STATIC = {"style.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}
_PAGE_ALERTS = 50


def routes(console: Console) -> APIRouter:
    """Give the routes."""
    router = APIRouter()
    static = {name: files("wirewatch.console").joinpath("static", name).read_bytes() for name in _STATIC}

    @router.get("/static/{name}")
    async def static_file(name: str) -> Response:
        if name not in static:
            raise HTTPException(404, "There is no such file.")
        headers = {"content-type": _STATIC[name], "cache-control": "max-age=300"}
        return Response(static[name], headers=headers)

    @router.get("/")
    async def alerts(request: Request) -> Response:
        arguments = request.query_params
        kind = choose(AlertKind, arguments.get("kind"), "kind")
        state = choose(AlertState, arguments.get("state"), "state")
        limit = read_limit(arguments, _PAGE_ALERTS)
        shown = await console.database.run(
            list_alerts,
            limit=limit + 1,
            kinds=(kind,) if kind else (),
            states=(state,) if state else (),
            organisation_id=arguments.get("organisation") or None,
        )
        total = await console.database.run(count_alerts)
        page = console.render(
            "alerts.html",
            "/",
            live=True,
            alerts=shown[:limit],
            total=total,
            filtered=bool(kind or state or arguments.get("organisation")),
            kinds=tuple(AlertKind),
            states=tuple(AlertState),
            kind=kind,
            state=state,
            more=str(request.url.include_query_params(limit=min(limit * 2, 1000)).query) if len(shown) > limit else "",
        )
        return HTMLResponse(page)

    return router
