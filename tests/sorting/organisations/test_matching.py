"""The rules of matching, one by one, on invented organisations."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import an_article
from wirewatch.knowledge.entities import Knowledge, Organisation
from wirewatch.records import Field, Mention, Strength
from wirewatch.sorting.matching.datelines import dateline_end
from wirewatch.sorting.matching.local import begins_with, spells
from wirewatch.sorting.organisations import Matcher, load_matcher

ORGANISATIONS = [
    Organisation(
        "tide-army",
        "Ebbstad Tide Army",
        "Organization",
        aliases=("Moonpool Brigade",),
        weak_aliases=("The Ebb", "Tide"),
        abbreviations=("ETA",),
        countries=("pk",),
        context=("Ebbstad", "Moonpool"),
        anti_context=("surfboard",),
    ),
    Organisation(
        "tide-army-north",
        "Ebbstad Tide Army North",
        "Organization",
        abbreviations=("ETAN",),
        countries=("nn",),
        parent_id="tide-army",
    ),
    Organisation(
        "gullhaven-front",
        "Gullhaven Front",
        "Organization",
        aliases=("Gull-i-Haven",),
        abbreviations=("GHF",),
        countries=("nn",),
    ),
    Organisation(
        "sister-front",
        "Sister Front of Gullhaven",
        "Organization",
        weak_aliases=("Kelp Column",),
        context=("Gullhaven",),
    ),
    Organisation(
        "brother-front",
        "Brother Front of Rockmouth",
        "Organization",
        weak_aliases=("Kelp Column",),
        context=("Rockmouth",),
    ),
    Organisation("saltcloud", "SALTCLOUD", "Organization", aliases=("صالتكلاود", "Солтклауд")),
    Organisation(
        "norland",
        "Norland",
        "PublicBody",
        aliases=("NL",),
        metonyms=("Port Norrin",),
        demonyms=("Norlander",),
        weak_aliases=("Home Ministry",),
        context=("Norland",),
        countries=("nn",),
        is_authority=True,
    ),
]


@pytest.fixture(scope="module")
def small() -> Matcher:
    """Give a matcher of the invented organisations."""
    known = {organisation.id: organisation for organisation in ORGANISATIONS}
    return load_matcher(Knowledge(known, decoys=("Gullhaven Front Street",)))


def found(matcher: Matcher, text: str, title: str = "") -> list[tuple[str, str | None]]:
    """Give surface and id of every mention."""
    mentions = matcher.find(an_article(title, text))
    return [(mention.surface, mention.organisation.id if mention.organisation else None) for mention in mentions]


def only(matcher: Matcher, text: str, title: str = "") -> Mention:
    """Give the one mention of an article."""
    (mention,) = matcher.find(an_article(title, text))
    return mention


def test_strong_name_matches_alone(small: Matcher) -> None:
    """A full name needs nothing else, and its offsets lead to it."""
    mention = only(small, "Police blamed the Ebbstad Tide Army.")
    assert (mention.start, mention.end, mention.field) == (18, 35, Field.TEXT)
    assert (mention.strength, mention.rule) == (Strength.STRONG, "strong:name")


def test_child_does_not_become_its_parent(small: Matcher) -> None:
    """The longer name of a child is the child, though it begins with its parent's name."""
    assert found(small, "The Ebbstad Tide Army North left.") == [("Ebbstad Tide Army North", "tide-army-north")]


def test_inner_name_is_not_lost_to_a_longer_one_that_fails(small: Matcher) -> None:
    """Where the longer name does not stand, the shorter one inside is found."""
    assert found(small, "The Ebbstad Tide Army Northern branch left.") == [("Ebbstad Tide Army", "tide-army")]


def test_acronym_needs_company(small: Matcher) -> None:
    """An acronym alone is nobody; beside its context, or words of violence, it is the organisation."""
    assert found(small, "The ETA was three o'clock.") == []
    assert found(small, "In Ebbstad the ETA was feared.") == [("ETA", "tide-army")]
    assert found(small, "ETA militants fled.") == [("ETA", "tide-army")]


def test_weak_alias_needs_its_own_context(small: Matcher) -> None:
    """Words of violence do not vouch for a weak alias; its own context does, or a word that leaves no doubt."""
    assert found(small, "Tide attack in the harbour.") == []
    assert found(small, "Tide men left Moonpool.") == [("Tide", "tide-army")]
    assert found(small, "Tide militants fled.") == [("Tide", "tide-army")]


def test_everyday_word_never_counts_for_its_violence(small: Matcher) -> None:
    """A weak alias that is an everyday word needs its own context, whatever else stands near."""
    assert found(small, "Ebb militants fled at The Ebb.") == []
    assert found(small, "Moonpool militants fled at The Ebb.") == [("Ebb", "tide-army")]


