"""Trains who did it: `python -m tests.doers --data DIR [--write]`, by `make model CORPORA=DIR`. Prints figures.

Learns from the train part of MUC-4 in a folder of corpora, and figures are of documents that no model of a trial has
seen; without that folder it says so and leaves the shipped table as it is. It keeps signs in words of our own tables
and numbers, nothing of a text. Our own gold is not learnt from, so that it shows what the table does to other news.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.evaluating.corpora import align, as_bare, perpetrators_of, read_muc4
from tests.evaluating.figures import Tally
from tests.evaluation import open_sorter
from tests.weights import fit
from wirewatch.records import SortedArticle
from wirewatch.sorting.convicting import judge
from wirewatch.sorting.sorter import Sorter
from wirewatch.sorting.testimony import Account
from wirewatch.sorting.weighing import Weights

TABLE = Path(__file__).parent.parent / "streams" / "wirewatch" / "sorting" / "tables" / "doers.json"
FOLDS = 8
#: Weight of the penalty on squared weights: there are far more signs than documents.
PENALTY = 8.0
#: A sign must be seen in so many documents, and weigh so much.
STORIES, SLIGHT = 6, 0.02


@dataclass(frozen=True, slots=True)
class Case:
    """A document with everybody who may have done what it tells."""

    id: str
    #: As both readers read it, before anybody weighs who did it.
    read: SortedArticle
    #: With whether the gold calls him a perpetrator.
    suspects: tuple[tuple[Account, bool], ...]
    #: Each perpetrator organisation of the gold by all its names.
    perpetrators: tuple[tuple[str, ...], ...]


def read_cases(sorter: Sorter, folder: Path) -> Iterator[Case]:
    """Give the documents of the train part of MUC-4 in a folder of corpora."""
    for row in read_muc4(folder):
        if row.split == "train":
            read, accounts = sorter.testify(row.article)
            guilty = {as_bare(name) for perpetrator in row.perpetrators for name in perpetrator}
            suspects = tuple((one, _is_called(one, read.article.text, guilty)) for one in accounts)
            yield Case(row.id, read, suspects, row.perpetrators)


def _is_called(account: Account, text: str, names: set[str]) -> bool:
    return any(as_bare(text[place.start : place.end]) in names for place in account.places)


def train(cases: Sequence[Case]) -> Weights:
    """Train the model; see `weighing.load_doers`."""
    rows = [(sorted(one.signs), guilty, case.id) for case in cases for one, guilty in case.suspects]
    return fit(rows, penalty=PENALTY, seen=STORIES, slight=SLIGHT)


def write(model: Weights) -> int:
    """Write the model that the package ships and give its size in bytes."""
    table = {"start": model.start, "features": model.features}
    TABLE.write_text(json.dumps(table, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    return TABLE.stat().st_size


def cross_validate(cases: Sequence[Case]) -> Iterator[tuple[Case, list[tuple[Account, float]]]]:
    """Give every document with the log-odds of its suspects, by a model that has not seen it or its neighbours."""
    # In order of their ids, because neighbours tell of the same acts: a model that has seen one knows the other.
    cases = sorted(cases, key=lambda case: case.id)
    folds = [number * FOLDS // len(cases) for number in range(len(cases))]
    for fold in range(FOLDS):
        model = train([case for case, its in zip(cases, folds, strict=True) if its != fold])
        for case, its in zip(cases, folds, strict=True):
            if its == fold:
                yield case, [(one, model.weigh(one.signs)) for one, _ in case.suspects]


def report(cases: Sequence[Case], authorities: frozenset[str]) -> str:
    """Write what the rules alone name, and what they and the weights name together."""
    rules, both = Tally(), Tally()
    for case, weighed in cross_validate(cases):
        align(rules, case.perpetrators, perpetrators_of(case.read, authorities))
        judged = replace(case.read, events=judge(case.read.events, weighed))
        align(both, case.perpetrators, perpetrators_of(judged, authorities))
    return f"  {rules.row('doers, rules alone')}\n  {both.row('doers, weighed, unseen')}"


def main() -> int:
    """Print cross-validated figures and, if asked to, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of corpora that holds muc4/")
    parser.add_argument("--write", action="store_true", help="write the table that the package ships")
    options = parser.parse_args()
    if options.data is None or not (options.data / "muc4").is_dir():
        sys.stdout.write("doers: no folder with muc4/ was given, so the shipped table stays as it is\n")
        return 0
    sorter, _ = open_sorter()
    cases = list(read_cases(sorter, options.data))
    sys.stdout.write(f"{report(cases, sorter.authorities)}\n")
    if options.write:
        model = train(cases)
        sys.stdout.write(f"doers: {len(cases)} documents, {len(model.features)} signs, {write(model) / 1000:.0f} kB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
