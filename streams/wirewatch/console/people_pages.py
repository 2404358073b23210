"""The pages that people read about alerts: the list, one alert whole, one article as sorted."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from wirewatch.console.explaining import find_reasons, group_sources, tell_timeline
from wirewatch.console.highlighting import highlight, highlights_of
from wirewatch.console.reading import Console, choose, read_limit
from wirewatch.records import AlertKind, AlertState, Field
from wirewatch.store.alerts import alerts_of_article, count_alerts, find_alert, list_alerts
from wirewatch.store.articles import load_articles
from wirewatch.store.notices import list_notices
from wirewatch.store.outbox import list_deliveries
from wirewatch.store.verdicts import Verdict, verdicts_of

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
        return Response(static[name], headers={"content-type": _STATIC[name], "cache-control": "max-age=300"})

    @router.get("/")
    async def alerts(request: Request) -> Response:
        return HTMLResponse(await _alerts_page(console, request))

    @router.get("/alerts/{alert_id}")
    async def alert(alert_id: str) -> Response:
        return HTMLResponse(await _alert_page(console, alert_id))

    @router.get("/articles/{article_id}")
    async def article(article_id: str) -> Response:
        return HTMLResponse(await _article_page(console, article_id))

    return router


async def _alerts_page(console: Console, request: Request) -> str:
    arguments = request.query_params
    kind = choose(AlertKind, arguments.get("kind"), "kind")
    state = choose(AlertState, arguments.get("state"), "state")
    organisation = arguments.get("organisation") or None
    limit = read_limit(arguments, _PAGE_ALERTS)
    shown = await console.database.run(
        list_alerts,
        limit=limit + 1,
        kinds=(kind,) if kind else (),
        states=(state,) if state else (),
        organisation_id=organisation,
    )
    more = request.url.include_query_params(limit=min(limit * 2, 1000)).query if len(shown) > limit else ""
    return console.render(
        "alerts.html",
        "/",
        live=True,
        alerts=shown[:limit],
        total=await console.database.run(count_alerts),
        filtered=bool(kind or state or organisation),
        kinds=tuple(AlertKind),
        states=tuple(AlertState),
        kind=kind,
        state=state,
        more=more,
        refused=console.world_box.refused,
    )


async def _alert_page(console: Console, alert_id: str) -> str:
    alert = await console.database.run(find_alert, alert_id)
    if alert is None:
        raise HTTPException(404, "There is no such alert.")
    articles = await console.database.run(load_articles, [evidence.article_id for evidence in alert.evidence])
    notices = await console.database.run(list_notices, alert_id=alert.id)
    deliveries = await console.database.run(list_deliveries, alert_id=alert.id)
    return console.render(
        "alert.html",
        "",
        live=True,
        alert=alert,
        supporting=group_sources(alert, "supports"),
        contradicting=group_sources(alert, "contradicts"),
        withdrawn=group_sources(alert, "withdrawn"),
        timeline=tell_timeline(alert, notices, deliveries),
        reasons=find_reasons(alert, articles),
        notices=notices,
        deliveries=deliveries,
        judged=await console.database.run(verdicts_of, alert.id),
        verdicts=tuple(Verdict),
    )


async def _article_page(console: Console, article_id: str) -> str:
    found = await console.database.run(load_articles, [article_id])
    if article_id not in found:
        raise HTTPException(404, "There is no such article.")
    sorted_article = found[article_id]
    article = sorted_article.article
    return console.render(
        "article.html",
        "",
        article=article,
        sorted_article=sorted_article,
        title_words=highlight(article.title, highlights_of(sorted_article, Field.TITLE)),
        text_words=highlight(article.text, highlights_of(sorted_article, Field.TEXT)),
        alerts=await console.database.run(alerts_of_article, article_id),
    )
