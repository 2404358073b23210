"""Dates as feeds write them → aware UTC. Pure, never raises, never guesses.

Reads RFC 822 with its everyday mistakes, ISO 8601 and W3C-DTF, asctime and SQL. What has two readings (`01/02/2025`),
names a day that no calendar has, or lies before the web, is no date.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

#: Nothing on the web is older. A date before it is a default, an overflow or a joke.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
#: A clock may be wrong by so much, and a scheduled article early by so much, before the date is pulled back to now.
TOLERANCE = timedelta(hours=1)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janvier januar enero gennaio janeiro ene",
            "feb february février fevrier februar febrero febbraio fevereiro fév",
            "mar march mars märz marzo março maerz mär",
            "apr april avril abril aprile avr abr",
            "may mai mayo maggio maio mei",
            "jun june juin juni junio giugno junho",
            "jul july juillet juli julio luglio julho",
            "aug august août aout agosto ago",
            "sep september septembre septiembre settembre setembro sept",
            "oct october octobre oktober octubre ottobre outubro okt out",
            "nov november novembre noviembre novembro",
            "dec december décembre decembre dezember diciembre dicembre dezembro dez dic déc",
        ),
        start=1,
    )
    for name in names.split()
}
#: Hours east. RFC 822's names, Europe's, and GMT's relatives; other letters mean nothing certain.
_ZONES = {
    "": 0, "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "met": 1, "mest": 2,
    "eet": 2, "eest": 3, "msk": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3, "et": -5, "ct": -6, "mt": -7, "pt": -8,
    "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "pkt": 5, "hkt": 8, "sgt": 8,
}  # fmt: skip

_ISO = re.compile(
    r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?|-(\d{3}))?"
    r"(?:\s?(?:T\s?|\s)(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d{1,12})?)?"
    r"\s*(?:([A-Za-z]{1,4})|([+-])(\d{2}):?(\d{2})?)?)?"
)
_RFC822 = re.compile(
    r"(?:[^\W\d_]{2,12}\.?,?\s*)?(\d{1,2})[\s-]+([^\W\d_]{3,10})\.?,?[\s-]+(\d{4}|\d{2}),?"
    r"(?:(?:\s+|\s*T\s*|\s*at\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,12})?)?\s*([AaPp]\.?[Mm]\.?)?)?"
    r"\s*(?:\(?([A-Za-z]{1,5})?\)?\s*(?:([+-])\s?(\d{1,2}):?(\d{2})?)?)?(?:\s*\([^()]{0,40}\))?"
)
_ASCTIME = re.compile(
    r"(?:[^\W\d_]{3,10},?\s+)?([^\W\d_]{3,10})\.?\s+(\d{1,2}),?\s+(?:(\d{4}),?\s*)?"
    r"(?:(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp]\.?[Mm]\.?)?)?\s*([A-Za-z]{1,5})?\s*([+-]\d{4})?\s*(\d{4})?"
)


def read_date(raw: str, now: datetime) -> tuple[datetime | None, bool]:
    """Give the time that `raw` names, and whether it was out of the range that can be true.

    A time later than now and the tolerance becomes `now`; a time before 1990 becomes None.
    """
    text = " ".join(raw.split())
    if not text or len(text) > 100:
        return None, bool(text)
    found = _iso(text) or _rfc822(text) or _asctime(text)
    if found is None:
        # An absurd year has no datetime; it counts with the dates out of range.
        return None, bool(re.match(r"[+-]?\d{4,}-\d{2}|0{4}", text))
    if found > now + TOLERANCE:
        return now, True
    if found < EARLIEST:
        return None, True
    return found, False


def _iso(text: str) -> datetime | None:
    match = _ISO.fullmatch(text)
    if not match:
        return None
    year, month, day, ordinal, hour, minute, second, zone, sign, offset_hours, offset_minutes = match.groups()
    offset = _offset(zone or "", sign, offset_hours, offset_minutes)
    if ordinal:
        start = _build(int(year), 1, 1, hour, minute, second, None, offset)
        found = start + timedelta(days=int(ordinal) - 1) if start else None
        return found if found and start and found.year == start.year else None
    return _build(int(year), int(month or 1), int(day or 1), hour, minute, second, None, offset)


def _rfc822(text: str) -> datetime | None:
    match = _RFC822.fullmatch(text)
    if not match:
        return None
    day, month_name, year, hour, minute, second, half, zone, sign, offset_hours, offset_minutes = match.groups()
    month = _MONTHS.get(month_name.lower())
    if month is None:
        return None
    offset = _offset(zone or "", sign, offset_hours, offset_minutes)
    return _build(_full_year(year), month, int(day), hour, minute, second, half, offset)


def _asctime(text: str) -> datetime | None:
    match = _ASCTIME.fullmatch(text)
    if not match:
        return None
    month_name, day, year, hour, minute, second, half, zone, offset, late_year = match.groups()
    month = _MONTHS.get(month_name.lower())
    if month is None or not (year or late_year) or (year and late_year):
        return None
    shift = _offset(zone or "", offset[0], offset[1:3], offset[3:]) if offset else _offset(zone or "", None, None, None)
    return _build(int(year or late_year), month, int(day), hour, minute, second, half, shift)


def _full_year(year: str) -> int:
    # RFC 2822 §4.3: 00–49 are of this century.
    return int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 50 else 1900)


def _offset(zone: str, sign: str | None, hours: str | None, minutes: str | None) -> timedelta | None:
    if sign and hours:
        if len(hours) == 1 and minutes is None:
            hours = f"0{hours}"
        shift = timedelta(hours=int(hours), minutes=int(minutes or 0))
        # No zone lies further out than UTC+14.
        if shift > timedelta(hours=14) or int(minutes or 0) > 59:
            return None
        return shift if sign == "+" else -shift
    east = _ZONES.get(zone.lower())
    return timedelta(0) if east is None else timedelta(hours=east)


def _build(
    year: int, month: int, day: int, hour: str | None, minute: str | None, second: str | None, half: str | None,
    offset: timedelta | None,
) -> datetime | None:  # fmt: skip
    if offset is None:
        return None
    hours, minutes, seconds = int(hour or 0), int(minute or 0), int(second or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    next_day = hours == 24 and minutes == 0 and seconds == 0
    if next_day:
        hours = 0
    # A leap second is the second before it: no clock here can hold it.
    if seconds == 60:
        seconds = 59
    try:
        local = datetime(year, month, day, hours, minutes, seconds, tzinfo=UTC)
        return local - offset + (timedelta(days=1) if next_day else timedelta(0))
    except (ValueError, OverflowError):
        return None
