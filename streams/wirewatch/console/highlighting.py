"""Marks mentions and evidence in an article's text: every piece is escaped first, then wrapped. Pure.

Spans may overlap and nest in any way; the text is cut at every border, so that the marks never do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from wirewatch.records import Field, SortedArticle


@dataclass(frozen=True, slots=True)
class Highlight:
    """A span of a field and how it is shown."""

    start: int
    end: int
    #: A class of the style sheet, never a word of a feed.
    style: str
    #: What a pointer shows.
    title: str


def highlights_of(sorted_article: SortedArticle, field: Field) -> tuple[Highlight, ...]:
    """Give what is to be marked in one field: evidence, triggers, organisations."""
    events = [event for event in sorted_article.events if event.field is field]
    found = [
        Highlight(event.evidence.start, event.evidence.end, "evidence", f"{event.type}, {event.status}")
        for event in events
    ]
    found += [
        Highlight(event.trigger.start, event.trigger.end, "trigger", f"says it: {event.type}, {event.status}")
        for event in events
    ]
    found += [
        Highlight(
            mention.start,
            mention.end,
            "mention" if mention.organisation else "unresolved",
            f"{mention.organisation.name} ({mention.strength})" if mention.organisation else "no known organisation",
        )
        for mention in sorted_article.mentions
        if mention.field is field
    ]
    return tuple(found)


def highlight(text: str, highlights: Iterable[Highlight]) -> Markup:
    """Give text as HTML with marks. Offsets count code points; what lies outside the text is cut."""
    inside = [mark for mark in highlights if 0 <= mark.start < mark.end <= len(text)]
    borders = sorted({0, len(text), *(mark.start for mark in inside), *(mark.end for mark in inside)})
    pieces = []
    for start, end in pairwise(borders):
        covering = [mark for mark in inside if mark.start <= start and end <= mark.end]
        if not covering:
            pieces.append(Markup("{}").format(text[start:end]))
            continue
        styles = " ".join(dict.fromkeys(mark.style for mark in covering))
        title = "; ".join(dict.fromkeys(mark.title for mark in covering))
        pieces.append(Markup('<mark class="{}" title="{}">{}</mark>').format(styles, title, text[start:end]))
    return Markup("").join(pieces)
