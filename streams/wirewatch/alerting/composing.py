"""From a dossier to its alert: the same dossier always gives the same alert, whatever order its articles came in. Pure.

The revision counts up only when something changed that a reader could see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time

from wirewatch import ids
from wirewatch.alerting.copies import count_independent, find_originals
from wirewatch.alerting.weighing import WEIGHTS, choose_headline, decide_state, order_evidence, settle
from wirewatch.dossiers import Contribution, Dossier, Says, Topic
from wirewatch.records import Alert, Name, Source, Status, Tier

#: Fields that change with every writing, or that only say how it was decided: they make no revision by themselves.
_VOLATILE = ("revision", "updated_at", "decided_by", "subscriptions", "told")

_STATUSES = {
    Topic.LISTING: Status.NEW,
    Topic.ALIAS: Status.NEW,
    Topic.DELISTING: Status.NEW,
    Topic.PROPOSAL: Status.PROPOSED,
    Topic.DELISTING_PROPOSAL: Status.PROPOSED,
    Topic.REFUSAL: Status.DENIED,
    Topic.DELISTING_REFUSAL: Status.DENIED,
    Topic.EVENT: Status.NEW,
    Topic.MENTION: Status.BACKGROUND,
}
_TYPES = {
    Topic.LISTING: "designation",
    Topic.ALIAS: "designation",
    Topic.PROPOSAL: "designation",
    Topic.REFUSAL: "designation",
    Topic.DELISTING: "delisting",
    Topic.DELISTING_PROPOSAL: "delisting",
    Topic.DELISTING_REFUSAL: "delisting",
}

#: Gives the more specific of two authorities; knows the organisations files.
Specificity = Callable[[Name | None, Name | None], Name | None]


def compose_alert(dossier: Dossier, now: datetime, decided_by: str, most_specific: Specificity) -> Alert:
    """Give the alert of a dossier; the one it already has, when nothing that a reader sees has changed."""
    items = settle(sorted(dossier.contributions, key=lambda item: (item.at, item.article_id)))
    dossier = replace(dossier, contributions=items)
    originals = find_originals(items)
    supporting = [item for item in items if item.says is Says.SUPPORTS] or list(items)
    announced_at, effective_at = _times_of(dossier, supporting)
    independent = count_independent(items, originals)
    before = dossier.alert
    alert = Alert(
        id=ids.alert_id(dossier.event_key),
        event_key=dossier.event_key,
        revision=1,
        state=decide_state(dossier, originals, independent),
        kind=dossier.kind,
        event_type=_TYPES.get(dossier.topic) or _main_type(supporting),
        status=_STATUSES[dossier.topic],
        organisation=dossier.organisation,
        authority=_authority_of(supporting, most_specific),
        programme=dossier.programme,
        headline=choose_headline(items, originals),
        evidence=order_evidence(items, originals),
        sources=tuple(_source_of(item, originals) for item in items),
        independent_sources=independent,
        first_seen_at=before.first_seen_at if before else now,
        updated_at=now,
        history=all(item.history for item in items),
        sample=all(item.sample for item in items),
        names=tuple(dict.fromkeys(name for item in supporting for name in item.names)),
        announced_at=announced_at,
        effective_at=effective_at,
        involved=tuple(dict.fromkeys([*_own_id(dossier), *(i for item in supporting for i in item.involved)])),
        languages=tuple(sorted({item.language for item in supporting if item.language})),
        more_sources=dossier.more_sources,
        decided_by=decided_by,
    )
    if before is None:
        return alert
    kept = {name: getattr(before, name) for name in _VOLATILE}
    if replace(alert, **kept) == before:
        return before
    return replace(alert, revision=before.revision + 1, told=before.told, subscriptions=before.subscriptions)


def may_notify(dossier: Dossier) -> bool:
    """Tell whether anything in a dossier is more than silent history."""
    return any(not item.silent for item in dossier.contributions)


def _own_id(dossier: Dossier) -> tuple[str, ...]:
    return (dossier.organisation.id,) if dossier.organisation.id else ()


def _source_of(item: Contribution, originals: dict[str, str]) -> Source:
    original = originals[item.article_id]
    return Source(
        feed_id=item.feed_id,
        url=item.url,
        title=item.title,
        published_at=item.published_at,
        copy_of=None if original == item.article_id else original,
        article_id=item.article_id,
        feed_name=item.feed_name,
        tier=item.tier,
        says=item.says.value,
    )


def _authority_of(supporting: list[Contribution], most_specific: Specificity) -> Name | None:
    """Give the most specific authority that a supporter names; of equals, the weightiest supporter's."""
    chosen: Name | None = None
    for item in sorted(supporting, key=lambda item: -WEIGHTS[item.tier]):
        chosen = most_specific(chosen, item.authority)
    return chosen


def _main_type(supporting: list[Contribution]) -> str:
    """Give the event type of the best-scored supporter; the earliest of equals."""
    return max(supporting, key=lambda item: item.score).event_type


def _times_of(dossier: Dossier, supporting: list[Contribution]) -> tuple[datetime | None, datetime | None]:
    """Give when it was announced and when it takes effect, as far as the register or an authority says so."""
    if dossier.topic not in (Topic.LISTING, Topic.DELISTING):
        return None, None
    spoken = sorted((item.at, item.publishes) for item in supporting if item.tier is Tier.AUTHORITY)
    announced = spoken[0][0] if spoken else None
    if dossier.listed_since is None:
        published = (at for at, publishes in spoken if publishes and at.date() > spoken[0][0].date())
        return announced, next(published, None)
    first_day = dossier.listed_announced or dossier.listed_since
    if announced is None or announced.date() > first_day:
        announced = _midnight(first_day)
    # In effect at once: then the day's midnight, which lies before the announcement, would be nonsense.
    return announced, max(announced, _midnight(dossier.listed_since))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
