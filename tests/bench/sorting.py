"""How fast whole sorting is beside spaCy: `python -m tests.bench.sorting`.

Two peers, alternated with ours in one run over the same articles, 20 % of which name an organisation: a small NER
pipeline (the architecture of spaCy's `sm` models, untrained: the cost is the same), and EntityRuler + Matcher holding
the very names and triggers that ours holds.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import spacy
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.training import Example

from tests.builders import an_article
from tests.evaluation import open_sorter
from tests.gold.building import load_gold
from wirewatch.knowledge.entities import Knowledge
from wirewatch.records import Article
from wirewatch.sample_wire.story import load_story
from wirewatch.sorting.sorter import Sorter

ARTICLES = 1_000
HIT_SHARE = 0.2
#: Characters of an article; the middle of the feeds that the sample wire imitates.
LENGTH = 2_000
ROUNDS = 5
SEED = 20250812


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles and how many of them name an organisation."""

    articles: Sequence[Article]
    hits: int


def make_corpus(sorter: Sorter) -> Corpus:
    """Put articles together from the quiet reports of the sample wire, and a passage that names somebody in 20 %."""
    chance = random.Random(SEED)
    passages = [passage for split in ("train", "dev") for passage in load_gold(split)]
    quiet = [item.text for item in load_story() if not sorter.sort(an_article(title="", text=item.text)).events]
    loud = [one.text for one in passages if "negative" not in one.tags and _names(sorter, one.text)]
    articles: list[Article] = []
    while len(articles) < ARTICLES:
        parts: list[str] = []
        while sum(map(len, parts)) < LENGTH:
            parts.append(chance.choice(quiet))
        wanted = len(articles) < ARTICLES * HIT_SHARE
        if wanted:
            parts.insert(chance.randrange(len(parts)), chance.choice(loud))
        text = "\n".join(parts)
        # Weak names become strong in company: keep what is as it was meant to be.
        if _names(sorter, text) is wanted:
            articles.append(an_article(title=f"Notes of the day {len(articles)}", text=text))
    chance.shuffle(articles)
    return Corpus(articles, sum(_names(sorter, article.text) for article in articles))


def make_recogniser() -> Language:
    """Give an untrained small NER pipeline."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("ner").add_label("ORG")  # type: ignore[attr-defined]
    example = Example.from_dict(pipeline.make_doc("Norland banned it."), {"entities": [(0, 7, "ORG")]})
    pipeline.initialize(lambda: [example])
    return pipeline


def make_ruler(sorter: Sorter, knowledge: Knowledge) -> tuple[Language, Matcher]:
    """Give EntityRuler with every name and Matcher with every trigger that ours holds."""
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    names = {
        name
        for organisation in knowledge.organisations.values()
        for name in (
            organisation.name,
            *organisation.aliases,
            *organisation.previous_names,
            *organisation.abbreviations,
        )
    }
    with pipeline.select_pipes(disable=[]):
        ruler.add_patterns([{"label": "ORG", "pattern": name} for name in sorted(names)])  # type: ignore[attr-defined]
    matcher = Matcher(pipeline.vocab)
    for event_type in sorter.types:
        forms = sorted({form for rule in event_type.rules for form in rule.forms if " " not in form})
        matcher.add(event_type.type, [[{"LOWER": {"IN": forms}}]])
    return pipeline, matcher


def measure(name: str, work: Callable[[Article], object], articles: Sequence[Article]) -> float:
    """Give milliseconds of processor time an article."""
    begin = time.process_time()
    for article in articles:
        work(article)
    return 1000 * (time.process_time() - begin) / len(articles)


def main() -> int:
    """Print the table."""
    sorter, knowledge = open_sorter()
    corpus = make_corpus(sorter)
    recogniser = make_recogniser()
    ruler, matcher = make_ruler(sorter, knowledge)
    contestants: dict[str, Callable[[Article], object]] = {
        "whole sorting": sorter.sort,
        "organisations alone": sorter.mentions,
        "EntityRuler + Matcher": lambda article: matcher(ruler(article.text)),
        "small NER pipeline": lambda article: recogniser(article.text),
    }
    figures: dict[str, list[float]] = {name: [] for name in contestants}
    slice_size = ARTICLES // ROUNDS
    for turn in range(ROUNDS):
        piece = corpus.articles[turn * slice_size : (turn + 1) * slice_size]
        for name, work in contestants.items():
            figures[name].append(measure(name, work, piece))
    ours = statistics.median(figures["whole sorting"])
    length = statistics.mean(len(article.text) for article in corpus.articles)
    sys.stdout.write(
        f"{ARTICLES} articles of {length:.0f} characters, {corpus.hits} name an organisation; {ROUNDS} rounds, "
        f"alternated\n"
    )
    for name, values in figures.items():
        middle = statistics.median(values)
        sys.stdout.write(
            f"{name:<24} {middle:8.3f} ms an article (lowest {min(values):.3f}, highest {max(values):.3f})"
            f"   {middle / ours:6.1f} x ours\n"
        )
    return 0


def _names(sorter: Sorter, text: str) -> bool:
    mentions = sorter.mentions(an_article(title="", text=text))
    return any(m.organisation is not None and m.organisation.id not in sorter.authorities for m in mentions)


if __name__ == "__main__":
    raise SystemExit(main())
