"""Finds the clause that a trigger stands in and the words that govern it, without a parser.

Called by `reading`. A clause is opened by a relative pronoun, a subordinator or a bracket, and closed by the comma that
follows its verb; governors are read from the inside out: in "blocked a bid to list", `bid` comes first, then `blocked`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from wirewatch.sorting.clauses import Clause, ClauseKind
from wirewatch.sorting.cues import Effect, Language
from wirewatch.sorting.text import Token
from wirewatch.sorting.verbs import Reading, Use


class Governor(NamedTuple):
    """A word above the trigger and what it does to it."""

    at: int
    word: str
    effect: Effect
    noun: bool


#: Before these, "forces" is a body and no verb.
_BEFORE_FORCES = frozenset(
    ("armed", "security", "air", "special", "police", "defence", "defense", "government", "task")
)
#: Nothing beyond these governs.
_BREAKS = frozenset(
    (
        *(";", ":", "("),
        *("after", "since", "before", "until", "when", "while", "following", "because", "although"),
    )
)


def find_governors(tokens: Sequence[Token], reading: Reading, clause: Clause, language: Language) -> list[Governor]:
    """Give what governs the trigger, innermost first."""
    if reading.use in (Use.INFINITIVE, Use.GERUND, Use.NOUN, Use.PARTICIPLE, Use.ATTRIBUTIVE):
        # An infinitive's group begins with its "to", which belongs to phrases such as "set to".
        begin = reading.start if tokens[reading.start].low == "to" else reading.start - 1
        return _climb(tokens, begin, language, limit=24)
    if clause.kind in (ClauseKind.COMPLEMENT, ClauseKind.CONDITION):
        return _climb(tokens, clause.opener_at - 1, language, limit=12)
    return [
        governor
        for governor in _climb(tokens, reading.start - 1, language, limit=6)
        if not governor.noun and governor.word.startswith(("den", "disput", "refut", "demand", "recommend", "propos"))
    ]


def _climb(tokens: Sequence[Token], at: int, language: Language, *, limit: int) -> list[Governor]:
    found: list[Governor] = []
    governing, phrases = language.classes["governing"], language.phrase_lengths
    lowest = max(-1, at - limit)
    while at > lowest:
        word = tokens[at].low
        if word in _BREAKS or (word == "," and not _within_names(tokens, at)):
            break
        if word == "which" or word == "who":
            at -= 1
            continue
        phrase = _phrase_ending(tokens, at, language) if word in phrases else None
        if phrase is not None:
            length, effect = phrase
            found.append(
                Governor(
                    at - length + 1, " ".join(token.low for token in tokens[at - length + 1 : at + 1]), effect, False
                )
            )
            at -= length
            continue
        if word not in governing:
            at -= 1
            continue
        before = tokens[at - 1].low if at else ""
        if word in {"forces", "force"} and before in _BEFORE_FORCES:
            at -= 1
            continue
        attributive = before in language.classes["determiners"] or before in {"of", "by", "-"}
        ahead = tokens[at + 1].low if at + 1 < len(tokens) else ""
        leads = ahead in {
            "to",
            "for",
            "by",
            "of",
            "on",
            "that",
            "from",
            "at",
            "against",
            "about",
            "over",
            "in",
            "under",
            "and",
            "or",
        } or ahead.endswith("ing")
        if word in language.nouns and leads and not _verb_context(before, language):
            found.append(Governor(at, word, language.nouns[word], True))
        elif (
            word.startswith("call")
            and word in language.verbs
            and not attributive
            and not {"for", "on", "upon", "to"} & {token.low for token in tokens[at + 1 : at + 4]}
        ):
            found.append(Governor(at, word, Effect.REACTS, False))
        elif word in language.verbs and not attributive:
            found.append(Governor(at, word, _negate(tokens, at, language.verbs[word], language), False))
        elif word in language.classes["possible"]:
            found.append(Governor(at, word, Effect.PROPOSES, True))
        elif (
            word in language.classes["modals"]
            and found
            and not found[-1].noun
            and found[-1].effect in (Effect.STATES, Effect.REACTS)
        ):
            found.append(Governor(at, word, Effect.PROPOSES, False))
        at -= 1
    return found


def _verb_context(before: str, language: Language) -> bool:
    return before in language.classes["modals"] or before in {"to", "they", "we", "who", "not", "n't"}


def _negate(tokens: Sequence[Token], at: int, effect: Effect, language: Language) -> Effect:
    """Turn "did not agree to" and "has not decided to" round."""
    near = [token.low for token in tokens[max(0, at - 3) : at]]
    if effect is Effect.STATES and any(word in language.classes["negations"] for word in near):
        return Effect.PROPOSES if any(word.startswith("decid") for word in (tokens[at].low,)) else Effect.DENIES
    return effect


def _phrase_ending(tokens: Sequence[Token], at: int, language: Language) -> tuple[int, Effect] | None:
    for length in language.phrase_lengths.get(tokens[at].low, ()):
        if length <= at + 1:
            key = tuple(token.low for token in tokens[at - length + 1 : at + 1])
            if key in language.phrases:
                return length, language.phrases[key]
    return None


def _within_names(tokens: Sequence[Token], comma: int) -> bool:
    """Tell whether a comma lies in an enumeration of names: "Britain, Canada and Australia"."""
    after = tokens[comma + 1].text if comma + 1 < len(tokens) else ""
    before = tokens[comma - 1].text if comma else ""
    return before[:1].isupper() and (after[:1].isupper() or after in ("and", "or"))
