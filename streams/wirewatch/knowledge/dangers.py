"""Reports aliases that load but may bite: too short, an everyday word, or shared between organisations.

Called by `loading`; the sentences end up in `Knowledge.warnings` and in `wirewatch organisations check`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from wirewatch.knowledge.common_acronyms import is_common_acronym
from wirewatch.knowledge.common_words import is_everyday
from wirewatch.knowledge.entities import Organisation
from wirewatch.knowledge.folding import fold_name

#: Letters or fewer in a strong alias are worth a look: so short a word means many things.
_SHORT = 3


def find_dangers(organisations: Iterable[Organisation]) -> tuple[str, ...]:
    """Give one sentence for every dangerous alias of a watched organisation, sorted."""
    owners: dict[str, dict[str, str]] = defaultdict(dict)
    sentences: set[str] = set()
    for organisation in organisations:
        if organisation.is_authority:
            continue
        helped = bool(organisation.context)
        weak = {fold_name(name) for name in (*organisation.weak_aliases, *organisation.abbreviations)}
        for name in (organisation.name, *organisation.aliases, *organisation.previous_names):
            folded = fold_name(name)
            owners[folded].setdefault(organisation.id, name)
            if folded in weak:
                continue
            letters = sum(letter.isalpha() for letter in folded)
            if letters <= _SHORT and folded.isascii():
                sentences.add(
                    f'{organisation.id}: "{name}" has {letters} letters and matches alone; make it weakAlias?'
                )
            elif is_common_acronym(name):
                sentences.add(
                    f'{organisation.id}: "{name}" is short for much else and matches alone; make it abbreviation?'
                )
            elif is_everyday(name) and " " not in folded:
                sentences.add(f'{organisation.id}: "{name}" is an everyday word and matches alone; make it weakAlias?')
        for name in (*organisation.weak_aliases, *organisation.abbreviations):
            owners[fold_name(name)].setdefault(organisation.id, name)
            if not helped and fold_name(name) in weak and is_everyday(name):
                sentences.add(
                    f'{organisation.id}: "{name}" is an everyday word without contextWords; it will hardly match'
                )
    for shared in owners.values():
        if len(shared) > 1:
            name = next(iter(shared.values()))
            sentences.add(
                f'"{name}" is shared by {", ".join(sorted(shared))}; it counts only with company of one of them'
            )
    return tuple(sorted(sentences))
