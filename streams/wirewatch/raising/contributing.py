"""Makes contributions: what one article adds to one dossier, from its claims or its happenings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from wirewatch.alerting.copies import credits_of, shingle
from wirewatch.dossiers import Contribution, Says
from wirewatch.knowledge.entities import Knowledge
from wirewatch.records import Article, Event, Evidence, Name, SortedArticle, Tier
from wirewatch.watching.authorities import most_specific

#: An authority's text that speaks of publication or of taking effect.
_PUBLISHES = re.compile(
    r"federal register|official journal|\bgazett|\btak(?:es?|ing) effect\b|\bin(?:to)? force\b|\beffective\b", re.I
)
#: Characters of an article in which a credit line is looked for at its end; agencies sign the last line or the first.
_CREDIT_TAIL = 400


def time_of(article: Article, now: datetime) -> datetime:
    """Give the article's own time: published, else fetched, else now; never later than it was fetched."""
    known_by = article.fetched_at or now
    # A publisher's clock that runs ahead must not open an event in the future.
    return min(article.published_at, known_by) if article.published_at else known_by


def contribute(
    item: SortedArticle,
    events: Sequence[Event],
    *,
    says: Says,
    names: Iterable[str],
    involved: Iterable[str],
    authority: Name | None,
    programme: str | None,
    now: datetime,
) -> Contribution:
    """Make the contribution of an article from those of its events that speak of one dossier's event."""
    article = item.article
    best = max(events, key=lambda event: event.score)
    return Contribution(
        article_id=article.id,
        article_revision=article.revision,
        feed_id=article.feed_id,
        feed_name=article.feed_name,
        tier=article.tier,
        url=article.url,
        title=article.title,
        at=time_of(article, now),
        published_at=article.published_at,
        language=item.language or article.language,
        says=says,
        event_type=best.type,
        status=best.status,
        score=best.score,
        evidence=tuple(dict.fromkeys(_evidence_of(event, article) for event in events)),
        names=tuple(dict.fromkeys(names)),
        involved=tuple(dict.fromkeys(involved)),
        authority=authority,
        programme=programme,
        rules=tuple(dict.fromkeys(event.rule for event in events)),
        history=article.history,
        silent=article.history and not article.tell_history,
        sample=article.sample,
        sorter_version=item.sorter_version,
        place=next((event.place for event in events if event.place), None),
        occurred_on=next((event.occurred_on for event in events if event.occurred_on), None),
        publishes=article.tier is Tier.AUTHORITY and _PUBLISHES.search(f"{article.title}\n{article.text}") is not None,
        shingles=shingle(article.title, article.text),
        credits=credits_of(article.text[:_CREDIT_TAIL]) + credits_of(article.text[_CREDIT_TAIL:][-_CREDIT_TAIL:]),
    )


def withdraw(old: Contribution, article: Article) -> Contribution:
    """Make the contribution of an article whose new revision no longer says what it said."""
    return replace(
        old, article_revision=article.revision, title=article.title, url=article.url, says=Says.WITHDRAWN, evidence=()
    )


def merge(first: Contribution, second: Contribution, knowledge: Knowledge) -> Contribution:
    """Join what one article adds to one dossier by two of its claims: the more specific authority leads."""
    return replace(
        first,
        says=Says.SUPPORTS if Says.SUPPORTS in (first.says, second.says) else first.says,
        score=max(first.score, second.score),
        evidence=tuple(dict.fromkeys((*first.evidence, *second.evidence))),
        names=tuple(dict.fromkeys((*first.names, *second.names))),
        involved=tuple(dict.fromkeys((*first.involved, *second.involved))),
        authority=most_specific(first.authority, second.authority, knowledge),
        programme=first.programme or second.programme,
        rules=tuple(dict.fromkeys((*first.rules, *second.rules))),
        place=first.place or second.place,
        occurred_on=first.occurred_on or second.occurred_on,
    )


def day_of(article: Article, now: datetime) -> date:
    """Give the article's day, UTC."""
    return time_of(article, now).date()


def _evidence_of(event: Event, article: Article) -> Evidence:
    return Evidence(
        quote=event.evidence.text,
        article_id=article.id,
        url=article.url,
        start=event.evidence.start,
        end=event.evidence.end,
        field=event.field,
    )
