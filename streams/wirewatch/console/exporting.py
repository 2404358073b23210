"""Alerts as CSV (RFC 4180) that a spreadsheet opens without running anything. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from wirewatch.records import Alert

COLUMNS = (
    "id", "updated_at", "first_seen_at", "kind", "state", "event_type", "organisation_id", "organisation", "authority",
    "programme", "independent_sources", "headline", "quote", "url", "sample", "history", "told",
)  # fmt: skip

#: What makes a spreadsheet take a cell for a formula. Source: OWASP, "CSV Injection".
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def render_csv(alerts: Iterable[Alert]) -> bytes:
    """Write alerts as CSV, UTF-8 with a byte order mark (spreadsheets guess wrongly without one)."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for alert in alerts:
        evidence = alert.evidence[0] if alert.evidence else None
        row = (
            alert.id, alert.updated_at.isoformat(), alert.first_seen_at.isoformat(), alert.kind, alert.state,
            alert.event_type, alert.organisation.id, alert.organisation.name,
            alert.authority.name if alert.authority else "", alert.programme or "", alert.independent_sources,
            alert.headline, evidence.quote if evidence else "", evidence.url if evidence else "", alert.sample,
            alert.history, alert.told,
        )  # fmt: skip
        writer.writerow([disarm(str(value)) for value in row])
    return b"\xef\xbb\xbf" + written.getvalue().encode("utf-8", "replace")


def disarm(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
