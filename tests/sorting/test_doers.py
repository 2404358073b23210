"""Who did it: accusations, claims of a later sentence, and words that stand for the one group of an article."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.builders import an_article
from wirewatch.records import Event, Status
from wirewatch.sorting.sorter import Sorter

BLA, MAUTE, PATH = "Balochistan Liberation Army", "Maute Group", "Shining Path"
ACTS = ("attack_bombing", "attack_armed", "assassination", "hostage_taking", "attack_claim")


def acts(sorter: Sorter, text: str, title: str = "") -> tuple[Event, ...]:
    """Sort a text of a known day; give its acts of violence."""
    article = an_article(title=title, text=text, published_at=datetime(2025, 8, 12, 12, tzinfo=UTC))
    return tuple(event for event in sorter.sort(article).events if event.type in ACTS)


def doers(events: tuple[Event, ...]) -> set[str]:
    """Give who did what is not denied."""
    return {party.name for event in events if event.status is not Status.DENIED for party in event.agents}


@pytest.mark.parametrize(
    "text",
    [
        "The police attributed the bombing to the Baloch Liberation Army.",
        "The governor blamed the Baloch Liberation Army for the bombing of the bus.",
        "The governor blamed the bombing of the bus on the Baloch Liberation Army.",
        "The bombing was the work of the Baloch Liberation Army, the governor said.",
        "The Baloch Liberation Army guerrillas are being held responsible for the bombing.",
        "The governor accused the Baloch Liberation Army of killing five miners.",
        "Five miners were killed by alleged members of the Baloch Liberation Army.",
        "The finger was pointed at the Baloch Liberation Army after the bombing of the bus.",
        "Two grenades had been thrown by fighters of the outlawed Baloch Liberation Army.",
    ],
)
def test_whoever_is_blamed_is_the_doer(sorter: Sorter, text: str) -> None:
    """Accusing words lead to the doer from either side."""
    assert doers(acts(sorter, text)) == {BLA}


@pytest.mark.parametrize(
    "text",
    [
        "The bombing was not the work of the Baloch Liberation Army, the governor said.",
        "The Baloch Liberation Army said that the massacre had been carried out by soldiers.",
        "The Baloch Liberation Army bears no responsibility for the attack and has denied it.",
        "Four Baloch Liberation Army fighters were killed in the attack.",
        "The army shot six members of the Baloch Liberation Army after the attack.",
        "Peace talks with the Baloch Liberation Army ended before the attack on the bus.",
        "Islamabad accused the Baloch Liberation Army of breaking off the talks.",
    ],
)
def test_whoever_is_cleared_speaks_or_suffers_is_no_doer(sorter: Sorter, text: str) -> None:
    """A group that is cleared, only speaks of an act, or suffers it has not done it."""
    assert doers(acts(sorter, text)) == set()


def test_blame_on_one_group_does_not_reach_another(sorter: Sorter) -> None:
    """Of two groups in a sentence only the one that is blamed has done it."""
    events = acts(sorter, "The murder is attributed to the Maute group and not to the Shining Path.")
    assert doers(events) == {MAUTE}


@pytest.mark.parametrize(
    "later",
    [
        "The Baloch Liberation Army claimed responsibility.",
        "The Baloch Liberation Army owned up to it in a message.",
        "Police suspect the Baloch Liberation Army.",
        "It was the Baloch Liberation Army, the governor said.",
        "The governor said it had been laid by the Baloch Liberation Army.",
    ],
)
def test_a_later_sentence_gives_an_act_its_doer(sorter: Sorter, later: str) -> None:
    """A claim or an accusation further on credits the act that was told without a doer, and says so."""
    events = acts(sorter, f"A bomb killed four herders on Monday.\nThe road was closed.\n{later}")
    (bombing,) = (event for event in events if event.type == "attack_bombing")
    assert {party.name for party in bombing.agents} == {BLA}
    assert any(cue.startswith("credited: ") for cue in bombing.cues)
    assert all(event.rule != "attack_armed.blamed" for event in events)


@pytest.mark.parametrize(
    "later",
    [
        "The army suspects the Maute group, but Abu Sayyaf claimed responsibility.",
        "The Baloch Liberation Army denied involvement.",
        "The road was closed.\nIt rained.\nIt rained.\nIt rained.\nThe Baloch Liberation Army claimed responsibility.",
    ],
)
def test_an_act_keeps_no_doer_where_that_would_be_a_guess(sorter: Sorter, later: str) -> None:
    """Two names, a denial, or a claim long after credit nobody."""
    events = acts(sorter, f"A bomb killed four herders on Monday.\n{later}")
    (bombing,) = (event for event in events if event.type == "attack_bombing")
    assert bombing.agents == ()


def test_an_accusation_without_an_act_is_nothing(sorter: Sorter) -> None:
    """Blame for something else is no attack."""
    assert acts(sorter, "Sales of cars fell in May.\nAnalysts blame the Sinaloa cartel.") == ()


def test_the_guerrillas_are_the_one_group_of_the_article(sorter: Sorter) -> None:
    """A description stands for the only group that title and text name, and its words are the evidence."""
    events = acts(
        sorter, "The guerrillas attacked a bus near Ayacucho on Monday and killed two.", "Shining Path returns"
    )
    (attack,) = (event for event in events if event.type == "attack_armed")
    (party,) = attack.agents
    assert (party.id, party.name, party.start, party.end) == ("shining-path", PATH, 0, len("The guerrillas"))


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Shining Path and Maute group", "The guerrillas attacked a bus on Monday and killed two."),
        ("Shining Path returns", "Unidentified guerrillas attacked a bus on Monday and killed two."),
        ("Shining Path returns", "Another group attacked a bus on Monday and killed two."),
        ("Shining Path returns", "The group of pilgrims was attacked by gunmen on Monday; two were killed."),
    ],
)
def test_a_description_that_may_mean_others_means_nobody(sorter: Sorter, title: str, text: str) -> None:
    """Where two groups are named, or the words point to others, nobody is meant."""
    assert doers(acts(sorter, text, title)) == set()


@pytest.mark.parametrize(
    ("text", "doer"),
    [
        ("Six villagers were murdered by the army on Monday, their bishop says.", "army"),
        ("The bishop accused the armed forces of the massacre of nine villagers on Monday.", "armed forces"),
    ],
)
def test_an_army_that_murders_is_the_doer(sorter: Sorter, text: str, doer: str) -> None:
    """What a state's forces do to those who carry no arms is an attack, and the words say whose."""
    assert doers(acts(sorter, text)) == {doer}


