"""Reads how many were killed and wounded, in figures or in words. Pure.

Called by `reading` for events of violence.
"""

from __future__ import annotations

import re

#: The words for 0 to 19, in order; `dates` counts days and weeks by them too.
SMALL_NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_WORDS = (
    {word: number for number, word in enumerate(SMALL_NUMBERS)} | _TENS | {"a": 1, "an": 1, "dozen": 12, "dozens": 0}
)
_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+|\d+|(?:"
    + "|".join(_TENS)
    + r")(?:[- ](?:"
    + "|".join(SMALL_NUMBERS[1:10])
    + r"))?|"
    + "|".join(SMALL_NUMBERS[1:])
    + r"|a hundred|an?)"
)
_PEOPLE = r"(?:(?!and\b|or\b|killed|wounded|injured)[\w'’-]+ ){0,5}?"
_DEAD = (
    r"(?:killed|dead|slain|shot dead|died|dying|perished|killing|kills?|deaths?|gunned down|lost their lives|"
    r"martyred|beheaded|executed)"
)
_HURT = r"(?:wounded|injured|hurt|wounding|injuring|wounds?|injures?|injuries)"
_PLAIN = _NUMBER.replace("|an?)", ")")
_BEFORE = (
    r"(?P<n>"
    + _PLAIN
    + r") (?:other )?"
    + _PEOPLE
    + r"(?:were |was |have been |had been |are |being |left |being )?(?:also |reportedly )?"
)
_BEHIND = (
    r" (?:at least |about |around |some |nearly |more than |up to |as many as |another |the |over |an estimated "
    r")*(?P<n>" + _NUMBER + r")\b(?! (?:years?|days?|hours?|weeks?|months?)\b)"
)


def _patterns(verbs: str) -> tuple[re.Pattern[str], ...]:
    return (re.compile(r"\b" + verbs + _BEHIND), re.compile(r"\b" + _BEFORE + verbs + r"\b"))


_KILLED = _patterns(_DEAD)
_WOUNDED = _patterns(_HURT)
#: One of these is in whatever the patterns fit; found thirty times faster.
_KILLED_SIGNS = (
    *("kill", "dead", "died", "slain", "death", "dying", "perish", "gunned", "lost their", "martyr", "behead"),
    "execut",
)
_WOUNDED_SIGNS = ("wound", "injur", "hurt")


def count_killed(low: str, start: int, end: int) -> int | None:
    """Give the number of people killed that `low[start:end]` names first; None when it names none."""
    return _first(_KILLED, _KILLED_SIGNS, low, start, end)


def count_wounded(low: str, start: int, end: int) -> int | None:
    """Give the number of people wounded that `low[start:end]` names first; None when it names none."""
    return _first(_WOUNDED, _WOUNDED_SIGNS, low, start, end)


def _first(patterns: tuple[re.Pattern[str], ...], signs: tuple[str, ...], low: str, start: int, end: int) -> int | None:
    piece = low[start:end]
    if not any(sign in piece for sign in signs):
        return None
    found = [match for pattern in patterns if (match := pattern.search(low, start, end))]
    if not found:
        return None
    return _value(min(found, key=lambda match: match.start()).group("n"))


def _value(words: str) -> int | None:
    plain = words.replace(",", "")
    if plain.isdigit():
        return int(plain)
    if plain == "a hundred":
        return 100
    parts = re.split("[- ]", plain)
    if all(part in _WORDS for part in parts):
        return sum(_WORDS[part] for part in parts)
    return None
