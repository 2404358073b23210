"""One field of an article with what is cut out of it: each thing once, when it is first asked for.

Made by `sorter` for both readers, so that neither folds, splits or cuts what the other has done already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wirewatch.knowledge.entities import Organisation
from wirewatch.records import Article, Field, Mention
from wirewatch.sorting.actors import Actor, find_actors
from wirewatch.sorting.cues import Language
from wirewatch.sorting.scanning import Words
from wirewatch.sorting.text import Sentence, Sentences, Token, fold_plain, plain, tokenize

#: Letters of a field that tell whether it has capitals to go by.
_SAMPLE = 400


class Page:
    """A field with its mentions. Nothing of it changes but what has been cut already."""

    __slots__ = ("_actors", "_sentences", "_small", "_tokens", "field", "low", "mentions", "smooth", "text", "words")

    def __init__(self, field: Field, text: str, mentions: Sequence[Mention]) -> None:
        self.field = field
        self.text = text
        #: Those of this field, in order of place.
        self.mentions = mentions
        #: With plain quotes and dashes; and in small letters too. Offsets are those of `text`.
        self.smooth = plain(text)
        self.low = fold_plain(self.smooth)
        #: What the scan found in it; None before it was scanned.
        self.words: Words | None = None
        self._sentences: Sentences | None = None
        self._small: bool | None = None
        self._tokens: dict[tuple[int, int], list[Token]] = {}
        self._actors: dict[tuple[int, int], list[Actor]] = {}

    @property
    def sentences(self) -> Sentences:
        """Give what cuts its sentences."""
        if self._sentences is None:
            self._sentences = Sentences(self.text, title=self.field is Field.TITLE)
        return self._sentences

    @property
    def small(self) -> bool:
        """Tell whether it has no capitals to go by."""
        if self._small is None:
            self._small = not any(letter.isupper() for letter in self.text[:_SAMPLE])
        return self._small

    def tokens(self, sentence: Sentence) -> list[Token]:
        """Give the words and signs of a sentence."""
        place = sentence.start, sentence.end
        found = self._tokens.get(place)
        if found is None:
            found = self._tokens[place] = tokenize(self.smooth, sentence)
        return found

    def actors(self, sentence: Sentence, organisations: Mapping[str, Organisation], language: Language) -> list[Actor]:
        """Give everybody whom a sentence names."""
        place = sentence.start, sentence.end
        found = self._actors.get(place)
        if found is None:
            start, end = place
            inside = [mention for mention in self.mentions if start <= mention.start < end]
            found = find_actors(self.tokens(sentence), inside, organisations, language, small=self.small)
            self._actors[place] = found
        return found


def open_pages(article: Article, mentions: Iterable[Mention]) -> list[Page]:
    """Give the title and the text of an article, without those that are empty."""
    by_field: dict[Field, list[Mention]] = {Field.TITLE: [], Field.TEXT: []}
    for mention in mentions:
        by_field[mention.field].append(mention)
    return [
        Page(field, text, by_field[field])
        for field, text in ((Field.TITLE, article.title), (Field.TEXT, article.text))
        if text
    ]
