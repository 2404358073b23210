"""Who is told of a new revision, why, and how: asks `watching`, `alerting` and `delivering`, writes their answers.

Everything is written through the caller's transaction: an alert never stands without the deliveries it owes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from wirewatch.alerting.composing import may_notify
from wirewatch.alerting.deciding import Decision, Told, decide_notice, notice_of
from wirewatch.delivering.planning import Plan, plan_notice
from wirewatch.dossiers import Dossier, Topic
from wirewatch.raising.workbench import Workbench
from wirewatch.records import Alert, AlertState, Delivery
from wirewatch.store import digests as digests_store
from wirewatch.store import notices as notices_store
from wirewatch.store.digests import DigestItem
from wirewatch.store.notices import NoticeRow
from wirewatch.store.outbox import insert_deliveries
from wirewatch.subscribers import Subscription
from wirewatch.watching.lists import describe_subject
from wirewatch.watching.matching import MatchReason, match

#: How near in time a confirmed alert must be to make an unconfirmed one of the same organisation superfluous.
INHIBITION_WINDOW = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided for one subscription."""

    subscription: Subscription
    decision: Decision
    plan: Plan | None


class Teller:
    """Plans notices of one batch; counts what each subscription was told one by one in the last minute."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._told_this_minute: dict[str, int] | None = None
        self._last_told: dict[tuple[str, str], NoticeRow] = {}
        self.deliveries: list[Delivery] = []
        self.rows: list[NoticeRow] = []
        self.items: list[DigestItem] = []

    def load_last_told(self, alert_ids: Sequence[str]) -> None:
        """Read what was last told of these alerts."""
        self._last_told = notices_store.load_last_told(self._bench.connection, alert_ids)

    def tell(self, dossier: Dossier, alert: Alert) -> Alert:
        """Decide for every subscription and plan what is told. Gives the alert with `subscriptions` and `told` set."""
        world = self._bench.world
        subject = describe_subject(alert, self._bench.entries_of(alert.involved), world.knowledge)
        concerned = []
        for one in world.subscriptions:
            reason = match(one, alert, subject)
            if reason is MatchReason.MATCHED:
                concerned.append(one)
            else:
                self._count(one, reason)
        alert = replace(alert, subscriptions=tuple(one.id for one in concerned))
        decisions = [(one, self._decide(one, dossier, alert)) for one in concerned]
        told = alert.told or any(notice_of(decision) for _, decision in decisions)
        alert = replace(alert, told=told)
        for subscription, decision in decisions:
            self._carry_out(subscription, decision, alert)
        return alert

    def write(self) -> None:
        """Write deliveries, waiting items and the log of decisions."""
        connection = self._bench.connection
        insert_deliveries(connection, self.deliveries)
        digests_store.put_digest_items(connection, self.items)
        notices_store.write_notices(connection, self.rows)

    def _decide(self, subscription: Subscription, dossier: Dossier, alert: Alert) -> Decision:
        last = self._last_told.get((subscription.id, alert.id))
        return decide_notice(
            subscription,
            alert,
            Told(last.revision, last.state, last.independent_sources) if last else None,
            on=self._bench.now.astimezone(ZoneInfo(subscription.zone)).date(),
            may_notify=may_notify(dossier),
            inhibited=is_inhibited(dossier, alert, self._bench.dossiers_of([dossier.organisation_key])),
        )

    def _carry_out(self, subscription: Subscription, decision: Decision, alert: Alert) -> None:
        now = self._bench.now
        notice = notice_of(decision)
        plan = None
        if notice is not None:
            minute = self._minute()
            plan = plan_notice(alert, notice, subscription, now, told_this_minute=minute.get(subscription.id, 0))
            self.deliveries.extend(plan.deliveries)
            if plan.digest_due_at is not None:
                self.items.append(
                    DigestItem(subscription.id, alert.id, plan.digest_due_at, alert.revision, notice.value)
                )
            else:
                minute[subscription.id] = minute.get(subscription.id, 0) + 1
        self.rows.append(_row(subscription, decision, alert, plan, now))
        self._count(subscription, decision)
        if plan is not None and self._bench.metrics is not None:
            self._bench.metrics.notices.labels(subscription.id, plan.manner).inc()

    def _count(self, subscription: Subscription, reason: Decision | MatchReason) -> None:
        if self._bench.metrics is not None:
            self._bench.metrics.notice_decisions.labels(subscription.id, reason).inc()

    def _minute(self) -> dict[str, int]:
        if self._told_this_minute is None:
            since = self._bench.now - timedelta(seconds=60)
            self._told_this_minute = notices_store.count_told_since(self._bench.connection, since)
        return self._told_this_minute


def is_inhibited(dossier: Dossier, alert: Alert, others: Sequence[Dossier]) -> bool:
    """Tell whether a confirmed listing of the same organisation and authority says more than an unconfirmed alert."""
    if alert.state is not AlertState.UNCONFIRMED or dossier.topic is Topic.EVENT:
        return False
    rivals = (Topic.DELISTING,) if dossier.topic is Topic.DELISTING else (Topic.LISTING,)
    return any(
        other.event_key != dossier.event_key
        and other.topic in rivals
        and other.alert is not None
        and other.alert.state is AlertState.CONFIRMED
        and other.organisation_key == dossier.organisation_key
        and other.authority_key == dossier.authority_key
        and abs(other.first_at - dossier.first_at) <= INHIBITION_WINDOW
        for other in others
    )


def _row(subscription: Subscription, decision: Decision, alert: Alert, plan: Plan | None, now: datetime) -> NoticeRow:
    return NoticeRow(
        subscription_id=subscription.id,
        alert_id=alert.id,
        revision=alert.revision,
        state=alert.state,
        independent_sources=alert.independent_sources,
        reason=decision.value,
        told=plan is not None,
        manner=plan.manner if plan else "",
        decided_at=now,
    )
