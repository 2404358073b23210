"""What spares the sorting work leaves results as they are: signs of dates, shared bits, sentences without an act."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from tests.builders import an_article
from tests.phrases import read_phrases
from wirewatch.knowledge.entities import Knowledge, Organisation
from wirewatch.sorting import dates, programmes, text
from wirewatch.sorting.cues import load_language
from wirewatch.sorting.dates import find_dates
from wirewatch.sorting.organisations import load_matcher
from wirewatch.sorting.pages import open_pages
from wirewatch.sorting.programmes import name_programme
from wirewatch.sorting.scanning import Scanner, make_sure
from wirewatch.sorting.sorter import Sorter
from wirewatch.sorting.telling import describe, telling_sentences
from wirewatch.sorting.text import fold, split_sentences
from wirewatch.sorting.wording import act_signs

#: One phrase in so many is tried.
SHARE = 120
TUESDAY = date(2025, 8, 12)
#: One phrase at least for every way in which a pattern of `dates` may fit.
DATED = """
july 4|4 july|sept. 11, 2001|the 3rd of may|in march|since late june|by early may 2020|april 2021|the same week
that month|that summer|earlier today|earlier this week|this morning|this afternoon|to day|yesterday|last night
last weekend|over the weekend|overnight|past 48 hours|tonight|hours later|within hours|the day before|recent days
days earlier|moments ago|this month|at dawn|since midnight|from noon on friday|at noon on friday|as of today|minutes ago
in less than a day|before dawn|the following day|minutes after|tomorrow|next week|next monday|coming days
within weeks|in the weeks ahead|later this month|by the end of the year|on monday|late on tuesday|wed|fri
last sun|eight years ago|12 hours earlier|a fortnight before|30 days after|several months previously|two weeks later
last year|last autumn|last decade|earlier this year|this spring|decades ago|over the past months|for many years
the late 1990s|ten years before|a decade later|nearly two decades|the previous year|half a century
for more than a decade|under the previous government in 2019|during his first term|in her first term|at the time
back then this week|then-minister|long before the weekend|to date|so far|over the years|at one time in 2003
in the mid-1980s|since 2019|back in 2004|around 1999|as of now, minutes later|from now on, a day later
with immediate effect from midnight|earlier in the day|earlier in the week|earlier on today|this evening
this night|this weekend|to night|just now, in 2019|just hours|past 24 hours|a day earlier|hours after|hours ago
as of now, in 2019|at midnight|from midnight|the previous day|the next day|minutes later|last month|last summer
last winter|last century|this summer|this winter|this year|months ago|weeks later|centuries earlier|years after
in recent months|over previous years|for decades|for months|the early 1980s|mid 2010s|three years before
a century ago|one generation later, in 2019|nearly a decade|the previous month|for more than two years
under the last administration, in 2019|during its first presidency, in 2019|in a minister's first term, in 2019
long ago|an hour after|two weeks since|a month before|3 days previously|a decade earlier|two fortnights later
few hours ago|one day since|8 years since
"""


class _EverySign:
    """Stands for the automaton of signs and finds every sign everywhere."""

    def iter(self, _low: str, _start: int, _end: int) -> Iterator[tuple[int, int]]:
        yield 0, dates._ALL


@pytest.mark.parametrize("phrase", DATED.replace("\n", "|").strip("|").split("|"))
def test_no_date_is_lost_for_want_of_its_sign(phrase: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern is tried only where one of its signs stands, and finds what it finds when it is tried everywhere."""
    low = f"the council met {phrase}, it said"
    quick = find_dates(low, 0, len(low), TUESDAY)
    monkeypatch.setattr(dates, "_SIGNS", _EverySign())
    assert quick == find_dates(low, 0, len(low), TUESDAY)
    assert quick or phrase in ("the same week", "that month", "that summer")


