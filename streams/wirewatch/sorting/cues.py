"""Reads the shared tables of the language: governing words, word classes, lexicons, states. Package data, read once.

Called by `loading`. What an operator edits is under `config/events/`; these tables change with the code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from wirewatch.records import Name
from wirewatch.sorting.inflecting import inflect_noun, inflect_verb


class Effect(StrEnum):
    """What a governing word does to the act below it."""

    PROPOSES = "proposes"
    DENIES = "denies"
    STATES = "states"
    REACTS = "reacts"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class Language:
    """Everything the tables hold, ready to be looked up."""

    #: Written form → effect of the verb; nouns and phrases apart, because they govern differently.
    verbs: Mapping[str, Effect]
    nouns: Mapping[str, Effect]
    phrases: Mapping[tuple[str, ...], Effect]
    #: Last word of a phrase → lengths of the phrases that end so, longest first.
    phrase_lengths: Mapping[str, tuple[int, ...]]
    #: Name of a class ("determiners") → its words.
    classes: Mapping[str, frozenset[str]]
    irregular: Mapping[str, tuple[str, ...]]
    #: Name of a lexicon → its entries in every written form.
    lexicons: Mapping[str, frozenset[str]]
    #: Written form of a state, its people or its capital → the state.
    states: Mapping[tuple[str, ...], Name]
    #: First word of a key of `states` → length in words of the longest that begins so.
    state_lengths: Mapping[str, int]


@cache
def load_language() -> Language:
    """Read the tables of the package."""
    words = _table("words")
    cues = _table("cues")
    irregular = {verb: tuple(forms) for verb, forms in words["irregular"].items()}
    classes = {name: frozenset(entries) for name, entries in words["classes"].items()}
    for name in ("conditions", "negations", "past", "fresh"):
        classes[name] = frozenset(cues[name]["words"])
    classes["possible"] = frozenset(cues["conditions"]["adjectives"])
    classes["modals"] = frozenset(cues["modals"]["proposes"])
    classes["stative"] = frozenset(_forms(cues["stative"]["verbs"], irregular))
    verbs: dict[str, Effect] = {}
    nouns: dict[str, Effect] = {}
    phrases: dict[tuple[str, ...], Effect] = {}
    for effect in reversed(Effect):
        section = cues[effect]
        verbs |= dict.fromkeys(_forms(section.get("verbs", ()), irregular), effect)
        nouns |= {form: effect for noun in section.get("nouns", ()) for form in inflect_noun(noun)}
        phrases |= {tuple(phrase.split()): effect for phrase in section.get("phrases", ())}
    # Put together once: sentences ask for them token by token.
    classes["finite"] = classes["be"] | classes["have"] | classes["modals"] | classes["do"]
    classes["auxiliaries"] = classes["finite"] | classes["get"] | {"to"}
    classes["plain_verbs"] = frozenset(verb for verb in verbs if verb not in nouns and not verb.endswith("ing"))
    classes["governing"] = (classes["possible"] | classes["modals"]).union(verbs, nouns)
    states = _states(_table("states"))
    return Language(
        verbs=verbs,
        nouns=nouns,
        phrases=phrases,
        phrase_lengths={
            last: tuple(sorted({len(phrase) for phrase in phrases if phrase[-1] == last}, reverse=True))
            for last in {phrase[-1] for phrase in phrases}
        },
        classes=classes,
        irregular=irregular,
        lexicons=_lexicons(_table("lexicons")),
        states=states,
        state_lengths=_lengths(states),
    )


def _forms(verbs: Iterable[str], irregular: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {form for verb in verbs for form in inflect_verb(verb, irregular)}


def _lexicons(tables: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for name, table in tables.items():
        entries = set(table.get("words", ()))
        for noun in table.get("nouns", ()):
            # The last word carries the plural: "terrorist organisation(s)"; both spellings of -isation.
            head, _, last = noun.rpartition(" ")
            for form in inflect_noun(last):
                entries.add(f"{head} {form}".strip())
        entries |= {entry.replace("organisation", "organization") for entry in entries}
        found[name] = frozenset(entries)
    return found


def _states(tables: Mapping[str, Any]) -> dict[tuple[str, ...], Name]:
    found: dict[tuple[str, ...], Name] = {}
    for code, table in tables.items():
        name = Name(f"state-{code}", table["name"])
        for written in (table["name"], *table.get("also", ())):
            found.setdefault(tuple(written.lower().split()), name)
    return found


def _lengths(keys: Iterable[tuple[str, ...]]) -> dict[str, int]:
    lengths: dict[str, int] = {}
    for key in keys:
        lengths[key[0]] = max(len(key), lengths.get(key[0], 0))
    return lengths


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files("wirewatch.sorting") / "tables" / f"{name}.toml").read_text(encoding="utf-8"))
