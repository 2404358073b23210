"""Who did it, by weight: the suspects of an article, who is named or cleared, and what the shipped table may hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.builders import an_article
from tests.doers import TABLE
from tests.gold.records import TYPES
from wirewatch.records import Article, Event, Field, Party, Span, Status
from wirewatch.sorting.cast import GUESS
from wirewatch.sorting.convicting import CUE, DENIED, NAMED, convict, judge
from wirewatch.sorting.deeds import load_deeds, look_up
from wirewatch.sorting.pages import open_pages
from wirewatch.sorting.sorter import Sorter
from wirewatch.sorting.suspects import Class, Suspect
from wirewatch.sorting.testimony import WHOLE, Account, Place
from wirewatch.sorting.vocabulary import words

FRONT, ARMY = "Shining Path", "army"
TEXT = (
    "A bomb wrecked the town hall of Ayo on Monday and killed two clerks. Windows broke in three streets. "
    "The Shining Path has extorted shopkeepers of the town for years. The police found leaflets of the group."
)


def an_act(at: int, doers: tuple[Party, ...] = (), targets: tuple[Party, ...] = (), **changes: object) -> Event:
    """Give a bombing that is told at a place."""
    event = Event(
        type="attack_bombing",
        status=Status.NEW,
        agents=doers,
        targets=targets,
        authority=None,
        programme=None,
        trigger=Span(at, at + 4, "bomb"),
        evidence=Span(at, at + 40, "A bomb …"),
        field=Field.TEXT,
        cues=(),
        rule="attack_bombing.nominal",
        score=0.8,
    )
    return replace(event, **changes)  # type: ignore[arg-type]


def a_suspect(*places: int, kind: Class = Class.GROUP, denied: bool = False) -> Account:
    """Give a suspect who is named at some places."""
    known = kind is Class.GROUP
    suspect = Suspect(0, 1, kind, "path" if known else ARMY, "path" if known else None, FRONT if known else None)
    return Account(suspect, tuple(Place(Field.TEXT, at, at + 12, 0) for at in places), frozenset(), denied)


def test_the_act_nearest_to_a_likely_suspect_is_his() -> None:
    """Of two acts without a doer the one that is told beside him gets him, and the other stays without."""
    far, near = judge([an_act(0), an_act(500)], [(a_suspect(450), 1.0)])
    assert not far.agents
    assert [party.name for party in near.agents] == [FRONT]
    assert near.cues == (f"{CUE}: 0.73",)
    assert near.score == 0.8


def test_who_is_likelier_innocent_is_named_for_review_only() -> None:
    """Below even odds the score of the act falls below the border of alerts, to his likelihood."""
    (act,) = judge([an_act(0)], [(a_suspect(50), -0.5)])
    assert act.agents
    assert act.score == 0.38


@pytest.mark.parametrize("kind", Class)
def test_nobody_is_named_below_the_border(kind: Class) -> None:
    """Just below his border a suspect is nobody's doer, at it he is."""
    below, at = (judge([an_act(0)], [(a_suspect(50, kind=kind), NAMED[kind] + more)]) for more in (-0.01, 0.0))
    assert not below[0].agents
    assert at[0].agents


def test_of_whom_something_is_denied_more_is_asked() -> None:
    """Where a sentence denies a claim or a blame, even odds are not enough to doubt it."""
    one, other = (judge([an_act(0)], [(a_suspect(50, denied=True), DENIED + more)]) for more in (-0.01, 0.0))
    assert not one[0].agents
    assert other[0].agents


def test_an_act_that_may_alert_by_its_target_keeps_its_score() -> None:
    """A target's alert is not lost to a doubtful doer: such an act gets none."""
    target = Party("contras", "Contras", 5, 12)
    (act,) = judge([an_act(0, targets=(target,))], [(a_suspect(50), -0.5)])
    assert not act.agents
    assert act.score == 0.8


@pytest.mark.parametrize("cue", [GUESS, "credited: claimed"])
def test_a_guess_stands_only_where_weight_would_name_him_too(cue: str) -> None:
    """What the rules guess is dropped below the border, with a cue; the act stays."""
    doer, border = Party("path", FRONT, 50, 62), NAMED[Class.GROUP]
    guessed = an_act(0, (doer,), cues=(cue,))
    assert judge([guessed], [(a_suspect(50), border - 0.1)]) == (
        an_act(0, cues=(cue, f"cleared doer: {border - 0.1:.1f}")),
    )
    assert judge([guessed], [(a_suspect(50), border)]) == (guessed,)


