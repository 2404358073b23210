"""A long name binds its first word in its document, unless the word is a place's, a person's or an ordinary one."""

from __future__ import annotations

import pytest

from tests.builders import an_article
from wirewatch.knowledge.entities import Knowledge, Organisation
from wirewatch.records import SHORT_FOR, Field, Mention, Strength
from wirewatch.sorting.matching.shortening import short_form
from wirewatch.sorting.organisations import Matcher, load_matcher
from wirewatch.sorting.sorter import Sorter

ORGANISATIONS = [
    Organisation("saltmarsh", "Saltmarsh Division", "Organization", context=("Fenland",)),
    Organisation("rockmouth", "Rockmouth Liberation Front", "Organization"),
    Organisation("norland", "Norland", "PublicBody", metonyms=("Rockmouth",), is_authority=True),
]


@pytest.fixture(scope="module")
def small() -> Matcher:
    """Give a matcher of two invented groups; one is named for the capital of Norland."""
    return load_matcher(Knowledge({organisation.id: organisation for organisation in ORGANISATIONS}))


def short_ones(matcher: Matcher, text: str, title: str = "") -> list[tuple[str, str | None, Field]]:
    """Give the mentions that a long name has bound."""
    return [
        (mention.surface, mention.organisation.id if mention.organisation else None, mention.field)
        for mention in matcher.find(an_article(title, text))
        if mention.rule == "local:short-form"
    ]


@pytest.mark.parametrize(
    "use",
    [
        "Saltmarsh said it would fight.",
        "Police held two Saltmarsh members.",
        "Talks with Saltmarsh failed.",
        "Saltmarsh claimed the bomb.",
    ],
)
def test_first_word_of_a_long_name_stands_for_it(small: Matcher, use: str) -> None:
    """After the full name its telling word, used as organisations are, is the organisation: as a local name."""
    text = f"The Saltmarsh Division was banned. {use}"
    assert short_ones(small, text) == [("Saltmarsh", "saltmarsh", Field.TEXT)]
    strengths = {m.strength for m in small.find(an_article("", text)) if m.rule == "local:short-form"}
    assert strengths == {Strength.LOCAL}


def test_headline_may_shorten_the_name_too(small: Matcher) -> None:
    """A headline stands before the full name and is read with it all the same."""
    found = short_ones(small, "The Saltmarsh Division was banned on Monday.", title="Saltmarsh members held")
    assert found == [("Saltmarsh", "saltmarsh", Field.TITLE)]


@pytest.mark.parametrize(
    "use",
    [
        "Rain fell in Saltmarsh. Saltmarsh said nothing.",
        "Anna Saltmarsh objected. Saltmarsh said it was wrong.",
        "Mr Saltmarsh objected. Saltmarsh denied it.",
        "Saltmarsh, Norland, denied it. Saltmarsh said so.",
        "Saltmarsh, 34, denied it. Saltmarsh said so.",
        "Saltmarsh Road was closed. Saltmarsh said so.",
        "The saltmarsh said nothing.",
        "Saltmarsh grass is eaten by sheep.",
    ],
)
def test_place_person_or_plant_of_that_name_binds_nothing(small: Matcher, use: str) -> None:
    """Where the document uses the word for anything else, or not as organisations are used, it stands for nobody."""
    assert short_ones(small, f"The Saltmarsh Division was banned. {use}") == []


def test_name_of_a_known_place_binds_nothing(small: Matcher) -> None:
    """A group that is named for a capital leaves the capital alone."""
    assert short_ones(small, "The Rockmouth Liberation Front was banned. Rockmouth said it would fight.") == []


def test_short_form_needs_its_long_name(small: Matcher) -> None:
    """Without the full name in the document the word is nobody; before it, only a headline counts."""
    assert short_ones(small, "Saltmarsh said it would fight.") == []
    assert short_ones(small, "Saltmarsh said it would fight. The Saltmarsh Division was banned.") == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("the Saltmarsh Division", "Saltmarsh"),
        ("Gull Haven Liberation Front", None),
        ("Gullhaven Liberation Front", "Gullhaven"),
        ("National Liberation Front", None),
        ("Army of Saltmarsh", None),
        ("Saltmarsh", None),
        ("UVF Brigade", None),
    ],
)
def test_only_a_telling_word_before_a_head_is_a_short_form(name: str, expected: str | None) -> None:
    """Everyday words, acronyms, short words and names without a head are not shortened."""
    assert short_form(name) == expected


def test_unknown_target_binds_its_short_form_too(sorter: Sorter) -> None:
    """A group on no list that an article tells of keeps its long name where only its first word stands."""
    text = (
        "Britain proscribed the Ebbmoor Division as a terrorist organisation on Monday. "
        "Canada designated Ebbmoor as a terrorist group on Tuesday."
    )
    result = sorter.sort(an_article("", text))
    (mention,) = [one for one in result.mentions if one.rule.startswith(SHORT_FOR)]
    assert (mention.surface, mention.organisation, mention.strength) == ("Ebbmoor", None, Strength.LOCAL)
    assert {party.name for event in result.events for party in event.targets} == {"Ebbmoor Division"}


def test_unknown_target_named_for_a_person_binds_nothing(sorter: Sorter) -> None:
    """The same with a person of that name in the document: no mention."""
    text = (
        "Britain proscribed the Ebbmoor Division as a terrorist organisation on Monday. "
        "John Ebbmoor, its founder, fled. Ebbmoor claimed responsibility for nothing."
    )
    mentions: tuple[Mention, ...] = sorter.sort(an_article("", text)).mentions
    assert [one.surface for one in mentions if one.rule.startswith(SHORT_FOR)] == []
