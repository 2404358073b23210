"""Events that are no listings: puts each into its story, one for each organisation and family of an article."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from wirewatch.alerting.stories import (
    FAMILIES,
    Happening,
    is_correction,
    make_story_key,
    place_happening,
    telling_words,
)
from wirewatch.dossiers import Contribution, Dossier, Says, Topic
from wirewatch.knowledge.entities import Knowledge
from wirewatch.raising.contributing import contribute, time_of
from wirewatch.raising.workbench import Workbench
from wirewatch.records import AlertKind, Event, Field, Name, Party, SortedArticle, Status
from wirewatch.watching.register import REPORT_DAYS, REVIEW_SCORE

#: Families in which the organisation that one watches acts; in the others something is done to it.
_ACTING = frozenset({"attack", "hostages", "talks", "words", "protest"})


#: An event that is first told of later than this in a text is its background: newsrooms put the news into the first
#: four sentences. On 725 feed items of May 2025 this took 45 alerts of events to 12; of the 33 that went, one reader
#: found about 30 to be history of a war or links to other stories.
LEDE_CHARACTERS = 700


@dataclass(slots=True)
class _Gathered:
    """The events of one family that an article tells of one organisation."""

    organisation: Name
    family: str
    events: list[Event] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)


def has_happening(item: SortedArticle) -> bool:
    """Tell cheaply whether an article may tell of anything that makes an alert beside listings."""
    return is_correction(item.article.title) or any(
        event.status is Status.NEW
        and event.type in FAMILIES
        and any(party.id is not None for party in (*event.agents, *event.targets))
        for event in item.events
    )


def happening_keys(item: SortedArticle, knowledge: Knowledge) -> set[str]:
    """Give the organisations whose stories an article may feed, and whoever else takes part in them."""
    return {party.id for one in _gather(item, knowledge) for party in one.parties if party.id}


def place_happenings(bench: Workbench, item: SortedArticle) -> Iterator[tuple[str, Contribution]]:
    """Give the stories that an article feeds, opening those that are new, and what it adds to each."""
    gathered = _gather(item, bench.world.knowledge)
    for one in gathered:
        happening = _happening(item, one, bench)
        dossier = place_happening(happening, bench.dossiers_of([one.organisation.id]))
        if dossier is None:
            dossier = Dossier(
                event_key=make_story_key(happening),
                topic=Topic.EVENT,
                kind=AlertKind.EVENT,
                organisation=one.organisation,
                organisation_key=one.organisation.id,
                authority_key="",
                programme=None,
                also=(),
                first_at=happening.at,
                last_at=happening.at,
                family=one.family,
                place=happening.place,
                occurred_on=happening.occurred_on,
            )
            bench.open(dossier)
        yield (
            dossier.event_key,
            contribute(
                item,
                one.events,
                says=Says.SUPPORTS,
                names=(one.organisation.name, *(party.name for party in one.parties)),
                involved=(one.organisation.id, *(party.id for party in one.parties if party.id)),
                authority=next((event.authority for event in one.events if event.authority), None),
                programme=None,
                now=bench.now,
            ),
        )


def is_the_news(event: Event, day: date) -> bool:
    """Tell whether an article is about an event, and does not just recall it: fresh, and told in headline or lede."""
    stale = event.occurred_on is not None and abs((day - event.occurred_on).days) > REPORT_DAYS
    early = event.field is Field.TITLE or event.evidence.start < LEDE_CHARACTERS
    return event.status is Status.NEW and early and not stale


def _gather(item: SortedArticle, knowledge: Knowledge) -> list[_Gathered]:
    published = item.article.published_at or item.article.fetched_at
    day = published.date() if published else date.max
    found: dict[tuple[str, str], _Gathered] = {}
    for event in item.events:
        family = FAMILIES.get(event.type)
        if family is None or event.score < REVIEW_SCORE or not is_the_news(event, day):
            continue
        sides = (event.agents, event.targets) if family in _ACTING else (event.targets, event.agents)
        parties = [party for side in sides for party in side if _is_watched(party, knowledge)]
        if not parties and is_correction(item.article.title):
            parties = _mentioned(item, knowledge)
        if not parties:
            continue
        main = parties[0]
        assert main.id is not None
        name = knowledge.organisations[main.id].as_name
        one = found.setdefault((family, main.id), _Gathered(name, family))
        one.events.append(event)
        one.parties.extend(parties)
    return [one for key, one in found.items() if not _is_beside_the_point(key, found)]


def _is_beside_the_point(key: tuple[str, str], found: Collection[tuple[str, str]]) -> bool:
    """Tell words that only accompany a deed of the same organisation: "said in a statement that it had fired"."""
    family, organisation_id = key
    return family == "words" and any(one != key and one[1] == organisation_id for one in found)


def _mentioned(item: SortedArticle, knowledge: Knowledge) -> list[Party]:
    """Give the organisations that a correction names anywhere: it repeats the figures, not who did what to whom."""
    named = [mention for mention in item.mentions if mention.organisation is not None]
    parties = [
        Party(mention.organisation.id, mention.organisation.name, mention.start, mention.end)
        for mention in named
        if mention.organisation
    ]
    return [party for party in parties if _is_watched(party, knowledge)]


def _is_watched(party: Party, knowledge: Knowledge) -> bool:
    """Tell an organisation that the files hold from an authority, a state and an unknown name."""
    body = knowledge.organisations.get(party.id or "")
    return body is not None and not body.is_authority


def _happening(item: SortedArticle, one: _Gathered, bench: Workbench) -> Happening:
    article = item.article
    return Happening(
        article_id=article.id,
        feed_id=article.feed_id,
        family=one.family,
        organisation_id=one.organisation.id,
        at=time_of(article, bench.now),
        occurred_on=next((event.occurred_on for event in one.events if event.occurred_on), None),
        place=next((event.place for event in one.events if event.place), None),
        title=article.title,
        words=telling_words(article.title, *(event.evidence.text for event in one.events)),
    )
