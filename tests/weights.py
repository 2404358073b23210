"""Trains the second reader: logistic models over features of wording, from our own labels. Called by `tests.training`.

Full-batch gradient steps without chance, so that the same labels give the same weights. Figures are cross-validated by
story: `python -m tests.weights` prints them.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.evaluating.figures import Tally
from tests.evaluation import as_article, open_sorter
from tests.gold.building import load_gold
from tests.phrases import read_phrases
from wirewatch.records import Article, Status
from wirewatch.sorting.pages import open_pages
from wirewatch.sorting.rereading import LISTINGS, SURE, describe, first_sentences
from wirewatch.sorting.sorter import Sorter
from wirewatch.sorting.weighing import SCALE, Weights

TABLE = Path(__file__).parent.parent / "streams" / "wirewatch" / "sorting" / "tables" / "wording.json"
#: Weight of the penalty on squared weights.
PENALTY = 1.0
STEPS = 160
#: A feature must be seen in this many stories.
STORIES = 2
FOLDS = 8


@dataclass(frozen=True, slots=True)
class Labelled:
    """A passage: the features of its sentences that may tell a listing, and what it tells."""

    story: str
    split: str
    sentences: tuple[tuple[str, ...], ...]
    #: True, False, or None where an annotator could read it either way.
    new: bool | None
    #: True when what is new is an ending.
    removal: bool
    #: True when the rules find a new listing by themselves.
    found: bool


def read_labelled(sorter: Sorter) -> list[Labelled]:
    """Give every labelled passage of train and dev, and every phrase."""
    passages: list[Labelled] = []
    for split in ("train", "dev"):
        for passage in load_gold(split):
            told = [e for e in passage.events if e.type in LISTINGS and e.status == "new"]
            new = True if any(not e.optional for e in told) else None if told else False
            removal = bool(told) and all(e.type == "delisting" for e in told)
            passages.append(_labelled(sorter, as_article(passage), passage.story, split, new, removal))
    for article, sign in read_phrases():
        passages.append(_labelled(sorter, article, article.id, "phrases", sign != "-", sign == "x"))
    return passages


def _labelled(sorter: Sorter, article: Article, story: str, split: str, new: bool | None, removal: bool) -> Labelled:
    mentions = sorter.mentions(article)
    events = sorter.read(article, mentions)
    sentences = (
        describe(one)[1]
        for one in first_sentences(article, open_pages(article, mentions), events, sorter.organisations)
    )
    found = any(e.type in LISTINGS and e.status in (Status.NEW, Status.REVOKED) for e in events)
    return Labelled(story, split, tuple(tuple(s) for s in sentences if s), new, removal, found)


def train(passages: Sequence[Labelled]) -> dict[str, Weights]:
    """Train both models: whether a sentence tells a new listing, and whether the new listing told is an ending."""
    # A positive passage of several sentences teaches by the one that the model of short passages finds likeliest.
    short = [p for p in passages if p.new is False or (p.new and len(p.sentences) == 1)]
    first = fit([(s, bool(p.new), p.story) for p in short for s in p.sentences])
    rows = [(s, False, p.story) for p in passages if p.new is False for s in p.sentences]
    told = [(max(p.sentences, key=first.weigh), p) for p in passages if p.new and p.sentences]
    new = fit(rows + [(sentence, True, passage.story) for sentence, passage in told])
    return {"new": new, "removal": fit([(sentence, p.removal, p.story) for sentence, p in told])}


def fit(rows: Sequence[tuple[Sequence[str], bool, str]]) -> Weights:
    """Fit one logistic model by Adam steps over all rows at once."""
    stories: dict[str, set[str]] = {}
    for features, _, story in rows:
        for feature in features:
            stories.setdefault(feature, set()).add(story)
    names = sorted(feature for feature, seen in stories.items() if len(seen) >= STORIES)
    index = {feature: at for at, feature in enumerate(names)}
    cells = [(row, index[f]) for row, (features, _, _) in enumerate(rows) for f in features if f in index]
    row_of, column_of = np.array(cells).T
    counts = np.bincount(row_of, minlength=len(rows))
    value = (SCALE / np.sqrt(np.maximum(counts, 1)))[row_of]
    gold = np.array([new for _, new, _ in rows], dtype=float)
    weights = np.zeros(len(names) + 1)
    weights[-1] = np.log(gold.mean() / (1 - gold.mean()))
    momentum, spread = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        odds = np.bincount(row_of, value * weights[column_of], len(rows)) + weights[-1]
        error = 1 / (1 + np.exp(-odds)) - gold
        slope = np.append(
            np.bincount(column_of, value * error[row_of], len(names)) + PENALTY * weights[:-1], error.sum()
        )
        momentum = 0.9 * momentum + 0.1 * slope
        spread = 0.999 * spread + 0.001 * slope * slope
        pace = 0.05 * (1.0 if step <= STEPS * 0.6 else 0.3 if step <= STEPS * 0.85 else 0.1)
        weights -= pace * (momentum / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
    return Weights(round(float(weights[-1]), 3), {n: round(float(w), 3) for n, w in zip(names, weights, strict=False)})


def write(models: dict[str, Weights]) -> int:
    """Write the models that the package ships and give their size in bytes."""
    tables = {name: {"start": model.start, "features": model.features} for name, model in models.items()}
    TABLE.write_text(json.dumps(tables, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    return TABLE.stat().st_size


def cross_validate(passages: Sequence[Labelled]) -> Iterator[tuple[Labelled, float]]:
    """Give every passage with the highest log-odds of its sentences by a model that has not seen its story."""
    stories = sorted({passage.story for passage in passages})
    folds = {story: hashlib.sha256(story.encode()).digest()[0] % FOLDS for story in stories}
    for fold in range(FOLDS):
        model = train([p for p in passages if folds[p.story] != fold])["new"]
        for passage in passages:
            if folds[passage.story] == fold:
                yield passage, max(map(model.weigh, passage.sentences), default=float("-inf"))


def report(scored: Sequence[tuple[Labelled, float]]) -> str:
    """Write what rules alone and both readers together tell, by split and border."""
    lines = []
    for split in ("train", "dev", "phrases"):
        for border in (float("inf"), 2.0, 1.5, SURE, 0.5, 0.0):
            tally, added = Tally(), Tally()
            for passage, odds in scored:
                if passage.split != split or passage.new is None:
                    continue
                count(tally, gold=passage.new, found=passage.found or odds >= border)
                if not passage.found:
                    count(added, gold=passage.new, found=odds >= border)
            lines.append(f"  {tally.row(f'{split} from {border}')}   added {added.right} right, {added.wrong} wrong")
    return "\n".join(lines)


def count(tally: Tally, *, gold: bool, found: bool) -> None:
    """Count one passage."""
    tally.right += gold and found
    tally.wrong += found and not gold
    tally.missed += gold and not found


def main() -> int:
    """Print the cross-validated figures."""
    sorter, _ = open_sorter()
    sys.stdout.write(report(list(cross_validate(read_labelled(sorter)))) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
