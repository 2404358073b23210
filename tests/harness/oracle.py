"""Says what of `tests.harness.listings` was lost, and what was done twice, from the store alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, text

from tests.harness.listings import article_of, subject_of, title_of
from wirewatch.records import Alert, Delivery, NoticeType
from wirewatch.store.alerts import list_alerts
from wirewatch.store.articles import articles
from wirewatch.store.database import Database
from wirewatch.store.outbox import list_deliveries

#: Every time that an article is written, again or not, leaves a line; the product does not know of it.
TRACES = (
    "CREATE TABLE handled (title TEXT NOT NULL)",
    "CREATE TRIGGER handled_first AFTER INSERT ON articles BEGIN INSERT INTO handled VALUES (new.title); END",
    "CREATE TRIGGER handled_again AFTER UPDATE ON articles BEGIN INSERT INTO handled VALUES (new.title); END",
)


@dataclass(frozen=True)
class Outcome:
    """What the oracle found."""

    lost: int
    #: Articles that were written again.
    repeats: int
    alerts: int
    notices: int
    #: One sentence for each thing that is not as it must be.
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        """Tell it in a line."""
        found = f"lost {self.lost}, handled again {self.repeats}, {self.alerts} alerts, {self.notices} notices"
        return f"{found}, {len(self.wrong)} wrong"


def trace(database: Database) -> None:
    """Make the store of a test leave traces of what is done twice."""
    with database.transaction() as connection:
        for statement in TRACES:
            connection.execute(text(statement))


def judge(database: Database, count: int) -> Outcome:
    """Compare a store with what must be in it after so many articles."""
    with database.transaction() as connection:
        titles = list(connection.execute(select(articles.c.title)).scalars())
        written = int(connection.execute(text("SELECT count(*) FROM handled")).scalar_one())
        alerts = list_alerts(connection)
        deliveries = list_deliveries(connection, limit=1_000_000)
    missing = {title_of(number) for number in range(count)} - set(titles)
    wrong = [f"{title} is lost" for title in sorted(missing)]
    wrong += [f"{title} is stored {times} times" for title, times in Counter(titles).items() if times > 1]
    wrong += _wrong_alerts(alerts, count) + _wrong_notices(alerts, deliveries)
    return Outcome(len(missing), written - len(titles), len(alerts), len(deliveries), tuple(wrong))


def _wrong_alerts(alerts: Sequence[Alert], count: int) -> list[str]:
    expected: dict[str, set[str]] = {}
    for number in range(count):
        subject = subject_of(number)
        if subject is not None:
            expected.setdefault(f"gulls-{subject}", set()).add(article_of(number).id)
    found: dict[str, list[Alert]] = {organisation: [] for organisation in expected}
    for alert in alerts:
        found.setdefault(alert.organisation.id, []).append(alert)
    wrong = [f"{name} has {len(held)} alerts" for name, held in found.items() if len(held) != 1]
    for name, held in found.items():
        for alert in held:
            sources = [source.article_id for source in alert.sources]
            if len(sources) != len(set(sources)) or set(sources) != expected.get(name):
                wrong.append(f"{name} has {len(sources)} sources of {len(expected.get(name, ()))}")
    return wrong


def _wrong_notices(alerts: Sequence[Alert], deliveries: Sequence[Delivery]) -> list[str]:
    opened = Counter(one.alert_id for one in deliveries if one.type is NoticeType.OPENED)
    wrong = [f"{alert.event_key} was opened {opened[alert.id]} times" for alert in alerts if opened[alert.id] != 1]
    told = Counter((one.alert_id, one.alert_revision, one.subscription_id, one.road) for one in deliveries)
    wrong += [f"{what} was told {times} times" for what, times in told.items() if times > 1]
    strangers = {one.alert_id for one in deliveries} - {alert.id for alert in alerts}
    return wrong + [f"{alert_id} was told and is no alert" for alert_id in sorted(strangers)]
