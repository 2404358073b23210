"""Gives the written forms of an English verb or noun. Pure; the irregular ones are data.

Called by `loading` for every trigger. Knows spelling, not meaning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum


class Form(StrEnum):
    """What a written form of a verb can be; `PAST` is past tense and participle at once for most verbs."""

    BASE = "base"
    THIRD = "third"
    ING = "ing"
    PAST = "past"
    NOUN = "noun"


_DOUBLING = re.compile(r"^(?:[^aeiou]*[aeiou]|[a-z]*(?:un|re|de|pro|out|sub|ad|ab)[^aeiou]*[aeiou])[bdgmnprt]$")


def inflect_verb(verb: str, irregular: Mapping[str, tuple[str, ...]]) -> dict[str, Form]:
    """Give every form of a verb; `irregular` holds its past forms. A verb may carry a hyphen."""
    forms = {verb: Form.BASE, _third(verb): Form.THIRD, _ing(verb): Form.ING}
    for past in irregular.get(verb, (_past(verb),)):
        # "put" and "hit" are base and past at once: the past wins, because news is told in the past.
        forms[past] = Form.PAST
    if verb.endswith(("el", "al")):
        forms |= {verb + "led": Form.PAST, verb + "ling": Form.ING}
    for form, kind in list(forms.items()):
        if verb.endswith("ise"):
            forms[form.replace("is", "iz", 1) if form.count("is") == 1 else _swap(form)] = kind
    return forms


def inflect_noun(noun: str) -> dict[str, Form]:
    """Give a noun and its plural."""
    if noun.endswith(("s", "x", "ch", "sh")):
        plural = noun + "es"
    elif re.search(r"[^aeiou]y$", noun):
        plural = noun[:-1] + "ies"
    else:
        plural = noun + "s"
    return {noun: Form.NOUN, plural: Form.NOUN}


def _swap(form: str) -> str:
    head, _, tail = form.rpartition("is")
    return f"{head}iz{tail}"


def _third(verb: str) -> str:
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"


def _stem(verb: str) -> str:
    return verb + verb[-1] if _DOUBLING.match(verb) and len(verb) > 2 else verb


def _ing(verb: str) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    return _stem(verb) + "ing"


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ied"
    return _stem(verb) + "ed"
