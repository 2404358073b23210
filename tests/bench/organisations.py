"""Measures the alias stage: against the raw automaton, by its parts, and as the number of aliases grows.

Run: `python -m tests.bench.organisations [--articles N] [--most N]`. Articles are made up from invented words, one in
five names an organisation. Times are process time, the best of some rounds, the candidates in turn within each round.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ahocorasick

from tests.builders import an_article
from wirewatch.configuration import Problems
from wirewatch.knowledge.entities import Knowledge, Organisation
from wirewatch.knowledge.folding import fold
from wirewatch.knowledge.loading import load_knowledge
from wirewatch.records import Article
from wirewatch.sorting.organisations import load_matcher

CONFIG = Path(__file__).parents[2] / "config"
ROUNDS = 5
SEED = 20260101
#: Words of an article: what a news item with its text carries.
WORDS = 450


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--most", type=int, default=1_000_000, help="aliases of the largest automaton")
    options = parser.parse_args()
    rng = random.Random(SEED)
    vocabulary = [_word(rng) for _ in range(6000)]
    knowledge = load_knowledge(CONFIG, Problems())
    names = [o.name for o in knowledge.organisations.values() if not o.is_authority and " " in o.name]
    articles = [_article(rng, vocabulary, names if number % 5 == 0 else []) for number in range(options.articles)]
    _against_raw(knowledge, articles)
    _growth(rng, vocabulary, articles, options.most)


def _against_raw(knowledge: Knowledge, articles: list[Article]) -> None:
    started = time.perf_counter()
    load_knowledge(CONFIG, Problems())
    loaded = time.perf_counter() - started
    started = time.perf_counter()
    matcher = load_matcher(knowledge)
    built = time.perf_counter() - started
    raw = ahocorasick.Automaton()
    for pattern in matcher.patterns():
        raw.add_word(pattern, pattern)
    raw.make_automaton()
    texts = [f" {article.title}  {article.text} ".lower() for article in articles]
    best = _best(
        {
            "raw automaton over small letters": lambda: [list(raw.iter(text)) for text in texts],
            "folding alone": lambda: [fold(article.title + "\n\n" + article.text) for article in articles],
            "alias stage, organisations": lambda: [matcher.find(article, authorities=False) for article in articles],
            "alias stage, authorities too": lambda: [matcher.find(article) for article in articles],
        }
    )
    hits = sum(bool(matcher.find(article, authorities=False)) for article in articles)
    length = sum(map(len, texts)) / len(texts)
    print(f"{len(articles)} articles of {length:.0f} characters, {hits} with an organisation")
    print(f"{len(raw)} patterns; load {loaded * 1e3:.0f} ms, compile {built * 1e3:.0f} ms")
    base = best["raw automaton over small letters"]
    for name, seconds in best.items():
        print(f"  {name:36} {seconds / len(articles) * 1e6:8.1f} µs/article   {seconds / base:5.2f} x raw")


def _growth(rng: random.Random, vocabulary: list[str], articles: list[Article], most: int) -> None:
    """Add aliases that no article holds, so that the hits stay the same."""
    print("growth at a fixed hit set (aliases, build, memory, cost):")
    fixed = [Organisation(f"fixed-{n}", name, "Organization") for n, name in enumerate(_fixed_names(articles))]
    first = 0.0
    count = 1000
    while count <= most:
        gc.collect()
        before = _resident()
        started = time.perf_counter()
        made = [_alias(rng, vocabulary) for _ in range(count - len(fixed))]
        chunks = [tuple(made[at : at + 20]) for at in range(0, len(made), 20)]
        filler = [Organisation(f"filler-{n}", names[0], "Company", names[1:]) for n, names in enumerate(chunks)]
        known = {organisation.id: organisation for organisation in (*fixed, *filler)}
        matcher = load_matcher(Knowledge(known))
        built = time.perf_counter() - started
        seconds = _best({"find": lambda matcher=matcher: [matcher.find(article) for article in articles]})["find"]
        first = first or seconds
        grown = (_resident() - before) / 2**20
        print(
            f"  {count:9}   {built:6.1f} s   {grown:7.0f} MB   {seconds / len(articles) * 1e6:8.1f} µs/article"
            f"   {seconds / first:5.2f} x 1,000"
        )
        del matcher, known, filler, chunks, made
        count *= 10


def _best(candidates: dict[str, Callable[..., Any]]) -> dict[str, float]:
    best = dict.fromkeys(candidates, float("inf"))
    for _ in range(ROUNDS):
        for name, run in candidates.items():
            started = time.process_time()
            run()
            best[name] = min(best[name], time.process_time() - started)
    return best


def _resident() -> int:
    """Give the resident memory in bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def _word(rng: random.Random) -> str:
    return "".join(rng.choice("bcdfglmnprst") + rng.choice("aeiou") for _ in range(rng.randint(1, 4)))


def _alias(rng: random.Random, vocabulary: list[str]) -> str:
    """Make a name that begins with words of the articles and ends with one that none holds, so that scans go deep."""
    return " ".join([*(rng.choice(vocabulary).title() for _ in range(rng.randint(1, 3))), "Q" + _word(rng)])


def _article(rng: random.Random, vocabulary: list[str], names: list[str]) -> Article:
    words = [rng.choice(vocabulary) for _ in range(WORDS)]
    if names:
        words[rng.randrange(WORDS)] = rng.choice(names)
        words[rng.randrange(WORDS)] = "the Pakistani army said"
    sentences = [_sentence(words[at : at + 18]) for at in range(0, WORDS, 18)]
    return an_article(_sentence([rng.choice(vocabulary) for _ in range(8)]), " ".join(sentences))


def _sentence(words: list[str]) -> str:
    joined = " ".join(words)
    return joined[:1].upper() + joined[1:] + "."


def _fixed_names(articles: list[Article]) -> list[str]:
    """Give names that the articles hold, so that every automaton has the same hits."""
    found: list[str] = []
    for article in articles[:200]:
        words = article.text.split()
        found.append(" ".join(words[3:5]).strip("."))
    return found


if __name__ == "__main__":
    main()
