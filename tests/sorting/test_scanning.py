"""The short cuts of the scan: they leave out work, never a word or a sentence."""

from __future__ import annotations

import pytest

from wirewatch.sorting.scanning import Scanner
from wirewatch.sorting.text import COUNTED, cut_paragraphs, cut_sentences, split_sentences

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
    assert [start for start, _ in scanner.scan(low).places] == starts


def test_paragraphs_that_do_not_matter_are_left_out_late() -> None:
    """The first sentences are always cut; after them only those of paragraphs that matter, each as it was."""
    text = "\n".join(f"Sentence {number} is here. Another follows it." for number in range(8))
    ends = cut_paragraphs(text)
    whole = [(one.start, one.end) for one in split_sentences(text)]
    some = cut_sentences(text, ends, [number == 6 for number in range(8)])
    assert len(some) >= COUNTED
    assert some == [*whole[:6], *whole[12:14]]


def test_a_wrapped_sentence_is_one_paragraph() -> None:
    """A line break before a small letter ends nothing."""
    assert cut_paragraphs("One line\ngoes on.\nTwo.") == [18, 22]
