"""The short cuts of the scan: they leave out work, never a word or a sentence."""

from __future__ import annotations

import pytest

from wirewatch.sorting.scanning import Scanner, make_sure
from wirewatch.sorting.text import COUNTED, Sentences, cut_paragraphs, split_sentences

WORDS = {"list": frozenset(("ban", "black-list", "foreign terrorist", "türk"))}


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    """Give a scanner that knows the words of one lexicon as states, without rules."""
    return Scanner((), {}, WORDS["list"])


@pytest.mark.parametrize(
    ("low", "starts"),
    [
        ("ban, ban-ban (ban)", [0, 5, 9, 14]),
        ("banned urban éban bané _ban_", [24]),
        ("a black-list, no black list", [2]),
        ("foreign terrorist foreign-terrorist foreign\nterrorist", [0]),
        ("türk türkler", [0]),
        ("the ban — a ban", [4, 12]),
    ],
)
def test_words_are_found_whole_and_literally(scanner: Scanner, low: str, starts: list[int]) -> None:
    """A word counts where neither letter nor digit touches it, and with its own signs only."""
    assert [start for start, _ in make_sure(low, scanner.scan(low))] == starts


def test_paragraphs_are_cut_alike_in_any_order() -> None:
    """A sentence is the same whether the paragraphs before it were cut or not; only late positions are not counted."""
    text = "\n".join(f"NORHAVEN: Sentence {number} is here. Another follows it." for number in range(8))
    whole = split_sentences(text)
    for asked in ([6], [6, 7], [1], [2, 0], [7, 4, 1], range(8)):
        sentences = Sentences(text, title=False)
        for paragraph in asked:
            cut = sentences.of(paragraph)
            expected = whole[2 * paragraph : 2 * paragraph + 2]
            assert [sentence[:3] for sentence in cut] == [sentence[:3] for sentence in expected]
            assert [min(one.position, COUNTED) for one in cut] == [min(one.position, COUNTED) for one in expected]


def test_a_wrapped_sentence_is_one_paragraph() -> None:
    """A line break before a small letter ends nothing."""
    assert cut_paragraphs("One line\ngoes on.\nTwo.") == [18, 22]
