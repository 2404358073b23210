"""Describes what stands around one mention of a suspect: in his sentence, in those beside it, and what the rules read.

Called by `testimony`. Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from wirewatch.records import Event
from wirewatch.sorting.cast import is_guess
from wirewatch.sorting.deeds import kind_of, load_deeds, look_up
from wirewatch.sorting.pages import Page
from wirewatch.sorting.suspects import Suspect
from wirewatch.sorting.text import Sentence, Token
from wirewatch.sorting.vocabulary import HEADS, MEMBERS, words

#: Kinds of words that tell an act; and those that say something of an act in the same sentence.
ACTS = frozenset(("kill", "attack", "bomb", "kidnap", "sabotage"))
_OF_ACTS = words("claim blame deny military civilian time long_ago negation modal first_person talk fight order carry")
#: Counts are told apart up to here.
COUNTED = 4
#: Words in front of a name and behind it that are looked at.
_WINDOW = 8
#: What may stand between a name and the word that it depends on, and for how many words.
_SKIPPED = MEMBERS | HEADS | words('the of a an ( " alleged suspected leftist some')
_CLOSING = words("( ) \" '")
_SKIP = 6
#: Prepositions that say much of the name behind them.
_LEADING = words("by of against to on")


class Line(NamedTuple):
    """A sentence with the kinds and the entries of its words."""

    page: Page
    sentence: Sentence
    kinds: frozenset[str]
    entries: frozenset[str]
    #: True where somebody is named.
    named: bool


def read_lines(page: Page) -> Iterator[Line]:
    """Give the sentences of a field with what their words are."""
    starts = sorted(mention.start for mention in page.mentions)
    for sentence in page.sentences.every():
        yield _read(page, sentence, starts)


def _read(page: Page, sentence: Sentence, starts: Sequence[int]) -> Line:
    deeds = set(map(look_up, set(page.low[sentence.start : sentence.end].split())))
    kinds = frozenset([deed.kind for deed in deeds if deed.kind])
    entries = frozenset([deed.entry for deed in deeds if deed.entry])
    named = bisect_left(starts, sentence.start) < bisect_left(starts, sentence.end)
    return Line(page, sentence, kinds, entries, named)


def denies(line: Line) -> bool:
    """Tell whether a sentence denies or negates a claim, a blame or a part in something."""
    return not line.kinds.isdisjoint(("deny", "negation")) and not line.kinds.isdisjoint(("claim", "blame"))


def describe_place(
    lines: Sequence[Line], number: int, tokens: Sequence[Token], suspect: Suspect, suspects: Sequence[Suspect]
) -> set[str]:
    """Give the signs around one mention.

    Args:
        lines: all sentences of the article.
        number: which of them names the suspect.
        tokens: the words of that sentence.
        suspect: the one.
        suspects: everybody in that sentence.
    """
    line = lines[number]
    signs = _describe_mention(tokens, suspect)
    signs |= {f"in {kind}" for kind in line.kinds} | {f"in: {entry}" for entry in line.entries}
    if number:
        signs |= {f"before {kind}" for kind in lines[number - 1].kinds}
    if number + 1 < len(lines):
        signs |= {f"after {kind}" for kind in lines[number + 1].kinds}
    return signs | _among(line, suspect, suspects)


def _among(line: Line, suspect: Suspect, suspects: Sequence[Suspect]) -> set[str]:
    acts = line.kinds & ACTS
    signs = {f"act {kind}" for kind in line.kinds & _OF_ACTS} | {"act"} if acts else set()
    if len({other.id for other in suspects}) == 1:
        signs |= {"alone", *(f"alone {act}" for act in acts)}
    groups = {other.id for other in suspects if not other.civil}
    if not suspect.civil and len(groups) == 1:
        signs |= {f"only group {act}" for act in acts}
    return signs


def describe_reading(
    event: Event, tokens: Sequence[Token], suspect: Suspect, suspects: Sequence[Suspect], line: Line, number: int
) -> set[str]:
    """Give what the rules read of a suspect in a sentence that tells a deed."""
    start, end = tokens[suspect.first].start, tokens[suspect.last].end
    doer = any(party.start < end and start < party.end for party in event.agents)
    hit = any(party.start < end and start < party.end for party in event.targets)
    signs = {f"read {event.type} {'agent' if doer else 'target' if hit else 'other'}"}
    if doer:
        signs.add(f"agent {'guessed' if is_guess(event) else 'said'}")
        signs |= {f"agent {event.rule}", f"agent {event.status}", f"agent {event.type} {event.status}"}
        signs |= {f"agent {min(number, COUNTED)}", *(f"agent & {kind}" for kind in line.kinds)}
    else:
        others = any(other.id != suspect.id for other in suspects)
        signs.add(f"beside {event.type} {'others' if others else 'alone'}")
        nearest = min(suspects, key=lambda other: abs(tokens[other.first].start - event.trigger.start))
        if nearest.id == suspect.id:
            signs.add(f"nearest {event.type}")
    if not event.agents:
        signs.add("read nobody")
    return signs


def _describe_mention(tokens: Sequence[Token], suspect: Suspect) -> set[str]:
    """Give what stands right beside a mention, and what stands near it."""
    left, members_before = _leave(tokens, suspect.first - 1, -1)
    right, members_behind = _leave(tokens, suspect.last + 1, 1)
    one, other = _shown(tokens, left), _shown(tokens, right)
    signs = {f"left {one}", f"right {other}"}
    if members_before or members_behind:
        signs.add("members")
    ahead = {kind_of(token.low) for token in tokens[max(0, left - _WINDOW) : left + 1]} - {""}
    behind = {kind_of(token.low) for token in tokens[right : right + _WINDOW + 1]} - {""}
    signs |= {f"ahead {kind}" for kind in ahead} | {f"behind {kind}" for kind in behind}
    if one in _LEADING:
        signs |= {f"{one} < {kind}" for kind in ahead}
    return signs


def _leave(tokens: Sequence[Token], at: int, step: int) -> tuple[int, bool]:
    """Give the first token beside a name that is none of its members, heads or brackets; tell whether members were."""
    members = False
    for _ in range(_SKIP):
        if not 0 <= at < len(tokens):
            break
        low = tokens[at].low
        short = step > 0 and at + 1 < len(tokens) and tokens[at + 1].low == ")"
        if not (low in _SKIPPED if step < 0 else low in MEMBERS or low in HEADS or low in _CLOSING or short):
            break
        members |= low in MEMBERS
        at += step
    return at, members


def _shown(tokens: Sequence[Token], at: int) -> str:
    if at < 0:
        return "<"
    if at >= len(tokens):
        return ">"
    low = tokens[at].low
    return low if low in load_deeds().beside else kind_of(low) or "_"
