"""Settles who was listed: drops whom a listing cannot mean, and asks the sentences beside it where it names nobody.

Called by `sorter` after both readers. An alert without its organisation reaches no watchlist.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from wirewatch.knowledge.entities import Organisation
from wirewatch.records import Event, Field
from wirewatch.sorting.actors import Actor, Kind, as_name, sounds_organised
from wirewatch.sorting.cues import load_language
from wirewatch.sorting.listers import find_lister
from wirewatch.sorting.pages import Page
from wirewatch.sorting.programmes import name_programme
from wirewatch.sorting.roles import as_parties
from wirewatch.sorting.shapes import LISTINGS
from wirewatch.sorting.standing import ARTICLES, GROUP_NOUNS, SEVERAL
from wirewatch.sorting.text import Sentence, Token
from wirewatch.sorting.vocabulary import words
from wirewatch.sorting.whom import can_be_listed, find_whom

#: The cue of a target that was found here.
CUE = "whom"
#: The cue of a listing in whose sentence no word speaks plainly of one.
FAINTLY = "faint"
#: Where another clause begins behind "the listing": whoever it names has nothing to do with it.
_TURNS = words("when while where after before which who whose whom because as although though since")
#: What stands for somebody named elsewhere.
_PRONOUNS = words("it they them its their itself he his him both he she her")
#: So many may be listed at once; more are a chronicle.
_MOST = 12


def settle_targets(
    pages: Sequence[Page], events: Sequence[Event], organisations: Mapping[str, Organisation]
) -> tuple[Event, ...]:
    """Give the events; listings with the targets that they can have.

    A listing that is told faintly, and of nobody who sounds like a group, is left out: it is seldom one.
    """
    if all(event.type not in LISTINGS for event in events):
        return tuple(events)
    # Cut once: an article may tell hundreds of listings.
    cut = {page.field: (page, page.sentences.every()) for page in pages}
    settled = (
        _settle(event, pages, *cut[event.field], organisations) if event.type in LISTINGS else event for event in events
    )
    return tuple(event for event in settled if FAINTLY not in event.cues or _names_a_group(event))


def _names_a_group(event: Event) -> bool:
    return any(party.id is not None or sounds_organised(party.name) for party in event.targets)


class _Place(NamedTuple):
    """Where a listing is told."""

    pages: Sequence[Page]
    page: Page
    #: Those of the field.
    sentences: Sequence[Sentence]
    #: Which of them tells it.
    at: int
    organisations: Mapping[str, Organisation]

    @property
    def sentence(self) -> Sentence:
        """Give the sentence that tells it."""
        return self.sentences[self.at]

    def actors(self, page: Page, sentence: Sentence) -> Sequence[Actor]:
        """Give everybody whom a sentence names."""
        return page.actors(sentence, self.organisations, load_language())

    def beside(self) -> Iterator[tuple[str, Page, Sentence]]:
        """Give where to look for what the sentence leaves open: the one before it, else the title; the one behind."""
        if self.at:
            yield "named before", self.page, self.sentences[self.at - 1]
        elif self.page.field is Field.TEXT and self.pages[0] is not self.page:
            yield from (("named in the title", self.pages[0], one) for one in self.pages[0].sentences.of(0)[:1])
        if self.at + 1 < len(self.sentences):
            yield "named behind", self.page, self.sentences[self.at + 1]


def _settle(
    event: Event,
    pages: Sequence[Page],
    page: Page,
    sentences: Sequence[Sentence],
    organisations: Mapping[str, Organisation],
) -> Event:
    at = next((n for n, one in enumerate(sentences) if one.start <= event.trigger.start < one.end), -1)
    if at < 0:
        return event
    place = _Place(pages, page, sentences, at, organisations)
    event = _with_targets(event, place)
    return event if event.authority else _with_lister(event, place)


def _with_targets(event: Event, place: _Place) -> Event:
    page, sentence = place.page, place.sentence
    tokens = page.tokens(sentence)
    actors = {actor.start: actor for actor in place.actors(page, sentence)}
    kept = tuple(t for t in event.targets if t.start not in actors or can_be_listed(tokens, actors[t.start]))
    if len(kept) < len(event.targets):
        event = replace(event, targets=kept)
    if kept:
        return event
    doing = {party.id or party.name for party in event.agents} | {event.authority.id if event.authority else ""}
    found, where = _find(place, tokens, tuple(actors.values()), doing, _end_of_clause(tokens, event))
    if not 0 < len(found) <= _MOST:
        return event
    return replace(event, targets=as_parties(found), cues=(*event.cues, f"{CUE}: {where}"))


def _find(
    place: _Place, tokens: Sequence[Token], actors: Sequence[Actor], doing: Container[str], end: int | None
) -> tuple[Sequence[Actor], str]:
    """Give whom the sentence means, else whom the one beside it names, and where that is."""
    if found := find_whom(tokens, actors, doing, end):
        return found, "in the sentence"
    if _speaks_of_others(tokens):
        for where, asked, sentence in place.beside():
            if found := find_whom(asked.tokens(sentence), place.actors(asked, sentence), doing):
                return found, where
    return (), ""


def _with_lister(event: Event, place: _Place) -> Event:
    listed = {target.id for target in event.targets if target.id}
    for _, asked, sentence in (("", place.page, place.sentence), *place.beside()):
        actors = place.actors(asked, sentence)
        found = find_lister(asked.tokens(sentence), actors, listed)
        if found is not None:
            authority, told = as_name(found), place.sentence
            programme = event.programme or name_programme(
                *(place.page.low, told.start, told.end, event.trigger.start, authority),
                *(found.programmes, found.countries),
            )
            agents = event.agents or as_parties([found])
            return replace(event, authority=authority, agents=agents, programme=programme)
        if any(actor.kind in (Kind.AUTHORITY, Kind.STATE) for actor in actors):
            # Several are named, and it is not clear which of them.
            break
    return event


def _end_of_clause(tokens: Sequence[Token], event: Event) -> int | None:
    """Give where another clause begins behind an act that stands as a noun; None where it is told by a verb."""
    if not event.rule.endswith(("nominal", "noun")):
        return None
    return next((token.start for token in tokens if token.start > event.trigger.end and token.low in _TURNS), None)


def _speaks_of_others(tokens: Sequence[Token]) -> bool:
    """Tell whether a sentence speaks of somebody whom another sentence names: "it", "the group", "three outfits"."""
    return any(
        token.low in _PRONOUNS
        or token.low in SEVERAL
        or (token.low in GROUP_NOUNS and not ARTICLES.isdisjoint(t.low for t in tokens[max(0, at - 3) : at]))
        for at, token in enumerate(tokens)
    )
