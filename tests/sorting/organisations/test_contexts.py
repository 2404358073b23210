"""People, places and other bearers of a short name decide whether it is the organisation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import an_article
from wirewatch.knowledge.entities import Knowledge, Organisation
from wirewatch.sorting.matching.places import find_places
from wirewatch.sorting.matching.signs import Sign
from wirewatch.sorting.organisations import Matcher, load_matcher

#: A front of Syria with a short name that an orchestra bears, too.
FRONT = Organisation(
    "lantern-front",
    "Lantern Front",
    "Organization",
    abbreviations=("LFQ",),
    countries=("sy",),
    context_people=("Orvando",),
    other_senses=("cello", "violins"),
)


def a_matcher(front: Organisation = FRONT) -> Matcher:
    """Give a matcher that knows this front alone."""
    return load_matcher(Knowledge({front.id: front}))


def signs(text: str, front: Organisation = FRONT) -> set[Sign]:
    """Give the signs of the one short name of a text."""
    ((_, _, found),) = a_matcher(front).explain(an_article("", text))
    return found


def is_read(text: str, front: Organisation = FRONT) -> bool:
    """Tell whether the front is found in a text."""
    return bool(a_matcher(front).find(an_article("", text)))


def test_person_of_the_organisation_vouches_for_its_short_name() -> None:
    """A short name beside one of its people is read; beside a stranger it is not."""
    assert Sign.OWN_PERSON_NEAR in signs("Orvando left the LFQ on Monday.")
    assert is_read("Orvando left the LFQ on Monday.")
    assert not is_read("Orvando left the LFQ on Monday.", replace(FRONT, context_people=()))


def test_words_of_another_bearer_speak_against_a_short_name() -> None:
    """The same sentence with a cello in it is read no more."""
    assert is_read("Orvando told the LFQ to leave Raqqa.")
    assert Sign.OTHER_SENSE_NEAR in signs("Orvando sold the LFQ a cello in Raqqa.")
    assert not is_read("He told the LFQ's cello teacher to leave Raqqa.")


def test_other_senses_do_not_forbid_what_is_named_in_full() -> None:
    """Where the article names the organisation in full, a cello changes nothing."""
    found = a_matcher().find(an_article("", "The Lantern Front shot a man with a cello. The LFQ is proud of it."))
    assert [mention.surface for mention in found] == ["Lantern Front", "LFQ"]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("The LFQ taxes traders in Raqqa.", Sign.TOWN_OWN_NEAR),
        ("The LFQ taxes traders in Hokkaido.", Sign.TOWN_FOREIGN_NEAR),
        ("The LFQ taxes traders." + " Rain fell." * 20 + " Raqqa was dry.", Sign.TOWN_OWN_FAR),
        ("The LFQ taxes traders." + " Rain fell." * 20 + " Hokkaido was dry.", Sign.TOWN_FOREIGN_ONLY),
    ],
)
def test_towns_tell_whose_country_is_spoken_of(text: str, sign: Sign) -> None:
    """A town of its country speaks for a short name, towns of other countries only don't."""
    assert sign in signs(text)


def test_place_is_a_name_with_a_capital_and_the_longest_wins() -> None:
    """'tank' is no town of Pakistan, and North Waziristan is one place, of Pakistan alone."""
    assert find_places("A tank stood there.") == []
    (place,) = find_places("They left North Waziristan’s hills.")
    assert (place.start, place.end) == (10, 26)
    assert place.countries == {"pk"}


def test_place_of_two_countries_is_of_both() -> None:
    """Punjab lies in India and in Pakistan; accents may be missing."""
    punjab, culiacan = find_places("From Punjab to Culiacan.")
    assert punjab.countries == {"in", "pk"}
    assert culiacan.countries == {"mx"}


def test_short_context_word_is_no_beginning_of_another() -> None:
    """The context word 'ban' is not met by a bank."""
    front = replace(FRONT, context=("ban",))
    assert Sign.OWN_TOPIC_NEAR in signs("LFQ said the ban was unjust.", front)
    assert Sign.OWN_TOPIC_NEAR not in signs("LFQ said the bank was unjust.", front)
