"""Describes everybody who may have done the acts of violence of an article, by signs that `convicting` weighs.

Called by `convicting` and by its training. Signs are kinds of words, places and what the rules read; no names. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from wirewatch.knowledge.entities import Organisation
from wirewatch.records import Event, Field, Party, Status
from wirewatch.sorting.cues import load_language
from wirewatch.sorting.pages import Page
from wirewatch.sorting.suspects import Suspect, find_suspects
from wirewatch.sorting.vocabulary import words
from wirewatch.sorting.whereabouts import ACTS, COUNTED, Line, denies, describe_place, describe_reading, read_lines

#: Events that somebody has done, or says that he has.
DEEDS = frozenset(("attack_bombing", "attack_armed", "assassination", "hostage_taking", "attack_claim"))
#: Sentences of an article, its title among them, that is weighed at all: signs were learnt from whole articles, and
#: what three sentences say the rules read better.
WHOLE = 4
#: Kinds of words that tell an act or call it one; and those that say something of one in the same sentence.
_ACTIVE = ACTS | {"crime"}
_ABOUT = words("civilian military claim blame fight modal long_ago carry")


class Place(NamedTuple):
    """One mention of a suspect; `sentence` counts from the first of the article, the title's included."""

    field: Field
    start: int
    end: int
    sentence: int


class Account(NamedTuple):
    """A suspect of an article with everything that is said of him."""

    suspect: Suspect
    places: tuple[Place, ...]
    signs: frozenset[str]
    #: True where a sentence that names him denies or negates a claim or a blame.
    denied: bool

    def nearest(self, field: Field, at: int) -> Place:
        """Give the mention that is nearest to a place; what stands in another field is farther than anything."""
        return min(self.places, key=lambda place: (place.field is not field, abs(place.start - at)))

    def as_party(self, place: Place) -> Party:
        """Give him as a party, by one of his mentions."""
        return Party(self.suspect.id, self.suspect.name, place.start, place.end)


class _Told(NamedTuple):
    """One mention with the signs around it."""

    suspect: Suspect
    place: Place
    signs: set[str]
    denied: bool


def is_deed(event: Event) -> bool:
    """Tell whether an event is an act of violence that somebody may have done."""
    return event.type in DEEDS and event.status is not Status.DENIED


def describe_suspects(
    pages: Sequence[Page], events: Sequence[Event], organisations: Mapping[str, Organisation]
) -> list[Account]:
    """Give the suspects of an article as it names them in turn; nobody where it tells no deed or is short."""
    deeds = [event for event in events if is_deed(event)]
    if not deeds or not any(page.mentions for page in pages):
        return []
    lines = [line for page in pages for line in read_lines(page)]
    if len(lines) < WHOLE:
        return []
    grouped: dict[str, list[_Told]] = {}
    for number in range(len(lines)):
        for one in _tell(lines, number, deeds, organisations):
            grouped.setdefault(one.suspect.id, []).append(one)
    article = _describe_article(lines, deeds)
    armed = [mentions for mentions in grouped.values() if not mentions[0].suspect.civil]
    often = max(map(len, armed), default=0)
    accused = {party.id for event in deeds for party in event.agents}
    found = []
    for identity, mentions in grouped.items():
        suspect = mentions[0].suspect
        signs = article | _count_signs(mentions)
        signs |= {f"named {min(COUNTED, len(mentions))}", f"first {min(COUNTED, mentions[0].place.sentence)}"}
        signs |= {f"suspects {min(COUNTED, len(grouped))}", f"groups {min(COUNTED, len(armed))}"}
        if suspect.civil:
            signs.add("civil")
        elif len(mentions) == often:
            signs.add("named most")
        if accused:
            signs.add("accused" if identity in accused else "others accused")
        places = tuple(one.place for one in mentions)
        found.append(Account(suspect, places, frozenset(signs), any(one.denied for one in mentions)))
    return found


def _describe_article(lines: Sequence[Line], deeds: Sequence[Event]) -> set[str]:
    """Give what is the same for all suspects of an article."""
    kinds = Counter(kind for line in lines for kind in line.kinds)
    together = Counter(
        f"{act}&{other}{'&time' * ('time' in line.kinds)}"
        for line in lines
        for act in _ACTIVE & line.kinds
        for other in _ABOUT & line.kinds
    )
    signs = {f"often {kind}" for kind, count in kinds.items() if count > 0.3 * len(lines)}
    signs |= {f"holds {entry}" for line in lines for entry in line.entries}
    signs |= {f"tells {pair}" for pair in together} | {
        f"tells 2 {pair}" for pair, count in together.items() if count > 1
    }
    signs |= {f"event {event.type} {event.status}" for event in deeds} | {f"event {event.type}" for event in deeds}
    signs.add(f"length {min(5, len(lines) // 5)}")
    return signs


def _count_signs(mentions: Sequence[_Told]) -> set[str]:
    counts = Counter(sign for one in mentions for sign in one.signs)
    return set(counts) | {f"2 {sign}" for sign, count in counts.items() if count > 1}


def _tell(
    lines: Sequence[Line], number: int, deeds: Sequence[Event], organisations: Mapping[str, Organisation]
) -> Iterator[_Told]:
    line = lines[number]
    page, sentence = line.page, line.sentence
    if not line.named:
        # Cutting a sentence into words costs most of all that is done here.
        return
    tokens = page.tokens(sentence)
    actors = page.actors(sentence, organisations, load_language())
    suspects = find_suspects(actors)
    near = [
        event for event in deeds if event.field is page.field and sentence.start <= event.trigger.start < sentence.end
    ]
    for suspect in suspects:
        signs = describe_place(lines, number, tokens, suspect, suspects)
        for event in near:
            signs |= describe_reading(event, tokens, suspect, suspects, line, number)
        place = Place(page.field, tokens[suspect.first].start, tokens[suspect.last].end, number)
        yield _Told(suspect, place, signs, denies(lines[number]))
