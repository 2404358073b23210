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
    r" (?:militan|terror|insurg|separatis|secession|rebel|guerr?illa|jihad|extremis|outlaw|proscri|blacklist|banned"
    r"|gunm[ae]n|fighter|suicide|responsib|claim|ambush|paramilitar|armed (?:group|wing)|cartel|drug traffick|sanction"
    r"|designat|delist|ceasefire|splinter|faction|warlord|hostage|kidnap|abduct|hijack|bomb|blast|attack|assassin|murder"
    r"|suspect|prisoner|operative|commander|hideout|camps? |network|cadre|affiliate|gang|suicid|militia|troops|killed"
    r"|fto |sdgt )"
)
#: How near, in characters on either side, such a word must stand.
_NEAR = 60


class Company:
    """What one article offers as company; computed when first asked for."""

    __slots__ = ("_folded",)

    def __init__(self, folded: str) -> None:
        self._folded = folded

    def has_own_context(self, organisation: Organisation) -> bool:
        """Tell whether a context word of the organisation stands in the article."""
        return any(word in self._folded for word in _folded_words(organisation.context))

    def has_anti_context(self, organisation: Organisation) -> bool:
        """Tell whether a word that speaks against the organisation stands in the article."""
        return any(word in self._folded for word in _folded_words(organisation.anti_context))

    def has_group_words(self, start: int, end: int) -> bool:
        """Tell whether words of armed groups or of lists stand near a place of the folded article."""
        return _GROUP_WORDS.search(self._folded, max(0, start - _NEAR), end + _NEAR) is not None


@lru_cache(maxsize=4096)
def _folded_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """Fold context words; each matches at the beginning of a word, so that Palestin meets Palestinian."""
    return tuple(f" {fold_name(word)}" for word in words)
