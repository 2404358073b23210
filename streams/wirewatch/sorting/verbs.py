"""Reads how a trigger stands in its sentence: tense, voice, mood, or a noun or an adjective after all.

Called by `reading`. Looks at the words around the trigger only; what governs it is `governing`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from wirewatch.sorting.cues import Language
from wirewatch.sorting.finiteness import finite_present, gerund, headlong, is_noun, noun_negated
from wirewatch.sorting.inflecting import Form
from wirewatch.sorting.text import Token
from wirewatch.sorting.vocabulary import NOT_A_NOUN, PASSIVE_FOLLOWERS


class Use(StrEnum):
    """How a trigger is used."""

    PAST = "past"
    PRESENT = "present"
    PERFECT = "perfect"
    PLUPERFECT = "pluperfect"
    PROGRESSIVE = "progressive"
    MODAL = "modal"
    INFINITIVE = "infinitive"
    GERUND = "gerund"
    PARTICIPLE = "participle"
    FRONTED = "fronted"
    ATTRIBUTIVE = "attributive"
    NOUN = "noun"


class Reading(NamedTuple):
    """A trigger as it is used. Token indexes; `start` is where its verb group begins."""

    use: Use
    passive: bool
    start: int
    first: int
    last: int
    negated: bool
    modal: str
    #: Adverbs and auxiliaries inside the group.
    group: tuple[str, ...]


class _Maker(Protocol):
    def __call__(self, use: Use, *, passive: bool = False) -> Reading: ...


#: What stands before a number that is an object.
_ABOUT = frozenset(("at", "over", "around", "about", "nearly", "up"))
_QUANTITIES = frozenset(("least", "most", "to"))
#: Verbs that say that a state goes on: "remains banned", "stands banned".
_KEEPING = frozenset(["remains", "remain", "remained", "stays", "stay", "stayed", "stands", "stand", "kept", "keeps"])
#: What stands before the month of May, so that it is no modal verb.
_BEFORE_MONTHS = frozenset(("last", "in", "since", "of", "this", "early", "late", "mid", "until", "by", "from", "next"))
_LABELS = ("terror", "extremist", "banned", "foreign", "global", "specially", "unlawful", "proscribed", "prohibited")


def read_use(
    tokens: Sequence[Token],
    first: int,
    last: int,
    forms: frozenset[Form],
    language: Language,
    *,
    headline: bool,
    transitive: bool,
    named: Sequence[bool],
    low: Sequence[str],
) -> Reading | None:
    """Read the trigger `tokens[first..last]`; None when it is a word of another kind.

    `named[i]` tells whether token i lies in a name. `transitive` tells whether the rule expects an object. `low` holds
    the `small_words` of the tokens.
    """
    classes = language.classes
    before = low[first - 1] if first else ""
    after = low[last + 1] if last + 1 < len(low) else ""
    hyphened = before == "-" or (
        first > 0 and tokens[first - 1].end == tokens[first].start and before not in {"'", '"', "(", "'s"}
    )
    start, group = _group(low, first, classes)
    negated = any(word in classes["negations"] for word in group)
    modal = next((word for word in group if word in classes["modals"]), "")

    def reading(use: Use, *, passive: bool = False) -> Reading:
        return Reading(use, passive, start, first, last, negated, modal, tuple(group))

    if Form.PAST in forms:
        return _past(low, first, last, start, group, classes, reading, transitive, named, hyphened)
    if Form.NOUN in forms and (forms == {Form.NOUN} or is_noun(low, tokens, first, last, forms, classes, named)):
        return Reading(Use.NOUN, False, first, first, last, noun_negated(low, first), "", ())
    if Form.ING in forms:
        if modal:
            return reading(Use.MODAL)
        if any(word in classes["be"] for word in group):
            return reading(Use.PROGRESSIVE)
        if before in classes["determiners"] or after == "of" or not gerund(low, tokens, first, last, named, language):
            if Form.NOUN not in forms:
                return None
            return Reading(Use.NOUN, False, first, first, last, noun_negated(low, first), "", ())
        return reading(Use.GERUND)
    if Form.NOUN in forms or Form.BASE in forms or Form.THIRD in forms:
        if modal or any(word in classes["do"] for word in group):
            return reading(Use.MODAL if modal else (Use.PAST if "did" in group else Use.PRESENT))
        if "to" in group:
            return reading(Use.INFINITIVE)
        if not before or (before in ('"', "'") and headlong(low, first)):
            objected = after in classes["determiners"] or (last + 1 < len(named) and named[last + 1])
            return reading(Use.INFINITIVE) if Form.BASE in forms and objected else None
        if before in classes["determiners"] - {"that", "all", "both"} or before in {
            "of",
            "in",
            "on",
            "for",
            "with",
            "by",
            "from",
            "against",
        }:
            return None
        if before in {"and", "or", "&"} and Form.BASE in forms:
            return _coordinated(low, first, classes, reading)
        if hyphened or not finite_present(low, tokens, first, last, forms, classes, named, transitive):
            return None
        return reading(Use.PRESENT)
    return None


def small_words(tokens: Sequence[Token], words: list[str]) -> list[str]:
    """Give the words of a sentence in small letters such that the month of May is no modal verb."""
    if "may" not in words:
        return words
    low = words.copy()
    for at, token in enumerate(tokens):
        if token.text == "May" and at and low[at - 1] in _BEFORE_MONTHS:
            low[at] = "may-month"
    return low


def _group(low: Sequence[str], first: int, table: Mapping[str, frozenset[str]]) -> tuple[int, list[str]]:
    """Walk left over auxiliaries, adverbs and negations."""
    auxiliaries, adverbs = table["auxiliaries"], table["adverbs"]
    group: list[str] = []
    at = first - 1
    start = first
    while at >= 0 and first - at <= 7:
        word = low[at]
        if word == "time" and low[max(0, at - 3) : at] == ["for", "the", "first"]:
            at -= 4
            continue
        if word in auxiliaries or word in _KEEPING:
            start = at
        elif not (
            word in adverbs
            or (word.endswith("ly") and len(word) > 4)
            or word in {"'", '"', "re", "-"}
            or word in ("newly",)
        ):
            break
        group.append(word)
        at -= 1
        if word == "to":
            # "decided on Monday not to list it"
            group += ["not"] * (low[max(at, 0)] == "not" and at > 0)
            break
    # Adverbs left of the first auxiliary still belong: "previously designated", "already had".
    return (start if start < first else at + 1), group[::-1]


def _past(
    low: Sequence[str],
    first: int,
    last: int,
    start: int,
    group: Sequence[str],
    classes: Mapping[str, frozenset[str]],
    reading: _Maker,
    transitive: bool,
    named: Sequence[bool],
    hyphened: bool,
) -> Reading:
    after = low[last + 1] if last + 1 < len(low) else "."
    before = low[first - 1] if first else ""
    if any(word in _KEEPING for word in group) and not any(word in classes["modals"] or word == "to" for word in group):
        return reading(Use.PRESENT, passive=True)
    be = [word for word in group if word in classes["be"] or word in classes["get"]]
    have = [word for word in group if word in classes["have"]]
    if any(word in classes["modals"] for word in group):
        return reading(Use.MODAL, passive=bool(be))
    if "to" in group:
        return reading(Use.INFINITIVE, passive=bool(be))
    if have:
        use = Use.PLUPERFECT if "had" in have else Use.PERFECT
        return reading(use, passive="been" in be)
    if be:
        if "being" in be and not any(word in classes["be_present"] | classes["be_past"] for word in be):
            return reading(Use.GERUND, passive=True)
        if "being" in be:
            return reading(Use.PROGRESSIVE, passive=True)
        if be[-1] in ("been",):
            return reading(Use.PARTICIPLE, passive=True)
        if any(word in {"was", "were", "got"} for word in be):
            return reading(Use.PAST, passive=True)
        if be[-1] == "be":
            return reading(Use.INFINITIVE, passive=True)
        return reading(Use.PRESENT, passive=True)
    if not group and transitive and (caused := _caused(low, first, classes, named)):
        return reading(caused, passive=True)
    if after in _ABOUT and last + 2 < len(low) and (low[last + 2] in _QUANTITIES or low[last + 2][:1].isdigit()):
        # "killed at least 30 people", "killed over 30": a number of people is the object.
        return reading(Use.PAST)
    nounish = after not in NOT_A_NOUN and (after.isalpha() or (last + 1 < len(named) and named[last + 1]))
    article = before in classes["determiners"] and before not in {"that", "all", "both"}
    if hyphened or (article and (nounish or after in ("-", '"'))):
        return reading(Use.ATTRIBUTIVE, passive=True)
    if nounish and (
        before in classes["prepositions"] or before == "are" or (before.endswith("ed") and not named[first - 1])
    ):
        # "off proscribed list", "who joined outlawed Norland Front".
        return reading(Use.ATTRIBUTIVE, passive=True)
    if first == 0 and after in {"or", "and", "but"}:
        return reading(Use.FRONTED, passive=True)
    if first == 0 and nounish and transitive:
        return reading(Use.ATTRIBUTIVE, passive=True)
    if not transitive:
        return reading(Use.PAST)
    if before in ("and", "or") and after in PASSIVE_FOLLOWERS:
        inherited = next((low[at] for at in range(first - 2, max(-1, first - 14), -1) if low[at] in classes["be"]), "")
        if inherited:
            use = Use.PAST if inherited in ("was", "were") else Use.PERFECT if inherited == "been" else Use.PRESENT
            return reading(use, passive=True)
    stop = next((at for at in range(last + 1, len(low)) if low[at] in {"by", "as", ","}), len(low))
    labelled = (
        after.startswith(_LABELS)
        or (after in ("a", "an") and any(w.startswith(_LABELS) for w in low[last + 2 : last + 5]))
    ) and not any(named[last + 1 : min(stop, last + 12)])
    if after in PASSIVE_FOLLOWERS or labelled or last + 1 >= len(low):
        if start == 0 or (
            first <= 2 and all(word.endswith("ly") or word in classes["adverbs"] for word in low[:first])
        ):
            return reading(Use.FRONTED, passive=True)
        return reading(Use.PARTICIPLE, passive=True)
    return reading(Use.PAST)


def _caused(low: Sequence[str], first: int, classes: Mapping[str, frozenset[str]], named: Sequence[bool]) -> Use | None:
    """Read "had the group added", "wants to have it listed": the participle is what was brought about."""
    for at in range(first - 1, max(-1, first - 9), -1):
        word = low[at]
        if word in classes["have"] or word in classes["get"]:
            if at + 1 == first:
                return None
            if low[at - 1] == "to" or low[at - 1] in classes["modals"]:
                return Use.INFINITIVE
            return Use.PERFECT
        if not (
            named[at]
            or word in classes["determiners"]
            or word in {"and", ",", "group", "movement", "it", "them", "him", "her", "-"}
        ):
            return None
    return None


def _coordinated(low: Sequence[str], first: int, classes: Mapping[str, frozenset[str]], reading: _Maker) -> Reading:
    for at in range(first - 2, max(-1, first - 18), -1):
        if low[at] in classes["modals"]:
            return reading(Use.MODAL)
        if low[at] == "to":
            return reading(Use.INFINITIVE)
        if low[at] in (";", ":"):
            break
    return reading(Use.PRESENT)
