"""Runs stored articles through another configuration, in a scratch store that nobody is told from.

Time is the articles': each day is decided as if it were that day. Past verdicts say how right it would have been.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from wirewatch.raising.batches import raise_alerts
from wirewatch.raising.contributing import time_of
from wirewatch.raising.world import World
from wirewatch.records import Alert, Article, SortedArticle
from wirewatch.store import alerts as alerts_store
from wirewatch.store import notices as notices_store
from wirewatch.store.database import Database, open_database
from wirewatch.store.verdicts import Verdict

#: Articles of one transaction: as the stream takes them.
BATCH = 100


@dataclass(frozen=True, slots=True)
class WouldTell:
    """One notice that would have been sent."""

    subscription_id: str
    at: datetime
    reason: str
    revision: int
    alert: Alert
    #: What people said of the same event when it was told in truth, if they did.
    verdict: Verdict | None
    #: True when the same subscription was told of the same event in truth.
    was_told: bool


@dataclass(frozen=True, slots=True)
class Backtest:
    """What another configuration would have told."""

    articles: int
    alerts: int
    notices: tuple[WouldTell, ...]
    #: Events that were told in truth and would not have been: (subscription, event key).
    lost: tuple[tuple[str, str], ...]

    @property
    def precision(self) -> tuple[int, int]:
        """Give (right, judged) over the events told; what nobody judged is not counted."""
        judged = {
            (item.subscription_id, item.alert.event_key): item.verdict
            for item in self.notices
            if item.verdict not in (None, Verdict.UNSURE)
        }
        return sum(verdict is Verdict.TRUE for verdict in judged.values()), len(judged)


@dataclass(frozen=True, slots=True)
class Past:
    """What the real store knows: who was told of which event, and what people said of it."""

    told: frozenset[tuple[str, str]]
    verdicts: dict[str, Verdict]


def backtest(
    articles: Iterable[Article],
    sort: Callable[[Article], SortedArticle],
    world: World,
    past: Past,
    *,
    with_history: bool = False,
    progress: Callable[[int], object] = lambda count: None,
) -> Backtest:
    """Run articles through a configuration.

    Args:
        articles: In the order of their time.
        sort: The sorter of the configuration.
        world: The configuration.
        past: What happened in truth.
        with_history: Treat articles of first polls as news; otherwise they tell nobody, as in truth.
        progress: Called with the number of articles of each finished batch.
    """
    scratch = open_database("sqlite:///:memory:", Path("unused"))
    try:
        count = 0
        batch: list[SortedArticle] = []
        for article in articles:
            batch.append(sort(replace(article, history=False) if with_history else article))
            count += 1
            if len(batch) == BATCH:
                _raise(scratch, batch, world)
                progress(len(batch))
                batch = []
        if batch:
            _raise(scratch, batch, world)
            progress(len(batch))
        return _read(scratch, count, past, world)
    finally:
        scratch.close()


def _raise(scratch: Database, batch: list[SortedArticle], world: World) -> None:
    """Raise a batch, cut where a minute passes, so that each article is decided at its own time."""
    start = 0
    for position in range(1, len(batch) + 1):
        begun = _time(batch[start])
        if position == len(batch) or _time(batch[position]) - begun >= timedelta(minutes=1):
            with scratch.transaction() as connection:
                raise_alerts(connection, batch[start:position], world, _time(batch[position - 1]))
            start = position


def _time(item: SortedArticle) -> datetime:
    article = item.article
    moment = article.published_at or article.fetched_at
    assert moment is not None, "articles without any time are left out by the reader"
    return time_of(article, moment)


def _read(scratch: Database, count: int, past: Past, world: World) -> Backtest:
    with scratch.transaction() as connection:
        alerts = {alert.id: alert for alert in alerts_store.list_alerts(connection)}
        rows = [row for row in notices_store.list_notices(connection, limit=1_000_000) if row.told]
    notices = tuple(
        WouldTell(
            row.subscription_id,
            row.decided_at,
            row.reason,
            row.revision,
            alerts[row.alert_id],
            past.verdicts.get(alerts[row.alert_id].event_key),
            (row.subscription_id, alerts[row.alert_id].event_key) in past.told,
        )
        for row in rows
    )
    would = {(item.subscription_id, item.alert.event_key) for item in notices}
    listening = {subscription.id for subscription in world.subscriptions}
    lost = tuple(sorted(pair for pair in past.told - would if pair[0] in listening))
    return Backtest(count, len(alerts), notices, lost)
