"""Runs every example and counter-example of every language file, and the parts that read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import an_article
from tests.sorting.conftest import CONFIG
from wirewatch.configuration import Problems
from wirewatch.knowledge.entities import Knowledge
from wirewatch.knowledge.loading import load_knowledge
from wirewatch.records import Event, Field, Status
from wirewatch.sorting.dates import Age
from wirewatch.sorting.shapes import Example
from wirewatch.sorting.sorter import Sorter, load_sorter
from wirewatch.sorting.tongues.dating import find_dates
from wirewatch.sorting.tongues.lines import cut_sentences
from wirewatch.sorting.tongues.loading import load_tongues
from wirewatch.sorting.tongues.phrases import compile_phrases
from wirewatch.watching.claims import Action, find_claims

TONGUES = load_tongues(CONFIG, load_knowledge(CONFIG, Problems()), Problems())
EXAMPLES = [(code, kind, example) for code, one in TONGUES.items() for kind, example in one.examples]
COUNTER_EXAMPLES = [(code, example) for code, one in TONGUES.items() for example in one.counter_examples]
TUESDAY = date(2025, 8, 12)


def read(sorter: Sorter, text: str, published: date | None = None, *, title: str = "") -> tuple[Event, ...]:
    """Sort a text of which no feed says the language."""
    moment = datetime.combine(published, time(12), UTC) if published else None
    return sorter.sort(an_article(title=title, text=text, language=None, published_at=moment)).events


def shown(value: object) -> str:
    """Name a case by its words."""
    return str(getattr(value, "text", value))[:50]


@pytest.mark.parametrize(("code", "kind", "example"), EXAMPLES, ids=shown)
def test_example_is_read_as_its_file_says(sorter: Sorter, code: str, kind: str, example: Example) -> None:
    """An example gives exactly the statuses of its type, and the roles that it names, by a rule of its own file."""
    events = [event for event in read(sorter, example.text, example.published) if event.type == kind]
    assert sorted(event.status for event in events) == sorted(example.statuses)
    assert all(event.rule.startswith(f"{code}.") for event in events)
    if example.targets is not None:
        assert {party.name for event in events for party in event.targets} == set(example.targets)
    if example.authority is not None:
        assert [event.authority.name for event in events if event.authority] == [example.authority]
    if example.programme is not None:
        assert [event.programme for event in events] == [example.programme]


@pytest.mark.parametrize(("code", "example"), COUNTER_EXAMPLES, ids=shown)
def test_counter_example_gives_nothing(sorter: Sorter, code: str, example: Example) -> None:
    """A counter-example of a language gives no listing and no delisting."""
    assert [event for event in read(sorter, example.text, example.published) if event.rule.startswith(code)] == []


def test_every_language_has_examples_of_each_status_and_kind() -> None:
    """A language file says what it reads as new, proposed, denied and background, and as a listing and a delisting."""
    for one in TONGUES.values():
        statuses = {status for _, example in one.examples for status in example.statuses}
        assert statuses >= {Status.NEW, Status.PROPOSED, Status.DENIED, Status.BACKGROUND}, one.code
        assert {kind for kind, _ in one.examples} == {"designation", "delisting"}, one.code
        assert len(one.counter_examples) >= 3, one.code


def test_evidence_and_roles_stand_where_they_say(sorter: Sorter) -> None:
    """Offsets count into the text as it came, with marks, quotes and an abbreviation before it."""
    text = "QUITO.- El Sr. Vela calló. Ecuador declaró este lunes terrorista a la banda «Los Faros»."
    (event,) = read(sorter, text, TUESDAY)
    assert text[event.evidence.start : event.evidence.end] == event.evidence.text
    assert event.evidence.text.startswith("Ecuador declaró")
    (target,) = event.targets
    assert (text[target.start : target.end], target.id) == ("Los Faros", None)
    assert text[event.trigger.start : event.trigger.end] == event.trigger.text == "declaró"
    assert event.occurred_on == date(2025, 8, 11)


def test_arabic_marks_move_no_offset(sorter: Sorter) -> None:
    """Vowel marks are cut for matching and kept in what is shown."""
    text = "أُدْرِجت جماعة الحوثيين أمس على قائمة الإرهاب في الكويت."
    (event,) = read(sorter, text, TUESDAY)
    assert (event.status, event.trigger.text) == (Status.NEW, "أُدْرِجت")
    (target,) = event.targets
    assert text[target.start : target.end] == "الحوثيين"


def test_a_bare_past_deep_in_an_article_is_for_review(sorter: Sorter) -> None:
    """Without a word of time, from the third sentence on, a listing stays unclear and below the border of review."""
    text = "Llovió. Nadie salió. Argentina declaró terrorista a Hezbolá."
    (event,) = read(sorter, text, TUESDAY)
    assert (event.status, event.score < 0.5) == (Status.UNCLEAR, True)


def test_a_dateline_acts_for_nobody(sorter: Sorter) -> None:
    """The city from which an agency writes lists nobody."""
    (event,) = read(sorter, "Madrid, 12 ago (Agencia Sur).- Hezbolá fue declarado hoy grupo terrorista.", TUESDAY)
    assert (event.authority, [party.id for party in event.targets]) == (None, ["hizballah"])


def test_a_short_name_is_known_where_a_listed_group_must_stand(sorter: Sorter) -> None:
    """What is too ordinary to match alone is a group where it is put on a list, if one group alone bears it."""
    (event,) = read(sorter, "El Pleno del Congreso declaró hoy al Barrio 18 organización terrorista.", TUESDAY)
    assert [party.id for party in event.targets] == ["barrio-18"]


@pytest.mark.parametrize(
    ("code", "words", "age"),
    [
        ("es", "este jueves", Age.FRESH),
        ("es", "en marzo", Age.OLD),
        ("es", "el 30 de julio", Age.FRESH),
        ("es", "el 3 de junio de 2024", Age.OLD),
        ("es", "hace tres semanas", Age.OLD),
        ("ar", "أمس", Age.FRESH),
        ("ar", "قبل ثلاثة أعوام", Age.OLD),
        ("ar", "في 11 آب", Age.FRESH),
        ("ur", "پیر کو", Age.FRESH),
        ("ur", "مارچ میں", Age.OLD),
        ("ur", "دو سال قبل", Age.OLD),
    ],
)
def test_words_of_time_are_placed_against_the_day_of_publication(code: str, words: str, age: Age) -> None:
    """Fourteen days are the border in every language."""
    from wirewatch.knowledge.folding import fold

    assert [cue.age for cue in find_dates(fold(words).text, TONGUES[code].dates, TUESDAY)] == [age]


def test_a_full_stop_behind_an_abbreviation_ends_no_sentence() -> None:
    """Sentences end at the signs of every script, but not behind "Sr."."""
    text = "El Sr. Vela habló. ¿Quién? Nadie"
    assert [text[start:end] for start, end in cut_sentences(text, {"sr"})] == ["El Sr. Vela habló.", "¿Quién?", "Nadie"]
    urdu = "بارش ہوئی۔ کوئی نہ آیا۔"
    assert len(list(cut_sentences(urdu, ()))) == 2


def test_a_phrase_fits_as_it_is_written() -> None:
    """A star ends a word, brackets choose, dots leave words out, an at stands for a group."""
    pattern = compile_phrases(["lista( negra)? … terroris*", "prohíbe a @"])
    assert pattern.search("la lista negra de grupos terroristas")
    assert pattern.search('prohibe a "GGGG"')
    assert not pattern.search("la lista negra; terroristas")
    with pytest.raises(ValueError, match="expected words"):
        compile_phrases(["(abierto"])


def test_a_wrong_language_file_is_refused_with_its_place(tmp_path: Path) -> None:
    """Unknown lexicons, bodies, keys and phrases are named with file and key."""
    folder = tmp_path / "languages"
    folder.mkdir()
    (folder / "xx.toml").write_text(
        'language = "xx"\nsigns = ["terror"]\ncolour = "red"\n[lexicons]\nlabel = ["terror"]\n'
        '[authorities]\natlantis = ["Atlantis"]\n[cues]\ndenied = ["(no"]\n'
        '[[act]]\nid = "list"\ndone = ["listed"]\nneeds = ["lable"]\n',
        encoding="utf-8",
    )
    problems = Problems()
    load_tongues(tmp_path, Knowledge({}), problems)
    found = "\n".join(problems.found)
    for words in ('"lable"; did you mean "label"?', "atlantis: expected the id of an authority", "colour: unknown key"):
        assert words in found
    assert "languages/xx.toml: cues.denied: expected words" in found


def test_without_language_files_other_languages_have_no_events(tmp_path: Path) -> None:
    """Names are still found; events are read in English only."""
    (tmp_path / "events").symlink_to(CONFIG / "events")
    (tmp_path / "organisations").symlink_to(CONFIG / "organisations")
    problems = Problems()
    bare = load_sorter(load_knowledge(tmp_path, problems), tmp_path, problems)
    article = an_article(title="", text="Argentina declaró hoy organización terrorista a Hezbolá en un decreto.")
    found = bare.sort(article)
    assert found.events == ()
    assert "hizballah" in {mention.organisation.id for mention in found.mentions if mention.organisation}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *"\u200f\u064b\u200c.،:؟۔«»\n  -(",
                "Hezbolá",
                "terrorista",
                "lista",
                "declaró",
                "a la banda",
                "X",
                "QUITO.-",
                "إرهاب",
                "صنفت",
                "حزب الله",
                "على قائمة",
                "دہشت گرد",
                "قرار دے دیا",
                "حماس",
                "کو",
                "2019",
                "في 31 شباط",
                "hace 3 años",
            ]
        ),
        max_size=25,
    )
)
def test_no_text_breaks_reading_and_every_span_holds(sorter: Sorter, pieces: list[str]) -> None:
    """Whatever stands in a text, nothing is raised, and evidence, trigger and parties are where they say they are."""
    text = " ".join(pieces)
    for language in ("es", "ar", "ur", None):
        article = an_article(title="", text=text, language=language, published_at=None)
        for event in sorter.sort(article).events:
            for span in (event.trigger, event.evidence):
                assert text[span.start : span.end] == span.text
            for party in (*event.targets, *event.agents):
                assert 0 <= party.start < party.end <= len(text)


def test_a_feed_that_declares_english_by_default_is_read_by_its_script(sorter: Sorter) -> None:
    """What is written in another script is not English, whatever its feed says; a quote in it changes nothing."""
    urdu = an_article(title="", text="کینیڈا نے حماس کو دہشت گرد تنظیم قرار دے دیا", language="en-US")
    assert [event.rule for event in sorter.sort(urdu).events] == ["ur.designate.done"]
    english = an_article(
        title="", text="Canada listed Hamas (حماس) as a terrorist organisation on Monday.", language="en"
    )
    assert [event.rule.split(".")[0] for event in sorter.sort(english).events] == ["designation"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Chile no declaró terrorista a Hezbolá.", Status.DENIED),
        ("Brasil habló con Hezbolá, a quien Canadá declaró grupo terrorista.", Status.BACKGROUND),
        ("¿Declaró Chile terrorista a Hezbolá?", Status.PROPOSED),
        ("Chile declaró terrorista a Hezbolá.", Status.NEW),
        ("إيران لم تدرج حزب الله على قائمة الإرهاب.", Status.DENIED),
        ("کینیڈا نے حماس کو دہشت گرد تنظیم قرار نہیں دیا۔", Status.DENIED),
    ],
)
def test_negation_question_and_relative_clause_make_no_news(sorter: Sorter, text: str, status: Status) -> None:
    """One bare sentence is news; a word for "not", a question mark or a relative pronoun makes it another thing."""
    assert [event.status for event in read(sorter, text, TUESDAY)] == [status]


def test_where_a_group_is_from_lists_nobody(sorter: Sorter) -> None:
    """A country directly behind a group's name is no authority."""
    text = "El gabinete ha resuelto declarar organización terrorista a los Guardianes de la Revolución de Irán."
    (event,) = read(sorter, text, TUESDAY)
    assert (event.status, event.authority) == (Status.NEW, None)
    assert [party.id for party in event.targets] == ["irgc"]


