"""What people said of alerts: right, wrong, a duplicate, unsure. The newest word of each reader counts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Connection, String, Table, func, select

from wirewatch.store.alerts import alerts
from wirewatch.store.notices import notices
from wirewatch.store.tables import UtcTime, metadata
from wirewatch.store.upserting import upsert


class Verdict(StrEnum):
    """What a reader says of an alert."""

    TRUE = "true"
    FALSE = "false"
    #: The event was told already, under another alert.
    DUPLICATE = "duplicate"
    UNSURE = "unsure"


verdicts = Table(
    "verdicts",
    metadata,
    Column("alert_id", String, primary_key=True),
    Column("reader", String, primary_key=True),
    Column("verdict", String, nullable=False),
    Column("note", String, nullable=False),
    Column("given_at", UtcTime, nullable=False),
)

#: Rules on which a judged alert rests; written with the verdict, so that later changes do not move past judgements.
verdict_rules = Table(
    "verdict_rules",
    metadata,
    Column("alert_id", String, primary_key=True),
    Column("rule", String, primary_key=True),
)


def give_verdict(
    connection: Connection,
    alert_id: str,
    verdict: Verdict,
    now: datetime,
    *,
    reader: str = "",
    note: str = "",
    rules: tuple[str, ...] = (),
) -> None:
    """Write a reader's verdict in the place of that reader's earlier one."""
    row = {"alert_id": alert_id, "reader": reader, "verdict": verdict.value, "note": note, "given_at": now}
    upsert(connection, verdicts, [row], key=("alert_id", "reader"), update=("verdict", "note", "given_at"))
    named = [{"alert_id": alert_id, "rule": rule} for rule in rules]
    upsert(connection, verdict_rules, named, key=("alert_id", "rule"))


def verdicts_of(connection: Connection, alert_id: str) -> tuple[tuple[str, Verdict, str, datetime], ...]:
    """Give (reader, verdict, note, when) of an alert, the oldest first."""
    rows = connection.execute(select(verdicts).where(verdicts.c.alert_id == alert_id).order_by(verdicts.c.given_at))
    return tuple((row.reader, Verdict(row.verdict), row.note, row.given_at) for row in rows)


def precision_by_rule(connection: Connection) -> dict[str, tuple[int, int]]:
    """Give for each rule (right, judged); `unsure` is not judged, a duplicate is not right."""
    joined = verdict_rules.join(verdicts, verdicts.c.alert_id == verdict_rules.c.alert_id)
    return _tally(connection, select(verdict_rules.c.rule, verdicts.c.verdict, func.count()).select_from(joined))


def precision_by_subscription(connection: Connection) -> dict[str, tuple[int, int]]:
    """Give for each subscription (right, judged) of the alerts that it was told."""
    told = select(notices.c.subscription_id, notices.c.alert_id).where(notices.c.told).distinct().subquery()
    joined = told.join(verdicts, verdicts.c.alert_id == told.c.alert_id)
    return _tally(connection, select(told.c.subscription_id, verdicts.c.verdict, func.count()).select_from(joined))


def verdict_by_event(connection: Connection) -> dict[str, Verdict]:
    """Give the newest verdict of each judged event, by event key."""
    joined = verdicts.join(alerts, alerts.c.alert_id == verdicts.c.alert_id)
    rows = connection.execute(
        select(alerts.c.event_key, verdicts.c.verdict).select_from(joined).order_by(verdicts.c.given_at)
    )
    return {row.event_key: Verdict(row.verdict) for row in rows}


def _tally(connection: Connection, query: object) -> dict[str, tuple[int, int]]:
    grouped = query.group_by(query.selected_columns[0], query.selected_columns[1])  # type: ignore[attr-defined]
    tally: dict[str, tuple[int, int]] = {}
    for name, verdict, count in connection.execute(grouped):
        if verdict == Verdict.UNSURE.value:
            continue
        right, judged = tally.get(name, (0, 0))
        tally[name] = (right + (count if verdict == Verdict.TRUE.value else 0), judged + count)
    return tally
