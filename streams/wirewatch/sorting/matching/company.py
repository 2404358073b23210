"""Decides whether a weak name is in good company: words of its own context, its country, words of violence.

Called by `matcher` for hits that cannot stand alone. Looks at the whole folded article, title included.
"""

from __future__ import annotations

import re
from functools import lru_cache

from wirewatch.knowledge.entities import Organisation
from wirewatch.knowledge.folding import fold_name

#: Words that speak of armed groups and of lists; beside them an acronym is read as the group that we know.
_GROUP_WORDS = re.compile(
    r" (?:militan|terror|insurg|separatis|secession|rebel|guerr?illa|jihad|extremis|outlaw|proscri|blacklist"
    r"|gunm[ae]n|fighter|suicide (?:bomb|attack)|claimed? responsib|claims? (?:the |an |responsib)|ambush|paramilitar"
    r"|banned (?:group|outfit|organi)|armed group|cartel|drug traffick|sanction|designat|ceasefire|splinter|faction"
    r"|warlord|hostage|kidnap|bomb)"
)


class Company:
    """What one article offers as company; computed when first asked for."""

    __slots__ = ("_folded", "_group_words")

    def __init__(self, folded: str) -> None:
        self._folded = folded
        self._group_words: bool | None = None

    def has_own_context(self, organisation: Organisation) -> bool:
        """Tell whether a context word of the organisation stands in the article."""
        return any(word in self._folded for word in _folded_words(organisation.context))

    def has_anti_context(self, organisation: Organisation) -> bool:
        """Tell whether a word that speaks against the organisation stands in the article."""
        return any(word in self._folded for word in _folded_words(organisation.anti_context))

    def has_group_words(self) -> bool:
        """Tell whether the article speaks of armed groups or of lists."""
        if self._group_words is None:
            self._group_words = _GROUP_WORDS.search(self._folded) is not None
        return self._group_words


@lru_cache(maxsize=4096)
def _folded_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """Fold context words; each matches at the beginning of a word, so that Palestin meets Palestinian."""
    return tuple(f" {fold_name(word)}" for word in words)
