"""What stands behind one alert: its sources with copies, who contradicts, when what happened, which rule. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wirewatch.records import Alert, Delivery, Event, Evidence, SortedArticle, Source
from wirewatch.store.notices import NoticeRow


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """A text, and the sources that print the same text."""

    source: Source
    copies: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened at a time."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Reason:
    """The event of the sorter that a quote stands for."""

    evidence: Evidence
    event: Event
    sorter_version: str


def group_sources(alert: Alert, says: str) -> tuple[SourceGroup, ...]:
    """Put copies under the text that they copy; `says` is `supports`, `contradicts` or `withdrawn`."""
    chosen = [source for source in alert.sources if source.says == says]
    originals = [source for source in chosen if source.copy_of is None]
    known = {source.article_id for source in originals}
    # A copy of what is no longer among the sources stands by itself.
    originals += [source for source in chosen if source.copy_of is not None and source.copy_of not in known]
    return tuple(
        SourceGroup(
            source,
            tuple(copy for copy in chosen if copy.copy_of == source.article_id and copy is not source),
        )
        for source in originals
    )


def tell_timeline(alert: Alert, notices: Iterable[NoticeRow], deliveries: Iterable[Delivery]) -> tuple[Moment, ...]:
    """Put in order what is known of an alert's course, the earliest first."""
    moments = [Moment(alert.first_seen_at, "the alert was opened")]
    if alert.announced_at:
        moments.append(Moment(alert.announced_at, "announced"))
    if alert.effective_at:
        moments.append(Moment(alert.effective_at, "in effect"))
    if alert.updated_at != alert.first_seen_at:
        moments.append(Moment(alert.updated_at, f"revision {alert.revision}: {alert.state}"))
    moments += [
        Moment(source.published_at, f"{source.feed_name or source.feed_id} published")
        for source in alert.sources
        if source.published_at
    ]
    moments += [
        Moment(notice.decided_at, f"{notice.subscription_id} was to be told of revision {notice.revision}")
        for notice in notices
        if notice.told
    ]
    moments += [
        Moment(delivery.delivered_at, f"delivered to {delivery.subscription_id} by {delivery.road}")
        for delivery in deliveries
        if delivery.delivered_at
    ]
    return tuple(sorted(moments, key=lambda moment: moment.at))


def find_reasons(alert: Alert, articles: Mapping[str, SortedArticle]) -> tuple[Reason, ...]:
    """Find, for each quote, the event that the sorter found there."""
    reasons = []
    for evidence in alert.evidence:
        sorted_article = articles.get(evidence.article_id)
        if sorted_article is None:
            continue
        for event in _events_at(sorted_article.events, evidence):
            reasons.append(Reason(evidence, event, sorted_article.sorter_version))
    return tuple(reasons)


def _events_at(events: Sequence[Event], evidence: Evidence) -> list[Event]:
    return [
        event
        for event in events
        if event.field is evidence.field and event.evidence.start < evidence.end and evidence.start < event.evidence.end
    ]