@pytest.mark.parametrize(
    "text",
    [
        "The army executed four militants of the Baloch Liberation Army on Monday.",
        "Villagers were murdered on Monday near the army base, police said.",
        "An army of volunteers tortured the piano for the villagers.",
    ],
)
def test_an_army_that_fights_or_only_stands_near_is_no_doer(sorter: Sorter, text: str) -> None:
    """Operations against armed men are another type, and a base has done nothing."""
    assert not doers(acts(sorter, text)) & {"army", BLA}


def test_a_party_is_not_taken_for_the_rebels(sorter: Sorter) -> None:
    """Where an article names one party and no armed group, "the rebels" are nobody that is known."""
    events = acts(sorter, "The rebels attacked a bus on Monday and killed two.", "Awami League mourns")
    assert doers(events) == set()


def test_the_attack_is_the_bombing_told_before(sorter: Sorter) -> None:
    """A definite "attack" behind a bombing is no second act, and its doer is the bombing's."""
    events = acts(
        sorter,
        "A bomb killed four herders near Gwadar on Monday.\n"
        "The attack was carried out by the Baloch Liberation Army, the governor said.",
    )
    assert [event.type for event in events] == ["attack_bombing"]
    assert doers(events) == {BLA}


def test_another_attack_is_another_act(sorter: Sorter) -> None:
    """An attack with an article that points to nothing before stays an act of its own."""
    events = acts(
        sorter,
        "A bomb killed four herders near Gwadar on Monday.\nGunmen killed two in an attack on a train on Tuesday.",
    )
    assert {event.type for event in events} == {"attack_bombing", "attack_armed"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Militants killed at least 30 people in Bajaur on Monday.", {"attack_armed"}),
        ("Gunmen kidnapped and killed a trader in Quetta on Monday.", {"hostage_taking"}),
        ("Six rebels were killed in clashes with troops on Monday.", {"security_operation"}),
        ("Four militants killed in a clash with troops", {"security_operation"}),
        ("A Palestinian gunman opened fire at a checkpoint, wounding two soldiers.", {"attack_armed"}),
    ],
)
def test_armed_men_act_or_suffer_as_the_verb_says(sorter: Sorter, text: str, found: set[str]) -> None:
    """An active verb behind armed men is their attack, a passive one what was done to them."""
    article = an_article(title="", text=text, published_at=datetime(2025, 8, 12, 12, tzinfo=UTC))
    assert {event.type for event in sorter.sort(article).events} == found


@pytest.mark.parametrize(
    "text",
    [
        "Yemen's Houthis attacked a ship on Friday.",
        "Iran-backed Houthi fighters attacked a ship on Friday.",
        "The attack on the ship was claimed by the Houthis, an ally of Iran.",
    ],
)
def test_a_state_beside_a_group_is_not_the_doer(sorter: Sorter, text: str) -> None:
    """A possessive, "-backed" or an apposition tells whose group it is, and takes its act away from nobody."""
    assert doers(acts(sorter, text)) == {"Ansarallah"}


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("Eight members of the armed forces murdered six priests in the capital.", "armed forces"),
        ("Three women hold the army responsible for the massacre of 80 people in the village.", "army"),
        ("The unions are accusing the army of perpetrating the attack on the workers.", "army"),
        ("The armed forces are guilty of the massacre of 80 people, the bishop said.", "armed forces"),
        ("The church was bombed by the air force on Monday, and two people died.", "air force"),
        ("Peru's villagers were massacred by Peruvian army troops, and 12 people died.", "Peru"),
    ],
)
def test_forces_that_murder_are_named_by_what_they_are_called(sorter: Sorter, text: str, whose: str) -> None:
    """Members of an army, those who are held responsible, and an air force that bombs a church have attacked."""
    assert doers(acts(sorter, text)) == {whose}


@pytest.mark.parametrize(
    "text",
    [
        "The Free Norland Army murdered 12 civilians in the village.",
        "The air force bombed a hideout of the militants, and five people died.",
        "Guerrillas murdered a soldier of the army near the village.",
        "The army is not responsible for the massacre of 80 people in the village.",
    ],
)
def test_an_army_that_fights_suffers_or_is_a_group_is_no_state_s_murderer(sorter: Sorter, text: str) -> None:
    """A group that calls itself an army, an operation, a victim and a denial give no forces as doers."""
    assert not {name for name in doers(acts(sorter, text)) if name.islower()}
