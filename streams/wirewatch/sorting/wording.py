"""Describes how a sentence is worded, without its names: the features that the second reader weighs.

Called by `rereading` and by its training. Names, dates and numbers become kinds; words of the shared tables become
their class, so that wording never seen is known by its parts. Pure; knows no event types.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import pairwise
from typing import NamedTuple

from wirewatch.sorting.actors import Actor, Kind, looks_organised
from wirewatch.sorting.cues import load_language
from wirewatch.sorting.dates import DateCue
from wirewatch.sorting.inflecting import inflect_verb
from wirewatch.sorting.text import Token
from wirewatch.sorting.vocabulary import ACT_NOUNS, FUNCTION_WORDS, LISTING_VERBS, PLACING_VERBS, REMOVING_VERBS

#: Lexicons whose entries are one word to the reader; where two hold the same words, the later one names them.
_LEXICONS = ("now_words", "organisation", "terror", "list", "label_noun", "listing", "label", "terror_list")
#: Classes that speak of lists and bans.
ACTS = frozenset(("LISTING", "LABEL", "TERROR_LIST", "LIST", "TERROR", "LABEL_NOUN", "ACT_NOUN"))
#: Those of them that can mean nothing else.
_PLAIN_ACTS = frozenset(("LISTING", "TERROR_LIST"))
#: What may stand before a label that says what somebody is; and between the two.
_TURNING = frozenset(("as", ":", "become", "becomes", "became", "to", "not", "it", "them", "him"))
_ARTICLES = frozenset(("a", "an", "now", "officially", "formally", "foreign", "domestic", '"', "'", "also", "again"))
_NAMES = ("GROUP", "NAME", "ORGANISATION")
_ACT_VERBS = ("LISTS_", "PLACES_", "REMOVES_")
#: Classes that say much about an act wherever they stand.
_COMPANY = (
    *("GROUP", "BODY", "MODAL", "NEGATION", "HAD", "IS", "WAS", "HAS"),
    *("PROPOSES", "STATES", "DENIES", "REACTS", "NOUN_PROPOSES"),
)
_ENDINGS = ("'s", "ing", "ied", "ed", "ies", "es", "s", "ly")
#: "He added that …", "…, the army added.": speech, nothing that was put on a list.
_ADDS = frozenset(("add", "adds", "added", "adding"))
#: Verbs that list or strike off only with one of these behind them: not "took place", "placed a bomb".
_PARTICLES = {
    form: particles
    for forms, particles in (
        ("strike strikes struck striking take takes took taken taking", frozenset(("off", "from", "out", "down"))),
        ("place places placed placing", frozenset(("on", "under", "upon", "onto", "among"))),
    )
    for form in forms.split()
}
#: So many words behind the verb a particle may stand.
_PARTING = 8
#: Behind these "name" is a noun.
_OWNING = frozenset(
    ("the", "a", "its", "their", "his", "her", "'s", "whose", "of", "by", "in", "under", "that", "this")
)
#: Words with which some terms begin, and most articles have: "first schedule".
_EVERYWHERE = ("a", "first")
_SPEECH = frozenset((",", ".", ";", ":", "that", '"', "'"))
_PIECE = re.compile(r"\w+|[^\w\s]")


class Word(NamedTuple):
    """A word as the reader sees it."""

    kind: str
    #: The word itself, or its kind where the word would be a name.
    surface: str
    start: int
    end: int


def is_act(word: Word) -> bool:
    """Tell whether a word speaks of lists, bans or terrorists."""
    return word.kind in ACTS or word.kind.startswith(_ACT_VERBS)


def speaks_of_listing(words: Sequence[Word]) -> bool:
    """Tell whether words may tell a listing: by one that can mean nothing else, or by two that do so together."""
    kinds = {word.kind for word in words}
    if not kinds.isdisjoint(_PLAIN_ACTS) or any(kind.startswith("LISTS_") for kind in kinds):
        return True
    lists, terror = not kinds.isdisjoint(("LIST", "LABEL_NOUN")), "TERROR" in kinds
    acts = "ACT_NOUN" in kinds or any(kind.startswith(("PLACES_", "REMOVES_")) for kind in kinds)
    if (acts and (lists or terror)) or (lists and terror):
        return True
    return "LABEL" in kinds and (lists or any(map(partial(_is_predicate, words), range(len(words)))))


def _is_predicate(words: Sequence[Word], at: int) -> bool:
    """Tell whether a label says what somebody is or becomes: "declared terrorist", not "the terrorist who fled"."""
    if words[at].kind != "LABEL":
        return False
    behind = words[at + 1] if at + 1 < len(words) else None
    if behind is not None and (behind.kind in _NAMES or behind.surface == "'s" or _is_described(words[at], behind)):
        # "The terrorist group Red Dawn", "a terrorist organisation's money", "a terrorist attack".
        return False
    before = at - 1
    while before >= 0 and words[before].surface in _ARTICLES:
        before -= 1
    if before < 0:
        return True
    word = words[before]
    article = any(one.surface not in ('"', "'") for one in words[before + 1 : at])
    return (
        word.kind in ("IS", "WAS", "BE", "HAS", "HAD")
        or word.surface in _TURNING
        or word.kind.startswith(("PLACES_", "LISTS_"))
        or (article and word.kind in _NAMES)
    )


def _is_described(label: Word, behind: Word) -> bool:
    """Tell whether a label of one word describes the noun behind it."""
    plain = behind.kind.islower() and behind.surface.isalpha() and behind.kind not in FUNCTION_WORDS
    return " " not in label.surface and plain


def read_wording(tokens: Sequence[Token], actors: Sequence[Actor], dates: Sequence[DateCue]) -> list[Word]:
    """Give the words of a sentence as kinds: one for each name, date, number, term or word."""
    names = {at: actor for actor in actors for at in range(actor.first, actor.last + 1)}
    terms, longest = _terms()
    kinds = _kinds()
    words: list[Word] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if at in names:
            actor = names[at]
            words.append(Word(_kind_of(actor), _kind_of(actor), actor.start, actor.end))
            at = actor.last + 1
            continue
        date = next((cue for cue in dates if cue.start <= token.start < cue.end), None)
        if date is not None:
            words.append(Word(f"DATE_{date.age}", "DATE", date.start, date.end))
            while at < len(tokens) and tokens[at].start < date.end:
                at += 1
            continue
        length, term = 0, ""
        for size in range(min(longest.get(token.low, 0), len(tokens) - at), 0, -1):
            term = terms.get(tuple(piece.low for piece in tokens[at : at + size]), "")
            if term and not any(inside in names for inside in range(at, at + size)):
                length = size
                break
        if length and not (length == 1 and kinds.get(token.low, "").endswith(("_past", "_ing"))):
            piece = tokens[at : at + length]
            words.append(Word(term, " ".join(one.low for one in piece), piece[0].start, piece[-1].end))
            at += length
            continue
        kind = "NUMBER" if token.low[0].isdigit() else kinds.get(token.low) or _stem(token.low)
        particles = _PARTICLES.get(token.low)
        if particles and particles.isdisjoint(piece.low for piece in tokens[at + 1 : at + 1 + _PARTING]):
            kind = _stem(token.low)
        if token.low in ("name", "names") and at and tokens[at - 1].low in _OWNING:
            kind = "name"
        if token.low in _ADDS and (at + 1 == len(tokens) or tokens[at + 1].low in _SPEECH):
            kind = "REPORTS"
        words.append(Word(kind, token.low, token.start, token.end))
        at += 1
    return words


def describe_wording(words: Sequence[Word], *, headline: bool, position: int, question: bool) -> Iterator[str]:
    """Give the features of a sentence: kinds alone, in pairs and beside each other, and where the sentence stands."""
    kinds = ["<", *(word.kind for word in words), ">"]
    present = set(kinds)
    found = {f"1 {kind}" for kind in present - FUNCTION_WORDS}
    found |= {
        f"w {word.surface}" for word in words if (word.kind.isupper() or "_" in word.kind) and word.kind != "NAME"
    }
    for name, pairs in (("2", pairwise(kinds)), ("3", zip(kinds, kinds[2:], strict=False))):
        found |= {f"{name} {one} {two}" for one, two in pairs if not (one in FUNCTION_WORDS and two in FUNCTION_WORDS)}
    ages = sorted(kind for kind in present if kind.startswith("DATE_"))
    found.add(f"ages {' '.join(ages)}")
    for act in {word.kind for word in words if is_act(word)}:
        found |= {f"x {act} {age}" for age in ages or ("undated",)}
        found |= {f"x {act} {other}" for other in _COMPANY if other in present}
    found |= {f"s {name}" for name, holds in (("headline", headline), ("question", question)) if holds}
    found.add(f"s {min(position, 3)}")
    yield from sorted(found)


def _kind_of(actor: Actor) -> str:
    if actor.kind is Kind.NAME:
        return "GROUP" if looks_organised(actor) else "NAME"
    return "GROUP" if actor.kind is Kind.ORGANISATION else "BODY"


def _stem(word: str) -> str:
    ending = next((end for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= 3), "")
    return word.removesuffix(ending)


@cache
def _terms() -> tuple[Mapping[tuple[str, ...], str], Mapping[str, int]]:
    lexicons = load_language().lexicons
    terms = {tuple(_PIECE.findall(entry)): name.upper() for name in _LEXICONS for entry in sorted(lexicons[name])}
    longest: dict[str, int] = {}
    for pieces in terms:
        longest[pieces[0]] = max(len(pieces), longest.get(pieces[0], 0))
    return terms, longest


@cache
def act_signs() -> frozenset[str]:
    """Give a word of every term and verb of lists, bans or terrorists: the first that does not stand everywhere."""
    terms, _ = _terms()
    verbs = {word for word, kind in _kinds().items() if kind in ACTS or kind.startswith(_ACT_VERBS)}
    named = {pieces[1] if pieces[0] in _EVERYWHERE else pieces[0] for pieces, name in terms.items() if name in ACTS}
    return frozenset(named | verbs)


@cache
def _kinds() -> Mapping[str, str]:
    """Name the class of every single word that has one; what is named last wins."""
    language = load_language()
    classes = language.classes
    kinds: dict[str, str] = {}
    for name, entries in (
        ("CONDITION", classes["conditions"] | classes["possible"]),
        ("RECENTLY", classes["fresh"]),
        ("BEFORE", classes["past"]),
        ("BE", classes["be"]),
        ("HAD", frozenset(("had",))),
        ("HAS", classes["have"] - {"had"}),
        ("WAS", classes["be_past"]),
        ("IS", classes["be_present"]),
        ("NEGATION", classes["negations"]),
        ("MODAL", classes["modals"]),
    ):
        kinds |= dict.fromkeys(entries, name)
    kinds |= dict.fromkeys(ACT_NOUNS, "ACT_NOUN")
    kinds |= {noun: f"NOUN_{effect.upper()}" for noun, effect in language.nouns.items()}
    kinds |= {
        verb: effect.upper() + "_ing" * verb.endswith("ing")
        for verb, effect in language.verbs.items()
        if verb not in language.nouns
    }
    for name, verbs in (("REMOVES", REMOVING_VERBS), ("PLACES", PLACING_VERBS), ("LISTS", LISTING_VERBS)):
        for verb in sorted(verbs):
            kinds |= {form: f"{name}_{kind}" for form, kind in inflect_verb(verb, language.irregular).items()}
    kinds["including"] = "including"
    return kinds
