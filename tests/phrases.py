"""Reads `tests/sorting/phrases/`: short ways of telling a listing, or of telling something near it, with labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from wirewatch.records import Article

PHRASES = Path(__file__).parent / "sorting" / "phrases"
PUBLISHED = datetime(2025, 8, 13, 12, tzinfo=UTC)
#: What the sign of a line says of its strongest listing; "-" is any of the last four.
SIGNS = {
    "+": "new listing",
    "x": "new ending",
    "b": "background",
    "p": "proposed",
    "d": "denied",
    "o": "none",
    "-": "not new",
}
#: Lines so near to each other are often twins with another label: a model is never tried on the twin of what it learnt.
NEIGHBOURS = 12
#: Who the letter G stands for, in turn: names that the organisations files know and names that they do not.
GROUPS = (
    *("Hezbollah", "the Harrow Front", "ISWAP", "the Baloch Liberation Army", "Jaish-e-Mohammed"),
    *("the Sand Foxes Army", "Hamas", "the PKK", "Red Delta Brigades", "Ansar al-Sharia", "the National Order", "FARC"),
    *("Palestine Action", "Tren de Aragua", "Boko Haram"),
)
#: Who the letter B stands for.
BODIES = (
    *("Canada", "Norway", "Argentina", "Britain", "Kenya", "Washington", "Switzerland", "Australia"),
    *("the European Union", "India"),
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A labelled line."""

    article: Article
    #: One of `SIGNS`.
    sign: str
    #: What it may share its wording with; lines of one story are never split between teaching and trying.
    story: str
    #: The file that it stands in.
    source: str


def read_phrases(folder: Path = PHRASES) -> Iterator[Phrase]:
    """Give every phrase of every file, in order.

    Raises:
        ValueError: a line that begins with none of `SIGNS`, nor with "#".
    """
    for path in sorted(folder.glob("*.txt")):
        yield from read_file(path)


def read_file(path: Path) -> Iterator[Phrase]:
    """Give the phrases of one file; see `read_phrases`."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("#"):
            continue
        if line[:1] not in SIGNS or line[1:2] != " ":
            raise ValueError(f"{path.name}:{number}: expected one of {' '.join(SIGNS)} and a blank, got {line!r}")
        article = _as_article(line[2:], number, f"{path.stem}-{number}")
        yield Phrase(article, line[0], f"{path.stem}-{number // NEIGHBOURS}", path.stem)


def _as_article(phrase: str, number: int, identity: str) -> Article:
    groups = iter(range(number, number + 99))
    text = re.sub(r"\bG\b", lambda _: GROUPS[next(groups) % len(GROUPS)], phrase)
    text = re.sub(r"\bB\b", BODIES[number % len(BODIES)], text)
    title, parted, text = (text[:1].upper() + text[1:]).partition(" /// ")
    if not parted:
        title, text = "", title
    return Article(
        identity, "phrases", identity, "", title, text.replace(" // ", "\n"), language="en", published_at=PUBLISHED
    )
