"""Trains the second reader: logistic models over features of wording, from our own labels. Called by `tests.training`.

Full-batch gradient steps without chance, so that the same labels give the same weights. `python -m tests.weights`
prints figures on text that the model of a trial has not seen.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tests.evaluating.figures import Tally
from tests.evaluation import CONFIG, as_article, open_sorter
from tests.gold.building import load_gold
from tests.gold.records import Passage
from tests.phrases import PUBLISHED, SIGNS, read_phrases
from wirewatch.configuration import Problems
from wirewatch.records import Article, Status
from wirewatch.sorting.cues import load_language
from wirewatch.sorting.loading import load_event_types
from wirewatch.sorting.pages import open_pages
from wirewatch.sorting.rereading import OTHERWISE, border
from wirewatch.sorting.shapes import LISTINGS
from wirewatch.sorting.sorter import Sorter
from wirewatch.sorting.telling import describe, telling_sentences
from wirewatch.sorting.weighing import SCALE, Weights

TABLE = Path(__file__).parent.parent / "streams" / "wirewatch" / "sorting" / "tables" / "wording.json"
#: Weight of the penalty on squared weights.
PENALTY = 0.5
STEPS = 200
#: A feature must be seen in this many stories.
STORIES = 3
#: Smaller weights are not kept.
SLIGHT = 0.1
FOLDS = 8
#: Files of phrases, and all gold, by which rules were mended: there the rules look better than they are.
SEEN = ("00-first",)
#: The source of what event files give as examples.
EXAMPLES = "examples"


class Told(NamedTuple):
    """A sentence that may tell a listing."""

    features: tuple[str, ...]
    #: The log-odds from which on it tells one.
    border: float


@dataclass(frozen=True, slots=True)
class Labelled:
    """A passage: the features of its sentences that may tell a listing, and what it tells."""

    story: str
    #: A split of the gold, or a file of phrases.
    source: str
    sentences: tuple[Told, ...]
    #: One of `tests.phrases.SIGNS`, or "?" where an annotator could read it either way.
    sign: str
    #: True when the rules find a new listing by themselves.
    found: bool

    @property
    def new(self) -> bool:
        """Tell whether a new listing or a new ending of one is told."""
        return self.sign in "+x"


def read_labelled(sorter: Sorter) -> list[Labelled]:
    """Give every labelled passage of train and dev, and every phrase."""
    passages = [
        _labelled(sorter, as_article(passage), passage.story, split, _sign(passage))
        for split in ("train", "dev")
        for passage in load_gold(split)
    ]
    passages += [_labelled(sorter, article, article.id, EXAMPLES, sign) for article, sign in _examples()]
    return passages + [_labelled(sorter, p.article, p.story, p.source, p.sign) for p in read_phrases()]


def _examples() -> Iterator[tuple[Article, str]]:
    """Give the examples and counter-examples of the types of listings with what they tell of one."""
    for event_type in load_event_types(CONFIG, load_language(), Problems()):
        if event_type.type not in (*LISTINGS, "listing_challenge", "sanction", "sanction_relief"):
            continue
        for number, example in enumerate((*event_type.examples, *event_type.counter_examples)):
            day = example.published or PUBLISHED.date()
            identity = f"{event_type.type}-{number}"
            article = Article(
                *(identity, "examples", identity, "", "", example.text),
                language="en",
                published_at=datetime.combine(day, time(12), UTC),
            )
            statuses = example.statuses if event_type.type in LISTINGS else ()
            new = "x" if event_type.type == "delisting" else "+"
            signs = [
                new if status == "new" else next((s for s, n in SIGNS.items() if n == status), "-")
                for status in statuses
            ]
            yield article, min(signs, key=list(SIGNS).index, default="o")


def _sign(passage: Passage) -> str:
    listings = [event for event in passage.events if event.type in LISTINGS]
    told = [event for event in listings if event.status == "new"]
    if told:
        sure = [event for event in told if not event.optional]
        return ("x" if all(event.type == "delisting" for event in sure) else "+") if sure else "?"
    statuses = [event.status for event in listings if not event.optional] or [event.status for event in listings]
    return next(
        (sign for sign, status in SIGNS.items() if statuses and status == statuses[0]), "-" if statuses else "o"
    )


def _labelled(sorter: Sorter, article: Article, story: str, source: str, sign: str) -> Labelled:
    mentions = sorter.mentions(article)
    events = sorter.read(article, mentions)
    blind = source in (*SEEN, EXAMPLES, "train", "dev")
    told = telling_sentences(article, open_pages(article, mentions), events, sorter.organisations)
    sentences = []
    for one in told:
        features = describe(one, blind=blind)[1]
        if features:
            sentences.append(Told(tuple(features), border(one, features)))
    found = any(e.type in LISTINGS and e.status in (Status.NEW, Status.REVOKED) for e in events)
    return Labelled(story, source, tuple(sentences), sign, found)


def train(passages: Sequence[Labelled]) -> dict[str, Weights]:
    """Train all models; see `weighing.load_weights`."""
    new = train_new(passages)
    told = [(_likeliest(p, new), p) for p in passages if p.new and p.sentences]
    models = {"new": new, "removal": fit([(sentence, p.sign == "x", p.story) for sentence, p in told])}
    # A passage that tells no new listing teaches what it tells by its one sentence.
    others = [p for p in passages if not p.new and p.sign in SIGNS and p.sign != "-" and len(p.sentences) == 1]
    for name in OTHERWISE:
        models[name] = fit([(p.sentences[0].features, SIGNS[p.sign] == name, p.story) for p in others])
    return models


def train_new(passages: Sequence[Labelled]) -> Weights:
    """Train the model of whether a sentence tells a new listing.

    A positive passage of several sentences teaches by the one that a model of the others finds likeliest.
    """
    sure = [p for p in passages if p.sign != "?"]
    one = [p for p in sure if not p.new or len(p.sentences) == 1]
    first = fit([(sentence.features, p.new, p.story) for p in one for sentence in p.sentences])
    rows = [(sentence.features, False, p.story) for p in sure if not p.new for sentence in p.sentences]
    return fit(rows + [(_likeliest(p, first), True, p.story) for p in sure if p.new and p.sentences])


def _likeliest(passage: Labelled, model: Weights) -> tuple[str, ...]:
    return max((sentence.features for sentence in passage.sentences), key=model.weigh)


def fit(
    rows: Sequence[tuple[Sequence[str], bool, str]],
    *,
    penalty: float = PENALTY,
    seen: int = STORIES,
    slight: float = SLIGHT,
) -> Weights:
    """Fit one logistic model by Adam steps over all rows at once.

    Args:
        rows: features, whether it is so, and the story.
        penalty: of squared weights.
        seen: A feature must be in so many stories.
        slight: Smaller weights are not kept.
    """
    stories: dict[str, set[str]] = {}
    for features, _, story in rows:
        for feature in features:
            stories.setdefault(feature, set()).add(story)
    names = sorted(feature for feature, those in stories.items() if len(those) >= seen)
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
            np.bincount(column_of, value * error[row_of], len(names)) + penalty * weights[:-1], error.sum()
        )
        momentum = 0.9 * momentum + 0.1 * slope
        spread = 0.999 * spread + 0.001 * slope * slope
        pace = 0.05 * (1.0 if step <= STEPS * 0.6 else 0.3 if step <= STEPS * 0.85 else 0.1)
        weights -= pace * (momentum / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
    kept = {n: round(float(w), 2) for n, w in zip(names, weights[:-1], strict=True) if abs(w) >= slight}
    return Weights(round(float(weights[-1]), 2), kept)


def write(models: Mapping[str, Weights]) -> int:
    """Write the models that the package ships and give their size in bytes."""
    tables = {name: {"start": model.start, "features": model.features} for name, model in models.items()}
    TABLE.write_text(json.dumps(tables, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    return TABLE.stat().st_size


def cross_validate(passages: Sequence[Labelled]) -> Iterator[tuple[Labelled, bool]]:
    """Give every passage with whether both readers find a new listing, by a model that has not seen its story."""
    stories = sorted({passage.story for passage in passages})
    folds = {story: hashlib.sha256(story.encode()).digest()[0] % FOLDS for story in stories}
    for fold in range(FOLDS):
        model = train_new([p for p in passages if folds[p.story] != fold])
        for passage in passages:
            if folds[passage.story] == fold:
                yield passage, any(model.weigh(told.features) >= told.border for told in passage.sentences)


def report(scored: Sequence[tuple[Labelled, bool]]) -> str:
    """Write what rules alone and both readers together tell, by source of the text."""
    lines = []
    for source in sorted({passage.source for passage, _ in scored}):
        rules, both = Tally(), Tally()
        for passage, told in scored:
            if passage.source == source and passage.sign != "?":
                count(rules, gold=passage.new, found=passage.found)
                count(both, gold=passage.new, found=told)
        lines += [f"  {rules.row(f'{source}, rules')}", f"  {both.row(f'{source}, both')}"]
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
