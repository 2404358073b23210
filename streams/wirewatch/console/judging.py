"""A reader's verdict on an alert, given on its page or by a program: all that the console writes into the store."""

from __future__ import annotations

from urllib.parse import parse_qs

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from wirewatch.console.reading import Console
from wirewatch.store.alerts import find_alert
from wirewatch.store.dossiers import load_dossier
from wirewatch.store.verdicts import Verdict, give_verdict

#: Who says so, when it is said on the page: pages know no names.
READER = "console"
_MAX_NOTE = 2000


class _Said(msgspec.Struct, forbid_unknown_fields=True):
    verdict: Verdict
    note: str = ""


def routes(console: Console) -> APIRouter:
    """Give the route."""
    router = APIRouter()

    @router.post("/alerts/{alert_id}/verdict")
    async def judge(request: Request, alert_id: str) -> Response:
        said = _read_said(await request.body(), request.headers.get("content-type", ""))
        alert = await console.database.run(find_alert, alert_id)
        if alert is None:
            raise HTTPException(404, "There is no such alert.")
        dossier = await console.database.run(load_dossier, alert.event_key)
        rules = {rule for item in dossier.contributions for rule in item.rules} if dossier else set()
        await console.database.run(
            give_verdict,
            alert.id,
            said.verdict,
            console.clock.now(),
            reader=READER,
            note=said.note[:_MAX_NOTE],
            rules=tuple(sorted(rules)),
        )
        return RedirectResponse(f"/alerts/{alert.id}", 303)

    return router


def _read_said(body: bytes, content_type: str) -> _Said:
    """Read a verdict from a form or from JSON.

    Raises:
        HTTPException: 400, it is neither, or says something else.
    """
    try:
        if content_type.partition(";")[0].strip() == "application/json":
            return msgspec.json.decode(body, type=_Said)
        fields = parse_qs(body.decode(), strict_parsing=True, max_num_fields=4)
        return msgspec.convert({name: values[0] for name, values in fields.items()}, _Said)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, RecursionError) as error:
        expected = ", ".join(Verdict)
        raise HTTPException(400, f"expected a verdict, one of {expected}, and perhaps a note") from error
