"""Reads the story files into labelled passages; `python -m tests.gold.building SPLIT` prints them as JSON Lines.

The format is described in GUIDELINES.md. A mistake in a story file stops the reading with its place: labels are
never guessed.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tests.gold.naming import HERE, load_names
from tests.gold.records import LISTING_TYPES, ONLY_LIST, SPLITS, STATUSES, TYPES, GoldEvent, Passage

STORY = re.compile(r"^## ([a-z0-9][a-z0-9-]*) @(\d{4}-\d{2}-\d{2})(?: ([a-z]{2}))?$")
EVENT = re.compile(r"^(~?)([a-z]+)/([a-z])((?: [a-z]+=\S+)*)$")
SENTENCE_END = re.compile(r"[.!?][\"”’')]*(?:\s|$)")

#: From this many sentences on a passage is a whole small article.
ARTICLE_SENTENCES = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the story files we are, for messages."""

    path: Path
    line: int

    def error(self, message: str) -> ValueError:
        """Make the error that names this place."""
        return ValueError(f"{self.path.name}:{self.line}: {message}")


@dataclass(slots=True)
class Draft:
    """A passage whose label lines are still being read."""

    place: Place
    story: str
    doc_date: date
    language: str
    id: str
    text: str
    labels: list[str]


def load_gold(split: str) -> tuple[Passage, ...]:
    """Give the stories of one split that are told in English, in the order of their files.

    Raises:
        ValueError: as `load_stories`.
    """
    return tuple(passage for passage in load_stories(split) if passage.language == "en")


def load_tongues(split: str) -> tuple[Passage, ...]:
    """Give the stories of one split that say in their heading that they are told in another language.

    Raises:
        ValueError: as `load_stories`.
    """
    return tuple(passage for passage in load_stories(split) if passage.language != "en")


@cache
def load_stories(split: str) -> tuple[Passage, ...]:
    """Read every passage of one split, in the order of its files.

    Raises:
        ValueError: an unknown split, or a line that is not in the format, with file and line.
    """
    if split not in SPLITS:
        raise ValueError(f"expected a split of {', '.join(SPLITS)}, got {split!r}")
    paths = sorted((HERE / "stories" / split).glob("*.txt"))
    return tuple(finish(draft, split) for path in paths for draft in read_drafts(path))


def read_drafts(path: Path) -> Iterator[Draft]:
    """Cut one story file into drafts."""
    story, day, count, language = "", date.min, 0, "en"
    draft: Draft | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        place = Place(path, number)
        if line.startswith("## "):
            heading = STORY.match(line)
            if heading is None:
                raise place.error(f"expected '## slug @YYYY-MM-DD [language]', got {line!r}")
            story, day, count = heading[1], date.fromisoformat(heading[2]), 0
            language = heading[3] or "en"
        elif line.startswith("- "):
            if not story:
                raise place.error("a passage before any story")
            if draft:
                yield draft
            count += 1
            dated = re.match(r"^- (?:@(\d{4}-\d{2}-\d{2}) )?(.+)$", line)
            assert dated is not None
            own_day = date.fromisoformat(dated[1]) if dated[1] else day
            draft = Draft(place, story, own_day, language, f"{story}-{count:02d}", dated[2].strip(), [])
        elif line.startswith(("= ", "+ ", "! ", "? ", "# ")) or line == "=":
            if draft is None:
                raise place.error(f"a label before any passage: {line!r}")
            draft.labels.append(line)
        elif line.strip():
            raise place.error(f"expected a story, a passage or a label, got {line!r}")
    if draft:
        yield draft


