"""The door to organisations in text: `load_matcher(knowledge)`, then `Matcher.find(article)`."""

from __future__ import annotations

from wirewatch.knowledge.entities import Knowledge
from wirewatch.sorting.matching.fuzzy import NearNames
from wirewatch.sorting.matching.matcher import Matcher
from wirewatch.sorting.matching.patterns import compile_patterns

__all__ = ["Matcher", "load_matcher"]


def load_matcher(knowledge: Knowledge) -> Matcher:
    """Compile what is known into a matcher. Takes about a second for some thousand names; hold on to it."""
    near_names = NearNames(knowledge.organisations.values())
    return Matcher(compile_patterns(knowledge, near_names.words), knowledge.organisations, near_names)
