"""Splits what lists write into one field: "Long Name (LN)", "A; B", "A, a.k.a. B", "X (formerly Y)", "A/B".

Called by the readers for names and aliases. Pure; never decides which name is the main one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_AMENDMENT = re.compile(r"\s*(?:[—–]+| -+ )\s*([^—–]+?)\s+Amendments?\s*(?:\([^)]*\))?\s*$", re.IGNORECASE)
#: What divides names inside brackets: "Islamic Group – IG", "ANF/HTS".
_DIVIDERS = re.compile(r"[;,]|\s[–-]\s|(?<=[A-Z])/(?=[A-Z]{2})")
_FORMERLY = re.compile(r"\((?:formerly|f\.?k\.?a\.?|previously)\s+(?:known as\s+)?([^)]+)\)", re.IGNORECASE)
_ALSO = re.compile(r"\s*[,;(]?\s*\b(?:a\.?k\.?a\.?|also known as)\b[:,.]?\s*", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)")
_NUMBERED = re.compile(r"(?:^|[\s,;]+)\(?[a-z]{1,2}\)\s*")
#: A comma outside of brackets.
_COMMA = re.compile(r",\s*(?:and\s+)?(?![^()]*\))")
_MANY_COMMAS = 3
_QUOTES = "\"'“”‘’«» \t"
#: Remarks that stand in brackets and are no names.
_REMARKS = re.compile(
    r"^(?:original script.*|sub-unit name|ngo|branch located.*|in [a-z ]+|.* branch|previously listed.*|deceased"
    r"|inactive|good quality|low quality|[ivx]+|[a-z])$",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"[A-Z][A-Za-z0-9]*[A-Z0-9][A-Za-z0-9\-/]*|[A-Z]{2,}")


@dataclass(frozen=True, slots=True)
class Names:
    """What one field held."""

    name: str
    aliases: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()


def split_names(raw: str) -> Names:
    """Take a field apart; its first name is the name."""
    text = " ".join(raw.split())
    aliases: list[str] = []
    previous: list[str] = []
    while amendment := _AMENDMENT.search(text):
        aliases[:0] = re.split(r",\s*(?:and\s+)?|\s+and\s+", amendment.group(1))
        text = text[: amendment.start()]
    for match in _FORMERLY.finditer(text):
        previous.append(match.group(1))
    text = _FORMERLY.sub("", text)
    parts = text.split(";")
    if len(_COMMA.findall(text)) >= _MANY_COMMAS:
        # "Company, Limited" has one comma; a field with many is a list of names.
        parts = [piece for part in parts for piece in _COMMA.split(part)]
    pieces = [piece for part in parts for piece in _split_also(part)]
    names: list[str] = []
    for piece in pieces:
        for found in _IN_BRACKETS.finditer(piece):
            inside = found.group(1).strip(_QUOTES)
            if inside and not _REMARKS.match(inside):
                aliases.extend(part.strip() for part in _DIVIDERS.split(inside) if part.strip())
        names.append(_IN_BRACKETS.sub("", piece).strip(_QUOTES + ",("))
    names = [name for name in names if name]
    main = names[0] if names else ""
    return Names(main, _unique([*names[1:], *aliases], main), _unique(previous, main))


def is_acronym(name: str) -> bool:
    """Tell whether a name looks like an acronym ("BLA", "LeT", "CPP/NPA")."""
    return " " not in name and len(name) <= 8 and _ACRONYM.fullmatch(name) is not None


def _split_also(part: str) -> list[str]:
    pieces = [piece.rstrip(")") if "(" not in piece else piece for piece in _ALSO.split(part)]
    return [piece for piece in (_NUMBERED.sub("", piece, count=1) for piece in pieces) if piece.strip()]


def _unique(names: list[str], main: str) -> tuple[str, ...]:
    cleaned = (name.strip(_QUOTES + ",") for name in names)
    return tuple(dict.fromkeys(name for name in cleaned if name and name != main))
