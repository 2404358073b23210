"""Finds the clause that a trigger stands in, without a parser.

Called by `reading`. A clause is opened by a relative pronoun, a subordinator or a bracket, and closed by the comma that
follows its verb.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from wirewatch.sorting.cues import Language
from wirewatch.sorting.text import Token
from wirewatch.sorting.verbs import Reading, Use
from wirewatch.sorting.vocabulary import INSTRUMENTS, REPORT_NOUNS


class ClauseKind(StrEnum):
    """What opens the clause of a trigger."""

    MAIN = "main"
    RELATIVE = "relative"
    TEMPORAL = "temporal"
    CONDITION = "condition"
    COMPLEMENT = "complement"
    BRACKET = "bracket"


class Clause(NamedTuple):
    """Token indexes of the clause, end exclusive; `opener` is the word that opens it, or ""."""

    kind: ClauseKind
    start: int
    end: int
    opener: str
    opener_at: int


_HARD = frozenset((";", ":", "—", "–", "--"))
#: What may open or close a clause beside relative pronouns and temporal conjunctions: spares most words the questions.
_OPENERS = frozenset(
    ("that", "if", "unless", "whether", "lest", "follows", "followed", "marks", "marking", "commemorating")
)
_SUBORDINATORS = frozenset(("because", "although", "though", "while", "whereas", "when", "if", "unless"))
_TURNS = frozenset(("after", "before", "until", "following", "amid", "despite"))
_CLOSERS = _HARD | _SUBORDINATORS | _TURNS | {"-", ")", ",", "that"}

_SPANS = frozenset(("days", "weeks", "months", "years", "decades", "rounds", "hours"))
_MOVE = frozenset(["move", "step", "decision", "development", "action", "designation", "measure"])


def find_clause(tokens: Sequence[Token], reading: Reading, verbish: Sequence[bool], language: Language) -> Clause:
    """Find the clause around a trigger."""
    kind, start, opener, opener_at = _open(tokens, reading, verbish, language)
    if kind is ClauseKind.MAIN and start == 0 and _inverted(tokens, reading, language):
        kind, opener, opener_at = ClauseKind.CONDITION, tokens[0].low, 0
    if kind is ClauseKind.RELATIVE and _instrument(tokens, opener_at, language):
        # "a decree that names X": what the decree does is told by its own fate.
        kind = ClauseKind.COMPLEMENT
    return Clause(kind, start, _close(tokens, reading, kind, language), opener, opener_at)


def _open(
    tokens: Sequence[Token], reading: Reading, verbish: Sequence[bool], language: Language
) -> tuple[ClauseKind, int, str, int]:
    classes = language.classes
    relatives, temporal = classes["relatives"], classes["temporal"]
    at = reading.start - 1
    verb_seen = False
    comma = False
    while at >= 0:
        word = tokens[at].low
        if word == ")":
            at = _matching(tokens, at)
        elif word in ("(", "["):
            return ClauseKind.BRACKET, at + 1, word, at
        elif word in _HARD or (word == "-" and _spaced(tokens, at)):
            return ClauseKind.MAIN, at + 1, "", -1
        elif word == ",":
            comma = True
            closed = _closes_clause(tokens, at, verbish, classes)
            if closed:
                return ClauseKind.MAIN, at + 1, "", -1
        elif (
            not verb_seen
            and (word in _OPENERS or word in temporal or word in relatives)
            and (kind := _opens(tokens, at, classes, reading)) is not None
        ):
            # A comma between a fronted opener and the trigger closed it already, unless no verb came before the comma.
            return kind, at + 1, word, at
        elif verbish[at] and not comma:
            verb_seen = _finite(tokens, at, classes) or verb_seen
            if verb_seen and word not in ("said", "says") and reading.use in (Use.INFINITIVE, Use.GERUND, Use.NOUN):
                # What governs an infinitive may itself stand in a clause: look for that clause's opener.
                verb_seen = False
        at -= 1
    return ClauseKind.MAIN, 0, "", -1


def _inverted(tokens: Sequence[Token], reading: Reading, language: Language) -> bool:
    """Tell whether the sentence begins like "Had Oslo listed …", "Should Norland ban …", "Were it to name …"."""
    first = tokens[0].low
    return reading.start > 1 and (first in ("had", "were") or first in language.classes["modals"]) and first != "can"


def _instrument(tokens: Sequence[Token], opener_at: int, language: Language) -> bool:
    """Tell whether a relative clause describes a decree, an order, a bill or the like."""
    for at in range(opener_at - 1, max(-1, opener_at - 6), -1):
        word = tokens[at].low
        if word in INSTRUMENTS:
            return True
        if word == ",":
            return at == opener_at - 1 and tokens[at - 1].low in INSTRUMENTS
    return False


def _opens(
    tokens: Sequence[Token], at: int, table: Mapping[str, frozenset[str]], reading: Reading
) -> ClauseKind | None:
    word = tokens[at].low
    before = tokens[at - 1].low if at else ""
    if word in table["relatives"]:
        return ClauseKind.RELATIVE
    if word == "that":
        if tokens[at + 1].low in {"day", "week", "month", "year", "time"}:
            return None
        if before in REPORT_NOUNS or before == "," or not before or _verb_like(before):
            return ClauseKind.COMPLEMENT
        return ClauseKind.RELATIVE if before.isalpha() else ClauseKind.COMPLEMENT
    if word in {"if", "unless", "whether", "lest"}:
        return ClauseKind.CONDITION
    if (
        word in {"follows", "followed", "marks", "marking", "commemorating"}
        and reading.use is Use.NOUN
        and tokens[at + 1].low != "by"
    ):
        return ClauseKind.TEMPORAL
    if word in table["temporal"]:
        if _dated(tokens, at):
            return None
        if (
            word in {"after", "since", "before", "until", "following", "till"}
            and reading.use is Use.NOUN
            and reading.first - at > 6
        ):
            return None
        if at and word == "following" and reading.use is Use.GERUND:
            return None
        if not at and {"of"} & {token.low for token in tokens[2:5]} and _SPANS & {token.low for token in tokens[1:4]}:
            # "After years of hesitation the state has listed it": a phrase, no clause.
            return None
        if word == "once" and before in ("at",):
            return None
        if at and word == "since" and before in {"has", "have", "had"}:
            return None
        if word == "following" and reading.use is not Use.NOUN and reading.use is not Use.GERUND:
            return None
        return ClauseKind.TEMPORAL
    return None


_MOMENTS = frozenset(("midnight", "noon", "dawn", "today", "yesterday", "morning")) | frozenset(
    f"{day}day" for day in ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
)


def _dated(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether "since" or "until" is a preposition before a moment: "since midnight" opens no clause."""
    return (
        tokens[at].low in {"since", "until", "till"}
        and at + 1 < len(tokens)
        and tokens[at + 1].low in _MOMENTS
        and (at + 2 >= len(tokens) or tokens[at + 2].low != "'s")
    )


