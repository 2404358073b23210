"""Reads `config/languages/*.toml` strictly into `Tongue`s. An analyst adds a language by adding a file.

Called by `sorter`. Every problem is noted with its file and key; a configuration without the folder reads English only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from wirewatch.configuration import Problems, Table, read_toml, suggest
from wirewatch.knowledge.entities import Knowledge
from wirewatch.knowledge.folding import fold_name
from wirewatch.records import Name
from wirewatch.sorting.loading import read_example
from wirewatch.sorting.tongues.calendars import read_dates
from wirewatch.sorting.tongues.phrases import PhraseReader, compile_phrases
from wirewatch.sorting.tongues.shapes import Act, Cues, Form, Naming, Side, Tongue

_TYPES = ("designation", "delisting")
#: Needs that are no lexicons: a group, a body that lists.
GROUP, BODY = "target", "body"
#: Words on the side of the labels within which a lexicon counts, unless an act says otherwise.
_REACH = 26
#: Forms that take the prefixes of nouns too.
_NOUNS = (Form.NOMINAL, Form.OLD)
_SIDES = tuple(side.value for side in Side)


def load_tongues(config_dir: Path, knowledge: Knowledge, problems: Problems) -> Mapping[str, Tongue]:
    """Read every language file of a configuration, by the code of its language. Notes problems."""
    tongues: dict[str, Tongue] = {}
    for path in _paths(config_dir):
        tongue = _tongue(read_toml(path, problems), knowledge)
        if tongue.code in ("en", *tongues):
            problems.add(f"languages/{path.name}: language", f'"{tongue.code}" is already read by other files')
        tongues[tongue.code] = tongue
    return tongues


def hash_language_files(config_dir: Path) -> str:
    """Give a hash of every language file, name and bytes."""
    digest = hashlib.sha256()
    for path in _paths(config_dir):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _paths(config_dir: Path) -> list[Path]:
    return sorted((config_dir / "languages").glob("*.toml"))


def _tongue(table: Table, knowledge: Knowledge) -> Tongue:
    code = table.text("language")
    if not re.fullmatch("[a-z]{2}", code):
        table.problem("language", f'expected two small letters such as "es", got "{code}"')
    finite = table.texts("prefixes", ())
    prefixes = (*finite, *table.texts("noun_prefixes", ()))
    signs = table.texts("signs")
    lexicon_table = table.table("lexicons")
    lexicons = {name: PhraseReader(lexicon_table, prefixes).phrases(name) for name in lexicon_table.names()}
    lexicon_table.close()
    cue_table = table.table("cues")
    cues = PhraseReader(cue_table, prefixes)
    names = PhraseReader(table.table("names"), prefixes)
    bodies, capitals = _bodies(table.table("authorities"), knowledge)
    programmes = table.table("programmes")
    tongue = Tongue(
        code=code,
        signs=tuple(sign.lower() for sign in signs),
        acts=tuple(_act(one, code, (finite, prefixes), tuple(lexicons)) for one in table.tables("act")),
        lexicons=lexicons,
        cues=Cues(**{name: cues.phrases(name) for name in Cues.__dataclass_fields__}),
        dates=read_dates(table.table("dates"), prefixes),
        naming=Naming(
            openers=names.phrases("openers"),
            keep_opener=names.table.flag("keep_opener", False),
            closers=names.phrases("closers"),
            markers=names.phrases("markers"),
            inner=frozenset(map(fold_name, names.table.texts("inner", ()))),
            apart=names.phrases("apart"),
            apart_after=names.phrases("apart_after"),
            joints=names.phrases("joints", bare=True),
            by=names.phrases("by"),
        ),
        labels=Side(table.text("labels", "after", choices=_SIDES)),
        governors=Side(table.text("governors", "before", choices=_SIDES)),
        targets=Side(table.text("targets", "after", choices=_SIDES)),
        authorities=compile_phrases(bodies, prefixes),
        bodies=bodies,
        capitals=capitals,
        programmes=tuple((name, PhraseReader(programmes, prefixes).phrases(name)) for name in programmes.names()),
        shortened=frozenset(table.texts("shortened", ())),
        examples=tuple(
            (one.text("type", "designation", choices=_TYPES), read_example(one, counter=False))
            for one in table.tables("example", named_by="text")
        ),
        counter_examples=tuple(
            read_example(one, counter=True) for one in table.tables("counter_example", named_by="text")
        ),
    )
    for other in (cue_table, names.table, programmes, table):
        other.close()
    if not tongue.acts:
        table.problem("act", "expected at least one [[act]], got none")
    return tongue


def _act(table: Table, code: str, prefixes: tuple[tuple[str, ...], tuple[str, ...]], lexicons: tuple[str, ...]) -> Act:
    verbs, nouns = (PhraseReader(table, one) for one in prefixes)
    needs = tuple(tuple(part.strip() for part in need.split("|")) for need in table.texts("needs", ()))
    known = (*lexicons, GROUP, BODY)
    for need in (word for words in needs for word in words):
        if need not in known:
            table.problem("needs", f'expected one of {", ".join(known)}, got "{need}"{suggest(need, known)}')
    forms = {form: (nouns if form in _NOUNS else verbs).phrases(form) for form in Form if table.has(form)}
    if not forms:
        table.problem("done", f"expected one of {', '.join(Form)}, got none")
    act = Act(
        id=f"{code}.{table.text('id')}",
        type=table.text("type", "designation", choices=_TYPES),
        forms=forms,
        needs=needs,
        reach=table.integer("reach", _REACH, minimum=1, maximum=60),
        blockers=nouns.phrases("blockers"),
        score=table.number("score", 0.8),
    )
    if not 0 < act.score <= 1:
        table.problem("score", f"expected a number above 0 and at most 1, got {act.score:g}")
    table.close()
    return act


def _bodies(table: Table, knowledge: Knowledge) -> tuple[Mapping[str, Name], frozenset[str]]:
    """Read whom words for bodies mean, and which of them have a capital; a word of two bodies counts for the first."""
    bodies: dict[str, Name] = {}
    capitals: set[str] = set()
    small: set[str] = set()
    known = {one.id: one for one in knowledge.organisations.values() if one.is_authority}
    for identity in table.names():
        spellings = table.texts(identity)
        if identity not in known:
            table.problem(identity, f"expected the id of an authority{suggest(identity, known)}")
            continue
        for spelling in spellings:
            bodies.setdefault(fold_name(spelling), known[identity].as_name)
            (capitals if spelling[:1].isupper() else small).add(fold_name(spelling))
    table.close()
    return bodies, frozenset(capitals - small)
