"""Tells verbs from nouns where a written form can be both.

Called by `verbs`. Looks at the words on either side; gives the cautious answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wirewatch.sorting.cues import Language
from wirewatch.sorting.inflecting import Form
from wirewatch.sorting.text import Token
from wirewatch.sorting.vocabulary import NOUN_FOLLOWERS, NUMBERS, TIME_WORDS


def headlong(low: Sequence[str], first: int) -> bool:
    """Tell whether the quotation mark before a word opens a quotation."""
    return first < 2 or low[first - 2] in {",", ":", "."}


def gerund(
    low: Sequence[str],
    tokens: Sequence[Token],
    first: int,
    last: int,
    named: Sequence[bool],
    language: Language,
) -> bool:
    """Tell a gerund with its object from a noun in -ing."""
    classes = language.classes
    before = low[first - 1] if first else ""
    after = low[last + 1] if last + 1 < len(low) else ""
    governed = (
        not before
        or before in classes["prepositions"]
        or before in language.verbs
        or before in {",", "and", "or", "(", "-", "not", "as", "being", "than"}
        or before in language.nouns
        or before.endswith("ly")
        or before in TIME_WORDS
    )
    objected = (
        after in classes["determiners"]
        or after in NUMBERS
        or after in {"it", "them", "him", "her", "both", "out", "off", "up"}
        or (last + 1 < len(named) and (named[last + 1] or tokens[last + 1].text[:1].isupper()))
        or after[:1].isdigit()
        or (
            after.isalpha()
            and after not in classes["prepositions"]
            and after not in classes["be"]
            and after not in classes["modals"]
            and after not in {"was", "is", "has", "had", "and", "or"}
        )
    )
    return (governed or named[first - 1 if first else 0] or (before.isalpha() and before.endswith("s"))) and (
        objected or (before in language.verbs and after in classes["prepositions"])
    )


def finite_present(
    low: Sequence[str],
    tokens: Sequence[Token],
    first: int,
    last: int,
    forms: frozenset[Form],
    classes: Mapping[str, frozenset[str]],
    named: Sequence[bool],
    transitive: bool,
) -> bool:
    """Tell "Britain bans the group" and "ministers ban it" from "the ban list"."""
    before = low[first - 1] if first else ""
    after = low[last + 1] if last + 1 < len(low) else ""
    if not first:
        return False
    subject = (
        named[first - 1]
        or tokens[first - 1].text[:1].isupper()
        or before in classes["pronouns"]
        or before in {"and", "who", "which", "that", ","}
        or before in classes["adverbs"]
        or before.endswith("ly")
    )
    plural = (before.endswith("s") and not before.endswith(("ss", "us"))) or before in {
        "police",
        "people",
        "men",
        "women",
        "gunmen",
        "militia",
        "children",
        ")",
        '"',
    }
    objected = (
        after in classes["determiners"]
        or after in NUMBERS
        or after in {"it", "them", "him", "her", "out", "off", "up", "down", "dead", "over", '"'}
        or after[:1].isdigit()
        or (last + 1 < len(named) and (named[last + 1] or tokens[last + 1].text[:1].isupper()))
        or (
            after.isalpha()
            and after not in classes["prepositions"]
            and after not in classes["be"]
            and after not in classes["modals"]
            and after not in classes["have"]
        )
    )
    imposed = (
        after.endswith("ed")
        and not (last + 1 < len(named) and named[last + 1])
        and after not in {"armed", "suspected", "alleged", "banned", "outlawed", "united"}
    )
    if transitive and (not objected or imposed) and after not in ("as", "by"):
        # "sanctions on", "EU sanctions imposed": a transitive verb wants its object.
        return False
    if Form.THIRD in forms:
        if before in {":", "-", "—", "–", "*", ";"} and objected:
            return True
        return subject or (before.isalpha() and (objected or after in classes["prepositions"]))
    return (
        (plural and (objected or after in classes["prepositions"]))
        or (subject and before not in ("and", ",") and not (named[first - 1] and not plural) and objected)
        or (named[first - 1] and objected and not _within_phrase(low, first, classes, named))
    )


def _within_phrase(
    low: Sequence[str], first: int, classes: Mapping[str, frozenset[str]], named: Sequence[bool]
) -> bool:
    """Tell whether a noun phrase with a preposition runs through the name before a word: "on the UN list he …"."""
    at = first - 1
    while at >= 0 and (named[at] or low[at] in classes["determiners"]):
        at -= 1
    return at >= 0 and low[at] in classes["prepositions"]


def is_noun(
    low: Sequence[str],
    tokens: Sequence[Token],
    first: int,
    last: int,
    forms: frozenset[Form],
    classes: Mapping[str, frozenset[str]],
    named: Sequence[bool],
) -> bool:
    """Tell a noun from a verb of the same form, by the words on either side."""
    before = low[first - 1] if first else ""
    after = low[last + 1] if last + 1 < len(low) else ""
    if (
        before in classes["modals"]
        or before in classes["do"]
        or before in {"to", "n't", "not", "who", "that", "they", "we", "i", "he", "she", "it", "which"}
    ):
        return False
    if before in classes["determiners"] or before in classes["prepositions"]:
        return True
    if Form.THIRD in forms or Form.BASE in forms:
        if (
            after in classes["determiners"]
            or after in NUMBERS
            or (last + 1 < len(named) and named[last + 1])
            or (after and after[0].isdigit())
        ):
            return False
        if after in NOUN_FOLLOWERS:
            return True
        if Form.THIRD in forms and first and (named[first - 1] or tokens[first - 1].text[:1].isupper()):
            return False
        return not (tokens[last + 1].text[:1].isupper() and first > 0) if last + 1 < len(tokens) else True
    return True


def noun_negated(low: Sequence[str], first: int) -> bool:
    """Tell whether "no" or the like stands right before a noun."""
    return any(word in {"no", "without", "not", "never"} for word in low[max(0, first - 3) : first])