def finish(draft: Draft, split: str) -> Passage:
    """Turn a draft and its label lines into a passage."""
    marks = [line[0] for line in draft.labels]
    if marks.count("=") != 1 or len(set(marks)) != len(marks):
        raise draft.place.error(f"expected one '=' line and at most one of each other label, got {marks}")
    lines = {line[0]: line[1:].strip() for line in draft.labels}
    unresolved: dict[str, None] = {}
    organisations: dict[str, None] = {}

    def resolve(token: str) -> str:
        name, kind = resolve_name(token, draft.place)
        if kind in {"organisation", "unresolved"}:
            organisations.setdefault(name)
        if kind == "unresolved":
            unresolved.setdefault(name)
        return name

    events = []
    for part in lines["="].split(";"):
        if part.strip():
            events.append(read_event(part.strip(), draft.place, resolve))
    for token in lines.get("+", "").split():
        resolve(token)
    optional = tuple(resolve_organisation(token, draft.place) for token in lines.get("?", "").split())
    wrong = tuple(resolve_organisation(token, draft.place) for token in lines.get("!", "").split())
    title, _, text = draft.text.rpartition("///")
    text = re.sub(r"\s*//\s*", "\n", text.strip())
    return Passage(
        id=draft.id,
        split=split,
        story=draft.story,
        doc_date=draft.doc_date,
        language=draft.language,
        title=title.strip(),
        text=text,
        events=tuple(events),
        organisations=tuple(name for name in organisations if name not in optional),
        optional_organisations=optional,
        not_organisations=wrong,
        unresolved=tuple(unresolved),
        tags=(*lines.get("#", "").split(), *derive_tags(title.strip(), text, events, wrong)),
    )


def resolve_name(token: str, place: Place) -> tuple[str, str]:
    """Give the full name behind a token and its kind: organisation, authority, unresolved, person."""
    if token[0] in "?%":
        return token[1:].replace("_", " "), "unresolved" if token[0] == "?" else "person"
    known = load_names().get(token)
    if known is None:
        raise place.error(f"expected a code of names.txt, ?An_Unknown_Organisation or %A_Person, got {token!r}")
    return known.name, "authority" if known.is_authority else "organisation"


def resolve_organisation(token: str, place: Place) -> str:
    """Give the full name of a known organisation; authorities and unknown names have no place in these lines."""
    name, kind = resolve_name(token, place)
    if kind != "organisation":
        raise place.error(f"expected the code of an organisation, got {token!r}")
    return name


def read_event(part: str, place: Place, resolve: Callable[[str], str]) -> GoldEvent:
    """Read `~type/status t=… a=… au=… p=…`."""
    match = EVENT.match(part)
    if match is None or match[2] not in TYPES or match[3] not in STATUSES:
        raise place.error(f"expected [~]type/status [t=…] [a=…] [au=…] [p=…], got {part!r}")
    fields = dict(pair.split("=", 1) for pair in match[4].split())
    if set(fields) - {"t", "a", "au", "p"}:
        raise place.error(f"expected the fields t, a, au, p, got {sorted(fields)}")
    event_type = TYPES[match[2]]
    targets = tuple(resolve(token) for token in fields.get("t", "").split(",") if token)
    agents = tuple(resolve(token) for token in fields.get("a", "").split(",") if token)
    authority = agents[0] if len(agents) == 1 and event_type in LISTING_TYPES else None
    if "au" in fields:
        authority = None if fields["au"] == "-" else resolve(fields["au"])
    programme = fields.get("p")
    if event_type in {"designation", "delisting"}:
        programme = programme or ONLY_LIST.get(authority or "")
    return GoldEvent(
        type=event_type,
        status=STATUSES[match[3]],
        targets=targets,
        agents=agents,
        authority=authority,
        programme=None if programme == "-" else programme,
        optional=match[1] == "~",
    )


def derive_tags(title: str, text: str, events: Iterable[GoldEvent], wrong: tuple[str, ...]) -> Iterator[str]:
    """Name the kinds of passage that can be told from the labels and the layout."""
    scored = {(event.type, event.status) for event in events if not event.optional}
    yield from sorted(f"{kind}-{status}" for kind, status in scored if kind in {"designation", "delisting"})
    if not scored:
        yield "negative"
    if len(scored) > 1:
        yield "multi"
    if wrong:
        yield "trap"
    if title or "\n" in text or text[-1] not in ".!?\"”’')":
        yield "headline"
    if len(SENTENCE_END.findall(text)) >= ARTICLE_SENTENCES:
        yield "article"


def main(arguments: list[str]) -> int:
    """Print the named splits, or all, as JSON Lines."""
    for split in arguments or SPLITS:
        for passage in load_gold(split):
            sys.stdout.write(json.dumps(passage.as_record(), ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
