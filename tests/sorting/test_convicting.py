"""Who did it, by weight: the suspects of an article, who is named or cleared, and what the shipped table may hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.builders import an_article
from tests.gold.records import TYPES
from wirewatch.records import Article, Event, Field, Party, Span, Status
from wirewatch.sorting.cast import GUESS
from wirewatch.sorting.convicting import CUE, NAMED, NAMED_CIVIL, REVIEWED, convict, judge
from wirewatch.sorting.deeds import load_deeds, look_up
from wirewatch.sorting.pages import open_pages
from wirewatch.sorting.sorter import Sorter
from wirewatch.sorting.suspects import Suspect
from wirewatch.sorting.testimony import WHOLE, Account, Place
from wirewatch.sorting.vocabulary import words
from wirewatch.sorting.weighing import load_doers
from wirewatch.watching.register import REVIEW_SCORE

FRONT = "Shining Path"
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


def a_suspect(*places: int, civil: bool = False, denied: bool = False) -> Account:
    """Give a suspect who is named at some places."""
    suspect = Suspect(0, 1, "path", FRONT, civil)
    return Account(suspect, tuple(Place(Field.TEXT, at, at + 12, 0) for at in places), frozenset(), denied)


def test_the_act_nearest_to_a_likely_suspect_is_his() -> None:
    """Of two acts without a doer the one that is told beside him gets him, and the other stays without."""
    far, near = judge([an_act(0), an_act(500)], [(a_suspect(450), 1.0)])
    assert not far.agents
    assert [party.name for party in near.agents] == [FRONT]
    assert near.cues == (f"{CUE}: 0.73",)
    assert far.score == 0.8


@pytest.mark.parametrize(("odds", "score"), [(4.0, REVIEWED), (-0.5, 0.38)])
def test_whom_weight_names_is_for_review_only(odds: float, score: float) -> None:
    """However likely he is, the score of the act falls below the border of alerts; the less likely, the lower."""
    (act,) = judge([an_act(0)], [(a_suspect(50), odds)])
    assert act.agents
    assert act.score == score < REVIEW_SCORE


@pytest.mark.parametrize(("civil", "border"), [(False, NAMED), (True, NAMED_CIVIL)])
def test_nobody_is_named_below_the_border(civil: bool, border: float) -> None:
    """Just below his border a suspect is nobody's doer, at it he is; who carries no arms has a higher one."""
    below, at = (judge([an_act(0)], [(a_suspect(50, civil=civil), border + more)]) for more in (-0.01, 0.0))
    assert not below[0].agents
    assert at[0].agents


def test_of_whom_something_is_denied_nobody_is_named(sorter: Sorter) -> None:
    """Where a sentence denies a part in it, or negates a claim, weight names nobody, however likely he is."""
    assert judge([an_act(0)], [(a_suspect(50, denied=True), 5.0)]) == (an_act(0),)
    for said, denied in (("denied that it was involved", True), ("claimed no responsibility", True), ("moved", False)):
        _, accounts = sorter.testify(_whole(f"{TEXT} On Tuesday the Shining Path {said}."))
        assert [one.denied for one in accounts] == [denied]


def test_an_act_that_may_alert_by_its_target_keeps_its_score() -> None:
    """A target's alert is not lost to a doer whom only weight names: such an act gets none."""
    target = Party("contras", "Contras", 5, 12)
    (act,) = judge([an_act(0, targets=(target,))], [(a_suspect(50), 4.0)])
    assert not act.agents
    assert act.score == 0.8


@pytest.mark.parametrize("cue", [GUESS, "credited: claimed"])
def test_a_guess_stands_only_where_weight_would_name_him_too(cue: str) -> None:
    """What the rules guess is dropped below the border, with a cue; the act stays."""
    doer, border = Party("path", FRONT, 50, 62), NAMED
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


def test_suspects_are_the_known_groups_of_an_article(sorter: Sorter) -> None:
    """Each is there once with all its mentions; a body that lists others is none."""
    _, accounts = sorter.testify(_whole(f"{TEXT} Washington listed the Shining Path. The Maute Group was not named."))
    assert [(one.suspect.name, len(one.places)) for one in accounts] == [(FRONT, 2), ("Maute Group", 1)]


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


def test_the_shipped_table_holds_no_words_but_our_own(sorter: Sorter) -> None:
    """Every word of a sign is a kind, an entry of our table, a rule's name or one of these that say where it stands."""
    deeds = load_deeds()
    ours = {*deeds.words, *deeds.words.values(), *deeds.stems, *deeds.stems.values(), *deeds.beside}
    ours |= {*TYPES.values(), *map(str, Status), "member", "head", "number", "_", "<", ">", "&"}
    ours |= words("""
        2 named first suspects groups most civil accused others often holds tells event length in before after act
        alone only group read agent target other beside nearest nobody said guessed left right members ahead
        behind kind time
    """)
    rules = {rule.id for event_type in sorter.types for rule in event_type.rules}
    strange = set()
    for sign in load_doers().features:
        for piece in sign.replace("&", " ").split():
            word = piece.removesuffix(":") or piece
            if not (word in ours or word.isdigit() or word in rules or look_up(word).kind in ("member", "head")):
                strange.add(sign)
    assert not strange
