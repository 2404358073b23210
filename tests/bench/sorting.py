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

import spacy
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.training import Example

from tests.bench.ordinary import make_paragraphs
from tests.builders import an_article
from tests.evaluation import open_sorter
from tests.gold.building import load_gold
from wirewatch.knowledge.entities import Knowledge
from wirewatch.records import Article
from wirewatch.sorting.sorter import Sorter

ARTICLES = 1_000
HIT_SHARE = 0.2
#: Characters of an article: ordinary news length.
LENGTH = 2_000
ROUNDS = 5
SEED = 20250812


def make_corpus(sorter: Sorter, ruler_names: Callable[[str], bool]) -> list[Article]:
    """Make ordinary articles, with a passage of the gold that names somebody in 20 %; both sides find the same ones."""
    chance = random.Random(SEED)
    passages = [passage for split in ("train", "dev") for passage in load_gold(split)]
    loud = [one.text for one in passages if "negative" not in one.tags and _names(sorter, one.text)]
    articles: list[Article] = []
    while len(articles) < ARTICLES:
        parts = make_paragraphs(chance, LENGTH)
        wanted = len(articles) < ARTICLES * HIT_SHARE
        if wanted:
            parts.insert(chance.randrange(len(parts)), chance.choice(loud))
        text = "\n".join(parts)
        # A name that only one side knows (a spelling, an acronym in company) would make the hit sets differ.
        if _names(sorter, text) is wanted and ruler_names(text) is wanted:
            articles.append(an_article(title=f"Notes of the day {len(articles)}", text=text))
    chance.shuffle(articles)
    return articles


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
    patterns = {
        (name, organisation.id)
        for organisation in knowledge.organisations.values()
        for name in (
            organisation.name,
            *organisation.aliases,
            *organisation.previous_names,
            *organisation.abbreviations,
        )
    }
    with pipeline.select_pipes(disable=[]):
        ruler.add_patterns(  # type: ignore[attr-defined]
            [{"label": "ORG", "pattern": name, "id": known} for name, known in sorted(patterns)]
        )
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
    recogniser = make_recogniser()
    ruler, matcher = make_ruler(sorter, knowledge)

    def ruler_names(text: str) -> bool:
        return any(entity.ent_id_ not in sorter.authorities for entity in ruler(text).ents)

    articles = make_corpus(sorter, ruler_names)
    ours_hit = [_names(sorter, article.text) for article in articles]
    equal = ours_hit == [ruler_names(article.text) for article in articles]
    contestants: dict[str, Callable[[Article], object]] = {
        "whole sorting": sorter.sort,
        "organisations alone": sorter.mentions,
        "EntityRuler + Matcher": lambda article: matcher(ruler(article.text)),
        "small NER pipeline": lambda article: recogniser(article.text),
    }
    figures: dict[str, list[float]] = {name: [] for name in contestants}
    slice_size = ARTICLES // ROUNDS
    for turn in range(ROUNDS):
        piece = articles[turn * slice_size : (turn + 1) * slice_size]
        for name, work in contestants.items():
            figures[name].append(measure(name, work, piece))
    ours = statistics.median(figures["whole sorting"])
    length = statistics.mean(len(article.text) for article in articles)
    sys.stdout.write(
        f"{ARTICLES} articles of {length:.0f} characters, {sum(ours_hit)} name an organisation, the same ones for "
        f"EntityRuler: {'yes' if equal else 'NO'}; {ROUNDS} rounds, alternated\n"
    )
    for name, values in figures.items():
        middle = statistics.median(values)
        sys.stdout.write(
            f"{name:<24} {middle:8.3f} ms an article (lowest {min(values):.3f}, highest {max(values):.3f})"
            f"   {middle / ours:6.1f} x ours\n"
        )
    return 0 if equal else 1


def _names(sorter: Sorter, text: str) -> bool:
    mentions = sorter.mentions(an_article(title="", text=text))
    return any(m.organisation is not None and m.organisation.id not in sorter.authorities for m in mentions)


if __name__ == "__main__":
    raise SystemExit(main())
