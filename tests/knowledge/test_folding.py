"""Folding makes text comparable and never loses the way back to it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wirewatch.knowledge.folding import fold, fold_name
from wirewatch.knowledge.spelling import MOST_SPELLINGS, spellings

TEXTS = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from(list("aAzZ09 \n\t'’“”—-.,éüñßıİŞşćл́ИГحزبالله\u0301\u200b\xad\u0640  ")),
    ),
    max_size=80,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Türkiye’s “Front”", "turkiye s  front"),
        ("al-Qa'ida", "al qa ida"),
        ("al-Qāʿida", "al qa ida"),
        ("e\u0301tat", "etat"),
        ("Har\xadbour", "harbour"),
        ("İSTANBUL ŞIK", "istanbul sik"),
        ("Łódź straße", "lodz strase"),
        ("حِزْبُ اللّٰه", "حزب الله"),
        ("القاعدة", "القاعده"),
        ("طالبانـ", "طالبان"),
        ("Боевой ёж", "боевои еж"),
        ("a  b\n c", "a b c"),
    ],
)
def test_text_is_folded(text: str, expected: str) -> None:
    """Case, marks, signs, unseen letters and letter variants go; letters of any script stay."""
    assert fold_name(text) == expected


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_every_folded_letter_leads_back_to_its_letter(text: str) -> None:
    """The original position of a folded letter holds a letter that folds to it."""
    folded = fold(text)
    for position, letter in enumerate(folded.text):
        if letter != " ":
            original = text[folded.original(position)]
            assert fold(unicodedata.normalize("NFC", original)).text.strip()[:1] == letter


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_positions_never_go_backwards(text: str) -> None:
    """Walking through the folded text walks forward through the text."""
    folded = fold(text)
    positions = [folded.original(position) for position in range(1, len(folded.text))]
    assert positions == sorted(positions)
    assert all(0 <= position <= len(text) for position in positions)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_folding_twice_is_folding_once(text: str) -> None:
    """A folded name stays as it is when it is folded again, apart from doubled spaces."""
    once = " ".join(fold_name(text).split())
    assert " ".join(fold_name(once).split()) == once


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_spellings_are_folded_and_few(text: str) -> None:
    """Spellings come out folded, each once, the name's own among the first two, never more than the cap."""
    found = spellings(text)
    assert len(found) == len(set(found)) <= MOST_SPELLINGS
    assert all(spelling == spelling.strip(" ") or "  " in spelling for spelling in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tehrik-e Taliban Pakistan", "Tehreek-i-Taliban Pakistan"),
        ("Lashkar-e-Tayyiba", "Lashkar-i-Toiba"),
        ("Hizb-ul-Mujahideen", "Hizbul Mujahidin"),
        ("Hizballah", "Hezbollah"),
        ("al-Qa'ida", "Al Qaeda"),
        ("Kurdistan Workers' Party", "Kurdistan Workers Party"),
        ("Blood & Honour", "Blood and Honour"),
        ("Jama'at ul-Ahrar", "Jamaatul Ahrar"),
        ("Kata'ib Hizballah", "Kataib Hezbollah"),
        ("Harakat al-Shabaab", "Harakat Al-Shabab"),
    ],
)
def test_two_spellings_of_one_name_meet(one: str, other: str) -> None:
    """Each usual way of writing a name is among the spellings of another."""
    assert set(spellings(one)) & set(spellings(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jamaat-e-Islami", "Jemaah Islamiyah"),
        ("al-Jama'a al-Islamiyya", "Jemaah Islamiyah"),
        ("Ansar Allah", "Ansaru"),
        ("Baloch Liberation Army", "Balochistan Liberation Front"),
    ],
)
def test_two_names_stay_two(one: str, other: str) -> None:
    """Names of different organisations are not spellings of each other."""
    assert not set(spellings(one)) & set(spellings(other))
