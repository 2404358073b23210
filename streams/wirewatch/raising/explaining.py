"""Why did an article make an alert, or none? Why was a subscription told, or not? Step by step.

Asks the same functions on the store as it is now and writes nothing. What was decided at the time is read from the log
of decisions; what would be decided now is worked out anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from wirewatch.alerting.grouping import place_report
from wirewatch.alerting.stories import FAMILIES
from wirewatch.raising.contributing import day_of, time_of
from wirewatch.raising.happening import is_the_news
from wirewatch.raising.placing import RuledClaim, keys_of, make_report, rule_claims
from wirewatch.raising.workbench import Workbench
from wirewatch.raising.world import World
from wirewatch.records import Alert, SortedArticle, Status
from wirewatch.store import alerts as alerts_store
from wirewatch.store import notices as notices_store
from wirewatch.store import verdicts as verdicts_store
from wirewatch.store.outbox import list_deliveries
from wirewatch.watching.claims import find_claims
from wirewatch.watching.lists import describe_subject
from wirewatch.watching.matching import match
from wirewatch.watching.register import NEWS, Novelty, Ruling

_MEANINGS = {
    Novelty.CLAIMED: "the register does not hold it: news, if it is true",
    Novelty.REPORTED: "the register holds it since about the article's day: this reports it",
    Novelty.ALIAS_ADDED: "a name is added to an entry that has stood for long",
    Novelty.ALREADY_LISTED: "the register has held it for longer: background",
    Novelty.ALREADY_DELISTED: "the register has known the end for longer: background",
    Novelty.PROPOSED: "asked for or planned",
    Novelty.DENIED: "refused, blocked or denied",
    Novelty.BACKGROUND: "the text itself speaks of the past",
    Novelty.REVIEW: "the sorter is of two minds: for a person, not for an alert",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation."""

    #: `article`, `sorting`, `register`, `grouping`, `alert`, `subscription`, `delivery`, `verdict`.
    stage: str
    #: What was looked at.
    subject: str
    #: The answer, a word.
    answer: str
    #: Why, for a person.
    because: str = ""


def explain_article(
    connection: Connection, item: SortedArticle, world: World, now: datetime, subscription_id: str | None = None
) -> tuple[Step, ...]:
    """Explain what became of a stored article."""
    fed = alerts_store.alerts_of_article(connection, item.article.id)
    steps = [*_article_steps(item), *_event_steps(item, now), *_claim_steps(connection, item, world, now)]
    if not fed:
        steps.append(
            Step("alert", item.article.id, "none", "no claim or event of this article opened or feeds an alert")
        )
    for alert in fed:
        steps.extend(explain_alert(connection, alert, world, subscription_id))
    return tuple(steps)


def explain_alert(
    connection: Connection, alert: Alert, world: World, subscription_id: str | None = None
) -> tuple[Step, ...]:
    """Explain an alert's state and what each subscription was told, and why or why not."""
    steps = [Step("alert", alert.event_key, alert.state.value, _state_because(alert))]
    steps.extend(
        Step("source", source.url or source.article_id, source.says, _source_because(source))
        for source in alert.sources
    )
    steps.extend(_subscription_steps(connection, alert, world, subscription_id))
    for delivery in list_deliveries(connection, alert_id=alert.id, subscription_id=subscription_id):
        because = f"{delivery.attempts} attempts" + (f", last: {delivery.last_error}" if delivery.last_error else "")
        subject = f"{delivery.subscription_id} {delivery.road} r{delivery.alert_revision}"
        steps.append(Step("delivery", subject, delivery.state.value, because))
    for reader, verdict, note, given_at in verdicts_store.verdicts_of(connection, alert.id):
        steps.append(Step("verdict", reader or "somebody", verdict.value, f"{given_at:%Y-%m-%d} {note}".strip()))
    return tuple(steps)


def _article_steps(item: SortedArticle) -> Iterator[Step]:
    article = item.article
    published = f"published {article.published_at:%Y-%m-%d %H:%M}" if article.published_at else "no date"
    history = ", came with its feed's first poll: history" if article.history else ""
    yield Step(
        "article",
        article.id,
        f"revision {article.revision}",
        f"{article.feed_id} ({article.tier}), {published}{history}",
    )


