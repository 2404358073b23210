"""Compiles organisations into one automaton over folded text: pattern → readings.

Called once when knowledge is loaded. A pattern carries the spaces around it, so that the automaton itself keeps word
boundaries and an inner match ("isis" in "isis killed") is never lost to a longer one that fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

import ahocorasick

from wirewatch.knowledge.common_acronyms import is_common_acronym
from wirewatch.knowledge.common_words import is_everyday, may_be_common_noun
from wirewatch.knowledge.entities import Knowledge, Organisation
from wirewatch.knowledge.spelling import spellings
from wirewatch.records import Name

#: A name of so many letters or fewer is an acronym to everybody: it must be written as such and have company.
SHORT = 4
#: Scripts that write without spaces.
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_LETTERS_AND_NUMBER = re.compile(r"[A-Z]{1,3}[ -]?\d{1,3}")
#: A name of more words is telling, however ordinary they are.
_PLAIN_WORDS = 2
_HEBREW = re.compile("[\u0590-\u05ff]")


class Tier(IntEnum):
    """How much an alias is worth, best first."""

    STRONG = 0
    #: Matches with a strong mention, a word of its own context, or its country beside a word of violence.
    ABBREVIATION = 1
    #: Matches with a strong mention or a word of its own context.
    WEAK = 2
    #: Takes its words out of the game.
    DECOY = 3


class Case(IntEnum):
    """What a surface must look like where capitals can be relied on."""

    #: A script without capitals, or a name that papers write small.
    FREE = 0
    #: At least one capital.
    SOME = 1
    #: A capital on every word of more than three letters: the name is made of everyday words.
    EVERY = 2
    #: Exactly as in the file, or all capitals.
    EXACT = 3
    #: Capitals with full stops: B.L.A., U.S.
    DOTTED = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """One organisation that a pattern may stand for."""

    organisation: Organisation
    name: Name
    tier: Tier
    case: Case
    #: As the file has it.
    alias: str
    #: name, alias, abbreviation, weak_alias, previous_name, metonym, demonym.
    kind: str
    is_authority: bool
    #: True when papers use it every day for something else: RAF, PDF.
    is_common: bool = False
    #: True when a name that could stand alone is made of everyday words, or of a letter or two and a number.
    is_plain: bool = False

    @property
    def rule(self) -> str:
        """Give the rule by which it matches alone."""
        return _RULES[self.kind]


@dataclass(frozen=True, slots=True)
class Pattern:
    """What the automaton gives for a hit; everything that can be known before an article is seen is worked out here."""

    length: int
    #: 1 when the pattern carries a space on either side, 0 for scripts that write none.
    padding: int
    readings: tuple[Reading, ...]
    #: The only ways to write it where capitals count, when all readings are acronyms.
    forms: frozenset[str] | None
    #: True when one capital anywhere is all that is asked of every reading.
    one_capital: bool
    #: True when a reading is a watched organisation or a decoy.
    is_watched: bool
    #: True when it has readings and all of them are authorities.
    is_idle: bool
    #: True when its one reading is an authority that stands alone wherever capitals count.
    is_instant: bool


class Automaton:
    """Finds patterns in folded text. Those of scripts that write no spaces are apart: they would slow every letter."""

    __slots__ = ("_spaced", "_unspaced")

    def __init__(self, patterns: Mapping[str, Pattern]) -> None:
        self._spaced: Any = ahocorasick.Automaton()
        self._unspaced: Any = ahocorasick.Automaton()
        for pattern, value in patterns.items():
            (self._spaced if pattern[0] == " " else self._unspaced).add_word(pattern, value)
        self._spaced.make_automaton()
        self._unspaced.make_automaton()

    def keys(self) -> Iterator[str]:
        """Give every pattern."""
        yield from self._spaced.keys()
        yield from self._unspaced.keys()

    def find(self, folded: str) -> list[tuple[int, Pattern]]:
        """Give the patterns that a folded text holds, each with the place of its last sign."""
        # An automaton without a word cannot be walked.
        found: list[tuple[int, Pattern]] = list(self._spaced.iter(folded)) if len(self._spaced) else []
        if not folded.isascii() and len(self._unspaced):
            found += self._unspaced.iter(folded)
        return found


_RULES = {
    kind: f"strong:{kind}"
    for kind in ("name", "alias", "abbreviation", "weak_alias", "previous_name", "metonym", "demonym", "decoy")
}


def compile_patterns(knowledge: Knowledge, telling_words: Iterable[str] = ()) -> Automaton:
    """Build the automaton from pattern to `Pattern`; `telling_words` become patterns without a reading."""
    found: _Found = {}
    for organisation in knowledge.organisations.values():
        name = organisation.as_name
        for alias, tier, kind in _aliases(organisation):
            case = _case(alias, kind)
            common, plain = is_common_acronym(alias), _is_plain(alias)
            reading = Reading(organisation, name, tier, case, alias, kind, organisation.is_authority, common, plain)
            for pattern, literal in _patterns(alias):
                _add(found, pattern, reading, literal)
            if alias.isupper() and alias.isalpha() and 2 <= len(alias) <= 6:
                dotted = replace(reading, case=Case.DOTTED)
                _add(found, f" {' '.join(alias.lower())} ", dotted, True)
                _add(found, f" {'  '.join(alias.lower())} ", dotted, True)
    nobody = Organisation("decoy", "", "Organization")
    for decoy in knowledge.decoys:
        reading = Reading(nobody, nobody.as_name, Tier.DECOY, Case.FREE, decoy, "decoy", False)
        for pattern, literal in _patterns(decoy):
            _add(found, pattern, reading, literal)
    patterns: dict[str, Pattern] = {}
    for pattern, candidates in found.items():
        # A name as a file has it beats what another name might be spelled like.
        as_written = [reading for reading, is_literal in candidates if is_literal]
        readings = as_written or [reading for reading, _ in candidates]
        patterns[pattern] = _pattern(pattern, readings)
    for word in telling_words:
        pattern = f" {word} "
        if pattern not in patterns:
            patterns[pattern] = Pattern(len(pattern), 1, (), None, False, False, False, False)
    return Automaton(patterns)


def _pattern(folded: str, readings: list[Reading]) -> Pattern:
    best_first = tuple(sorted(readings, key=lambda reading: reading.tier))
    forms: frozenset[str] | None = None
    if all(reading.case is Case.EXACT for reading in readings):
        forms = frozenset(form for reading in readings for form in (reading.alias, reading.alias.upper()))
    first = best_first[0]
    return Pattern(
        length=len(folded),
        padding=int(folded[0] == " "),
        readings=best_first,
        forms=forms,
        one_capital=all(reading.case is Case.SOME for reading in readings),
        is_watched=any(not reading.is_authority for reading in readings),
        is_idle=all(reading.is_authority for reading in readings),
        is_instant=len(readings) == 1
        and first.is_authority
        and first.tier is Tier.STRONG
        and first.case in (Case.SOME, Case.EXACT)
        and not first.organisation.anti_context,
    )


def _aliases(organisation: Organisation) -> Iterator[tuple[str, Tier, str]]:
    yield organisation.name, _tier_of_name(organisation), "name"
    for alias in organisation.aliases:
        yield alias, Tier.STRONG, "alias"
    for alias in organisation.previous_names:
        yield alias, Tier.STRONG, "previous_name"
    for alias in organisation.abbreviations:
        yield alias, Tier.ABBREVIATION, "abbreviation"
    for alias in organisation.weak_aliases:
        yield alias, Tier.WEAK, "weak_alias"
    for alias in organisation.metonyms:
        yield alias, Tier.STRONG, "metonym"
    for alias in organisation.demonyms:
        yield alias, Tier.STRONG, "demonym"


def _is_plain(alias: str) -> bool:
    """Tell whether a name could be ordinary words ("Golden Dawn"), or a road or a part ("MS-13")."""
    if _LETTERS_AND_NUMBER.fullmatch(alias):
        return True
    words = [word for word in alias.split() if not word.isdigit()]
    # Long names are nobody's by chance, and acronyms are no ordinary words.
    return len(words) <= _PLAIN_WORDS and not any(word.isupper() for word in words) and is_everyday(" ".join(words))


def _tier_of_name(organisation: Organisation) -> Tier:
    """A name that the file also calls weak is weak: many others are called so too."""
    if organisation.name in organisation.weak_aliases:
        return Tier.WEAK
    return Tier.ABBREVIATION if organisation.name in organisation.abbreviations else Tier.STRONG


def _case(alias: str, kind: str) -> Case:
    letters = [letter for letter in alias if letter.isalpha()]
    if not any(letter.isupper() for letter in letters):
        return Case.FREE
    one_word = len(alias.split()) == 1
    if one_word and (len(letters) <= SHORT or (kind == "abbreviation" and len(letters) <= SHORT + 2)):
        return Case.EXACT
    # "EU's top court" is written so in the file: nobody gives "court" a capital there.
    small = any(len(word) > SHORT and word[0].islower() for word in alias.split())
    return Case.EVERY if may_be_common_noun(alias) and not small else Case.SOME


def _patterns(alias: str) -> Iterator[tuple[str, bool]]:
    """Give the patterns of an alias, and whether each is the alias itself."""
    for position, spelling in enumerate(spellings(alias)):
        if _UNSPACED.search(spelling):
            yield spelling.replace(" ", ""), True
            continue
        yield f" {spelling} ", position == 0
        if _ARABIC.search(spelling):
            yield from ((f" {prefixed} ", True) for prefixed in _with_arabic_prefixes(spelling))
        elif _HEBREW.search(spelling):
            yield from ((f" {prefix}{spelling} ", True) for prefix in "ובלמשה")


def _with_arabic_prefixes(name: str) -> Iterator[str]:
    """And, by, so, for: written as one letter with the word that follows."""
    for prefix in ("و", "ب", "ف", "ك"):
        yield prefix + name
    yield "لل" + name[2:] if name.startswith("ال") else "ل" + name


_Found = dict[str, list[tuple[Reading, bool]]]


def _add(found: _Found, pattern: str, reading: Reading, literal: bool) -> None:
    """Add a reading, unless the organisation has one for this pattern that is as good and asks for no more."""
    readings = found.setdefault(pattern, [])
    for known, known_literal in readings:
        as_good = known.tier <= reading.tier and known.case <= reading.case
        same_form = known.case is not Case.EXACT or known.alias == reading.alias
        if known.organisation is reading.organisation and as_good and same_form and known_literal >= literal:
            return
    readings.append((reading, literal))
