"""Trains the second opinion from our own train split: `python -m tests.training` (`make model`).

Seconds on one core; seeded, so that the same labels give the same weights. Prints what it makes of the dev split.
"""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import spacy
from spacy.training import Example
from thinc.api import fix_random_seed

from tests.evaluation import as_article, open_sorter
from tests.gold.building import load_gold
from tests.gold.records import Passage
from tests.weights import read_labelled, train, write
from wirewatch.records import Field
from wirewatch.sorting.doubting import LABEL, listing_probability, mask
from wirewatch.sorting.sorter import Sorter

MODEL = Path(__file__).parent.parent / "streams" / "wirewatch" / "sorting" / "model"
SEED = 1267
EPOCHS = 12
BATCH = 16
#: Rows of the hashed bag of words: 2 ** 15 keeps the model far below 1 MB and has room for what our labels hold.
ROWS = 2**15


def read_examples(sorter: Sorter, split: str) -> Iterator[tuple[str, bool]]:
    """Give masked passages of a split and whether each tells a new listing or delisting."""
    for passage in load_gold(split):
        if "article" in passage.tags:
            continue
        article = as_article(passage)
        mentions = [mention for mention in sorter.mentions(article) if mention.field is Field.TEXT]
        yield mask(article.text, 0, len(article.text), mentions, sorter.authorities), tells_listing(passage)


def tells_listing(passage: Passage) -> bool:
    """Tell whether a passage reports a new listing or delisting."""
    return any(event.type in ("designation", "delisting") and event.status == "new" for event in passage.events)


def main() -> int:
    """Train, write the model, and print its figures on dev."""
    fix_random_seed(SEED)
    chance = random.Random(SEED)
    sorter, _ = open_sorter()
    model = spacy.blank("en")
    categoriser = model.add_pipe(
        "textcat",
        config={
            "model": {
                "@architectures": "spacy.TextCatBOW.v3",
                "exclusive_classes": True,
                "ngram_size": 3,
                "no_output_layer": False,
                "length": ROWS,
            }
        },
    )
    for label in (LABEL, "OTHER"):
        categoriser.add_label(label)  # type: ignore[attr-defined]
    examples = [
        Example.from_dict(model.make_doc(text), {"cats": {LABEL: float(new), "OTHER": float(not new)}})
        for text, new in read_examples(sorter, "train")
    ]
    optimizer = model.initialize(lambda: examples)
    for _ in range(EPOCHS):
        chance.shuffle(examples)
        for first in range(0, len(examples), BATCH):
            model.update(examples[first : first + BATCH], sgd=optimizer)
    shutil.rmtree(MODEL, ignore_errors=True)
    model.to_disk(MODEL)
    size = sum(path.stat().st_size for path in MODEL.rglob("*") if path.is_file())
    right = sum((listing_probability(model, text) >= 0.5) is new for text, new in read_examples(sorter, "dev"))
    count = sum(1 for _ in read_examples(sorter, "dev"))
    sys.stdout.write(f"{len(examples)} passages, {size / 1000:.0f} kB; on dev {right} of {count} right alone\n")
    labelled = read_labelled(sorter)
    sys.stdout.write(f"second reader: {len(labelled)} passages, {write(train(labelled)) / 1000:.0f} kB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
