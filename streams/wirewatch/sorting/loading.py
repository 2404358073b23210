"""Reads `config/events/*.toml` strictly into `EventType`s. An analyst adds a type by adding a file.

Called by `sorter`. Every problem is noted with its file and key; a file with a problem contributes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from wirewatch.configuration import Problems, Table, read_toml, suggest
from wirewatch.records import Status
from wirewatch.sorting.cues import Language
from wirewatch.sorting.inflecting import Form, inflect_noun, inflect_verb
from wirewatch.sorting.shapes import EventType, Example, Role, Rule, Slot

#: Conditions of `needs` that are no lexicon.
CONDITIONS = ("target", "organisation", "authority", "name")
_STATUSES = tuple(status.value for status in Status)


def load_event_types(config_dir: Path, language: Language, problems: Problems) -> tuple[EventType, ...]:
    """Read every event file of a configuration, by file name. Notes problems."""
    folder = config_dir / "events"
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        problems.add("events/", "expected at least one *.toml file, got none")
    types: list[EventType] = []
    for path in paths:
        event_type = _event_type(read_toml(path, problems), language)
        if event_type.type in {other.type for other in types}:
            problems.add(f"events/{path.name}: type", f'"{event_type.type}" is already defined by another file')
        types.append(event_type)
    return tuple(types)


def hash_event_files(config_dir: Path) -> str:
    """Give a hash of every event file, name and bytes."""
    digest = hashlib.sha256()
    for path in sorted((config_dir / "events").glob("*.toml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _event_type(table: Table, language: Language) -> EventType:
    name = table.text("type", "")
    if not name:
        table.problem("type", 'expected a name such as "arrest", got nothing')
    event_type = EventType(
        type=name,
        definition=table.text("definition"),
        plover=table.text("plover", ""),
        plover_mode=table.text("plover_mode", ""),
        cameo=table.text("cameo", ""),
        yields_to=table.texts("yields_to", ()),
        rules=_rules(table.tables("rule"), name, language),
        examples=tuple(read_example(example, counter=False) for example in table.tables("example", named_by="text")),
        counter_examples=tuple(
            read_example(example, counter=True) for example in table.tables("counter_example", named_by="text")
        ),
    )
    if not event_type.rules:
        table.problem("rule", "expected at least one [[rule]], got none")
    table.close()
    return event_type


def _rules(tables: Iterable[Table], event_type: str, language: Language) -> tuple[Rule, ...]:
    rules: dict[str, Rule] = {}
    for table in tables:
        rule = _rule(table, event_type, language)
        if rule.id in rules:
            table.problem("id", "expected an id of its own, got that of another rule")
        rules[rule.id] = rule
    return tuple(rules.values())


def _rule(table: Table, event_type: str, language: Language) -> Rule:
    verbs, nouns, words = table.texts("verbs", ()), table.texts("nouns", ()), table.texts("words", ())
    if not (verbs or nouns or words):
        table.problem("verbs", "expected verbs, nouns or words, got none")
    needs = tuple(tuple(part.strip() for part in need.split("|")) for need in table.texts("needs", ()))
    followed_by, preceded_by = table.texts("followed_by", ()), table.texts("preceded_by", ())
    rule = Rule(
        id=f"{event_type}.{table.text('id')}",
        type=event_type,
        forms=_forms(verbs, nouns, words, language.irregular),
        roles=_roles(table.table("roles")),
        needs=needs,
        followed_by=followed_by,
        preceded_by=preceded_by,
        path=table.texts("path", ()),
        reach=table.integer("reach", 10, minimum=1, maximum=60),
        blockers=table.texts("blockers", ()),
        members=table.flag("members", False),
        nominal=Status(table.text("nominal", "background", choices=_STATUSES)),
        stative=Status(table.text("stative", "background", choices=_STATUSES)),
        done=Status(table.text("done", "new", choices=_STATUSES)),
        alone=table.flag("alone", True),
        headline=table.flag("headline", False),
        doer=table.text("doer", "", choices=("", "group", "state", "forces")),
        requires=table.texts("requires", (), choices=("agent", "target", "authority", "any")),
        score=table.number("score", 0.9),
    )
    known = (*language.lexicons, *CONDITIONS)
    for need in (word for words in rule.needs for word in words):
        if need not in known:
            table.problem(
                "needs", f'expected a lexicon or one of {", ".join(CONDITIONS)}, got "{need}"{suggest(need, known)}'
            )
    for key, entries in (
        ("followed_by", rule.followed_by),
        ("preceded_by", rule.preceded_by),
        ("blockers", rule.blockers),
    ):
        for entry in entries:
            if entry.startswith("@") and entry[1:] not in (*language.lexicons, "authority"):
                table.problem(key, f'expected a lexicon, got "{entry}"{suggest(entry[1:], language.lexicons)}')
    if not 0 < rule.score <= 1:
        table.problem("score", f"expected a number above 0 and at most 1, got {rule.score:g}")
    table.close()
    return rule


def _roles(table: Table) -> dict[Slot, Role]:
    roles: dict[Slot, Role] = {}
    for slot in Slot:
        if table.has(slot):
            roles[slot] = Role(table.text(slot, "agent", choices=[role.value for role in Role]))
    table.close()
    return roles


def _forms(
    verbs: Iterable[str], nouns: Iterable[str], words: Iterable[str], irregular: Mapping[str, tuple[str, ...]]
) -> dict[str, frozenset[Form]]:
    found: dict[str, set[Form]] = {}
    for verb in verbs:
        for form, kind in inflect_verb(verb, irregular).items():
            found.setdefault(form, set()).add(kind)
    for noun in nouns:
        for form, kind in inflect_noun(noun).items():
            found.setdefault(form, set()).add(kind)
    for word in words:
        found.setdefault(word, set()).add(Form.NOUN)
    return {form: frozenset(kinds) for form, kinds in found.items()}


def read_example(table: Table, *, counter: bool) -> Example:
    """Read an example, or a counter-example, which has no statuses. Notes problems."""
    raw = table.text("published", "")
    published: date | None = None
    if raw:
        try:
            published = date.fromisoformat(raw)
        except ValueError:
            table.problem("published", f'expected a day such as "2025-08-12", got "{raw}"')
    statuses = () if counter else table.texts("statuses", ("new",), choices=_STATUSES)
    example = Example(
        text=table.text("text"),
        published=published,
        statuses=tuple(Status(status) for status in statuses),
        targets=table.texts("targets") if table.has("targets") else None,
        agents=table.texts("agents") if table.has("agents") else None,
        authority=table.text("authority") if table.has("authority") else None,
        programme=table.text("programme") if table.has("programme") else None,
    )
    table.close()
    return example
