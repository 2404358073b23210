"""Finds what a sentence says of time and how old that is, seen from the day the article was published.

Called by `reading` for each sentence that matters. Fourteen days is the border between news and background
(annotation guidelines); a phrase that cannot be placed gives no age at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

import ahocorasick

from wirewatch.sorting.counts import SMALL_NUMBERS

#: Up to this many days back an act is still being reported.
FRESH_DAYS = 14

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?)\\.?"
)
_DAY = "(?:mon|tues?|wednes|thurs?|fri|satur|sun)day|(?:mon|tues?|wed|thurs?|fri|sat|sun)\\b"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Up to thirteen: above fourteen days nothing is fresh.
_NUMBERS = {word: n for n, word in enumerate(SMALL_NUMBERS[:14])} | {
    "a": 1,
    "an": 1,
    "several": 5,
    "some": 5,
    "a few": 3,
    "few": 3,
    "30": 30,
}
_NUMBER = "(?:\\d{1,4}|a few|few|several|some|an?|" + "|".join(k for k in _NUMBERS if len(k) > 2) + ")"


class Age(StrEnum):
    """Where a date lies."""

    FRESH = "fresh"
    OLD = "old"
    FUTURE = "future"


class DateCue(NamedTuple):
    """A date phrase of a field, its age and, where it can be told, its day."""

    start: int
    end: int
    text: str
    age: Age
    day: date | None = None


_Reader = Callable[[re.Match[str], date | None], tuple[Age, date | None] | None]


def find_dates(
    low: str, start: int, end: int, published: date | None, previous: DateCue | None = None
) -> list[DateCue]:
    """Give the date phrases of `low[start:end]` in order, without overlaps; longer patterns first.

    `previous` is the last date of the text before, for "the same month".
    """
    found: list[DateCue] = []
    asked = 0
    for _, bits in _SIGNS.iter(low, start, end):
        asked |= bits
    if not asked & _ALL:
        return found
    for number, (pattern, read, _) in enumerate(_PATTERNS):
        if not asked >> number & 1:
            continue
        for match in pattern.finditer(low, start, end):
            first, last = match.span()
            if found and any(first < cue.end and cue.start < last for cue in found):
                continue
            if pattern is _SAME:
                result = (previous.age, previous.day) if previous else None
            else:
                result = read(match, published)
            if result is not None:
                found.append(DateCue(first, last, match.group(), *result))
    if not found or not (asked & _PLACED or _ANY.search(low, start, end)):
        return []
    found.sort(key=_by_start)
    return found


def refers_back(low: str, start: int, end: int) -> bool:
    """Tell whether `low[start:end]` dates anything by what was said before ("the same month")."""
    # The words alone are a hundred times faster to look for than the pattern.
    if low.find("same ", start, end) < 0 and low.find("that ", start, end) < 0:
        return False
    return _SAME.search(low, start, end) is not None


def _by_start(cue: DateCue) -> int:
    return cue.start


def _age(day: date, published: date | None) -> Age | None:
    if published is None:
        return None
    behind = (published - day).days
    if behind < -1:
        return Age.FUTURE
    return Age.FRESH if behind <= FRESH_DAYS else Age.OLD


def _fresh(match: re.Match[str], published: date | None) -> tuple[Age, date | None]:
    word = match.group()
    if published is None or "week" in word:
        return Age.FRESH, None
    if "yesterday" in word or "last night" in word:
        return Age.FRESH, published - timedelta(days=1)
    return Age.FRESH, published if "today" in word or "tonight" in word else None


def _old(match: re.Match[str], published: date | None) -> tuple[Age, date | None]:
    return Age.OLD, None


def _future(match: re.Match[str], published: date | None) -> tuple[Age, date | None]:
    return Age.FUTURE, None


def _weekday(match: re.Match[str], published: date | None) -> tuple[Age, date | None]:
    if match.group().startswith("next") or "coming" in match.group():
        return Age.FUTURE, None
    if published is None:
        return Age.FRESH, None
    wanted = _WEEKDAYS.index(match.group("day")[:3])
    return Age.FRESH, published - timedelta(days=(published.weekday() - wanted) % 7)


_DAYS = {"hour": 0, "day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365, "decade": 3650}
_PARTS_OF_TIME = ("day", "morning", "afternoon", "evening", "night", "week", "weekend")
_TURNS = ("ago", "earlier", "after", "before", "since", "previously", "later")


def _ago(match: re.Match[str], published: date | None) -> tuple[Age, date | None] | None:
    word = match.group("n")
    number = int(word) if word.isdigit() else _NUMBERS.get(word, 1)
    days = number * _DAYS[match.group("unit")]
    if days > FRESH_DAYS:
        return Age.OLD, published - timedelta(days=days) if published and days < 3650 else None
    return Age.FRESH, published - timedelta(days=days) if published else None


def _whole(match: re.Match[str], published: date | None) -> tuple[Age, date | None] | None:
    """Read day and month, with or without a year."""
    month = next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(match.group("month")[:3]))
    year = match.group("year")
    if published is None:
        return (Age.OLD, None) if year else None
    try:
        day = date(int(year) if year else published.year, month, int(match.group("day")))
        if not year and (day - published).days > 200:
            day = day.replace(year=day.year - 1)
        elif not year and (published - day).days > 300:
            day = day.replace(year=day.year + 1)
    except ValueError:
        return None
    age = _age(day, published)
    return (age, day) if age else None


def _month(match: re.Match[str], published: date | None) -> tuple[Age, date | None] | None:
    month = next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(match.group("month")[:3]))
    year = match.group("year")
    if published is None:
        return Age.OLD, None
    if "next " in match.group():
        return Age.FUTURE, None
    if year:
        first = date(int(year), month, 1)
        if (first.year, first.month) == (published.year, published.month):
            return Age.FRESH, None
        return (Age.FUTURE if first > published else _late(first, published)), None
    if month == published.month:
        return (Age.OLD if "last " in match.group() else Age.FRESH), None
    return _late(date(published.year if month < published.month else published.year - 1, month, 1), published), None


def _late(first: date, published: date) -> Age:
    """Call a month that ended within the last days fresh only when the article opens the next month."""
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Age.FRESH if 0 <= (published - following).days < 5 and published.day < 5 else Age.OLD


def _year(match: re.Match[str], published: date | None) -> tuple[Age, date | None] | None:
    year = int(match.group("year"))
    if published is None or year < published.year:
        return Age.OLD, None
    return (Age.FUTURE, None) if year > published.year else None


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(r"(?<![\w-])(?:" + pattern + r")(?![\w])")


_SAME = _compile("(?:the|that) same (?:day|week|month|year)|that (?:month|year|summer|autumn)")
_MONTH_SIGNS = tuple(month[:3] for month in _MONTHS)
#: Patterns in the order of their right, each with signs of which one is in whatever it fits: one walk finds all signs.
_PATTERNS: tuple[tuple[re.Pattern[str], _Reader, tuple[str, ...]], ...] = (
    (
        _compile(f"(?P<month>{_MONTH}) (?P<day>\\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>(?:19|20)\\d\\d))?"),
        _whole,
        _MONTH_SIGNS,
    ),
    (
        _compile(f"(?P<day>\\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})(?:,? (?P<year>(?:19|20)\\d\\d))?"),
        _whole,
        _MONTH_SIGNS,
    ),
    (
        _compile(
            f"(?:in|since|of|from|until|till|during|late|early|mid-?|last|next|by|this|after|before) ?(?:late |"
            f"early |mid-?)?"
            f"(?P<month>{_MONTH})(?: of)?(?: last year| this year)?,?(?: (?P<year>(?:19|20)\\d\\d))?"
        ),
        _month,
        _MONTH_SIGNS,
    ),
    (_compile(f"(?P<month>{_MONTH}),? (?P<year>(?:19|20)\\d\\d)"), _month, _MONTH_SIGNS),
    (_SAME, _old, ("same", "that ")),
    (
        _compile(
            "earlier (?:on )?(?:today|this week|in the (?:day|week))|"
            f"(?<!to )(?:to|this) ?(?:{'|'.join(_PARTS_OF_TIME)})|"
            "yesterday|last (?:night|week|weekend)|over the weekend|overnight|past (?:24|48) hours|tonight|just "
            "(?:now|hours)|"
            "hours (?:ago|earlier|later|after)|within hours|the day before|recent days|days? earlier|moments ago|"
            "this month|at dawn|(?:since|from) (?:midnight|noon)|at (?:noon|midnight)|as of (?:today|now)|with "
            "immediate effect|minutes ago|from now on|in less than a day|before dawn|the (?:previous|next|"
            "following) day|minutes (?:later|after)"
        ),
        _fresh,
        (
            *(f"{lead}{part}" for lead in ("to", "to ", "this", "this ") for part in _PARTS_OF_TIME),
            *("in the day", "in the week", "yesterday", "last night", "last week", "the weekend", "overnight", "hours"),
            *("just now", "the day before", "recent days", "day earlier", "days earlier", "moments ago", "this month"),
            *("at dawn", "midnight", "noon", "of now", "immediate", "minutes ", "now on", "less than a day"),
            *("before dawn", "previous day", "next day", "following day"),
        ),
    ),
    (
        _compile(
            f"(?:tomorrow|next (?:week|month|year|{_DAY})|coming (?:days|weeks|months)|within (?:days|weeks|months)|"
            "in the (?:days|weeks|months) ahead|later this (?:week|month|year)|by the end of)"
        ),
        _future,
        ("next", "tomorrow", "coming", "within", "ahead", "later this", "by the end"),
    ),
    (_compile(f"(?:(?:on|last|early|late|by|since|until|next|this|the coming) )*(?P<day>{_DAY})"), _weekday, _WEEKDAYS),
    (
        _compile(f"(?P<n>{_NUMBER}) (?P<unit>{'|'.join(_DAYS)})s? (?:{'|'.join(_TURNS)})"),
        _ago,
        tuple(f"{unit} {turn}" for unit in ("s", *_DAYS) for turn in _TURNS),
    ),
    (
        _compile(
            "last (?:year|month|summer|spring|autumn|winter|fall|decade|century)|earlier this year|this (?:year|"
            "spring|summer|winter)|"
            "(?:months|years|decades|weeks|centuries) (?:ago|earlier|after|later)|(?:in|over) (?:recent|the past|"
            "past|previous) "
            "(?:months|years|decades)|for (?:years|decades|months|many years)|(?:since |in |from |until |during "
            ")?(?:the )?(?:late|early|mid)?[- ]*(?:19|20)\\d0s|"
            "\\w+ years (?:ago|earlier|before)|"
            "(?:a|the last|one) (?:century|generation) (?:ago|earlier|after|before|later)|"
            "nearly (?:a|two|three) decades?|"
            "(?:the )?previous (?:year|month|decade)|half a century|for more than (?:a|two|\\w+) (?:year|decade)s?|"
            "under (?:the )?(?:previous|last) (?:government|administration)|during (?:his|her|its|the) first "
            "(?:term|presidency)|"
            "in (?:his|her|\\w+'s|mr \\w+'s) first term|at the time|back then|then-\\w+|"
            "long (?:ago|before)|to date|so far|over the years|at one time|in the (?:late|early|mid-?) ?(?:19|20)\\d0s"
        ),
        _old,
        (
            *("last ", "this year", "this spring", "this summer", "this winter", "recent ", "past ", "previous "),
            *("s ago", "s earlier", "s after", "s later", "s before", "for years", "for decades", "for months"),
            *("many years", "0s", "century", "generation", "nearly ", "more than ", "first term", "first presidency"),
            *("at the time", "back then", "then-", "long ago", "long before", "to date", "so far", "over the years"),
            "at one time",
        ),
    ),
    (
        _compile(
            "(?:(?:in|since|from|of|until|during|back in|late|early|mid-?|by|around|for) ?)*(?P<year>(?:19|"
            "20)\\d\\d)(?!,\\d| (?:people|soldiers))"
        ),
        _year,
        ("19", "20"),
    ),
)
#: Whatever a date holds that is looked at; a stretch without one of these has none.
_ANY = re.compile(
    r"\d|day\b|days\b|week|month|year|decade|centur|tonight|morning|afternoon|evening|night|dawn|hour|moment|minute|"
    r"tomorrow|midnight|jan|feb|march|apr|may|june|july|aug|sept|oct|nov|dec|summer|spring|autumn|winter|term|then|"
    r"previous|to date|so far|over the years|mon\b|tue|wed\b|thu|fri\b|sat\b|sun\b|ago\b|at the time"
)
#: Those of them that need no look at what follows.
_SURE = (
    *("week", "month", "year", "decade", "centur", "tonight", "morning", "afternoon", "evening", "night", "dawn"),
    *("hour", "moment", "minute", "tomorrow", "previous", "term", "then", *"0123456789"),
)
_ALL = (1 << len(_PATTERNS)) - 1
_PLACED = _ALL + 1


def _collect_signs() -> ahocorasick.Automaton:
    """Give the automaton from each sign to the patterns that it is a sign of, in bits."""
    bits_of = dict.fromkeys(_SURE, _PLACED)
    for number, (_, _, signs) in enumerate(_PATTERNS):
        for sign in signs:
            bits_of[sign] = bits_of.get(sign, 0) | 1 << number
    automaton = ahocorasick.Automaton()
    for sign, bits in bits_of.items():
        automaton.add_word(sign, bits)
    automaton.make_automaton()
    return automaton


_SIGNS = _collect_signs()