def test_country_alone_is_too_little_for_an_acronym(small: Matcher) -> None:
    """Beside the country of the organisation an acronym still needs a word of groups, acts or lists."""
    assert found(small, "ETAN met in Norland.") == [("Norland", "norland")]
    assert found(small, "Norland bans ETAN") == [("Norland", "norland"), ("ETAN", "tide-army-north")]
    assert found(small, "ETAN leader shot in Norland") == [("ETAN", "tide-army-north"), ("Norland", "norland")]


@pytest.mark.parametrize(
    "text",
    [
        "Saltcloud Ltd makes umbrellas.",
        "Saltcloud Abdi, a left back, scored.",
        "SALTCLOUD is an acronym for a long list of words.",
        "Saltcloud, Inc. fell.",
    ],
)
def test_firm_or_person_of_that_name_is_somebody_else(small: Matcher, text: str) -> None:
    """A legal form behind a single word, or a surname and an age, make it another's name."""
    assert found(small, text) == []


def test_strong_mention_vouches_for_a_weak_alias(small: Matcher) -> None:
    """A weak alias counts beside a strong mention of the same organisation, whatever speaks against it."""
    text = "The Ebbstad Tide Army stole a surfboard. Tide men laughed."
    assert found(small, text) == [("Ebbstad Tide Army", "tide-army"), ("Tide", "tide-army")]


def test_child_vouches_for_its_parent(small: Matcher) -> None:
    """A strong mention of a child is company for its parent's acronym."""
    assert ("ETA", "tide-army") in found(small, "Ebbstad Tide Army North split from ETA.")


def test_anti_context_forbids_a_weak_alias(small: Matcher) -> None:
    """A word that speaks against the organisation outweighs its context."""
    assert found(small, "A Tide surfboard shop opened in Ebbstad.") == []


def test_acronym_is_never_found_in_small_letters(small: Matcher) -> None:
    """In a text with capitals an acronym must have them."""
    assert found(small, "In Ebbstad the eta was feared, and Eta too.") == []


def test_name_without_any_capital_is_no_name(small: Matcher) -> None:
    """In a text with capitals a name has one."""
    assert found(small, "A moonpool brigade of swimmers.") == []


def test_text_without_capitals_is_read_all_the_same(small: Matcher) -> None:
    """Where a feed has no capitals they cannot be asked for; long names still match."""
    assert found(small, "police blamed the moonpool brigade.") == [("moonpool brigade", "tide-army")]


def test_title_in_capitals_is_read(small: Matcher) -> None:
    """A title of nothing but capitals gives long names, and acronyms with company."""
    assert found(small, "", "GULLHAVEN FRONT MEN LEAVE GHF IN ETA DISPUTE") == [
        ("GULLHAVEN FRONT", "gullhaven-front"),
        ("GHF", "gullhaven-front"),
    ]


def test_possessive_plural_and_hyphen_do_not_hide_a_name(small: Matcher) -> None:
    """Apostrophes, quotes and hyphens around a name leave it whole."""
    assert (
        found(small, "The Gullhaven Front's men, Gullhaven Front-linked")
        == [("Gullhaven Front", "gullhaven-front")] * 2
    )
    assert found(small, "‘Moonpool Brigades’") == [("Moonpool Brigades", "tide-army")]


def test_name_does_not_reach_across_a_sentence(small: Matcher) -> None:
    """A full stop or a comma between two words is no space; a line break is."""
    assert found(small, "He left Gullhaven. Front doors closed.") == []
    assert found(small, "The Gullhaven\nFront left.") == [("Gullhaven\nFront", "gullhaven-front")]
    assert found(small, "Front doors", "Gullhaven") == []


def test_decoy_takes_its_words_away(small: Matcher) -> None:
    """A name inside a decoy is not read; elsewhere it is."""
    assert found(small, "Shops on Gullhaven Front Street shut as the Gullhaven Front marched.") == [
        ("Gullhaven Front", "gullhaven-front")
    ]


def test_shared_alias_goes_to_whom_the_text_is_about(small: Matcher) -> None:
    """A name of two organisations is the one whose context stands there, and nobody when both do."""
    assert found(small, "Kelp Column men came from Rockmouth.") == [("Kelp Column", "brother-front")]
    assert found(small, "Kelp Column men came.") == []
    assert found(small, "Kelp Column men came from Rockmouth to Gullhaven.") == [("Kelp Column", None)]


