"""Finds names of organisations that no file holds with a spaCy pipeline of the operator's own; off unless set.

Called by `sorter` when `[sorting] spacy_pipeline` is set. Its names are unresolved mentions of low score: they
may become targets of events, and never replace what the matcher finds. Costs nothing when it is off.
"""

from __future__ import annotations

import bisect
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import spacy
from spacy.language import Language

from wirewatch.configuration import Problems
from wirewatch.records import Article, Field, Mention, Strength
from wirewatch.sorting.matching.datelines import dateline_end
from wirewatch.sorting.versioning import hash_files

#: What spaCy's pipelines call an organisation.
LABEL = "ORG"
RULE = "pipeline"
#: Below one half, where review begins: nothing but a statistical model speaks for these names.
SCORE = 0.4
#: Characters that a pipeline reads at once; the process that sorts has limits of its own.
_MOST_CHARACTERS = 20_000_000
_WHERE = "settings.toml: sorting.spacy_pipeline"


class ExtraNames:
    """A pipeline, and what its results are known by."""

    def __init__(self, pipeline: Language, label: str) -> None:
        self._pipeline = pipeline
        #: Part of the sorter's version: language, name, version and a hash of the files.
        self.label = label

    def add(self, article: Article, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
        """Give the mentions with the names that only the pipeline sees, in order of title, text and position."""
        extra: list[Mention] = []
        for field, text in ((Field.TITLE, article.title), (Field.TEXT, article.text)):
            if text:
                taken = [mention for mention in mentions if mention.field is field]
                extra += self._find(field, text, taken)
        if not extra:
            return tuple(mentions)
        return tuple(sorted((*mentions, *extra), key=lambda mention: (mention.field is Field.TEXT, mention.start)))

    def _find(self, field: Field, text: str, taken: Sequence[Mention]) -> Iterable[Mention]:
        starts = [mention.start for mention in taken]
        begin = dateline_end(text) if field is Field.TEXT else 0
        for entity in self._pipeline(text).ents:
            if entity.label_ != LABEL or entity.start_char < begin:
                continue
            start, end = _without_article(text, entity.start_char, entity.end_char)
            # Mentions do not overlap, so that the one that begins last before the end is the only one to ask.
            before = bisect.bisect_left(starts, end) - 1
            if start < end and (before < 0 or taken[before].end <= start):
                yield Mention(start, end, text[start:end], field, None, Strength.WEAK, SCORE, RULE)


def load_extra_names(name: str, config_dir: Path, problems: Problems) -> ExtraNames | None:
    """Load a pipeline by name or path (from the configuration's folder). Notes a problem when it cannot be used."""
    if not name:
        return None
    beside = config_dir / name
    try:
        pipeline = spacy.load(beside if beside.is_dir() else name)
    except (OSError, ImportError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        problems.add(_WHERE, f'expected the name or the folder of a spaCy pipeline, got "{name}": {reason}')
        return None
    if not any("doc.ents" in pipeline.get_pipe_meta(pipe).assigns for pipe in pipeline.pipe_names):
        found = ", ".join(pipeline.pipe_names) or "nothing"
        problems.add(_WHERE, f'expected a pipeline that finds entities, got "{name}" with {found}')
        return None
    pipeline.max_length = max(pipeline.max_length, _MOST_CHARACTERS)
    return ExtraNames(pipeline, _label(pipeline))


def _label(pipeline: Language) -> str:
    meta = pipeline.meta
    folder = pipeline.path
    if folder is None:
        digest = hashlib.sha256(pipeline.config.to_str().encode()).hexdigest()
    else:
        paths = [path for path in Path(folder).rglob("*") if path.is_file()]
        digest = hash_files([(path.relative_to(folder).as_posix(), path) for path in paths])
    return f"{meta['lang']}_{meta['name']}@{meta['version']}+{digest[:8]}"


def _without_article(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out a first "the" and the white space at either end."""
    surface = text[start:end]
    if surface[:4].lower() == "the ":
        start += 4
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
