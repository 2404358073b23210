"""Guesses the language of a text from its script and its commonest words. Pure, and cheap enough for every article.

Called by `sorter` when a feed does not say. Gives None rather than a guess for short or mixed texts.
"""

from __future__ import annotations

import re
from collections import Counter

#: Read no further: the first lines tell.
SAMPLE_CHARACTERS = 600

_COMMON = {
    "en": "the of and to in a is that for on was with as by at from it has have were said which who will after an "
    "be are",
    "es": "de la el en y a los que del se las por un con no una su para es al como fue más sobre entre tras según "
    "hasta desde contra este esta dos tres cerca después hoy ayer años",
    "fr": "de la le et les des en un du une que est pour qui dans par a sur au plus pas avec ont été aux après près "
    "selon contre trois deux ans cette",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus hat",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como foi ao das pelo pela em "
    "contra após até são dois três anos hoje ontem diz",
    "it": "di e il la che in un a per è una del della con i da sono al le dei non si nel gli ha",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als door bij naar",
    "tr": "ve bir bu için ile de da olarak olan daha çok en gibi sonra kadar göre tarafından ise değil",
    "id": "yang dan di dengan untuk pada dari ini itu dalam tidak akan adalah oleh juga sebagai telah kepada ke",
}
_WORDS = {code: frozenset(words.split()) for code, words in _COMMON.items()}
#: Letters, elisions and endings that English words do not have: worth a common word each.
_TELLING = {
    "es": re.compile(r"[¿¡ñ]|ci(?:ó|o)n(?:es)?\b"),
    "fr": re.compile(r"\b(?:[dlnsm]|qu)['’][a-zéèêâîôû]|[êèœ]|é(?:e|es|s)?\b"),
    "pt": re.compile(r"[ãõ]|ç[ãõ]"),
}
#: Letters that one language of the Arabic script alone has, in this order: Urdu has Persian's too.
_ARABIC_SCRIPT = (
    ("ps", re.compile("[ټډړږښڼېۍ]"), 25),
    ("ur", re.compile("[ٹڈڑںےہھۓ]"), 60),
    ("fa", re.compile("[یکپچژگ]"), 12),
)
_SCRIPTS = (
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
)
_TOKEN = re.compile(r"[^\W\d_]+")


def speaks_english(declared: str | None, text: str) -> bool:
    """Tell whether an article that declares English is English: feeds in other scripts often declare it by default."""
    if not (declared or "").startswith("en"):
        return False
    sample = text[:SAMPLE_CHARACTERS]
    # Quotes and accents are no other script: no letter of any is Latin-1, and these are counted at once.
    if sample.isascii() or sample.encode("latin-1", "replace").count(b"?") * 3 <= len(sample):
        return True
    return not any(len(pattern.findall(sample)) * 3 > len(sample) for _, pattern in _SCRIPTS)


def guess_language(text: str) -> str | None:
    """Give the BCP 47 code of a text's language, or None."""
    sample = text[:SAMPLE_CHARACTERS]
    letters = sum(character.isalpha() for character in sample)
    if letters < 3:
        return None
    if not sample.isascii():
        for code, pattern in _SCRIPTS:
            if len(pattern.findall(sample)) * 3 > letters:
                return _of_arabic_script(sample, letters) if code == "ar" else code
    low = sample.lower()
    counts = Counter(_TOKEN.findall(low))
    points = {code: sum(count for word, count in counts.items() if word in words) for code, words in _WORDS.items()}
    # A Spanish name is no Spanish text.
    if points["en"] < 2 and not sample.isascii():
        for code, pattern in _TELLING.items():
            points[code] += len(pattern.findall(low))
    scores = sorted(((found, code) for code, found in points.items()), reverse=True)
    best, second = scores[0], scores[1]
    # Two common words more than the next language: below that a headline could be anything.
    return best[1] if best[0] >= second[0] + 2 else None


def _of_arabic_script(sample: str, letters: int) -> str:
    for code, pattern, share in _ARABIC_SCRIPT:
        if len(pattern.findall(sample)) * share > letters:
            return code
    return "ar"
