"""A verdict given on the page."""

from __future__ import annotations

import pytest

from tests.console.building import HOME, ConsoleBench, an_alert
from tests.console.hostile import text_of
from wirewatch.store.verdicts import Verdict, verdicts_of

FORM = {"content-type": "application/x-www-form-urlencoded", "origin": HOME}


async def test_verdict_is_written_and_shown(bench: ConsoleBench) -> None:
    """A button of the page writes a verdict, and the page shows it; a second one replaces the first."""
    alert = an_alert()
    bench.keep([alert])
    path = f"/alerts/{alert.id}/verdict"
    first = await bench.browser.post(path, content="verdict=true", headers=FORM)
    second = await bench.browser.post(path, json={"verdict": "false", "note": "<b>no</b>"}, headers={"origin": HOME})
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == f"/alerts/{alert.id}"
    [(reader, verdict, note, _)] = await bench.database.run(verdicts_of, alert.id)
    assert (reader, verdict, note) == ("console", Verdict.FALSE, "<b>no</b>")
    assert "<b>no</b>" in text_of((await bench.browser.get(f"/alerts/{alert.id}")).content)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"verdict=maybe", "application/x-www-form-urlencoded"),
        (b"a=1&b=2&c=3&d=4&e=5&verdict=true", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"[" * 60_000, "application/json"),
        (b'{"verdict":' * 5000, "application/json"),
        (b'{"verdict": "true", "reader": "somebody else"}', "application/json"),
        (b"verdict=true", "application/json"),
    ],
)
async def test_what_is_no_verdict_is_refused(bench: ConsoleBench, content: bytes, content_type: str) -> None:
    """Row 83: nonsense and deep nesting are 400, and nothing is written."""
    alert = an_alert()
    bench.keep([alert])
    headers = {"content-type": content_type, "origin": HOME}
    answer = await bench.browser.post(f"/alerts/{alert.id}/verdict", content=content, headers=headers)
    assert answer.status_code == 400
    assert await bench.database.run(verdicts_of, alert.id) == ()


async def test_verdict_from_elsewhere_is_refused(bench: ConsoleBench) -> None:
    """Another site's page cannot judge in a reader's name; an alert that is not there is 404."""
    alert = an_alert()
    bench.keep([alert])
    elsewhere = {**FORM, "origin": "http://evil.example"}
    refused = await bench.browser.post(f"/alerts/{alert.id}/verdict", content="verdict=true", headers=elsewhere)
    missing = await bench.browser.post("/alerts/alr-none/verdict", content="verdict=true", headers=FORM)
    assert (refused.status_code, missing.status_code) == (403, 404)
    assert await bench.database.run(verdicts_of, alert.id) == ()
