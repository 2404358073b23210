"""Finds organisations and authorities in an article: one scan, then decisions over its hits.

Pure: the same article gives the same mentions. Never decides what an event is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from wirewatch.knowledge.entities import Organisation
from wirewatch.knowledge.folding import Folded, fold
from wirewatch.records import SHORT_FOR, Article, Field, Mention, Strength
from wirewatch.sorting.matching.document import Document, take_mentions, undecided
from wirewatch.sorting.matching.fuzzy import NearNames
from wirewatch.sorting.matching.hits import GAP, keep_well_written
from wirewatch.sorting.matching.patterns import Automaton
from wirewatch.sorting.matching.shortening import find_uses, places_and_persons, short_form
from wirewatch.sorting.matching.signs import Sign

#: Times the likeness; below one half, which is where review begins.
_FUZZY = 0.45
#: How sure a short form of a name is that no file holds, 0..1.
_SHORT = 0.6


class Matcher:
    """Finds mentions. Hold one per knowledge; it keeps no state between articles."""

    __slots__ = ("_authorities", "_automaton", "_elsewhere", "_near_names", "_parents")

    def __init__(self, automaton: Automaton, organisations: Mapping[str, Organisation], near_names: NearNames) -> None:
        self._automaton = automaton
        self._parents = {known.id: known.parent_id for known in organisations.values()}
        self._authorities = frozenset(known.id for known in organisations.values() if known.is_authority)
        self._near_names = near_names
        self._elsewhere = places_and_persons(organisations.values())

    def patterns(self) -> Iterator[str]:
        """Give every pattern that is looked for, folded, with the spaces around it."""
        yield from self._automaton.keys()

    def find(self, article: Article, *, authorities: bool = True) -> tuple[Mention, ...]:
        """Give the mentions of an article in order of title, text and position; offsets count into their field.

        Authorities stand in nearly every article and are half of the work: leave them out where nobody asks for them.
        """
        joined = article.title + GAP + article.text
        folded = fold(joined)
        found = self._automaton.find(folded.text)
        if not authorities and not any(pattern.is_watched for _, pattern in found):
            found = [hit for hit in found if not hit[1].is_idle]
        if not found:
            return ()
        text_begin = len(article.title) + len(GAP)
        hits = keep_well_written(article, joined, folded, found)
        if all(hit.is_instant for hit in hits):
            # States and bodies that stand alone need nobody to vouch for them, and vouch for nobody.
            mentions = take_mentions(joined, text_begin, hits, undecided)
        else:
            watched = any(pattern.is_watched for _, pattern in found)
            mentions = Document(
                joined, text_begin, folded.text, hits, self._parents, watched, self._elsewhere
            ).mentions()
        telling = [last for last, pattern in found if not pattern.readings]
        if telling:
            mentions = self._add_near(joined, text_begin, folded, telling, mentions)
        return mentions if authorities else tuple(mention for mention in mentions if not self._is_authority(mention))

    def find_short_forms(self, article: Article, names: Iterable[str], mentions: Sequence[Mention]) -> list[Mention]:
        """Give the places where the first words of long names that no file holds stand for them in an article."""
        found: list[Mention] = []
        for name in dict.fromkeys(names):
            short = short_form(name, self._elsewhere)
            if short is None:
                continue
            begin = article.text.find(name)
            for field, text in ((Field.TITLE, article.title), (Field.TEXT, article.text)):
                taken = [(m.start, m.end) for m in (*mentions, *found) if m.field is field]
                taken += [match.span() for match in re.finditer(re.escape(name), text)]
                for start, end in find_uses(text, short, taken, begin if field is Field.TEXT else 0):
                    rule = f"{SHORT_FOR}{name}"
                    found.append(Mention(start, end, short, field, None, Strength.LOCAL, _SHORT, rule))
        return found

    def explain(self, article: Article) -> Iterator[tuple[str, Organisation, set[Sign]]]:
        """Give every short or ordinary name with an organisation that it may be, and the signs that decide over it."""
        joined = article.title + GAP + article.text
        folded = fold(joined)
        found = self._automaton.find(folded.text)
        hits = keep_well_written(article, joined, folded, found)
        document = Document(joined, len(article.title) + len(GAP), folded.text, hits, self._parents, watched=True)
        for hit, reading, signs in document.explain():
            yield hit.surface, reading.organisation, signs

    def _is_authority(self, mention: Mention) -> bool:
        return mention.organisation is not None and mention.organisation.id in self._authorities

    def _add_near(
        self, joined: str, text_begin: int, folded: Folded, telling: list[int], mentions: tuple[Mention, ...]
    ) -> tuple[Mention, ...]:
        """Add names that are nearly one of ours where no sure mention stands; lesser ones inside them give way."""
        spans: list[tuple[int, int]] = []
        lesser: list[Mention] = []
        for mention in mentions:
            # "Pakistan" in "Tehrik-i-Talban Pakistan" is no reason not to look; a sure mention is.
            name = mention.organisation
            if name is None or name.id in self._authorities or mention.strength is Strength.WEAK:
                lesser.append(mention)
            else:
                shift = 0 if mention.field is Field.TITLE else text_begin
                spans.append((mention.start + shift, mention.end + shift))
        near: list[Mention] = []
        for last in telling:
            first = folded.text.rindex(" ", 0, last) + 1
            start, end = folded.original(first), folded.original(last - 1) + 1
            found = self._near_names.find(joined, start, end, folded.text[first:last])
            if found is None or any(begin < found[1] and found[0] < finish for begin, finish in spans):
                continue
            start, end, organisation, likeness = found
            spans.append((start, end))
            shift, field = (0, Field.TITLE) if start < text_begin else (text_begin, Field.TEXT)
            score = round(_FUZZY * likeness / 100, 2)
            rule = f"fuzzy:{likeness:.0f}"
            name = organisation.as_name
            surface = joined[start:end]
            near.append(Mention(start - shift, end - shift, surface, field, name, Strength.FUZZY, score, rule))
        if not near:
            return mentions
        kept = [mention for mention in mentions if not (mention in lesser and _is_inside(mention, near))]
        return tuple(sorted((*kept, *near), key=lambda mention: (mention.field is Field.TEXT, mention.start)))


def _is_inside(mention: Mention, others: list[Mention]) -> bool:
    return any(
        other.field is mention.field and other.start <= mention.start and mention.end <= other.end for other in others
    )
