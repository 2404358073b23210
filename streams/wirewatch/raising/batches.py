"""The third step of an article's walk, for a batch, in one transaction: save, place, compose, tell.

Whole or not at all, and idempotent: the same articles again change nothing, make no second alert and tell nobody.
Articles that say nothing of lists or watched organisations are saved in bulk and cost nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from wirewatch.alerting.composing import compose_alert
from wirewatch.alerting.stories import is_correction
from wirewatch.dossiers import Topic
from wirewatch.metrics import Metrics
from wirewatch.raising.contributing import time_of
from wirewatch.raising.happening import has_happening
from wirewatch.raising.naming import propose_names
from wirewatch.raising.placing import keys_of, place_article
from wirewatch.raising.registering import keep_register
from wirewatch.raising.telling import Teller
from wirewatch.raising.workbench import Workbench
from wirewatch.raising.world import World
from wirewatch.records import Alert, AlertState, Name, SortedArticle
from wirewatch.store import dossiers as dossiers_store
from wirewatch.store import register as register_store
from wirewatch.store.articles import load_revisions, save_articles
from wirewatch.watching.authorities import most_specific


def raise_alerts(
    connection: Connection,
    sorted_articles: Sequence[SortedArticle],
    world: World,
    now: datetime,
    metrics: Metrics | None = None,
) -> tuple[Alert, ...]:
    """Take a batch through registers, dossiers and subscriptions, and write all of it.

    Args:
        connection: In a transaction that the caller commits; nothing holds if it does not.
        sorted_articles: In the order of the log.
        world: The one version of the configuration that decides the whole batch.
        now: The moment of the batch.
        metrics: Counters of what was detected; None counts nothing (backtests).

    Returns:
        The alerts that got a new revision, and those that reprocessed articles speak in, as they stand now.
    """
    may_matter = [item.article.id for item in sorted_articles if may_speak(item, world)]
    stored = load_revisions(connection, may_matter)
    current = [item for item in sorted_articles if item.article.revision >= stored.get(item.article.id, 0)]
    save_articles(connection, current)
    # What happened first is placed first, however a batch was filled; revisions of an article keep their order.
    speaking = sorted((item for item in current if may_speak(item, world)), key=lambda item: time_of(item.article, now))
    if not speaking:
        return ()
    dossiers_store.lock_alerts(connection)
    if not register_store.is_seeded(connection, world.version):
        register_store.seed_register(connection, world.knowledge.listings, world.version, now)
    times = [time_of(item.article, now) for item in speaking]
    corrects = any(is_correction(item.article.title) for item in speaking)
    bench = Workbench(connection, world, now, metrics, times=(min(times), max(times)), corrects=corrects)
    bench.load_for_articles(item.article.id for item in speaking)
    bench.load_for_organisations(key for item in speaking for key in keys_of(item, world))
    for item in speaking:
        place_article(bench, item)
    return close_bench(bench, {item.article.id for item in speaking})


def may_speak(item: SortedArticle, world: World) -> bool:
    """Tell cheaply whether an article can open, feed or leave a dossier."""
    if item.article.revision > 1 or (world.for_mentions and item.mentions):
        return True
    return any(event.type in ("designation", "delisting") for event in item.events) or has_happening(item)


def close_bench(bench: Workbench, article_ids: set[str]) -> tuple[Alert, ...]:
    """Compose, decide, plan and write everything that changed on a bench."""
    bench.count_overflow()
    teller = Teller(bench)
    touched = bench.touched
    before = {key: bench.dossiers[key].alert for key in touched}
    for key in touched:
        _compose(bench, key)
    composed = {key: bench.dossiers[key].alert for key in touched}
    teller.load_last_told([alert.id for alert in composed.values() if alert is not None])
    raised: dict[str, Alert] = {}
    for key in touched:
        dossier, alert = bench.dossiers[key], composed[key]
        assert alert is not None
        if alert is not before[key]:
            keep_register(bench, dossier, alert)
            propose_names(bench, dossier, alert)
            alert = teller.tell(dossier, alert)
            _count(bench, dossier.topic, before[key], alert)
        bench.dossiers[key] = replace(dossier, alert=alert)
        raised[key] = alert
    dossiers_store.save_dossiers(
        bench.connection, ((bench.dossiers[key], bench.changed.get(key, {}).values()) for key in touched)
    )
    teller.write()
    for key, dossier in bench.dossiers.items():
        if key not in raised and dossier.alert is not None and not dossier.article_ids.isdisjoint(article_ids):
            raised[key] = dossier.alert
    return tuple(raised[key] for key in sorted(raised))


def _compose(bench: Workbench, key: str) -> None:
    knowledge = bench.world.knowledge

    def specific(first: Name | None, second: Name | None) -> Name | None:
        return most_specific(first, second, knowledge)

    dossier = bench.dossiers[key]
    alert = compose_alert(dossier, bench.now, bench.world.fingerprint, specific)
    bench.dossiers[key] = replace(dossier, alert=alert)


def _count(bench: Workbench, topic: Topic, before: Alert | None, alert: Alert) -> None:
    metrics = bench.metrics
    if metrics is None:
        return
    metrics.alerts.labels(alert.kind, alert.event_type, alert.state).inc()
    metrics.independent_sources.observe(alert.independent_sources)
    if before is None:
        known = alert.organisation.id in bench.world.knowledge.organisations
        metrics.organisation_alerts.labels(alert.organisation.id if known else "unresolved").inc()
        if not alert.history:
            first = min((source.published_at for source in alert.sources if source.published_at), default=None)
            if first is not None:
                metrics.publication_to_alert_seconds.observe(max(0.0, (bench.now - first).total_seconds()))
    elif before.state is AlertState.UNCONFIRMED and alert.state is AlertState.CONFIRMED and topic is not Topic.EVENT:
        waited = (alert.updated_at - alert.first_seen_at).total_seconds()
        metrics.report_to_confirmation_seconds.observe(max(0.0, waited))
