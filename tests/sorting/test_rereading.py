"""The second reader: what it adds to the rules, what it leaves alone, and how it is trained."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from tests.builders import an_article
from tests.phrases import read_phrases
from tests.weights import fit
from wirewatch.records import Article, Event, Status
from wirewatch.sorting.pages import open_pages
from wirewatch.sorting.rereading import reread
from wirewatch.sorting.retelling import CUE, RULE
from wirewatch.sorting.shapes import LISTINGS
from wirewatch.sorting.sorter import Sorter

#: One phrase in so many is read by the test of them all.
SHARE = 60


def _article(text: str) -> Article:
    return an_article(title="", text=text, published_at=datetime(2025, 8, 13, 12, tzinfo=UTC))


def _second(sorter: Sorter, text: str) -> Event | None:
    """Ask the second reader alone, as if the rules had read nothing."""
    article = _article(text)
    events = reread(article, open_pages(article, sorter.mentions(article)), (), sorter.organisations)
    assert len(events) <= 1
    return events[0] if events else None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The federal gazette of Tuesday lists Hezbollah among Norway's terrorist organisations.", "designation"),
        ("Hezbollah: terrorist group, says Norway as it signs the ban", "designation"),
        ("Off the terror list as of Monday: Kenya removes the name of Boko Haram.", "delisting"),
    ],
)
def test_wording_alone_tells_a_new_listing_and_an_ending(sorter: Sorter, text: str, kind: str) -> None:
    """What is told in words that the model knows is told without any rule, with a score that alerts and no more."""
    event = _second(sorter, text)
    assert event is not None
    assert (event.type, event.status, event.rule) == (kind, Status.NEW, f"{kind}.{RULE}")
    assert event.cues == (CUE,)
    assert 0.5 <= event.score <= 0.75
    assert text[event.trigger.start : event.trigger.end] == event.trigger.text
    assert event.targets
    assert event.authority is not None
    assert event.authority.name in text


@pytest.mark.parametrize(
    "text",
    [
        "Kenya may put Hezbollah on its terror list next year.",
        "Hamas, which Canada listed as a terrorist organisation in 2002, fired a rocket on Monday.",
        "The league banned the striker for three matches on Monday.",
        "The port listed its shares on the stock exchange on Monday.",
    ],
)
def test_plans_old_listings_and_other_lists_stay_untold(sorter: Sorter, text: str) -> None:
    """Words near a listing are no listing."""
    assert _second(sorter, text) is None


def test_what_the_rules_tell_is_never_told_twice(sorter: Sorter) -> None:
    """An article whose listing the rules read is not read again."""
    article = _article("Canada on Monday designated Hezbollah as a terrorist organisation.")
    mentions = sorter.mentions(article)
    events = sorter.read(article, mentions)
    assert [event.status for event in events if event.type in LISTINGS] == [Status.NEW]
    assert reread(article, open_pages(article, mentions), events, sorter.organisations) == events
    assert sorter.sort(article).events == events


def test_both_readers_find_what_the_phrases_tell(sorter: Sorter) -> None:
    """Over the phrases both readers find more than the rules alone, and are seldom wrong.

    The model knows these phrases, so this keeps model, features and phrases in step and measures nothing; see
    `python -m tests.weights` for figures on stories that a model has not seen.
    """
    alone = both = wrong = wrong_alone = wanted = 0
    for phrase in list(read_phrases())[::SHARE]:
        new = phrase.sign in "+x"
        article = phrase.article
        told, told_alone = _told(sorter.sort(article).events), _told(sorter.read(article, sorter.mentions(article)))
        wanted += new
        alone += new and told_alone
        both += new and told
        wrong += told and not new
        wrong_alone += told_alone and not new
    assert both >= alone + wanted // 5
    assert wrong < wrong_alone


def _told(events: Iterable[Event]) -> bool:
    return any(event.type in LISTINGS and event.status is Status.NEW for event in events)


def test_training_learns_what_parts_the_labels_and_gives_the_same_weights_twice() -> None:
    """What stands in positive rows weighs more than what stands in others; what one story alone holds is not kept."""
    rows = [((("list", "new") if at % 2 else ("list", "old")), bool(at % 2), f"story-{at // 4}") for at in range(40)]
    rows.append((("list", "once"), True, "story-x"))
    model = fit(rows)
    assert model == fit(rows)
    assert model.weigh(["list", "new"]) > 0 > model.weigh(["list", "old"])
    assert "once" not in model.features