def test_definition_binds_an_acronym_for_the_whole_document(small: Matcher) -> None:
    """What the text defines holds in the title and everywhere after, as a local name."""
    mentions = small.find(an_article("GHF calls strike", "The Gullhaven Front (GHF) called a strike. GHF men sang."))
    assert [(mention.surface, mention.field) for mention in mentions] == [
        ("GHF", Field.TITLE),
        ("Gullhaven Front", Field.TEXT),
        ("GHF", Field.TEXT),
        ("GHF", Field.TEXT),
    ]
    assert {mention.strength for mention in mentions if mention.surface == "GHF"} == {Strength.LOCAL}


@pytest.mark.parametrize(
    "text",
    [
        "The Gullhaven Front (GuF) spoke. GuF men sang.",
        "The Gullhaven Front, or GF, spoke. GF men sang.",
        "The Gullhaven Front, also known as GF, spoke. GF men sang.",
        'The Gullhaven Front ("GF") spoke. GF men sang.',
        "GF (Gullhaven Front) spoke. GF men sang.",
    ],
)
def test_acronym_that_no_file_knows_is_learnt_from_the_document(small: Matcher, text: str) -> None:
    """An acronym that stands for the name by its letters is bound, in every usual form of words."""
    last = small.find(an_article("", text))[-1]
    assert (last.organisation and last.organisation.id, last.strength) == ("gullhaven-front", Strength.LOCAL)


@pytest.mark.parametrize(
    "text",
    [
        "The Gullhaven Front (AP) spoke. AP wrote it down.",
        "The Gullhaven Front (Norrin) spoke. Norrin fell.",
        "The Gullhaven Front (2019) spoke.",
    ],
)
def test_bracket_that_is_no_acronym_of_the_name_binds_nothing(small: Matcher, text: str) -> None:
    """A news agency or a place in brackets does not become the organisation."""
    assert found(small, text) == [("Gullhaven Front", "gullhaven-front")]


@pytest.mark.parametrize(
    "text",
    [
        "In Ebbstad the Estate Tax Agency (ETA) met. ETA militants fled.",
        "In Ebbstad the ETA, an estate tax agency, met militants.",
        "In Ebbstad the Estate Tax Agency, or ETA, met militants.",
        "In Ebbstad the Harbour Works Council (ETA) met. ETA militants fled.",
        "In Ebbstad the harbour scheme (Erneuerung Tor Anlage - ETA) began. ETA militants fled.",
    ],
)
def test_foreign_definition_blocks_the_acronym(small: Matcher, text: str) -> None:
    """An acronym that the document explains otherwise is not ours there, whatever its company."""
    assert found(small, text) == []


def test_authority_is_found_by_name_metonym_and_demonym(small: Matcher) -> None:
    """Whoever lists is found under all the names that stand for it, with the rule that says which."""
    mentions = small.find(an_article("", "Port Norrin said Norlander police and Norland agreed."))
    assert [mention.rule for mention in mentions] == ["strong:metonym", "strong:demonym", "strong:name"]


def test_authorities_can_be_left_out(small: Matcher) -> None:
    """Asked for organisations alone, the matcher gives the same ones without any authority."""
    article = an_article("", "Norland listed the Gullhaven Front.")
    assert [m.surface for m in small.find(article, authorities=False)] == ["Gullhaven Front"]
    assert [m.surface for m in small.find(article)] == ["Norland", "Gullhaven Front"]


def test_weak_authority_needs_its_country(small: Matcher) -> None:
    """A ministry that every country has counts where its country is spoken of."""
    assert found(small, "The Home Ministry said so.") == []
    assert ("Home Ministry", "norland") in found(small, "The Home Ministry of Norland said so.")


@pytest.mark.parametrize(
    "text",
    [
        "PORT NORRIN: Police met.",
        "PORT NORRIN (Gull Wire) — Police met.",
        "Port Norrin (Gull Wire) - Police met.",
        "PORT NORRIN, Aug 12 — Police met.",
        "PORT NORRIN, Norland (Gull Wire) — Police met.",
        "Port Norrin — Police met.",
    ],
)
def test_dateline_is_no_authority(small: Matcher, text: str) -> None:
    """The place from which a report was sent does not act."""
    assert found(small, text) == []


@pytest.mark.parametrize("text", ["Port Norrin said: no.", "Port Norrin listed the front.", "PORT NORRIN LISTS FRONT"])
def test_capital_that_acts_is_no_dateline(text: str) -> None:
    """A sentence that begins with a capital is not taken for a dateline."""
    assert dateline_end(text) == 0