def test_a_doer_whom_the_text_names_is_never_dropped() -> None:
    """Weight decides only where nobody says who did it."""
    act = an_act(0, (Party("path", FRONT, 50, 62),))
    assert judge([act], [(a_suspect(50), -9.0)]) == (act,)


def test_the_one_group_of_a_sentence_is_marked_as_a_guess(sorter: Sorter) -> None:
    """A doer whom only his place in the sentence gives has the cue of a guess; one behind "by" has not."""
    guess, said = (
        [event.cues for event in sorter.sort(_whole(text)).events if event.agents]
        for text in (
            "A bomb exploded in Ayo; leaflets of the Shining Path were found.",
            "A bus was bombed by the Shining Path in Ayo.",
        )
    )
    assert guess
    assert all(GUESS in cues for cues in guess)
    assert said
    assert not any(GUESS in cues for cues in said)


def test_what_is_denied_is_neither_given_nor_cleared() -> None:
    """A denied act has no doer to look for."""
    denied = an_act(0, status=Status.DENIED)
    assert judge([denied], [(a_suspect(50), 3.0)]) == (denied,)


def _whole(text: str) -> Article:
    return an_article(title="", text=text, published_at=datetime(2025, 8, 12, 12, tzinfo=UTC))


def test_suspects_are_groups_forces_and_bands(sorter: Sorter) -> None:
    """Known groups have their id; an army, an air force, a drug cartel and a death squad what they are called."""
    text = (
        "A bomb killed two clerks in Ayo on Monday. Peru's air force denied it. A drug cartel and a death squad were "
        "named. The Shining Path was silent. The army said little of it, and a group of clerks wept."
    )
    _, suspects = sorter.testify(_whole(text))
    found = {(one.suspect.kind, one.suspect.key) for one in suspects}
    assert {kind for kind, _ in found} == {Class.GROUP, Class.FORCES, Class.BAND}
    assert {key for kind, key in found if kind is Class.FORCES} == {"air force", "army"}
    assert {key for kind, key in found if kind is Class.BAND} == {"drug cartel", "death squad"}


def test_short_articles_are_left_to_the_rules(sorter: Sorter) -> None:
    """Signs were learnt from whole articles: with fewer sentences nobody is weighed."""
    sentences = TEXT.split(". ")
    short = ". ".join(sentences[: WHOLE - 1]) + "."
    assert sorter.testify(_whole(short))[1] == []
    assert sorter.testify(_whole(TEXT))[1] != []


def test_an_article_without_a_deed_is_not_weighed(sorter: Sorter) -> None:
    """Where no act of violence is told, nothing is described and nothing changes."""
    article = _whole("The Shining Path held talks. The talks were long. The clerks wrote. The town slept. It rained.")
    pages = open_pages(article, sorter.mentions(article))
    assert convict(pages, (), sorter.organisations) == ()
    assert sorter.testify(article)[1] == []


def test_the_shipped_table_holds_no_words_but_our_own() -> None:
    """Every word of a sign is a kind, an entry of our table, a rule's name or one of these that say where it stands."""
    deeds = load_deeds()
    ours = {*deeds.words, *deeds.words.values(), *deeds.stems, *deeds.stems.values(), *deeds.beside, *deeds.nameless}
    ours |= {word for pair in deeds.force_pairs for word in pair} | set(TYPES.values()) | {str(one) for one in Status}
    ours |= {str(kind) for kind in Class} | {"member", "head", "number", "_", "<", ">", "&"}
    ours |= words("""
        2 named first suspects groups most called accused others often holds tells event length in before after act
        alone only group read agent target other beside nearest nobody said guessed left right members ahead
        behind kind time
    """)
    strange = set()
    for table in json.loads(TABLE.read_text(encoding="utf-8")).values():
        for sign in table["features"]:
            for piece in sign.replace("&", " ").split():
                word = piece.removesuffix(":") or piece
                known = word in ours or word.isdigit() or "." in word or look_up(word).kind in ("member", "head")
                if not known and word.replace("-", "_") not in ours:
                    strange.add(sign)
    assert not strange
