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
    r" (?:militan|terror|insurg|separatis|secession|rebel|guerr?illa|jihad|extremis|outlaw|unlawful|proscri|deproscri"
    r"|blacklist|ban |bans |banned|banning|gunm[ae]n|fighter|suicide|responsib|claim|ambush|paramilitar|armed |weapons "
    r"|cartel|drug traffick|sanction|designat|redesignat|delist|listing |the list |truce |ceasefire|splinter"
    r"|faction|warlord|hostage|kidnap|abduct|hijack|bomb|blast|attack|assassin|murder|suspect|prisoner|operative"
    r"|commander|emir |hideout|camps? |network|cadre|affiliate|gang|militia|troops|killed|grenade|kalashnikov"
    r"|ftos? |sdgts? |uapa )"
)
#: Words that leave no doubt; beside them even a weak name is read, if it is no everyday word.
_TERROR_WORDS = re.compile(
    r" (?:terror|militan|jihad|extremis|proscri|outlaw|unlawful|insurg|gunm[ae]n|gunfight|hideout"
    r"|foreign terrorist|ftos? |sdgts? |emir |elder )"
)
#: How near, in characters on either side, such a word must stand.
_NEAR = 80


class Company:
    """What one article offers as company; computed when first asked for."""

    __slots__ = ("_anti", "_folded", "_group_words", "_own")

    def __init__(self, folded: str) -> None:
        self._folded = folded
        # An article may name one organisation ten thousand times.
        self._own: dict[str, bool] = {}
        self._anti: dict[str, bool] = {}
        self._group_words: bool | None = None

    def has_own_context(self, organisation: Organisation) -> bool:
        """Tell whether a context word of the organisation stands in the article."""
        known = self._own.get(organisation.id)
        if known is None:
            known = any(word in self._folded for word in _folded_words(organisation.context))
            self._own[organisation.id] = known
        return known

    def has_anti_context(self, organisation: Organisation) -> bool:
        """Tell whether a word that speaks against the organisation stands in the article."""
        known = self._anti.get(organisation.id)
        if known is None:
            known = any(word in self._folded for word in _folded_words(organisation.anti_context))
            self._anti[organisation.id] = known
        return known

    def has_group_words(self, start: int, end: int) -> bool:
        """Tell whether words of armed groups or of lists stand near a place of the folded article."""
        return _GROUP_WORDS.search(self._folded, max(0, start - _NEAR), end + _NEAR) is not None

    def has_group_words_anywhere(self) -> bool:
        """Tell whether the article speaks of armed groups or of lists at all."""
        if self._group_words is None:
            self._group_words = _GROUP_WORDS.search(self._folded) is not None
        return self._group_words

    def has_terror_words(self, start: int, end: int) -> bool:
        """Tell whether words that leave no doubt stand near a place of the folded article."""
        return _TERROR_WORDS.search(self._folded, max(0, start - _NEAR), end + _NEAR) is not None


@lru_cache(maxsize=4096)
def _folded_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """Fold context words; each matches at the beginning of a word, so that Palestin meets Palestinian."""
    return tuple(f" {fold_name(word)}" for word in words)