@pytest.mark.parametrize(
    "text",
    [
        "Canada on Monday listed Hezbollah as a terrorist organisation.",
        "Canadá incluyó este lunes a Hezbolá en la lista de organizaciones terroristas.",
        "أدرجت كندا، أمس الإثنين، حزب الله على قائمة الإرهاب.",
        "کینیڈا نے پیر کو حزب اللہ کو دہشت گرد تنظیموں کی فہرست میں شامل کر لیا۔",
        "Le Canada a inscrit lundi le Hezbollah sur la liste des organisations terroristes.",
        "O Canadá incluiu na segunda-feira o Hezbollah na lista de organizações terroristas.",
    ],
)
def test_a_listing_claims_the_same_in_every_language(opened: tuple[Sorter, Knowledge], text: str) -> None:
    """What alerts are keyed by, organisation, authority, programme and action, does not depend on the language."""
    sorter, knowledge = opened
    moment = datetime.combine(TUESDAY, time(12), UTC)
    (claim,) = find_claims(sorter.sort(an_article(title="", text=text, language=None, published_at=moment)), knowledge)
    told = claim.action, claim.organisation_key, claim.authority_key, claim.programme
    assert told == (Action.LIST, "hizballah", "canada", "CA")


def test_a_title_is_read_as_a_headline(sorter: Sorter) -> None:
    """The present tells news in a title and a state of things in a text."""
    (event,) = read(sorter, "Más información pronto.", title="Paraguay declara terrorista a Hezbolá")
    assert (event.field, event.status) == (Field.TITLE, Status.NEW)
