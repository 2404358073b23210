"""The dossiers that one batch touches, held in memory between the first read and the one write at its end.

A batch of a hundred reports of one event then costs one reading, one composing and one revision.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from wirewatch.alerting.copies import find_alike
from wirewatch.alerting.grouping import MEMORY
from wirewatch.alerting.stories import CORRECTION_WINDOW, STORY_WINDOW
from wirewatch.dossiers import Contribution, Dossier
from wirewatch.metrics import Metrics
from wirewatch.raising.world import World
from wirewatch.records import Listing, Tier
from wirewatch.store import dossiers as dossiers_store
from wirewatch.store import register as register_store

#: Articles that one dossier keeps. A story told five hundred times is well supported; more would only make it slow.
MAX_CONTRIBUTIONS = 500


class Workbench:
    """Reads lazily, remembers what changed. Invariant: `dossiers` holds the newest state of everything it loaded."""

    def __init__(
        self,
        connection: Connection,
        world: World,
        now: datetime,
        metrics: Metrics | None = None,
        *,
        times: tuple[datetime, datetime] | None = None,
        corrects: bool = False,
    ) -> None:
        self.connection = connection
        self.world = world
        self.now = now
        self.metrics = metrics
        #: Article times of the batch, the earliest and the latest: what can only matter to others is not read.
        self.times = times or (now, now)
        #: How far back stories are read: a much-told organisation has hundreds a week, and only corrections reach far.
        self.story_reach = CORRECTION_WINDOW if corrects else STORY_WINDOW
        self.dossiers: dict[str, Dossier] = {}
        #: Changed contributions by event key and article id.
        self.changed: dict[str, dict[str, Contribution]] = {}
        #: Dossiers whose head changed although no contribution did.
        self.reheaded: set[str] = set()
        self._loaded_keys: set[str] = set()
        self._overflow: dict[str, set[str]] = {}
        self._runs: dict[tuple[str, int], frozenset[int]] = {}
        self._entries: dict[str, list[Listing]] = {}
        self._written_by_alerts: set[tuple[object, ...]] = set()

    def load_for_articles(self, article_ids: Iterable[str]) -> None:
        """Read the dossiers in which these articles speak already."""
        for dossier in dossiers_store.load_dossiers_of_articles(self.connection, article_ids):
            self.dossiers.setdefault(dossier.event_key, dossier)

    def load_for_organisations(self, keys: Iterable[str]) -> None:
        """Read the dossiers and the register of these organisations, of what they are part of, and of their parts."""
        fresh = self.kin_of(keys) - self._loaded_keys
        if not fresh:
            return
        self._loaded_keys |= fresh
        earliest, latest = self.times
        for dossier in dossiers_store.load_dossiers(
            self.connection,
            fresh,
            of_lists_since=earliest - MEMORY,
            of_events=(earliest - self.story_reach, latest + CORRECTION_WINDOW),
        ):
            self.dossiers.setdefault(dossier.event_key, dossier)
        for entry, origin, ended_by in register_store.load_entries(self.connection, sorted(fresh)):
            self._entries.setdefault(entry.organisation_id, []).append(entry)
            if origin != register_store.SEED or ended_by:
                self._written_by_alerts.add(_identity(entry))

    def kin_of(self, keys: Iterable[str]) -> set[str]:
        """Give these organisations, what they are part of, and their parts."""
        kin: set[str] = set()
        for key in keys:
            body = self.world.knowledge.organisations.get(key)
            kin.update({key, *self.world.parts.get(key, ())})
            if body is not None and body.parent_id:
                kin.add(body.parent_id)
        return kin

    def dossiers_of(self, keys: Iterable[str]) -> tuple[Dossier, ...]:
        """Give the dossiers on the bench of these organisations and their kin."""
        kin = self.kin_of(keys)
        return tuple(dossier for dossier in self.dossiers.values() if dossier.organisation_key in kin)

    def entries_of(self, organisation_ids: Iterable[str]) -> tuple[Listing, ...]:
        """Give what the register holds of these organisations."""
        return tuple(entry for organisation_id in organisation_ids for entry in self._entries.get(organisation_id, ()))

    def remember_entry(self, entry: Listing) -> None:
        """Take notice of an entry that this batch wrote."""
        kept = [old for old in self._entries.get(entry.organisation_id, []) if _identity(old) != _identity(entry)]
        self._entries[entry.organisation_id] = [*kept, entry]
        self._written_by_alerts.add(_identity(entry))

    def was_written_by_an_alert(self, entry: Listing) -> bool:
        """Tell an entry that stands on an alert's own word from one of the organisations files or an import."""
        return _identity(entry) in self._written_by_alerts

    def open(self, dossier: Dossier) -> None:
        """Put a new dossier on the bench."""
        self.dossiers[dossier.event_key] = dossier

    def rehead(self, dossier: Dossier) -> None:
        """Put a changed head (programme, authority, kind, the register's word) in the place of the old one."""
        if self.dossiers[dossier.event_key] != dossier:
            self.dossiers[dossier.event_key] = dossier
            self.reheaded.add(dossier.event_key)

    def put(self, event_key: str, contribution: Contribution) -> bool:
        """Let an article speak in a dossier. Gives False when it says nothing that is not there already."""
        dossier = self.dossiers[event_key]
        old = next((item for item in dossier.contributions if item.article_id == contribution.article_id), None)
        if old is not None and old.silent:
            # An edit of an article that came with a first poll is no news; what only the edit says has no `old`.
            contribution = replace(contribution, silent=True, history=True)
        if old is not None and old.shingles == contribution.shingles:
            contribution = replace(contribution, alike=old.alike)
        else:
            others = (
                (item.article_id, self._runs_of(item))
                for item in dossier.contributions
                if item.article_id != contribution.article_id
            )
            contribution = replace(contribution, alike=find_alike(self._runs_of(contribution), others))
        if contribution == old:
            return False
        full = old is None and len(dossier.contributions) >= MAX_CONTRIBUTIONS
        if full and contribution.tier is not Tier.AUTHORITY:
            self._overflow.setdefault(event_key, set()).add(contribution.article_id)
            return False
        self.dossiers[event_key] = dossier.with_contribution(contribution)
        self.changed.setdefault(event_key, {})[contribution.article_id] = contribution
        return True

    def count_overflow(self) -> None:
        """Count what came beyond the cap of a dossier, each article once."""
        for event_key, article_ids in self._overflow.items():
            fresh = dossiers_store.count_overflow(self.connection, event_key, article_ids)
            dossier = self.dossiers[event_key]
            self.rehead(replace(dossier, more_sources=dossier.more_sources + fresh))
        self._overflow.clear()

    def _runs_of(self, item: Contribution) -> frozenset[int]:
        key = (item.article_id, item.article_revision)
        runs = self._runs.get(key)
        if runs is None:
            runs = self._runs[key] = frozenset(item.shingles)
        return runs

    @property
    def touched(self) -> list[str]:
        """Give the keys of the dossiers that changed, in a fixed order."""
        return sorted({*self.changed, *self.reheaded})


def _identity(entry: Listing) -> tuple[object, ...]:
    return (entry.organisation_id, entry.authority_id, entry.programme, entry.since)