def _verb_like(word: str) -> bool:
    return word.endswith(("ed", "says", "said", "ing", "aid")) or word in {
        "say",
        "says",
        "said",
        "announce",
        "announces",
        "confirm",
        "deny",
        "denies",
        "told",
        "report",
        "claim",
        "claims",
        "demand",
        "insist",
        "made",
        "show",
        "shows",
        "means",
        "mean",
        "believe",
        "think",
        "clear",
        "her",
        "him",
        "them",
        "parliament",
        "reporters",
        "now",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "today",
        "statement",
    }


def _closes_clause(
    tokens: Sequence[Token], comma: int, verbish: Sequence[bool], table: Mapping[str, frozenset[str]]
) -> bool:
    """Tell whether the comma closes a subordinate clause that began before it with its own verb."""
    seen = False
    for at in range(comma - 1, -1, -1):
        word = tokens[at].low
        if word in {";", ":", "("}:
            return False
        if verbish[at]:
            seen = True
        if _dated(tokens, at):
            continue
        if (
            word in table["relatives"]
            or word in {"if", "unless", "although", "though", "because"}
            or word in table["temporal"]
        ):
            return seen or at == 0 or tokens[at - 1].low == "," or word in table["temporal"]
        if word == "," and seen:
            # An earlier comma: what lies between is a phrase of its own, look no further.
            return False
    return False


def _finite(tokens: Sequence[Token], at: int, table: Mapping[str, frozenset[str]]) -> bool:
    word = tokens[at].low
    before = tokens[at - 1].low if at else ""
    return before != "to" and not word.endswith("ing") and word not in table["adverbs"]


def _matching(tokens: Sequence[Token], at: int) -> int:
    for left in range(at - 1, -1, -1):
        if tokens[left].low == "(":
            return left
    return at


def _spaced(tokens: Sequence[Token], at: int) -> bool:
    return 0 < at < len(tokens) - 1 and tokens[at - 1].end < tokens[at].start and tokens[at].end < tokens[at + 1].start


def _close(tokens: Sequence[Token], reading: Reading, kind: ClauseKind, language: Language) -> int:
    classes = language.classes
    relatives = classes["relatives"]
    for at in range(reading.last + 1, len(tokens)):
        word = tokens[at].low
        if word not in _CLOSERS and word not in relatives:
            continue
        following = tokens[at + 1].low if at + 1 < len(tokens) else ""
        if word in _HARD or (word == "-" and _spaced(tokens, at)) or (kind is ClauseKind.BRACKET and word == ")"):
            return at
        if word in relatives or word in _SUBORDINATORS or word in _TURNS:
            return at
        if word == ",":
            if (
                following in relatives
                or following in classes["subordinators"]
                or (following in {"but", "a", "an", "its", "the"} and _aside(tokens, at))
            ):
                return at
            if (
                kind in (ClauseKind.RELATIVE, ClauseKind.TEMPORAL)
                and following not in ("and", "or")
                and not _listing(tokens, at)
            ):
                return at
            if (
                reading.use is Use.PARTICIPLE
                and reading.start
                and tokens[reading.start - 1].low == ","
                and not _listing(tokens, at)
            ):
                return at
            if following.endswith("ing") and following not in ("including",):
                return at
        if word == "that" and at > reading.last + 1 and tokens[at - 1].low not in {"on", "of", "in"}:
            return at
    return len(tokens)


def _aside(tokens: Sequence[Token], comma: int) -> bool:
    """Tell whether ", a move that …" or a new clause begins after the comma."""
    ahead = [token.low for token in tokens[comma + 1 : comma + 5]]
    return ahead[:1] == ["but"] or any(word in _MOVE for word in ahead)


def _listing(tokens: Sequence[Token], comma: int) -> bool:
    """Tell whether the comma separates members of an enumeration: an "and" follows soon, with names between."""
    for token in tokens[comma + 1 : comma + 7]:
        if token.low in ("and", "or"):
            return True
        if token.low == ",":
            continue
        if not (token.text[:1].isupper() or token.low in {"the", "a", "al", "-"}):
            return False
    return False