def _event_steps(item: SortedArticle, now: datetime) -> Iterator[Step]:
    day = day_of(item.article, now)
    if not item.events:
        yield Step("sorting", item.sorter_version, "no events", f"{len(item.mentions)} mentions of organisations")
    for event in item.events:
        cues = f", cues {', '.join(event.cues)}" if event.cues else ""
        subject = f'"{event.evidence.text}"'
        yield Step(
            "sorting", subject, f"{event.type}/{event.status}", f"rule {event.rule}, score {event.score:.2f}{cues}"
        )
        if event.type in FAMILIES and event.status is not Status.NEW:
            yield Step("grouping", event.type, "no alert", "only what is new makes an alert of this type")
        elif event.type in FAMILIES and not is_the_news(event, day):
            yield Step("grouping", event.type, "no alert", "told after the lede, or of another fortnight: background")
        elif event.type in FAMILIES and not any(party.id for party in (*event.agents, *event.targets)):
            yield Step("grouping", event.type, "no alert", "no organisation that the files hold takes part")


def _claim_steps(connection: Connection, item: SortedArticle, world: World, now: datetime) -> Iterator[Step]:
    at = time_of(item.article, now)
    bench = Workbench(connection, world, now, times=(at, at))
    claims = find_claims(item, world.knowledge)
    bench.load_for_organisations(keys_of(item, world))
    for ruled in rule_claims(bench, item, claims):
        yield _register_step(ruled, item, now)
        if ruled.ruling.novelty in NEWS:
            report = make_report(item, ruled, now)
            place = place_report(report, bench.dossiers_of({ruled.claim.organisation_key, *ruled.claim.involved}))
            key = place.dossier.event_key if place.dossier else "an event of its own"
            yield Step("grouping", ruled.claim.organisation.name, place.belonging.value, key)


def _register_step(ruled: RuledClaim, item: SortedArticle, now: datetime) -> Step:
    claim, ruling = ruled.claim, ruled.ruling
    parts = [claim.action.value, claim.organisation.name, claim.authority_key or "authority not named"]
    subject = " · ".join([*parts, ruling.programme or "programme not named"])
    return Step("register", subject, ruling.novelty.value, _MEANINGS[ruling.novelty] + _entry_words(ruling, item, now))


def _entry_words(ruling: Ruling, item: SortedArticle, now: datetime) -> str:
    if ruling.entry is None:
        return ""
    days = (day_of(item.article, now) - ruling.entry.since).days
    until = f" until {ruling.entry.until}" if ruling.entry.until else ""
    return f" (entry {ruling.entry.programme} since {ruling.entry.since}{until}, {days} days before the article)"


def _state_because(alert: Alert) -> str:
    supporting = [source for source in alert.sources if source.says == "supports"]
    authority = next((source for source in supporting if source.tier.value == "authority"), None)
    words = [f"revision {alert.revision}, {alert.independent_sources} independent of {len(supporting)} that say so"]
    if authority is not None:
        words.append(f"an authority says so ({authority.feed_id})")
    if alert.effective_at is not None:
        words.append(f"in effect since {alert.effective_at:%Y-%m-%d}")
    against = sum(source.says == "contradicts" for source in alert.sources)
    if against:
        words.append(f"{against} deny it")
    if alert.history:
        words.append("every article came with its feed's first poll")
    return "; ".join(words)


def _source_because(source: Any) -> str:
    copy = f", copies {source.copy_of}" if source.copy_of else ""
    return f"{source.feed_id} ({source.tier}){copy}"


def _subscription_steps(
    connection: Connection, alert: Alert, world: World, subscription_id: str | None
) -> Iterator[Step]:
    decided: dict[str, list[notices_store.NoticeRow]] = {}
    for row in notices_store.list_notices(connection, alert_id=alert.id):
        decided.setdefault(row.subscription_id, []).append(row)
    bench = Workbench(connection, world, alert.updated_at)
    bench.load_for_organisations(alert.involved)
    subject = describe_subject(alert, bench.entries_of(alert.involved), world.knowledge)
    for subscription in world.subscriptions:
        if subscription_id not in (None, subscription.id):
            continue
        reason = match(subscription, alert, subject)
        yield Step("subscription", subscription.id, reason.value, "does the alert concern it, as configured now")
        for row in decided.get(subscription.id, ()):
            manner = f", {row.manner.replace('_', ' ')}" if row.manner else ""
            answer = "told" if row.told else "not told"
            yield Step("subscription", f"{subscription.id} r{row.revision}", answer, f"{row.reason}{manner}")
