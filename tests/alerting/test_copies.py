"""Which texts are one: wire copies, cut copies, credits; and which are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stories.acting import Push, says, sorted_of
from wirewatch.alerting.copies import (
    MAX_RUNS,
    count_independent,
    credits_of,
    find_alike,
    find_originals,
    same_text,
    shingle,
)
from wirewatch.dossiers import Contribution, Says
from wirewatch.raising.contributing import contribute

STORY = (
    "The harbour board voted on Monday to close the north pier for the whole of the winter, because two of its piles"
    " have moved by a hand's breadth since the storm of October and nobody can say when they will move again."
    " Fishermen may land their catch at the customs quay, where the crane was mended in the summer."
)
OTHER = (
    "A choir of retired pilots sang on the roof of the old ice works on Monday evening. The mayor held the ladder."
    " About forty people stood in the rain and asked for two songs more, which they got before the lamps went out."
)


def item(push: Push) -> Contribution:
    """Give what an article adds."""
    sorted_article = sorted_of(push)
    return contribute(
        sorted_article,
        sorted_article.events,
        says=Says.SUPPORTS,
        names=(),
        involved=(),
        authority=None,
        programme=None,
        now=sorted_article.article.fetched_at,  # type: ignore[arg-type]
    )


def one(feed: str, text: str, at: str = "2025-03-03T10:00") -> Contribution:
    """Give what an article of a feed with this text adds."""
    return item(Push(at, feed, f"Pier {feed}", (says("designation/new", "bla"),), text=text))


def tied(items: Sequence[Contribution]) -> list[Contribution]:
    """Tie contributions as the workbench does: each to those before it."""
    placed: list[Contribution] = []
    for new in items:
        others = [(old.article_id, frozenset(old.shingles)) for old in placed]
        placed.append(replace(new, alike=find_alike(frozenset(new.shingles), others)))
    return placed


def runs(text: str) -> frozenset[int]:
    """Give the hashed runs of a text."""
    return frozenset(shingle("", text))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (STORY, True),
        ("PORT TARN (Meridian Wire) — " + STORY, True),
        (STORY + " (Meridian Wire)", True),
        (STORY.upper(), True),
        (STORY[: len(STORY) * 2 // 3], True),
        (STORY + " " + OTHER, True),
        (OTHER, False),
        ("The harbour board voted on Monday. " + OTHER, False),
        ("", False),
    ],
)
def test_copies_are_recognised(text: str, same: bool) -> None:
    """Datelines, credits, case and cuts do not make another text; a shared phrase does not make the same one."""
    assert same_text(runs(STORY), runs(text)) is same


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("PORT TARN (Meridian Wire) — The pier is closed.", ("meridian wire",)),
        ("The pier is closed. (Meridian Wire)", ("meridian wire",)),
        ("The pier is closed. — With input from Meridian Wire", ("meridian wire",)),
        ("The pier is closed. With inputs from the PTI", ()),
        ("The pier is closed. With inputs from PTI", ("pti",)),
        ("The group is now a Foreign Terrorist Organization (FTO)", ()),
        ("The pier (the old one) is closed.", ()),
    ],
)
def test_credit_lines_are_read(text: str, named: tuple[str, ...]) -> None:
    """Agencies are credited in datelines, at the end and by "with input from"; abbreviations are no agencies."""
    assert credits_of(text) == named


def test_ten_papers_with_one_wire_story_are_one_source() -> None:
    """However many print it, and in whatever order they come, the wire is the original and the one source."""
    wire = one("meridian-wire", STORY, "2025-03-03T12:00")
    papers = [one(feed, STORY) for feed in ("harbour-courier", "gulf-dispatch", "indus-ledger")]
    credited = one("coast-blog", f"The north pier is shut. {OTHER} (Meridian Wire)")
    for order in ([wire, *papers, credited], [credited, *papers, wire]):
        items = tied(order)
        originals = find_originals(items)
        assert count_independent(items, originals) == 1
        assert set(originals.values()) == {wire.article_id}


def test_an_agency_that_signs_its_own_stories_copies_nobody() -> None:
    """Two stories of one wire, each with its own name in the dateline, are originals, whatever its feed is called."""
    first = one("meridian-wire", "MARLOW (Meridian Wire) — " + STORY)
    second = one("meridian-wire", "TARN (Meridian Wire) — " + OTHER, "2025-03-05T10:00")
    items = tied(
        [replace(item, feed_name="Meridian Wire (sample)") for item in (first, replace(second, article_id="x"))]
    )
    originals = find_originals(items)
    assert all(originals[item.article_id] == item.article_id for item in items)
    assert count_independent(items, originals) == 1


def test_a_paper_and_its_own_follow_up_are_one_voice() -> None:
    """Two texts of one feed are two sources and one independent voice."""
    items = tied(
        [
            one("harbour-courier", STORY),
            item(Push("2025-03-04T10:00", "harbour-courier", "More", (says("designation/new", "bla"),), text=OTHER)),
        ]
    )
    originals = find_originals(items)
    assert [originals[entry.article_id] == entry.article_id for entry in items] == [True, True]
    assert count_independent(items, originals) == 1


def test_contradicting_texts_are_no_supporters() -> None:
    """Only those who say so are counted."""
    items = tied([one("harbour-courier", STORY), replace(one("gulf-dispatch", OTHER), says=Says.CONTRADICTS)])
    assert count_independent(items, find_originals(items)) == 1


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_is_its_own_copy_and_likeness_has_no_direction(first: str, second: str) -> None:
    """Shingling never fails, is bounded, and `same_text` is symmetric."""
    one_side, other_side = runs(first), runs(second)
    assert len(one_side) <= MAX_RUNS
    assert same_text(one_side, one_side)
    assert same_text(one_side, other_side) is same_text(other_side, one_side)
