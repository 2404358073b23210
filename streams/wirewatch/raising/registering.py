"""Writes the register when an alert is confirmed by an authority, and takes the entry back when it turns out wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from wirewatch.dossiers import Dossier, Topic
from wirewatch.raising.workbench import Workbench
from wirewatch.records import Alert, AlertState, Listing, Source, Tier
from wirewatch.store import register as register_store
from wirewatch.watching.authorities import canonical_authority, main_programme, programme_rank
from wirewatch.watching.register import in_force

_GONE = (AlertState.CONTRADICTED, AlertState.RETRACTED)


def keep_register(bench: Workbench, dossier: Dossier, alert: Alert) -> None:
    """Let the register follow an alert about a list. Leaves alone what the organisations files or an import say."""
    if dossier.topic not in (Topic.LISTING, Topic.DELISTING) or not dossier.organisation.id:
        return
    if alert.state in _GONE:
        register_store.forget_entries(bench.connection, dossier.event_key)
        return
    if alert.state is not AlertState.CONFIRMED or dossier.listed_since is not None or not dossier.authority_key:
        return
    authority = next((s for s in alert.sources if s.tier is Tier.AUTHORITY and s.says == "supports"), None)
    if authority is None:
        return
    on = _day(alert, authority)
    if dossier.topic is Topic.LISTING:
        _write_listing(bench, dossier, alert, on, authority)
    else:
        _write_end(bench, dossier, on)


def _write_listing(bench: Workbench, dossier: Dossier, alert: Alert, on: date, source: Source) -> None:
    programme = dossier.programme or main_programme(dossier.authority_key, bench.world.knowledge)
    if programme is None:
        return
    effective = alert.effective_at.date() if alert.effective_at else on
    entry = Listing(
        organisation_id=dossier.organisation.id,
        authority_id=dossier.authority_key,
        programme=programme,
        since=effective,
        announced=on,
        aliases=tuple((name, None) for name in alert.names),
        source=source.url or source.feed_name,
    )
    register_store.forget_entries(bench.connection, dossier.event_key)
    register_store.write_entries(bench.connection, [entry], dossier.event_key, bench.now)
    bench.remember_entry(entry)


def _write_end(bench: Workbench, dossier: Dossier, on: date) -> None:
    knowledge = bench.world.knowledge
    standing = [
        entry
        for entry in bench.entries_of([dossier.organisation.id])
        if canonical_authority(entry.authority_id, knowledge) == dossier.authority_key and in_force(entry, on)
    ]
    if dossier.programme is None:
        # No programme is named: the main one is meant, what else there is stands until somebody says otherwise.
        standing.sort(key=lambda entry: programme_rank(entry.programme, dossier.authority_key, knowledge))
        standing = standing[:1]
    for entry in standing:
        if dossier.programme in (None, entry.programme):
            register_store.end_entry(bench.connection, entry, on, dossier.event_key, bench.now)
            bench.remember_entry(replace(entry, until=on))


def _day(alert: Alert, source: Source) -> date:
    if alert.announced_at is not None:
        return alert.announced_at.date()
    return (source.published_at or alert.first_seen_at).date()
