"""Reads `tests/sorting/phrases.txt`: short ways of telling a listing, or of telling something near it, with labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from wirewatch.records import Article

PHRASES = Path(__file__).parent / "sorting" / "phrases.txt"
PUBLISHED = datetime(2025, 8, 13, 12, tzinfo=UTC)
#: Who the letter G stands for, in turn: names that the organisations files know and names that they do not.
GROUPS = (
    *(
        "Hezbollah",
        "the Harrow Front",
        "ISWAP",
        "the Baloch Liberation Army",
        "Jaish-e-Mohammed",
        "the Sand Foxes Army",
    ),
    *("Hamas", "the PKK", "Red Delta Brigades", "Ansar al-Sharia", "the National Order", "FARC", "Palestine Action"),
    *("Tren de Aragua", "Boko Haram"),
)
#: Who the letter B stands for.
BODIES = (
    *("Canada", "Norway", "Argentina", "Britain", "Kenya", "Washington", "Switzerland", "Australia"),
    *("the European Union", "India"),
)


def read_phrases(path: Path = PHRASES) -> Iterator[tuple[Article, str]]:
    """Give every phrase as an article with its sign: "+" a new listing, "x" a new ending of one, "-" neither.

    Raises:
        ValueError: a line that begins with none of these, nor with "#".
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("#"):
            continue
        if line[:2] not in ("+ ", "x ", "- "):
            raise ValueError(f"{path.name}:{number}: expected '+ ', 'x ' or '- ', got {line!r}")
        yield _as_article(line[2:], number), line[0]


def _as_article(phrase: str, number: int) -> Article:
    groups = iter(range(number, number + 99))
    text = re.sub(r"\bG\b", lambda _: GROUPS[next(groups) % len(GROUPS)], phrase)
    text = re.sub(r"\bB\b", BODIES[number % len(BODIES)], text)
    text = text[:1].upper() + text[1:]
    identity = f"phrase-{number}"
    return Article(identity, "phrases", identity, "", "", text, language="en", published_at=PUBLISHED)