@pytest.mark.parametrize(
    "words",
    [
        *("an fto", "ftos", "foreign terrorist organisations", "foreign-terror label", "an sdgt", "under 13224"),
        *("specially designated global terrorists", "special-designated global terror", "a global terrorist group"),
        *("resolution 1267", "isil (da'esh)", "al-qaida sanctions list", "al qaeda sanctions committee"),
        *("isil and al-qaida", "under uapa", "the unlawful activities act", "the anti-terrorism act"),
    ],
)
def test_no_programme_is_lost_for_want_of_its_sign(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern is tried only where one of its signs stands, and finds what it finds when it is tried everywhere."""
    quick = name_programme(words, 0, len(words), 0, None, (), ())
    monkeypatch.setattr(programmes, "_WORDED", [(name, ("",), pattern) for name, _, pattern in programmes._WORDED])
    assert quick is not None
    assert quick == name_programme(words, 0, len(words), 0, None, (), ())


def test_a_sentence_ends_without_a_question_only_where_the_answer_is_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the pattern of ends is sure of is an end by every rule for abbreviations and small letters, too."""
    shortened = [f"He met {word.capitalize()}. Smith and {word}. Then" for word in text._SHORTENED.split()]
    pieces = [*shortened, "Norland etc. It fell. The U.S. Army said. no. 4 won! Now? Yes.", "It ended.\nThe rest came."]
    pieces += [phrase.article.text for phrase in list(read_phrases())[::SHARE]]
    whole = " ".join(pieces)
    quick = split_sentences(whole)
    unsure = text._END.pattern.replace("(?P<sure>(?= [A-Z]))", "(?P<sure>(?!))")
    assert unsure != text._END.pattern
    monkeypatch.setattr(text, "_END", re.compile(unsure))
    assert quick == split_sentences(whole)
    assert len(quick) > 100


def test_a_trigger_is_not_dropped_for_its_rarest_word(sorter: Sorter) -> None:
    """Whatever meets one of a word's triggers shares a bit with those that are looked at first."""
    scanner = Scanner(sorter.types, load_language().lexicons)
    words = {form for event_type in sorter.types for rule in event_type.rules for form in rule.forms}
    entries = {id(entry): entry for word in words for _, entry in scanner.scan(fold(word)) if entry.wanted}
    assert len(entries) > 500
    for entry in entries.values():
        for wanted in entry.wanted:
            for bit in _bits(wanted[0]) if wanted else (1,):
                assert entry.rarest & bit


def _bits(several: int) -> Iterator[int]:
    for at in range(several.bit_length()):
        if several >> at & 1:
            yield 1 << at


def test_rules_tell_their_words_apart_though_words_share_bits(sorter: Sorter) -> None:
    """Two words share a bit only where every rule that asks for one asks for the other in the same place."""
    rules = [rule for event_type in sorter.types for rule in event_type.rules]
    scanner = Scanner(sorter.types, {})
    bit_of = {
        word: entry.bits
        for rule in rules
        for word in (*rule.followed_by, *rule.preceded_by, *rule.blockers)
        if not word.startswith("@")
        for _, entry in make_sure(word, scanner.scan(word))
        if entry.word == word
    }
    lists = [set(words) for rule in rules for words in (*rule.needs, rule.followed_by, rule.preceded_by, rule.blockers)]
    asking = {word: frozenset(at for at, words in enumerate(lists) if word in words) for word in bit_of}
    by_bits: dict[int, set[frozenset[int]]] = {}
    for word, bits in bit_of.items():
        by_bits.setdefault(bits, set()).add(asking[word])
    assert len(bit_of) > 100
    assert [bits for bits, different in by_bits.items() if len(different) > 1] == []


def test_the_second_reader_misses_nothing_where_it_trusts_the_scan(sorter: Sorter) -> None:
    """Sentences that the scan lets it leave out have no features."""
    scanner = Scanner(sorter.types, load_language().lexicons, (), act_signs())
    read = 0
    for phrase in list(read_phrases())[::SHARE]:
        article = phrase.article
        mentions = sorter.mentions(article)
        blind, seeing = open_pages(article, mentions), open_pages(article, mentions)
        for page in seeing:
            page.words = scanner.scan(page.low)
        told = [
            [
                features
                for one in telling_sentences(article, pages, (), sorter.organisations)
                if (features := describe(one)[1])
            ]
            for pages in (blind, seeing)
        ]
        assert told[0] == told[1], article.text
        read += len(told[0])
    assert read > 50


@pytest.mark.parametrize("names", [(), ("ハマス",), ("Norland Front",), ("ハマス", "Norland Front")])
def test_names_with_and_without_spaces_are_found_side_by_side(names: tuple[str, ...]) -> None:
    """Scripts that write no spaces have an automaton of their own, and either may be empty."""
    matcher = load_matcher(Knowledge({name: Organisation(name, name, "Organization") for name in names}))
    found = matcher.find(an_article(title="", text="ハマス met the Norland Front."))
    assert tuple(mention.surface for mention in found) == names
    assert sorted(matcher.patterns()) == sorted(set(matcher.patterns()))
