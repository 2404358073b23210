"""Bare mentions: an article names an organisation and tells nothing new of it. Kept only for subscriptions that ask.

By default mentions are counted (`wirewatch_novelty_decisions_total`) and make no alert.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from wirewatch.dossiers import Contribution, Dossier, Says, Topic
from wirewatch.knowledge.entities import Knowledge
from wirewatch.raising.contributing import contribute, time_of
from wirewatch.raising.workbench import Workbench
from wirewatch.records import AlertKind, Event, Mention, SortedArticle, Span, Status, Strength
from wirewatch.watching.lists import describe_organisations
from wirewatch.watching.matching import concerns

#: Characters around a mention that are quoted when no sentence is known.
_QUOTE_REACH = 120


def mentioned_ids(item: SortedArticle, knowledge: Knowledge) -> set[str]:
    """Give the watched organisations that an article names for certain."""
    return {mention.organisation.id for mention in _certain(item, knowledge) if mention.organisation}


def place_mentions(
    bench: Workbench, item: SortedArticle, spoken: Collection[str]
) -> Iterator[tuple[str, Contribution]]:
    """Give a dossier for each organisation that is named, told of in no other alert of this article, and asked for."""
    if not bench.world.for_mentions:
        return
    knowledge = bench.world.knowledge
    told = {one for key in spoken for item_ in bench.dossiers[key].contributions for one in item_.involved}
    for mention in _certain(item, knowledge):
        assert mention.organisation is not None
        organisation = knowledge.organisations[mention.organisation.id].as_name
        if organisation.id in told or not _is_wanted(bench, organisation.id):
            continue
        told.add(organisation.id)
        key = f"mention/{organisation.id}/{item.article.id}"
        if key not in bench.dossiers:
            at = time_of(item.article, bench.now)
            dossier = Dossier(
                event_key=key,
                topic=Topic.MENTION,
                kind=AlertKind.MENTION_ONLY,
                organisation=organisation,
                organisation_key=organisation.id,
                authority_key="",
                programme=None,
                also=(),
                first_at=at,
                last_at=at,
            )
            bench.open(dossier)
        yield (
            key,
            contribute(
                item,
                (_as_event(mention, item),),
                says=Says.SUPPORTS,
                names=(organisation.name, mention.surface),
                involved=(organisation.id,),
                authority=None,
                programme=None,
                now=bench.now,
            ),
        )


def _certain(item: SortedArticle, knowledge: Knowledge) -> list[Mention]:
    return [
        mention
        for mention in item.mentions
        if mention.organisation is not None
        and mention.strength is not Strength.FUZZY
        and (body := knowledge.organisations.get(mention.organisation.id)) is not None
        and not body.is_authority
    ]


def _is_wanted(bench: Workbench, organisation_id: str) -> bool:
    entries = bench.entries_of([organisation_id])
    subject = describe_organisations([organisation_id], entries, bench.world.knowledge)
    return any(concerns(subscription.organisations, subject) for subscription in bench.world.for_mentions)


def _as_event(mention: Mention, item: SortedArticle) -> Event:
    """Give a mention the shape of what contributions are made of: its words in their surroundings are the evidence."""
    whole = item.article.title if mention.field.value == "title" else item.article.text
    start, end = max(0, mention.start - _QUOTE_REACH), min(len(whole), mention.end + _QUOTE_REACH)
    span = Span(start, end, whole[start:end])
    return Event(
        type="mention",
        status=Status.BACKGROUND,
        agents=(),
        targets=(),
        authority=None,
        programme=None,
        trigger=Span(mention.start, mention.end, mention.surface),
        evidence=span,
        field=mention.field,
        cues=(),
        rule=mention.rule,
        score=mention.score,
    )
