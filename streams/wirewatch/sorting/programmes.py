"""Names the programme of a listing (FTO, SDGT, UN1267, EU, …) from the words near the trigger, else from the authority.

Called by `reading`. Gives None rather than a guess.
"""

from __future__ import annotations

import re

from wirewatch.records import Name

#: Each with signs of which one is in whatever its pattern fits, found ten times faster than by the pattern.
_WORDED: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        "FTO",
        ("fto", "foreign"),
        re.compile(
            r"\bftos?\b|foreign[ '\"-]*terror(?:ist)?['\" ]*(?:organi[sz]ations?|groups?|list|entit|label|tag|"
            r"designation|blacklist|status|outfit)"
        ),
    ),
    (
        "SDGT",
        ("sdgt", "13224", "global terror"),
        re.compile(
            r"\bsdgts?\b|\b13224\b|(?:specially|special)[ -]designated global terror|global terrorist(?:s| group| "
            r"entit| organi| list| label| tag)?"
        ),
    ),
    (
        "UN1267",
        ("1267", "isil ", "qaida", "qaeda"),
        re.compile(
            r"\b1267\b|isil \(da['’]?esh\)|al[- ]qa(?:e|i)da sanctions (?:list|committee|regime)|isil and al[- ]"
        ),
    ),
    ("UAPA", ("uapa", "unlawful"), re.compile(r"\buapa\b|unlawful activities")),
    ("PK-ATA", ("anti-terrorism",), re.compile(r"\banti-terrorism act\b(?! 2000)")),
)
#: Authorities with one list of this kind, by the id or the country of the body that acts.
_BY_BODY = {"eu": "EU", "gb": "UK", "ca": "CA", "au": "AU", "nz": "NZ", "in": "IN", "pk": "PK", "il": "IL", "ru": "RU"}


def name_programme(
    low: str,
    start: int,
    end: int,
    trigger: int,
    authority: Name | None,
    programmes: tuple[str, ...],
    countries: tuple[str, ...],
) -> str | None:
    """Give the programme that the clause names nearest behind the trigger, else before it, else the body's only one."""
    found: list[tuple[int, str]] = []
    for name, signs, pattern in _WORDED:
        if not any(low.find(sign, start, end) >= 0 for sign in signs):
            continue
        for match in pattern.finditer(low, start, end):
            distance = match.start() - trigger if match.start() >= trigger else trigger - match.start() + 60
            found.append((distance, name))
    if found:
        return min(found)[1]
    if len(programmes) == 1:
        return programmes[0]
    if authority is None:
        return None
    body = authority.id.removeprefix("state-")
    if body in _BY_BODY:
        return _BY_BODY[body]
    return next((_BY_BODY[country] for country in countries if country in _BY_BODY and len(countries) == 1), None)
