"""The small pure parts: dates, counts, forms, languages, words, files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirewatch.configuration import Problems
from wirewatch.records import Name
from wirewatch.sorting.counts import count_killed, count_wounded
from wirewatch.sorting.cues import load_language
from wirewatch.sorting.dates import Age, find_dates
from wirewatch.sorting.inflecting import Form, inflect_noun, inflect_verb
from wirewatch.sorting.languages import guess_language
from wirewatch.sorting.loading import load_event_types
from wirewatch.sorting.programmes import name_programme
from wirewatch.sorting.text import fold, plain, split_sentences, tokenize

TUESDAY = date(2025, 8, 12)


@pytest.mark.parametrize(
    ("words", "age", "day"),
    [
        ("on monday", Age.FRESH, date(2025, 8, 11)),
        ("a day after", Age.FRESH, date(2025, 8, 11)),
        ("in march", Age.OLD, None),
        ("in 2019", Age.OLD, None),
        ("eight years ago", Age.OLD, None),
        ("next week", Age.FUTURE, None),
        ("on 11 august 2025", Age.FRESH, date(2025, 8, 11)),
        ("on 30 june", Age.OLD, date(2025, 6, 30)),
        ("since the mid-1980s", Age.OLD, None),
    ],
)
def test_date_phrases_are_placed_against_the_day_of_publication(words: str, age: Age, day: date | None) -> None:
    """Fourteen days are the border between fresh and old."""
    (cue, *_) = find_dates(words, 0, len(words), TUESDAY)
    assert cue.age is age
    if day is not None:
        assert cue.day == day


def test_without_a_day_of_publication_a_bare_month_is_old() -> None:
    """Nothing is fresh by a month alone when nobody knows when the article appeared."""
    assert [cue.age for cue in find_dates("in march", 0, 8, None)] == [Age.OLD]


@pytest.mark.parametrize(
    ("text", "killed", "wounded"),
    [
        ("a suicide bomber killed at least 11 people and wounded 30", 11, 30),
        ("twenty-three soldiers were killed", 23, None),
        ("the blast left 12 dead and 1,200 injured", 12, 1200),
        ("nobody was hurt", None, None),
        ("gunmen shot dead three workers", 3, None),
    ],
)
def test_numbers_of_killed_and_wounded_are_read(text: str, killed: int | None, wounded: int | None) -> None:
    """Figures and words are read; nothing is guessed."""
    assert count_killed(text, 0, len(text)) == killed
    assert count_wounded(text, 0, len(text)) == wounded


def test_verbs_and_nouns_are_inflected_in_both_spellings() -> None:
    """Doubling, -ise and -ize, irregular pasts, plurals in -ies."""
    irregular = load_language().irregular
    assert inflect_verb("ban", irregular)["banned"] is Form.PAST
    assert {"criminalised", "criminalized"} <= set(inflect_verb("criminalise", irregular))
    assert inflect_verb("annul", irregular)["annulled"] is Form.PAST
    assert set(inflect_noun("party")) == {"party", "parties"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ministers of the two states met in the port and said that it was over.", "en"),
        ("El gobierno de la provincia dijo que no hay más datos sobre el caso.", "es"),
        ("أعلنت الحكومة اليوم عن قرار جديد بشأن الميناء", "ar"),
        ("حکومت نے آج بندرگاہ کے بارے میں نیا فیصلہ سنایا ہے", "ur"),
        ("وفاقی حکومت نے تنظیم پر پابندی عائد کر دی", "ur"),
        ("پلیس تهران از دستگیری چهار نفر خبر داد", "fa"),
        ("د افغانستان حکومت په کابل کې نوې پرېکړه وکړه او خلکو ته یې وړاندې کړه", "ps"),
        ("غوغل تطلق خدمة جديدة في پاكستان", "ar"),
        ("L'armée annonce la mort d'un chef djihadiste", "fr"),
        ("Eleições em Portugal: partidos disputam indecisos, dizem organizações", "pt"),
        ("¿Quién gana con la reforma fiscal de este año?", "es"),
        ("Muñoz and Peña of São Paulo are said to be in Bogotá", "en"),
        ("Goal!", None),
        ("", None),
    ],
)
def test_language_is_guessed_from_script_and_common_words(text: str, language: str | None) -> None:
    """Short or mixed texts give no guess."""
    assert guess_language(text) == language


@pytest.mark.parametrize(
    ("text", "authority", "programme"),
    [
        ("listed it as a foreign terrorist organisation", None, "FTO"),
        ("named it a specially designated global terrorist", None, "SDGT"),
        ("added it to the 1267 list", None, "UN1267"),
        ("listed it", Name("eu", "European Union"), "EU"),
        ("listed it", None, None),
    ],
)
def test_programme_comes_from_words_then_from_the_body(
    text: str, authority: Name | None, programme: str | None
) -> None:
    """Words near the trigger win; without words and body there is no programme."""
    assert name_programme(text, 0, len(text), 0, authority, (), ()) == programme


@given(st.text(max_size=200))
def test_folding_and_cutting_keep_offsets(text: str) -> None:
    """Whatever the text, folding keeps its length and every token can be cut out again."""
    assert len(fold(text)) == len(text)
    for sentence in split_sentences(text):
        assert 0 <= sentence.start < sentence.end <= len(text)
        for token in tokenize(plain(text), sentence):
            assert sentence.start <= token.start < token.end <= sentence.end
            assert len(token.text) == token.end - token.start


def test_dateline_is_no_part_of_the_sentence() -> None:
    """What names the place of writing is cut off, so that it never acts."""
    text = "ISLAMABAD (Meridian Wire) — The port reopened."
    (sentence,) = split_sentences(text)
    assert text[sentence.start : sentence.end] == "The port reopened."


def test_a_file_with_mistakes_is_refused_with_every_place(tmp_path: Path) -> None:
    """Unknown keys, lexicons, roles and missing parts are all named at once."""
    folder = tmp_path / "events"
    folder.mkdir()
    (folder / "strike.toml").write_text(
        'type = "strike"\n[[rule]]\nid = "strike"\nverbs = ["strike"]\nneeds = ["terorr"]\ncolour = "red"\n'
        'followed_by = ["@nonsense"]\n[rule.roles]\nsubject = "boss"\n[[example]]\ntext = "x"\npublished = "soon"\n',
        encoding="utf-8",
    )
    problems = Problems()
    load_event_types(tmp_path, load_language(), problems)
    text = "\n".join(problems.found)
    for part in ('did you mean "terror"', "colour: unknown key", "@nonsense", '"boss"', "definition", '"soon"'):
        assert part in text
    assert all(problem.startswith("events/strike.toml") for problem in problems.found)


def test_two_rules_of_a_type_need_two_ids(tmp_path: Path) -> None:
    """Whoever reads which rule fired must know which one is meant: the second of a name is refused with its place."""
    folder = tmp_path / "events"
    folder.mkdir()
    rule = '[[rule]]\nid = "hit"\nverbs = ["strike"]\n'
    (folder / "strike.toml").write_text(f'type = "strike"\ndefinition = "A strike."\n{rule}{rule}', encoding="utf-8")
    problems = Problems()
    load_event_types(tmp_path, load_language(), problems)
    assert problems.found == [
        'events/strike.toml: rule[1] "hit".id: expected an id of its own, got that of another rule'
    ]


def test_an_empty_folder_is_a_problem(tmp_path: Path) -> None:
    """A configuration without event files is refused."""
    problems = Problems()
    assert load_event_types(tmp_path, load_language(), problems) == ()
    assert problems.found
