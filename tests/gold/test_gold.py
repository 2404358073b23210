"""The labels are whole, in the contract's words, split by story, and name what the passages name."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from tests.gold import checking
from tests.gold.building import finish, load_gold, load_stories, load_tongues, read_drafts
from tests.gold.naming import HERE
from tests.gold.records import SPLITS, STATUSES, TYPES, GoldEvent, Passage

#: What the evaluation was promised at least.
LEAST_PASSAGES = {"test": 350, "dev": 250, "train": 600}


@pytest.fixture(scope="module")
def passages() -> tuple[Passage, ...]:
    """Every labelled passage."""
    return tuple(passage for split in SPLITS for passage in load_stories(split))


def read(tmp_path: Path, text: str) -> list[Passage]:
    """Read one story file of the given text."""
    path = tmp_path / "invented.txt"
    path.write_text(text, encoding="utf-8")
    return [finish(draft, "dev") for draft in read_drafts(path)]


@pytest.mark.parametrize("split", SPLITS)
def test_every_split_is_large_enough(split: str) -> None:
    """Each split holds at least the promised number of passages."""
    assert len(load_gold(split)) >= LEAST_PASSAGES[split]


@pytest.mark.parametrize("split", SPLITS)
def test_guidelines_give_the_true_numbers(split: str) -> None:
    """The table of the guidelines counts passages and stories as they are."""
    passages = load_gold(split)
    stories = len({passage.story for passage in passages})
    guidelines = (HERE / "GUIDELINES.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `{split}` \| .* \| {len(passages)} \| {stories} \|$", guidelines, re.MULTILINE)


@pytest.mark.parametrize("split", SPLITS)
def test_guidelines_count_the_stories_in_other_languages(split: str) -> None:
    """The table of the guidelines counts the passages of each other language as they are."""
    counts = Counter(passage.language for passage in load_tongues(split))
    row = " | ".join(str(counts[language]) for language in ("es", "ar", "ur", "fr", "pt"))
    guidelines = (HERE / "GUIDELINES.md").read_text(encoding="utf-8")
    assert f"| `{split}` | {row} |" in guidelines
    assert counts.total() == sum(counts[language] for language in ("es", "ar", "ur", "fr", "pt"))


def test_ids_are_unique(passages: tuple[Passage, ...]) -> None:
    """No two passages share an id."""
    counts = Counter(passage.id for passage in passages)
    assert [identity for identity, count in counts.items() if count > 1] == []


def test_no_story_is_in_two_splits(passages: tuple[Passage, ...]) -> None:
    """A story is told in one split only, so that no split gives another's away."""
    splits: defaultdict[str, set[str]] = defaultdict(set)
    for passage in passages:
        splits[passage.story].add(passage.split)
    assert {story: found for story, found in splits.items() if len(found) > 1} == {}


def test_every_label_is_a_word_of_the_contract(passages: tuple[Passage, ...]) -> None:
    """Types and statuses are those of the command-line contract."""
    events = [event for passage in passages for event in passage.events]
    assert {event.type for event in events} <= set(TYPES.values())
    assert {event.status for event in events} <= set(STATUSES.values())


def test_every_type_is_told_as_new_and_as_something_else(passages: tuple[Passage, ...]) -> None:
    """Each of the 23 types has fresh and other examples in test and in what rules may be written on."""
    seen: defaultdict[tuple[str, bool], Counter[bool]] = defaultdict(Counter)
    for passage in passages:
        for event in passage.events:
            seen[event.type, event.status == "new"][passage.split == "test"] += 1
    missing = [
        (kind, fresh, held_out)
        for kind in TYPES.values()
        for fresh in (True, False)
        for held_out in (True, False)
        if not seen[kind, fresh][held_out]
    ]
    assert missing == []


def test_labels_name_what_the_words_name(passages: tuple[Passage, ...]) -> None:
    """Every labelled name stands in its passage, and every known name that stands there is labelled."""
    assert [*checking.find_absent_names(passages), *checking.find_unlabelled_names(passages)] == []


def test_splits_share_no_wording(passages: tuple[Passage, ...]) -> None:
    """No passage is nearly a passage of another split."""
    assert list(checking.find_shared_wording(passages)) == []


def test_the_checks_find_planted_slips() -> None:
    """A forgotten name, a name too many and a copied passage are each found."""
    original = next(passage for passage in load_gold("test") if len(passage.text) > 120)
    forgotten = replace(original, text="Boko Haram was there.", title="", events=(), organisations=())
    invented = replace(original, text="Nobody was there.", title="", events=(GoldEvent("arrest", "new", ("HAMAS",)),))
    copied = replace(original, id="copy-01", split="dev")
    assert len(list(checking.find_unlabelled_names([forgotten]))) == 1
    assert any("'HAMAS'" in slip for slip in checking.find_absent_names([invented]))
    assert len(list(checking.find_shared_wording([original, copied]))) == 1


def test_a_story_file_is_read_as_written(tmp_path: Path) -> None:
    """Dates, titles, line breaks, roles, unknown names and wrong readings come out of the short format."""
    (passage,) = read(
        tmp_path,
        "## some-story @2024-05-01\n"
        "- @2024-05-02 A title /// Ottawa lists X Front. // ISIS is a river.\n"
        "= des/n t=?X_Front,%A_Man a=Canada p=CA ; ~stmt/b\n"
        "+ LeT\n? JeM\n! ISIS\n# odd\n",
    )
    assert (passage.id, passage.doc_date.isoformat(), passage.title) == ("some-story-01", "2024-05-02", "A title")
    assert passage.text == "Ottawa lists X Front.\nISIS is a river."
    assert passage.events[0] == GoldEvent("designation", "new", ("X Front", "A Man"), ("Canada",), "Canada", "CA")
    assert passage.events[1].optional
    assert passage.organisations == ("X Front", "Lashkar-e-Tayyiba")
    assert passage.unresolved == ("X Front",)
    assert passage.not_organisations == ("ISIS",)
    assert passage.tags == ("odd", "designation-new", "trap", "headline")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- no story\n=\n", "before any story"),
        ("## s @2024-05-01\n- text\n", "expected one '=' line"),
        ("## s @2024-05-01\n- text\n= des/x\n", "expected"),
        ("## s @2024-05-01\n- text\n= des/n t=Nobody\n", "expected a code of names.txt"),
        ("## s @2024-05-01\n- text\n= des/n z=Canada\n", "expected the fields"),
        ("## S 2024\n", "expected '## slug"),
        ("## s @2024-05-01 Spanish\n", "expected '## slug"),
        ("## s @2024-05-01\nstray\n", "expected a story"),
    ],
)
def test_a_mistake_in_a_story_file_names_its_place(tmp_path: Path, text: str, complaint: str) -> None:
    """A line out of format is refused with file and line, never guessed at."""
    with pytest.raises(ValueError, match=complaint) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith("invented.txt:")
