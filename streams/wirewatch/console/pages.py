"""Makes the console: routes, each a few lines; what they show is read from the store when it is asked for.

Called by whoever starts a process; served by uvicorn. `entrance` guards the door, `rendering` makes HTML.
"""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from wirewatch.clock import Clock, SystemClock
from wirewatch.configuration import Problems
from wirewatch.console import judging, machine_pages, machinery_pages, people_pages, subscription_pages
from wirewatch.console.entrance import Entrance, allowed_hosts, read_token
from wirewatch.console.readiness import ReadinessCheck
from wirewatch.console.reading import Console, CurrentWorld
from wirewatch.console.rendering import make_templates
from wirewatch.metrics import Metrics
from wirewatch.settings import Settings
from wirewatch.store.database import Database
from wirewatch.subscribing.keeping import Keeper


def build_console(
    settings: Settings,
    database: Database,
    metrics: Metrics,
    world_box: CurrentWorld,
    readiness: ReadinessCheck,
    clock: Clock | None = None,
    *,
    keeper: Keeper | None = None,
) -> FastAPI:
    """Make the application. With a `keeper`, programs may change subscriptions.

    Raises:
        ConfigError: the token file cannot be read or holds too short a token.
    """
    problems = Problems()
    token = read_token(settings.console, problems)
    problems.raise_if_any()
    console = Console(settings, database, metrics, world_box, readiness, clock or SystemClock(), make_templates())
    app = FastAPI(title="Wirewatch", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(machine_pages.routes(console))
    app.include_router(people_pages.routes(console))
    app.include_router(machinery_pages.routes(console))
    app.include_router(judging.routes(console))
    app.include_router(subscription_pages.routes(console, keeper))

    @app.exception_handler(HTTPException)
    async def refuse(request: Request, error: HTTPException) -> Response:
        """Say what is wrong, to a person or to a machine."""
        wants_html = "text/html" in request.headers.get("accept", "")
        if not wants_html:
            return Response(f"{error.detail}\n", error.status_code, headers=error.headers, media_type="text/plain")
        page = console.render("message.html", "", title=f"{error.status_code}", words=str(error.detail))
        return HTMLResponse(page, error.status_code, headers=error.headers)

    app.add_middleware(Entrance, hosts=allowed_hosts(settings.console), token=token)
    return app