def test_nearly_a_name_is_left_for_review(small: Matcher) -> None:
    """One wrong letter in a long name gives a fuzzy mention with a score below one half, never a sure one."""
    mention = only(small, "Police blamed the Ebbstad Tide Amry.")
    assert mention.organisation is not None
    assert (mention.organisation.id, mention.strength) == ("tide-army", Strength.FUZZY)
    assert mention.score < 0.5
    assert found(small, "Police blamed the Ebbstad Tile Works.") == []


def test_other_scripts_are_read(small: Matcher) -> None:
    """Names in other scripts match with their prefixes and letter variants."""
    assert found(small, "قال صالتكلاود وبصالتكلاود")[0][1] == "saltcloud"
    assert found(small, "Солтклауд заявил") == [("Солтклауд", "saltcloud")]


def test_dotted_acronym_is_read_with_strong_company(small: Matcher) -> None:
    """An acronym with full stops counts beside the full name; initials of a person alone do not."""
    assert ("E.T.A", "tide-army") in found(small, "The Ebbstad Tide Army, E.T.A. for short, left.")
    assert found(small, "In Ebbstad a man named only as E.T.A. confessed.") == []


def test_article_without_names_gives_nothing(small: Matcher) -> None:
    """No name, no mention; an empty article too."""
    assert small.find(an_article("Ferry late", "The ferry was late.")) == ()
    assert small.find(an_article("", "")) == ()


@pytest.mark.parametrize(
    "text", ["Saltcloud is a hot sauce.", "Gullhaven Front, a choir, sang.", "“Gullhaven Front” is what he calls it."]
)
def test_name_that_is_explained_as_something_harmless_is_not_read(small: Matcher, text: str) -> None:
    """Where nothing speaks of armed groups or of the organisation, an explanation of the name makes it another's."""
    assert found(small, text) == []
    assert found(small, f"{text} The militants fled.") != []


@pytest.mark.parametrize(
    "piece",
    [
        "Gullhaven Front (GHF) ",
        "Gullhaven Front (GF{}) ",
        "ETA, or ETA ",
        "ETA (",
        "Ebbstad ETA ",
        "Kelp Column ",
        "Aaaa Bbbb of the Cccc (ETA) ",
        "the Ebbstad Tide Amry ",
        "(((((((",
        "A.B.C.D.",
        "Norland ",
    ],
)
def test_hostile_article_costs_no_more_than_its_length(small: Matcher, piece: str) -> None:
    """An article of nothing but brackets, acronyms or one name is read to its end, without a square of its length."""
    text = "".join(piece.replace("{}", str(n)) for n in range(30_000 // len(piece)))
    for mention in small.find(an_article("", text)):
        assert text[mention.start : mention.end] == mention.surface


PIECES = st.sampled_from(
    [
        "Gullhaven Front",
        "Ebbstad Tide Army",
        "ETA",
        "(ETA)",
        "(GHF)",
        "Norland",
        "Port Norrin:",
        "said",
        "’s",
        "—",
        "\n\n",
        "  ",
        "é",
        "ş",
        "\xad",
        "militants",
        ".",
        ",",
    ]
)


@given(st.lists(PIECES, max_size=14), st.lists(PIECES, max_size=5))
@settings(max_examples=200, deadline=None)
def test_every_mention_is_the_words_at_its_place(text: list[str], title: list[str]) -> None:
    """Whatever stands around a name, start and end cut its surface out of its field, and mentions do not overlap."""
    article = an_article(" ".join(title), " ".join(text))
    taken = {Field.TITLE: 0, Field.TEXT: 0}
    for mention in _SHARED.find(article):
        field = article.title if mention.field is Field.TITLE else article.text
        assert field[mention.start : mention.end] == mention.surface
        assert mention.start >= taken[mention.field]
        assert 0.0 <= mention.score <= 1.0
        taken[mention.field] = mention.end


_SHARED = load_matcher(Knowledge({organisation.id: organisation for organisation in ORGANISATIONS}))


@pytest.mark.parametrize(
    ("short", "before", "expected"),
    [
        ("BLA", "the Bar Listing Authority", True),
        ("UNSC", "the United Nations Security Council", True),
        ("FDN", "Family of the North", False),
        ("BLA", "the Baloch Army", False),
        ("A", "Army", False),
    ],
)
def test_words_spell_an_acronym(short: str, before: str, expected: bool) -> None:
    """The first letters of the last words, small words left out, make the acronym."""
    assert spells(short, before) is expected


def test_words_behind_spell_an_acronym() -> None:
    """An explanation behind the acronym is read by its first letters too, hyphens dividing words."""
    assert begins_with("TTP", "time-triggered protocol, is used")
    assert not begins_with("TTP", "the Pakistani group")
